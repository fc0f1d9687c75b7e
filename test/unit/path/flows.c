/* SPDX-License-Identifier: BSD-3-Clause */
/* Mobile nodes whose sessions share prefixes (RFC 7864), by what they carry, in fragments too; and prefixes of
 * gateways. */
#include <string.h>

#include "fwd/flows.h"
#include "path/explain.h"
#include "world.h"

#define LEN 60

/* To the sharing node by a gateway's tunnel, with a hop less. */
static void
expect_by(struct world *w, enum place mag, const struct frame *f)
{
	struct frame want = *f;

	frame_macs(&want, ROUTER, NODE_CORE);
	want.b[ETH + 7]--;
	frame_wrap(&want, NODE, mag);
	world_expect(w, CORE, &want);
}

static void
send_by(struct world *w, enum place mag, const struct frame *f)
{
	world_send(w, CORE, f);
	expect_by(w, mag, f);
}

/* The rules of the sharing node. */
static void
set_rules(struct world *w, const char *const text[], const uint64_t value[], unsigned int n)
{
	struct fwd_flows list = *fwd_flows_get(w->fwd, SESSION_SHARING);
	const char *why;

	list.rule_count = n;
	for (unsigned int i = 0; i < n; i++) {
		CU_ASSERT_EQUAL_FATAL(selector_parse(text[i], &list.rule[i].selector, &why), 0);
		list.rule[i].value = value[i];
	}
	CU_ASSERT_EQUAL_FATAL(fwd_flows_set(w->fwd, SESSION_SHARING, &list), 0);
}

static void
set_rule(struct world *w, const char *text)
{
	uint64_t second = fwd_value(w->tunnel_mag2, SESSION_SHARED, 0);

	set_rules(w, &text, &second, 1);
}

static struct frame *
down(struct frame *f, uint8_t next_header, uint32_t len)
{
	return frame_ip6(f, NODE_CORE, ROUTER, CN, SHARING, next_header, 64, len);
}

/* One field is put right and wrong in turn. */
static void
by_field(void)
{
	static const struct {
		const char *rule;
		uint8_t next_header;
		unsigned int at; /* of the octet, from the IPv6 header on */
		uint8_t right, wrong;
	} rows[] = {
		{"source=2001:db8:77::/64", UDP, 15, 0, 1},
		{"destination=2001:db8:1:3::90-2001:db8:1:3::9f", UDP, 39, 0x9f, 0xa0},
		{"source-port=0-256", UDP, 40, 0, 2},
		{"destination-port=515", UDP, 43, 3, 4},
		{"destination-port=515 protocol=tcp", TCP, 6, TCP, UDP},
		{"protocol=udp", UDP, 6, UDP, TCP},
		{"destination-port=515", 132, 6, 132, 58}, /* SCTP has ports, ICMPv6 none */
		{"destination-port=515", 136, 43, 3, 4},
		{"destination-port=515", 33, 43, 3, 4},
		{"traffic-class=0xb8", UDP, 0, 0x6b, 0x6a},
		{"flow-label=0x12300-0x123ff", UDP, 1, 0x81, 0x82},
		{"spi=0x00010203", 50, 43, 3, 4},
		{"spi=0x04050607", 51, 47, 7, 8},
		{"any", 59, 6, 59, 59},
	};
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		set_rule(&w, rows[i].rule);
		down(&f, rows[i].next_header, LEN);
		memcpy(f.b + ETH, (uint8_t[]){0x6b, 0x81, 0x23, 0x45}, 4);
		f.b[ETH + rows[i].at] = rows[i].right;
		send_by(&w, MAG2, &f);
		f.b[ETH + rows[i].at] = rows[i].wrong;
		send_by(&w, rows[i].right != rows[i].wrong ? MAG1 : MAG2, &f);
	}
	CU_ASSERT_EQUAL(world_count(&w, STAT_FLOW_RULED), UNIT_COUNT(rows) + 1);
	world_close(&w);
}

