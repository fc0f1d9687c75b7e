/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/addr.h"

#include <errno.h>

#include "cases.h"

void
addr_text(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"::", "::"},
		{"::1", "::1"},
		{"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
	};
	char text[ADDR6_TEXT];

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct addr6 a;

		CU_ASSERT_EQUAL(addr6_parse(rows[i].in, &a), 0);
		CU_ASSERT_STRING_EQUAL(addr6_format(&a, text), rows[i].out);
	}
}

void
addr_text_bad(void)
{
	static const char *const rows[] = {
		"",	":",	"1",	  "192.0.2.1",	  "2001:db8::1::2",    "2001:db8::12345",
		"::1 ", " ::1", "::1/64", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "g::"};

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct addr6 a = {{1, 2, 3}};
		const struct addr6 before = a;

		CU_ASSERT_EQUAL(addr6_parse(rows[i], &a), -EINVAL);
		CU_ASSERT(addr6_equal(&a, &before));
	}
}

void
addr_prefix_text(void)
{
	static const char *const rows[] = {"::/0", "2001:db8::/32", "2001:db8:1:2::/64", "2001:db8:0:0:8000::/65",
					   "::1/128"};
	char text[ADDR_PREFIX_TEXT];

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct addr_prefix p;

		CU_ASSERT_EQUAL(addr_prefix_parse(rows[i], &p), 0);
		CU_ASSERT_STRING_EQUAL(addr_prefix_format(&p, text), rows[i]);
	}
	CU_ASSERT_STRING_EQUAL(
		addr_prefix_format(&(struct addr_prefix){.addr = {{[0 ... 15] = 0xff}}, .len = 128}, text),
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128");
}

void
addr_prefix_text_bad(void)
{
	static const char *const rows[] = {"",
					   "/",
					   "/64",
					   "::",
					   "::/",
					   "::/129",
					   "::/-1",
					   "::/+1",
					   "::/ 64",
					   "::/64 ",
					   "::/064",
					   "::/00",
					   "::/1000",
					   "::/64/64",
					   "2001:db8::1/64",
					   "::1/127",
					   "192.0.2.0/24",
					   "2001:db8::/x",
					   "2001:db8:0:0:8000::/64",
					   "0000:0000:0000:0000:0000:0000:255.255.255.255.255.255/64"};

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct addr_prefix p = {.addr = {{9}}, .len = 77};
		const struct addr_prefix before = p;

		CU_ASSERT_EQUAL(addr_prefix_parse(rows[i], &p), -EINVAL);
		CU_ASSERT(addr_prefix_equal(&p, &before));
	}
}

void
addr_mac_text(void)
{
	char text[ADDR_MAC_TEXT];
	struct addr_mac m;

	CU_ASSERT_EQUAL(addr_mac_parse("02:00:5E:aF:00:ff", &m), 0);
	CU_ASSERT_STRING_EQUAL(addr_mac_format(&m, text), "02:00:5e:af:00:ff");
	CU_ASSERT_EQUAL(addr_mac_parse("02-00-5e-af-00-fe", &m), 0);
	CU_ASSERT_STRING_EQUAL(addr_mac_format(&m, text), "02:00:5e:af:00:fe");
}

void
addr_mac_text_bad(void)
{
	static const char *const rows[] = {"",
					   "02:00:5e:af:00",
					   "02:00:5e:af:00:f",
					   "02:00:5e:af:00:fff",
					   "02:00:5e:af:00:fg",
					   "02:00-5e:af:00:ff",
					   "0200.5eaf.00ff-xx",
					   "02:00:5e:af:00:ff ",
					   "02.00.5e.af.00.ff",
					   "-2:00:5e:af:00:ff"};

	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		struct addr_mac m = {{7}};

		CU_ASSERT_EQUAL(addr_mac_parse(rows[i], &m), -EINVAL);
		CU_ASSERT_EQUAL(m.b[0], 7);
	}
}

