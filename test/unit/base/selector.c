/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/selector.h"

#include <errno.h>

#include "cases.h"

#define EVERY_FIELD 0xff

static struct selector
parsed(const char *text)
{
	struct selector s = {0};
	const char *why;

	CU_ASSERT_EQUAL_FATAL(selector_parse(text, &s, &why), 0);
	return s;
}

static struct addr6
addr(const char *text)
{
	struct addr6 a = {0};

	CU_ASSERT_EQUAL_FATAL(addr6_parse(text, &a), 0);
	return a;
}

/* From port 5004 of 2001:db8:c::7 to port 6000 of the mobile node. */
static struct selector_packet
voice(void)
{
	return (struct selector_packet){.fields = EVERY_FIELD & ~SELECTOR_SPI,
					.traffic_class = 0xb8,
					.protocol = 17,
					.src_port = 5004,
					.dst_port = 6000,
					.flow_label = 0xabcde,
					.src = addr("2001:db8:c::7"),
					.dst = addr("2001:db8:1:1::2")};
}

void
selector_text(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"any", "any"},
		{"protocol=udp", "protocol=udp"},
		{"protocol=17", "protocol=udp"},
		{"protocol=6", "protocol=tcp"},
		{"protocol=58-58", "protocol=icmpv6"},
		{"protocol=tcp-udp", "protocol=6-17"},
		{"protocol=sctp", "protocol=sctp"},
		{"protocol=esp spi=4096", "spi=0x1000 protocol=esp"},
		{"  source-port=5004-5010  protocol=udp ", "source-port=5004-5010 protocol=udp"},
		{"destination-port=0-65535", "destination-port=0-65535"},
		{"traffic-class=184", "traffic-class=0xb8"},
		{"traffic-class=0xbb", "traffic-class=0xb8"},
		{"traffic-class=0-255", "traffic-class=0x0-0xfc"},
		{"flow-label=1048575", "flow-label=0xfffff"},
		{"spi=0x0-0xffffffff", "spi=0x0-0xffffffff"},
		{"source=2001:db8::/32", "source=2001:db8::/32"},
		{"source=::/0", "source=::/0"},
		{"destination=2001:DB8::1", "destination=2001:db8::1"},
		{"destination=2001:db8::1/128", "destination=2001:db8::1"},
		{"source=2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "source=2001:db8::/32"},
		{"source=2001:db8::1-2001:db8::2", "source=2001:db8::1-2001:db8::2"},
		{"source=2001:db8::-2001:db8::2", "source=2001:db8::-2001:db8::2"},
	};
	char text[SELECTOR_TEXT];

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct selector s = parsed(rows[i].in), again;

		CU_ASSERT(selector_check(&s));
		CU_ASSERT_STRING_EQUAL(selector_format(&s, text), rows[i].out);
		again = parsed(text);
		CU_ASSERT(selector_equal(&s, &again));
	}
}

void
selector_text_longest(void)
{
	struct selector s = {.fields = EVERY_FIELD,
			     .traffic_class = {0, 0xfc},
			     .protocol = {100, 255},
			     .src_port = {10000, 65535},
			     .dst_port = {10000, 65535},
			     .spi = {0x10000000, UINT32_MAX},
			     .flow_label = {0x10000, 0xfffff}};
	char text[SELECTOR_TEXT];
	struct selector again;

	memset(&s.src[1], 0xff, sizeof(s.src[1]));
	memset(&s.src[0], 0x11, sizeof(s.src[0]));
	memcpy(s.dst, s.src, sizeof(s.dst));
	CU_ASSERT(strlen(selector_format(&s, text)) > 280);
	again = parsed(text);
	CU_ASSERT(selector_equal(&s, &again));
}

void
selector_text_bad(void)
{
	static const char *const rows[] = {
		"",
		" ",
		"all",
		"any protocol=udp",
		"protocol",
		"protocol=",
		"=udp",
		"protocol =udp",
		"protocol=UDP",
		"protocol=256",
		"protocol=udp protocol=udp",
		"protocol=17-6",
		"protocol=6-",
		"protocol=-6",
		"protocol=6-7-8",
		"source-port=65536",
		"source-port=+1",
		"source-port=0x",
		"source-port=99999999999999999999999999",
		"source-port=5010-5004",
		"flow-label=0x100000",
		"spi=0x100000000",
		"traffic-class=256",
		"source=2001:db8::1/64",
		"source=2001:db8::/129",
		"source=2001:db8::2-2001:db8::1",
		"source=2001:db8::/64-2001:db8::1",
		"source=192.0.2.1",
		"source=",
		"destination=::\tprotocol=udp",
	};
	char longest[2 * SELECTOR_TEXT];

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct selector s = {.fields = 4, .spi = {1, 2}};
		const char *why = NULL;

		CU_ASSERT_EQUAL(selector_parse(rows[i], &s, &why), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(why);
		CU_ASSERT(s.fields == 4 && s.spi[1] == 2);
	}
	for (size_t len = SELECTOR_TEXT - 2; len < sizeof(longest); len++) {
		struct selector s;
		const char *why;

		memset(longest, '1', len);
		longest[len] = '\0';
		CU_ASSERT_EQUAL(selector_parse(longest, &s, &why), -EINVAL);
		memcpy(longest, "source=", 7);
		CU_ASSERT_EQUAL(selector_parse(longest, &s, &why), -EINVAL);
	}
}