/* The first in the list, whatever fits better. */
static void
by_priority(void)
{
	static const char *const text[] = {"destination-port=515", "protocol=udp", "any"};
	struct path_session_counts counts;
	struct frame f;
	struct world w;
	uint64_t value[3];

	world_open(&w, NULL);
	value[0] = value[2] = fwd_value(w.tunnel_mag1, SESSION_SHARING, 0);
	value[1] = fwd_value(w.tunnel_mag2, SESSION_SHARED, 0);
	set_rules(&w, text, value, 3);
	send_by(&w, MAG1, down(&f, UDP, LEN));
	f.b[ETH + IP6 + 3]++;
	send_by(&w, MAG2, &f);
	send_by(&w, MAG1, down(&f, 58, LEN));
	path_session_counts_get(w.path, SESSION_SHARED, &counts);
	CU_ASSERT_TRUE(counts.down_packets == 1 && counts.down_bytes == IP6 + LEN);
	path_session_counts_get(w.path, SESSION_SHARING, &counts);
	CU_ASSERT_EQUAL(counts.down_packets, 2);
	world_close(&w);
}

/* What the packet would go on with, if it were not over. */
static const struct frame *
pad(struct frame *f)
{
	for (unsigned int i = 0; i < 4; i++, f->len++)
		f->b[f->len] = f->len - ETH - IP6;
	return f;
}

/* What is no header of the protocol is not looked at as one. */
static void
behind_extensions(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	set_rule(&w, "destination-port=515 protocol=udp");
	down(&f, 60, LEN);
	memcpy(f.b + ETH + IP6, (uint8_t[]){UDP, 0, 1, 4, 0, 0, 0, 0, 9, 9, 2, 3}, 12);
	send_by(&w, MAG2, &f);
	f.b[ETH + IP6 + 1] = 1; /* the options are longer */
	send_by(&w, MAG1, &f);
	f.b[ETH + IP6 + 1] = 200; /* than the packet */
	send_by(&w, MAG1, &f);
	for (uint32_t len = 0; len < 4; len++) {
		world_send(&w, CORE, pad(down(&f, UDP, len)));
		expect_by(&w, MAG1, down(&f, UDP, len));
	}
	set_rule(&w, "protocol=60");
	down(&f, 60, 4);
	send_by(&w, MAG1, &f);
	world_close(&w);
}

/* Octets at.. of a UDP packet to the port of the rule. */
static struct frame *
piece(struct frame *f, uint8_t id, unsigned int at, bool more)
{
	down(f, FRAGMENT, 8 + 16);
	memset(f->b + ETH + IP6, 0, 8 + 16);
	f->b[ETH + IP6] = UDP;
	f->b[ETH + IP6 + 2] = at >> 8;
	f->b[ETH + IP6 + 3] = (at & 0xf8) | more;
	f->b[ETH + IP6 + 7] = id;
	if (at == 0)
		memcpy(f->b + ETH + IP6 + 8, (uint8_t[]){0, 1, 2, 3}, 4);
	return f;
}

static void
fragments(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	set_rule(&w, "destination-port=515");
	send_by(&w, MAG1, piece(&f, 1, 16, true)); /* too early */
	send_by(&w, MAG2, piece(&f, 1, 0, true));
	send_by(&w, MAG2, piece(&f, 1, 16, true));
	send_by(&w, MAG2, piece(&f, 1, 512, false));
	send_by(&w, MAG1, piece(&f, 2, 16, true)); /* of another packet */
	piece(&f, 1, 16, true);
	f.b[ETH + 23]++; /* and of another source */
	send_by(&w, MAG1, &f);
	piece(&f, 2, 16, true); /* what begins like a header is none there */
	memcpy(f.b + ETH + IP6 + 8, (uint8_t[]){0, 1, 2, 3}, 4);
	send_by(&w, MAG1, &f);
	send_by(&w, MAG2, piece(&f, 3, 0, false)); /* nothing of it is missing */
	/* In place of the list there is another one: the packet's first fragment had no rule of it. */
	set_rule(&w, "destination-port=516");
	send_by(&w, MAG1, piece(&f, 1, 528, false));
	/* What fragments say themselves is enough for some rules. */
	set_rule(&w, "protocol=udp source=2001:db8:77::1");
	send_by(&w, MAG2, piece(&f, 4, 16, true));
	piece(&f, 4, 16, true);
	f.b[ETH + IP6] = 60; /* what follows the options is not here */
	send_by(&w, MAG1, &f);
	world_close(&w);
}