void
addr_mask_every_length(void)
{
	struct addr6 ones;

	memset(&ones, 0xff, sizeof(ones));
	for (unsigned int len = 0; len <= 128; len++) {
		struct addr_prefix p = addr_prefix_mask(&ones, (uint8_t)len);

		CU_ASSERT_EQUAL(p.len, len);
		for (unsigned int bit = 0; bit < 128; bit++)
			CU_ASSERT_EQUAL_FATAL(p.addr.b[bit / 8] >> (7 - bit % 8) & 1, bit < len);
	}
}

static struct addr_prefix
prefix(const char *text)
{
	struct addr_prefix p = {0};

	CU_ASSERT_EQUAL_FATAL(addr_prefix_parse(text, &p), 0);
	return p;
}

static struct addr6
addr(const char *text)
{
	struct addr6 a = {0};

	CU_ASSERT_EQUAL_FATAL(addr6_parse(text, &a), 0);
	return a;
}

void
addr_holds_and_overlaps(void)
{
	struct addr_prefix wide = prefix("2001:db8::/32"), in = prefix("2001:db8:1::/48"),
			   out = prefix("2001:db9::/32");
	struct addr_prefix all = prefix("::/0");
	struct addr6 a = addr("2001:db8:1::5"), b = addr("2001:db9::5");

	CU_ASSERT(addr_prefix_holds(&wide, &a));
	CU_ASSERT(addr_prefix_holds(&in, &a));
	CU_ASSERT(addr_prefix_holds(&all, &b));
	CU_ASSERT(!addr_prefix_holds(&wide, &b));
	CU_ASSERT(addr_prefix_overlaps(&wide, &in));
	CU_ASSERT(addr_prefix_overlaps(&in, &wide));
	CU_ASSERT(addr_prefix_overlaps(&in, &in));
	CU_ASSERT(addr_prefix_overlaps(&all, &out));
	CU_ASSERT(!addr_prefix_overlaps(&in, &out));
	CU_ASSERT(!addr_prefix_overlaps(&out, &wide));
}

void
addr_derived(void)
{
	struct addr_mac mac = {{0x02, 0x00, 0x00, 0x12, 0xaa, 0x01}}, group;
	struct addr6 link_local = addr6_link_local(&mac), a = addr("2001:db8::12:3456"),
		     solicited = addr6_solicited_node(&a);
	char text[ADDR6_TEXT], mac_text[ADDR_MAC_TEXT];

	CU_ASSERT_STRING_EQUAL(addr6_format(&link_local, text), "fe80::ff:fe12:aa01");
	CU_ASSERT_STRING_EQUAL(addr6_format(&solicited, text), "ff02::1:ff12:3456");
	group = addr_mac_of_group(&solicited);
	CU_ASSERT_STRING_EQUAL(addr_mac_format(&group, mac_text), "33:33:ff:12:34:56");
}

void
addr_classes(void)
{
	struct addr6 any = addr("::"), host = addr("2001:db8::1"), low = addr("fe80::1"), high = addr("febf::1");
	struct addr6 site = addr("fec0::1"), group = addr("ff02::1");
	struct addr_mac unicast = {{0x02}}, multicast = {{0x33}};
	const uint8_t upper[8] = {0x20, 0x01, 0x0d, 0xb8};
	uint64_t key = addr6_upper_be(&host);

	CU_ASSERT(addr6_is_zero(&any) && !addr6_is_zero(&host));
	CU_ASSERT(addr6_is_link_local(&low) && addr6_is_link_local(&high));
	CU_ASSERT(!addr6_is_link_local(&site) && !addr6_is_link_local(&host));
	CU_ASSERT(addr6_is_multicast(&group) && !addr6_is_multicast(&low));
	CU_ASSERT(addr_mac_is_group(&multicast) && !addr_mac_is_group(&unicast));
	CU_ASSERT(addr_mac_equal(&unicast, &unicast) && !addr_mac_equal(&unicast, &multicast));
	CU_ASSERT_EQUAL(memcmp(&key, upper, sizeof(upper)), 0);
}
