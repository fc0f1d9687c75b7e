/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "cases.h"

enum { UNREACHABLE = 1, TOO_BIG, TIME_EXCEEDED, PARAMETER };

/* The invoking packet of a case: addresses, the first next header, and what follows it. */
struct packet {
	struct addr6 src, dst;
	uint8_t next_header;
	uint8_t bytes[64];
	size_t len;
};

static bool
allowed(const struct packet *p, uint8_t type, uint8_t code, uint32_t word, bool group)
{
	static const struct nd_link l;
	uint8_t frame[HEAD_LEN + sizeof(p->bytes)], out[ND_FRAME_MAX], *copy;
	int len = nd_ip6_encode(&l, &p->src, &p->dst, p->next_header, 1, p->bytes, p->len, frame, sizeof(frame));
	size_t ip_len = (size_t)len - ETHER_LEN;
	bool yes;

	copy = vector_copy(frame + ETHER_LEN, ip_len);
	yes = nd_error_allowed(type, code, word, group, copy, ip_len);
	len = nd_error_encode(&l, &addr_b, type, code, word, copy, ip_len, out, sizeof(out));
	CU_ASSERT(group || (yes ? len > 0 : len == -EPERM)); /* the two say the same */
	free(copy);
	return yes;
}

static struct packet
icmp6(uint8_t type)
{
	return (struct packet){addr_a, addr_b, 58, {type}, 8};
}

void
error_golden(void)
{
	static const struct {
		const char *name;
		uint8_t type, code;
		uint32_t word;
		const char *invoking;
	} rows[] = {
		{"unreachable", UNREACHABLE, 3, 0, "invoking-udp"},
		{"too-big", TOO_BIG, 0, 1452, "invoking-big"},
		{"time-exceeded", TIME_EXCEEDED, 0, 0, "invoking-udp"},
		{"parameter-problem", PARAMETER, 1, 6, "invoking-udp"},
	};
	struct nd_link l = {.src_mac = mac_a, .dst_mac = mac_b};

	for (size_t i = 0; i < UNIT_COUNT(rows); i++) {
		const struct vector *v = vector_named(rows[i].name), *invoking = vector_named(rows[i].invoking);
		uint8_t out[ND_FRAME_MAX];
		int len = nd_error_encode(&l, &addr_b, rows[i].type, rows[i].code, rows[i].word,
					  invoking->bytes + ETHER_LEN, invoking->len - ETHER_LEN, out, sizeof(out));

		CU_ASSERT_EQUAL(len, (int)v->len);
		CU_ASSERT_EQUAL(memcmp(out, v->bytes, v->len), 0);
	}
}

void
error_fits_1280(void)
{
	static const struct nd_link l;
	uint8_t frame[ND_FRAME_MAX] = {0}, payload[1400] = {0}, out[ND_FRAME_MAX];

	for (size_t n = 1190; n < 1200; n++) {
		int len = nd_ip6_encode(&l, &addr_a, &addr_b, 17, 1, payload, n, frame, sizeof(frame));
		size_t whole = IP6_LEN + 8 + (size_t)len - ETHER_LEN;

		len = nd_error_encode(&l, &addr_b, TOO_BIG, 0, 1280, frame + ETHER_LEN, (size_t)len - ETHER_LEN, out,
				      sizeof(out));
		CU_ASSERT_EQUAL((size_t)len - ETHER_LEN, whole < 1280 ? whole : 1280);
	}
}

void
error_e1_e2(void)
{
	for (unsigned int type = 0; type < 256; type++) {
		struct packet p = icmp6((uint8_t)type);

		CU_ASSERT_EQUAL(allowed(&p, TOO_BIG, 0, 1280, false), type >= 128 && type != 137);
		CU_ASSERT_EQUAL(allowed(&p, UNREACHABLE, 0, 0, false), type >= 128 && type != 137);
	}
	/* An ICMPv6 packet too short to show its type may be an error. */
	CU_ASSERT_FALSE(allowed(&(struct packet){addr_a, addr_b, 58, {0}, 0}, UNREACHABLE, 0, 0, false));
}