/* What a first fragment says is of its own packet, whatever was remembered of an earlier one with its number. */
static void
fragments_anew(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	set_rule(&w, "destination-port=515");
	send_by(&w, MAG2, piece(&f, 1, 0, true));
	piece(&f, 1, 0, true);
	f.b[ETH + IP6 + 8 + 3]++; /* to another port */
	send_by(&w, MAG1, &f);
	send_by(&w, MAG1, piece(&f, 1, 16, true));
	world_close(&w);
}

/* A list that stands where an older one stood is another list. */
static void
fragments_of_older_list(void)
{
	const struct fwd_flows *older;
	unsigned int n = 0;
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	set_rule(&w, "destination-port=515");
	older = fwd_flows_get(w.fwd, SESSION_SHARING);
	send_by(&w, MAG2, piece(&f, 1, 0, true));
	do {
		set_rule(&w, "destination-port=516");
		fwd_quiesce(w.fwd, 0);
		fwd_reclaim(w.fwd);
	} while (fwd_flows_get(w.fwd, SESSION_SHARING) != older && n++ < 10000);
	CU_ASSERT_PTR_EQUAL(fwd_flows_get(w.fwd, SESSION_SHARING), older);
	send_by(&w, MAG1, piece(&f, 1, 16, true));
	world_close(&w);
}

/* As many are remembered as there is room for, and none is taken for another. */
static void
many_fragments(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < 1024; i++) {
		piece(&f, i & 0xff, 0, true);
		f.b[ETH + IP6 + 6] = i >> 8;
		send_by(&w, MAG2, &f);
		piece(&f, i & 0xff, 16, true);
		f.b[ETH + IP6 + 5] = 1; /* of a packet that never began */
		f.b[ETH + IP6 + 6] = i >> 8;
		send_by(&w, MAG1, &f);
	}
	world_close(&w);
}

/* A packet to port 515 in fragments, the first of which ends in the middle of its port, or has none. */
static void
short_fragments(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	down(&f, FRAGMENT, 8 + 3);
	memcpy(f.b + ETH + IP6, (uint8_t[]){UDP, 0, 0, 1, 0, 0, 0, 5, 0, 1, 2}, 11);
	send_by(&w, MAG1, &f);
	down(&f, FRAGMENT, 7);
	send_by(&w, MAG1, &f);
	world_close(&w);
}

static void
uplink_of_both(void)
{
	struct path_session_counts counts;
	struct frame f, want;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		world_send(
			&w, CORE,
			frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, SHARING, CN, UDP, 64, LEN), i ? MAG2 : MAG1, NODE));
		world_expect(&w, CORE, frame_ip6(&want, ROUTER, NODE_CORE, SHARING, CN, UDP, 63, LEN));
	}
	path_session_counts_get(w.path, SESSION_SHARED, &counts);
	CU_ASSERT_EQUAL(counts.up_packets, 1);
	path_session_counts_get(w.path, SESSION_SHARING, &counts);
	CU_ASSERT_EQUAL(counts.up_packets, 1);
	/* Not from a third one, nor by what another prefix of the node shares. */
	world_expect_drop(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, SHARING, CN, UDP, 64, LEN), LMA, NODE),
			  STAT_DROP_UPLINK_WRONG_TUNNEL);
	world_expect_drop(&w, CORE,
			  frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, SHARING2, CN, UDP, 64, LEN), MAG2, NODE),
			  STAT_DROP_IDLE_ROW);
	world_send(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, SHARING2, CN, UDP, 64, LEN), MAG1, NODE));
	world_expect(&w, CORE, frame_ip6(&want, ROUTER, NODE_CORE, SHARING2, CN, UDP, 63, LEN));
	world_close(&w);
}