void
selector_matches_ranges(void)
{
	static const struct {
		const char *text;
		bool matches;
	} rows[] = {
		{"any", true},
		{"protocol=udp", true},
		{"protocol=16-18", true},
		{"protocol=tcp", false},
		{"protocol=18-255", false},
		{"source-port=5004", true},
		{"source-port=5000-5004", true},
		{"source-port=5004-5010", true},
		{"source-port=5005-5010", false},
		{"source-port=5000-5003", false},
		{"source-port=6000", false},
		{"destination-port=6000", true},
		{"destination-port=5004", false},
		{"flow-label=0xabcde", true},
		{"flow-label=0xabcdf", false},
		{"traffic-class=0xb8", true},
		{"traffic-class=0xbc", false},
		{"traffic-class=0xb4", false},
		{"source=2001:db8:c::/48", true},
		{"source=2001:db8:c::7", true},
		{"source=2001:db8:c::8", false},
		{"source=2001:db8:c::-2001:db8:c::7", true},
		{"source=2001:db8:c::8-2001:db8:c::9", false},
		{"destination=2001:db8:c::7", false},
		{"destination=2001:db8:1:1::/64", true},
		{"spi=0-0xffffffff", false},
		{"protocol=udp source-port=5004 destination-port=6000 source=2001:db8:c::7", true},
		{"protocol=udp source-port=5004 destination-port=6001 source=2001:db8:c::7", false},
	};
	struct selector_packet p = voice();

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct selector s = parsed(rows[i].text);

		CU_ASSERT_EQUAL(selector_matches(&s, &p), rows[i].matches);
	}
}

void
selector_matches_each_field(void)
{
	const struct selector_packet known = {.fields = EVERY_FIELD};

	/* What is not known is in no range, though the range holds all. */
	for (unsigned int field = 1; field <= EVERY_FIELD; field <<= 1) {
		struct selector s = {.fields = (uint16_t)field, .spi = {0, UINT32_MAX}};
		struct selector_packet p = known;

		CU_ASSERT(selector_matches(&s, &p));
		p.fields &= (uint16_t)~field;
		CU_ASSERT(!selector_matches(&s, &p));
		s.fields = EVERY_FIELD;
		s.flow_label[1] = 0xfffff;
		CU_ASSERT(selector_matches(&s, &known) && !selector_matches(&s, &p));
		s.fields = 0;
		CU_ASSERT(selector_matches(&s, &p));
	}
}

/* shows: RFC6088-3.2-10 RFC6088-3.2-12 */
void
selector_ignores_ecn(void)
{
	struct selector s = {.fields = SELECTOR_TRAFFIC_CLASS, .traffic_class = {0xb9, 0xb8}}, same = s;
	struct selector_packet p = {.fields = SELECTOR_TRAFFIC_CLASS};

	CU_ASSERT(selector_check(&s));
	same.traffic_class[0] = 0xb8;
	same.traffic_class[1] = 0xbb;
	CU_ASSERT(selector_equal(&s, &same));
	for (unsigned int tc = 0; tc < 256; tc++) {
		p.traffic_class = (uint8_t)tc;
		CU_ASSERT_EQUAL(selector_matches(&s, &p), tc >> 2 == 0xb8 >> 2);
	}
}

void
selector_checked(void)
{
	struct selector good = {.fields = EVERY_FIELD, .flow_label = {0, 0xfffff}}, s = good;

	CU_ASSERT(selector_check(&good));
	s.fields = 0x100;
	CU_ASSERT(!selector_check(&s));
	s = good;
	s.flow_label[1] = 0x100000;
	CU_ASSERT(!selector_check(&s));
	s = good;
	s.src[0].b[15] = 1;
	CU_ASSERT(!selector_check(&s));
	s = good;
	s.dst_port[0] = 1;
	CU_ASSERT(!selector_check(&s));
	s.fields &= (uint16_t)~SELECTOR_DST_PORT;
	CU_ASSERT(selector_check(&s));
}

void
selector_compared(void)
{
	struct selector a = {.fields = EVERY_FIELD}, b = a;

	CU_ASSERT(selector_equal(&a, &b));
	b.spi[1] = 1;
	CU_ASSERT(!selector_equal(&a, &b));
	a.fields = b.fields = EVERY_FIELD & ~SELECTOR_SPI;
	CU_ASSERT(selector_equal(&a, &b));
	b.dst[0].b[15] = 1;
	CU_ASSERT(!selector_equal(&a, &b));
	b = a;
	b.fields &= (uint16_t)~SELECTOR_PROTOCOL;
	CU_ASSERT(!selector_equal(&a, &b));
}