void
error_e1_behind_extensions(void)
{
	struct packet p = {addr_a, addr_b, 0, {60, 0, 1, 4, [8] = 58, 0, 0xde, 4, [16] = 1}, 24};

	CU_ASSERT_FALSE(allowed(&p, UNREACHABLE, 0, 0, false));
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 2, IP6_LEN + 10, false)); /* not even about the option in front of it */
	p.bytes[16] = 128;
	CU_ASSERT_TRUE(allowed(&p, UNREACHABLE, 0, 0, false));
	CU_ASSERT_TRUE(allowed(&p, PARAMETER, 2, IP6_LEN + 10, false));
	p.bytes[9] = 9; /* a header past the packet hides what it is */
	CU_ASSERT_FALSE(allowed(&p, UNREACHABLE, 0, 0, false));
}

void
error_e1_fragments(void)
{
	struct packet p = {addr_a, addr_b, 44, {58, 0, 0, 1, [8] = 1}, 16};

	CU_ASSERT_FALSE(allowed(&p, UNREACHABLE, 0, 0, false));
	p.bytes[8] = 128;
	CU_ASSERT_TRUE(allowed(&p, UNREACHABLE, 0, 0, false));
	p.bytes[8] = 1, p.bytes[3] = 9; /* a later fragment shows no type */
	CU_ASSERT_TRUE(allowed(&p, UNREACHABLE, 0, 0, false));
}

/* What may be said about a packet to a group, by its address or (e.4, e.5) by its MAC. */
static void
check_group(struct addr6 dst, bool group)
{
	struct packet p = {addr_a, dst, 60, {17, 0, 0x9e, 0, 0xde, 0, 0x5e, 0}, 16};

	CU_ASSERT_TRUE(allowed(&p, TOO_BIG, 0, 1280, group));
	CU_ASSERT_TRUE(allowed(&p, PARAMETER, 2, IP6_LEN + 2, group));	/* action 10 */
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 2, IP6_LEN + 4, group)); /* action 11 */
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 2, IP6_LEN + 6, group));
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 2, IP6_LEN + 16, group)); /* past the packet */
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 2, UINT32_MAX, group));
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 0, IP6_LEN + 2, group));
	CU_ASSERT_FALSE(allowed(&p, PARAMETER, 1, IP6_LEN + 2, group));
	CU_ASSERT_FALSE(allowed(&p, UNREACHABLE, 0, 0, group));
	CU_ASSERT_FALSE(allowed(&p, TIME_EXCEEDED, 0, 0, group));
}

void
error_e3(void)
{
	check_group(all_nodes, false);
}

void
error_e4_e5(void)
{
	struct packet p = {addr_a, addr_b, 17, {0}, 8};

	check_group(addr_b, true);
	check_group(all_nodes, true);
	CU_ASSERT_TRUE(allowed(&p, UNREACHABLE, 0, 0, false));
	CU_ASSERT_FALSE(allowed(&p, UNREACHABLE, 0, 0, true));
}

void
error_e6(void)
{
	struct packet p = {any, addr_b, 17, {0}, 8};

	CU_ASSERT_FALSE(allowed(&p, TOO_BIG, 0, 1280, false));
	p.src = all_nodes;
	CU_ASSERT_FALSE(allowed(&p, TOO_BIG, 0, 1280, false));
	p.src = addr_a;
	CU_ASSERT_TRUE(allowed(&p, TOO_BIG, 0, 1280, false));
}

void
error_not_ip6(void)
{
	struct vector v = *vector_named("invoking-udp");

	CU_ASSERT_TRUE(nd_error_allowed(UNREACHABLE, 0, 0, false, v.bytes + ETHER_LEN, IP6_LEN));
	for (size_t len = 0; len < IP6_LEN; len++) {
		uint8_t *copy = vector_copy(v.bytes + ETHER_LEN, len);

		CU_ASSERT_FALSE(nd_error_allowed(UNREACHABLE, 0, 0, false, copy, len));
		free(copy);
	}
	v.bytes[ETHER_LEN] = 0x45;
	CU_ASSERT_FALSE(nd_error_allowed(UNREACHABLE, 0, 0, false, v.bytes + ETHER_LEN, v.len - ETHER_LEN));
}