/* From one mobile node to the other the rule counts, too. */
static void
hairpin(void)
{
	struct frame f, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, MN1, SHARING, UDP, 64, LEN), MAG1, NODE));
	frame_wrap(frame_ip6(&want, ROUTER, NODE_CORE, MN1, SHARING, UDP, 63, LEN), NODE, MAG2);
	world_expect(&w, CORE, &want);
	CU_ASSERT_EQUAL(world_count(&w, STAT_HAIRPINNED), 1);
	world_close(&w);
}

/* shows: RFC7148-5.2.3-02 RFC7148-5.2.3-03 RFC7148-5.2.3-04 */
static void
aggregate(void)
{
	const struct addr_prefix part = addr_prefix_mask(place(GUEST), 64);
	struct frame f, want;
	struct world w;

	world_open(&w, NULL);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, GUEST, UDP, 64, LEN));
	expect_by(&w, MAG2, &f);
	world_send(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, GUEST, CN, UDP, 64, LEN), MAG2, NODE));
	world_expect(&w, CORE, frame_ip6(&want, ROUTER, NODE_CORE, GUEST, CN, UDP, 63, LEN));
	world_expect_drop(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, GUEST, CN, UDP, 64, LEN), MAG1, NODE),
			  STAT_DROP_UPLINK_WRONG_TUNNEL);
	/* From a mobile node of this anchor to what has no session, and back. */
	world_send(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, MN1, GUEST, UDP, 64, LEN), MAG1, NODE));
	world_expect(&w, CORE, frame_wrap(frame_ip6(&want, ROUTER, NODE_CORE, MN1, GUEST, UDP, 63, LEN), NODE, MAG2));
	world_send(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, GUEST, MN1, UDP, 64, LEN), MAG2, NODE));
	world_expect(&w, CORE, frame_wrap(frame_ip6(&want, ROUTER, NODE_CORE, GUEST, MN1, UDP, 63, LEN), NODE, MAG1));
	CU_ASSERT_EQUAL(world_count(&w, STAT_HAIRPINNED), 2);
	/* A part of it is a session's by now. */
	CU_ASSERT_EQUAL(fwd_prefix_add(w.fwd, &part, fwd_value(w.tunnel_mag1, SESSION_SHARED, 0)), 0);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, GUEST, UDP, 64, LEN));
	expect_by(&w, MAG1, &f);
	world_expect_drop(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, GUEST, CN, UDP, 64, LEN), MAG2, NODE),
			  STAT_DROP_UPLINK_WRONG_TUNNEL);
	world_close(&w);
}

/* A gateway knows no prefixes of others. */
static void
aggregate_of_no_anchor(void)
{
	struct frame f;
	struct world w;

	world_open(&w, &(struct wish){.node = PATH_GATEWAY});
	world_expect_drop(&w, CORE, frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, GUEST, CN, UDP, 64, LEN), MAG2, NODE),
			  STAT_DROP_DOWNLINK_NO_SESSION);
	world_close(&w);
}

static void
too_big_for_the_way(void)
{
	struct frame f, got;
	struct world w;

	world_open(&w, &(struct wish){.tunnel_mtu = 1400});
	CU_ASSERT_EQUAL(
		fwd_tunnel_set_adjacency(w.fwd, w.tunnel_mag2, fwd_tunnel_get(w.fwd, w.tunnel_mag2)->adjacency, 1300),
		0);
	world_send(&w, CORE, down(&f, UDP, 1301 - IP6));
	CU_ASSERT_FATAL(world_take(&w, CORE, &got));
	CU_ASSERT_TRUE(got.b[ETH + 6] == 58 && got.b[ETH + IP6] == 2); /* Packet Too Big */
	CU_ASSERT_TRUE(got.b[ETH + IP6 + 6] == 1300 >> 8 && got.b[ETH + IP6 + 7] == (1300 & 0xff));
	f.b[ETH + IP6 + 3]++;
	send_by(&w, MAG1, &f);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, GUEST, UDP, 1, LEN));
	CU_ASSERT_FATAL(world_take(&w, CORE, &got));
	CU_ASSERT_TRUE(got.b[ETH + 6] == 58 && got.b[ETH + IP6] == 3); /* Time Exceeded */
	world_close(&w);
}

#define MTU 1300 /* of the second gateway's tunnel */

/* A SYN of the sharing node that offers segments of so many octets, its checksum set aside. */
static struct frame *
syn(struct frame *f, enum station dst, enum station src, uint8_t hop_limit, unsigned int mss)
{
	frame_ip6(f, dst, src, SHARING, CN, TCP, hop_limit, 24);
	memset(f->b + ETH + IP6, 0, 24);
	f->b[ETH + IP6 + 12] = 24 / 4 << 4;
	f->b[ETH + IP6 + 13] = 2;
	memcpy(f->b + ETH + IP6 + 20, (uint8_t[]){2, 4, mss >> 8, mss & 0xff}, 4);
	return f;
}

/* The segments that it offers, by a gateway's tunnel, and as it leaves. */
static void
syn_by(struct world *w, enum place mag, unsigned int mss, unsigned int left)
{
	struct frame f, got, want;

	world_send(w, CORE, frame_wrap(syn(&f, NODE_CORE, ROUTER, 64, mss), mag, NODE));
	CU_ASSERT_FATAL(world_take(w, CORE, &got));
	syn(&want, ROUTER, NODE_CORE, 63, left);
	memset(got.b + ETH + IP6 + 16, 0, 2);
	CU_ASSERT_TRUE(got.len == want.len && memcmp(got.b, want.b, want.len) == 0);
}

static void
segments_by_way(void)
{
	struct world w;

	world_open(&w, &(struct wish){.tunnel_mtu = 1400, .mss_clamp = true});
	CU_ASSERT_EQUAL(
		fwd_tunnel_set_adjacency(w.fwd, w.tunnel_mag2, fwd_tunnel_get(w.fwd, w.tunnel_mag2)->adjacency, MTU),
		0);
	syn_by(&w, MAG1, 1440, 1400 - IP6 - 20);
	syn_by(&w, MAG2, 1440, MTU - IP6 - 20);
	syn_by(&w, MAG2, MTU - IP6 - 20, MTU - IP6 - 20);
	/* What comes back may go by the owner's tunnel: it has to fit that one, too. */
	CU_ASSERT_EQUAL(
		fwd_tunnel_set_adjacency(w.fwd, w.tunnel_mag2, fwd_tunnel_get(w.fwd, w.tunnel_mag2)->adjacency, 1452),
		0);
	syn_by(&w, MAG2, 1440, 1400 - IP6 - 20);
	world_close(&w);
}

const struct unit_case flows_cases[] = {
	{"RFC 6088 3: a rule looks at each field of a packet, and at fields that the packet has", by_field},
	{"the first rule that matches decides, and the packet counts as of the session that it goes by", by_priority},
	{"RFC 6088 3: protocol and ports are those behind extension headers", behind_extensions},
	{"fragments go the way of the first of their packet", fragments},
	{"a first fragment counts, and none of an earlier packet with its number", fragments_anew},
	{"fragments are remembered as long as the list of their rule", fragments_of_older_list},
	{"no fragment is taken for one of another packet", many_fragments},
	{"a first fragment without ports has none", short_fragments},
	{"packets of a shared prefix come by each gateway, but for one that has it idle", uplink_of_both},
	{"packets between mobile nodes take the way of their flow", hairpin},
	{"what lies in a gateway's prefix and has no session goes to the gateway, and comes from there", aggregate},
	{"a gateway takes nothing for a prefix of another", aggregate_of_no_anchor},
	{"errors are about the tunnel that a packet was to enter", too_big_for_the_way},
	{"the segments of a SYN fit the tunnel that it came by, and its prefix's own", segments_by_way},
};
const unsigned int flows_case_count = UNIT_COUNT(flows_cases);
