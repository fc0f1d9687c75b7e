/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The plain pass does nothing that the stages would not have done: two nodes alike get the same frames, of which one
 * has something to record and so sends all of them through the stages. What goes out, what is punted and all that is
 * counted is the same. The frames are every way through a node, each with one thing about it changed in turn.
 */
#include <stdlib.h>
#include <string.h>

#include "path/trace.h"
#include "world.h"

#define LEN	 60
#define HEADERS	 (ETH + 4 + 2 * IP6 + 24) /* octets that are changed: Ethernet, VLAN, IPv6 twice, TCP */
#define CHANGES	 10			  /* of an octet: each bit, all of them cleared, and set */
#define SENT_MAX 128
#define STEP	 7919 /* a prime: frames of all kinds come in the same burst */

enum way {
	DOWN,
	DOWN_SYN,
	UP,
	HAIRPIN,
	VISIT_UP,
	VISIT_DOWN,
	TRANSIT,
	LIMITED, /* with a tunnel encapsulation limit; all up to here are plain */
	ASTRAY,	 /* of a visitor, from its anchor */
	FLOW,	 /* to a node whose sessions share its prefix, by a rule */
	FLOW_UP, /* from one, by the session that is not its prefix's */
	BEHIND_OPTIONS,
	BEHIND_ROUTING,
	BEHIND_FRAGMENT, /* a limit that forbids any tunnel, behind another header */
	WAYS
};

static struct frame *
make(struct frame *f, enum way way, uint32_t len)
{
	switch (way) {
	case DOWN:
		return frame_ip6(f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, len);
	case DOWN_SYN:
		frame_ip6(f, NODE_CORE, ROUTER, CN, MN1, TCP, 64, len < 24 ? 24 : len);
		memcpy(f->b + ETH + IP6 + 12, (uint8_t[]){0x60, 0x02}, 2);
		memcpy(f->b + ETH + IP6 + 20, (uint8_t[]){2, 4, 0x05, 0xb4}, 4);
		return f;
	case UP:
		frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, len), MAG1, NODE);
		f->b[ETH + 1] = 0x30; /* congestion was met on the way */
		f->b[ETH + IP6 + 1] = 0x20;
		return f;
	case FLOW:
		return frame_ip6(f, NODE_CORE, ROUTER, CN, SHARING, UDP, 64, len);
	case FLOW_UP:
		return frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, SHARING, CN, UDP, 64, len), MAG2, NODE);
	case ASTRAY:
		return frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, VISITOR, CN, UDP, 64, len), LMA, NODE);
	case HAIRPIN:
		return frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, MN1, MN2, UDP, 64, len), MAG1, NODE);
	case VISIT_UP:
		return frame_ip6(f, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, UDP, 64, len);
	case VISIT_DOWN:
		return frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, CN, VISITOR, UDP, 64, len), LMA, NODE);
	case TRANSIT:
		return frame_ip6(f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, len);
	case LIMITED:
		frame_wrap(frame_ip6(f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, len), MAG1, NODE);
		return frame_behind(f, 60, (uint8_t[]){41, 0, 4, 1, 4, 1, 1, 0}, 8);
	default:
		frame_ip6(f, NODE_CORE, ROUTER, CN, MN1,
			  way == BEHIND_OPTIONS	  ? 0
			  : way == BEHIND_ROUTING ? 43
						  : 44,
			  64, len);
		memcpy(f->b + ETH + IP6, (uint8_t[16]){60, [8] = UDP, 0, 4, 1, 0, 1, 1, 0}, 16);
		return f;
	}
}

static int
port_of(enum way way)
{
	return way == VISIT_UP ? ACCESS : CORE;
}

/* Things about a frame that are changed, one in each; how many there are of each kind. */
enum kind { OCTET, NEXT_HEADER, HOP_LIMIT, ADDRESS, LENGTH, CUT, STATION, KINDS };
static const unsigned int kinds[KINDS] = {
	[OCTET] = HEADERS * CHANGES,
	[NEXT_HEADER] = 2 * 256,
	[HOP_LIMIT] = 2 * 4,
	[ADDRESS] = 4 * PLACES,
	[LENGTH] = 400, /* around what tunnels and links carry */
	[CUT] = 160,
	[STATION] = 2 * STATIONS,
};

static void
change_octet(uint8_t *at, unsigned int change)
{
	if (change < 8)
		*at ^= 1u << change;
	else
		*at = change == 8 ? 0 : 0xff;
}

/* The nth change of a kind; ip is that of the outer IPv6 header, and behind it an inner one, or what is none. */
static void
change(struct frame *f, uint8_t *ip, enum kind kind, unsigned int n)
{
	static const uint8_t hops[] = {0, 1, 2, 255};

	switch (kind) {
	case OCTET:
		change_octet(f->b + n / CHANGES, n % CHANGES);
		break;
	case NEXT_HEADER:
		ip[(n / 256 ? IP6 : 0) + 6] = n % 256;
		break;
	case HOP_LIMIT:
		ip[(n / 4 ? IP6 : 0) + 7] = hops[n % 4];
		break;
	case ADDRESS:
		memcpy(ip + (n / 2 % 2 ? IP6 : 0) + (n % 2 ? 24 : 8), place((enum place)(n / 4)), 16);
		break;
	case CUT:
		f->len = f->len > n ? f->len - n : 1;
		break;
	case STATION:
		memcpy(f->b + (n % 2 ? 6 : 0), station((enum station)(n / 2)), 6);
		break;
	default:
		break;
	}
}

/* What one node did with a burst. */
struct deed {
	unsigned int sent_count[PORTS], punted_count[PATH_PUNT_COUNT];
	struct frame sent[PORTS][SENT_MAX], punted[PATH_PUNT_COUNT][SENT_MAX];
	struct path_meta meta[PATH_PUNT_COUNT][SENT_MAX];
};

static int
compare(const void *a, const void *b)
{
	const struct frame *x = a, *y = b;

	return x->len != y->len ? (x->len > y->len) - (x->len < y->len) : memcmp(x->b, y->b, x->len);
}

/* Octets that two nodes choose differently: the id of fragments. */
static void
even_out(struct frame *f)
{
	if (f->len >= ETH + IP6 + 8 && f->b[ETH + 6] == 44)
		memset(f->b + ETH + IP6 + 4, 0, 4);
}

static void
collect(struct world *w, struct deed *d)
{
	for (int port = 0; port < PORTS; port++) {
		unsigned int n = world_sent(w, port);

		CU_ASSERT_FATAL(n <= SENT_MAX);
		for (unsigned int i = 0; i < n; i++) {
			world_take(w, port, &d->sent[port][i]);
			even_out(&d->sent[port][i]);
		}
		qsort(d->sent[port], n, sizeof(struct frame), compare);
		d->sent_count[port] = n;
	}
	for (enum path_punt c = 0; c < PATH_PUNT_COUNT; c++) {
		unsigned int n = 0;

		while (world_punted(w, c, &d->punted[c][n], &d->meta[c][n]))
			CU_ASSERT_FATAL(++n < SENT_MAX);
		d->punted_count[c] = n;
	}
}

static bool
same_frames(const struct frame *a, const struct frame *b, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (compare(&a[i], &b[i]) != 0)
			return false;
	return true;
}

static bool
same_deeds(const struct deed *a, const struct deed *b)
{
	for (int port = 0; port < PORTS; port++)
		if (a->sent_count[port] != b->sent_count[port] ||
		    !same_frames(a->sent[port], b->sent[port], a->sent_count[port]))
			return false;
	for (enum path_punt c = 0; c < PATH_PUNT_COUNT; c++) {
		if (a->punted_count[c] != b->punted_count[c] ||
		    !same_frames(a->punted[c], b->punted[c], a->punted_count[c]))
			return false;
		for (unsigned int i = 0; i < a->punted_count[c]; i++)
			if (a->meta[c][i].port != b->meta[c][i].port || a->meta[c][i].vlan != b->meta[c][i].vlan ||
			    a->meta[c][i].l3 != b->meta[c][i].l3)
				return false;
	}
	return true;
}

/* All counters, those of sessions and tunnels too. */
static bool
same_counts(const struct world *a, const struct world *b)
{
	struct path_session_counts sa, sb;
	struct path_tunnel_counts ta, tb;

	for (unsigned int i = 0; i < 64; i++) {
		path_session_counts_get(a->path, i, &sa);
		path_session_counts_get(b->path, i, &sb);
		path_tunnel_counts_get(a->path, i, &ta);
		path_tunnel_counts_get(b->path, i, &tb);
		if (memcmp(&sa, &sb, sizeof(sa)) != 0 || memcmp(&ta, &tb, sizeof(ta)) != 0)
			return false;
	}
	return memcmp(path_stats(a->path, 0), path_stats(b->path, 0), sizeof(struct stat_block)) == 0;
}

/* A node with something to record, though no packet ever passes: all go through the stages. */
static void
stage_all(struct world *w)
{
	const struct path_trace_filter none[PATH_TRACE_MAX] = {
		{.on = true, .port = PATH_PORT_NONE - 1, .drop = PATH_TRACE_ALL}};

	CU_ASSERT_FATAL(path_trace_set(w->path, none) == 0);
}

static struct world plain, staged;
static struct deed done[2];

/* Both nodes get n frames at once on each port that has some. */
static bool
both(struct frame *const *f, const int *port, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		world_feed(&plain, port[i], f[i]);
		world_feed(&staged, port[i], f[i]);
	}
	world_run(&plain);
	world_run(&staged);
	collect(&plain, &done[0]);
	collect(&staged, &done[1]);
	return same_deeds(&done[0], &done[1]) && same_counts(&plain, &staged);
}

/* STRANGER is one whose packets are in GRE; with a key of its own. */
static void
add_gre(struct world *w)
{
	const struct tun_style style = {.limit = TUN_LIMIT_NONE, .dscp = TUN_DSCP_COPY, .gre = true};
	const struct fwd_session line = {.gre_in = TUN_GRE_KEY, .gre_out = TUN_GRE_KEY, .key_in = 5, .key_out = 6};
	const struct addr_prefix home = addr_prefix_mask(place(STRANGER), 64);
	int tunnel = fwd_tunnel_add(w->fwd, place(NODE), place(MAG2), 1440, &style);

	CU_ASSERT_FATAL(tunnel > 0);
	CU_ASSERT_FATAL(
		fwd_tunnel_set_adjacency(w->fwd, tunnel, fwd_tunnel_get(w->fwd, w->tunnel_mag2)->adjacency, 1440) == 0);
	CU_ASSERT_FATAL(fwd_session_set(w->fwd, SESSION_GRE, &line) == 0);
	CU_ASSERT_FATAL(fwd_prefix_add(w->fwd, &home, fwd_value(tunnel, SESSION_GRE, FWD_GRE)) == 0);
}

/* What is of these is not counted as their sessions'. */
static void
add_uncounted(struct world *w)
{
	static const enum place homes[] = {MN1, VISITOR};

	for (unsigned int i = 0; i < UNIT_COUNT(homes); i++) {
		const struct addr_prefix home = addr_prefix_mask(place(homes[i]), 64);
		uint64_t value = fwd_prefix_get(w->fwd, &home);

		if (value != FWD_VALUE_NONE)
			CU_ASSERT_FATAL(fwd_prefix_replace(w->fwd, &home, value | fwd_value(0, 0, FWD_UNCOUNTED)) == 0);
	}
}

/* No address is without a route: what is not to be forwarded has to be refused for itself. */
static void
add_default(struct world *w)
{
	const struct addr_prefix all = {.len = 0};

	CU_ASSERT_FATAL(fwd_route_add(w->fwd, &all, fwd_tunnel_get(w->fwd, w->tunnel_mag1)->adjacency) == 0);
	CU_ASSERT_FATAL(fwd_route_commit(w->fwd) == 0);
}

/* The nth of all frames of a way: one thing about it is changed. */
static int
nth(struct frame *f, enum way way, unsigned int n, const struct wish *wish)
{
	int port = port_of(way);
	uint16_t vlan = port == CORE ? wish->core_vlan : wish->access_vlan;
	enum kind kind = 0;

	for (; n >= kinds[kind]; kind++)
		n -= kinds[kind];
	make(f, way, kind == LENGTH ? 1100 + n : LEN);
	if (vlan != 0)
		frame_tag(f, vlan);
	change(f, f->b + ETH + (vlan != 0 ? 4 : 0), kind, n);
	return port;
}

/* All frames of these ways, mixed. */
static void
same_of(enum way from, enum way to, const struct wish *wish)
{
	static const unsigned int bursts[] = {1, 3, 31, 32, 33, 63};
	static struct frame frame[63];
	struct frame *f[63];
	unsigned int each = 0, all, at = 0;
	int port[63];

	for (enum kind k = 0; k < KINDS; k++)
		each += kinds[k];
	all = each * (to - from);
	for (unsigned int turn = 0; at < all; turn++) {
		unsigned int n = 0;

		for (; n < bursts[turn % UNIT_COUNT(bursts)] && at < all; n++, at++) {
			unsigned int which = (uint64_t)at * STEP % all;

			f[n] = &frame[n];
			port[n] = nth(f[n], from + which / each, which % each, wish);
		}
		if (!both(f, port, n)) {
			CU_FAIL("the plain pass and the stages did not do the same");
			break;
		}
	}
}

static void
same_with(const struct wish *wish, bool counted)
{
	world_open(&plain, wish);
	world_open(&staged, wish);
	if (!counted) {
		add_uncounted(&plain);
		add_uncounted(&staged);
	}
	add_gre(&plain);
	add_gre(&staged);
	add_default(&plain);
	add_default(&staged);
	stage_all(&staged);
	same_of(0, BEHIND_OPTIONS, wish);
	same_of(BEHIND_OPTIONS, WAYS, wish); /* apart: they take those behind them along */
	world_close(&plain);
	world_close(&staged);
}

static void
same(const struct wish *wish)
{
	same_with(wish, true);
}

static void
same_uncounted(void)
{
	same_with(&(struct wish){.icmp_burst = 1000000}, false);
}

static void
same_untagged(void)
{
	same(&(struct wish){.icmp_burst = 1000000});
}

static void
same_tagged(void)
{
	same(&(struct wish){.icmp_burst = 1000000, .core_vlan = 7, .access_vlan = 0x123});
}

static void
same_anchor(void)
{
	same(&(struct wish){.icmp_burst = 1000000, .node = PATH_ANCHOR, .tunnel_mtu = 1400});
}

static void
same_gateway(void)
{
	same(&(struct wish){.icmp_burst = 1000000, .node = PATH_GATEWAY, .access_mtu = 1300, .tunnel_mtu = 1280});
}

static void
same_narrow(void)
{
	same(&(struct wish){.icmp_burst = 1000000, .tunnel_mtu = 1240});
}

static void
same_clamped(void)
{
	same(&(struct wish){.icmp_burst = 1000000, .mss_clamp = true});
}

/* So that the other cases do not compare nothing: plain packets go by the plain pass, and by no other. */
static void
is_taken_by(enum way way, bool counted)
{
	struct path_session_counts mn1, visitor;
	struct path_stage_counts counts;
	unsigned int stages = 0;
	struct frame f;

	world_open(&plain, NULL);
	if (!counted)
		add_uncounted(&plain);
	world_send(&plain, port_of(way), make(&f, way, LEN));
	for (unsigned int s = 0; s < path_stage_count(); s++) {
		path_stage_counts_get(plain.path, 0, s, &counts);
		stages += counts.packets > 0;
	}
	CU_ASSERT_EQUAL(stages, 2); /* the pass, and tx */
	path_session_counts_get(plain.path, SESSION_MN1, &mn1);
	path_session_counts_get(plain.path, SESSION_VISITOR, &visitor);
	CU_ASSERT_EQUAL(mn1.up_packets + mn1.down_packets + visitor.up_packets + visitor.down_packets,
			counted && way != TRANSIT);
	world_abandon(&plain);
}

static void
is_taken(void)
{
	for (enum way way = 0; way <= LIMITED; way++) {
		is_taken_by(way, true);
		is_taken_by(way, false);
	}
}

/* Each third of the packets of a flow is one that is not plain: they go out as they came in. */
static void
keeps_order(enum way way, uint16_t tunnel_mtu, bool tagged)
{
	struct frame f;

	world_open(&plain, &(struct wish){.tunnel_mtu = tunnel_mtu});
	for (unsigned int i = 0; i < 24; i++) {
		make(&f, way, i % 3 == 1 && tunnel_mtu < 1280 ? 1240 : LEN);
		if (i % 3 == 1 && tunnel_mtu >= 1280 && !tagged)
			f.b[ETH + 6] = 0;
		f.b[ETH + 3] = i; /* of the flow label */
		if (i % 3 == 1 && tagged)
			frame_tag(&f, 0); /* of no VLAN: a priority alone */
		world_feed(&plain, port_of(way), &f);
	}
	world_run(&plain);
	for (unsigned int i = 0; i < 24; i++) {
		unsigned int inner = ETH + IP6;

		CU_ASSERT_FATAL(world_take(&plain, CORE, &f));
		if (f.b[ETH + 6] == 44) {
			inner += 8;
			CU_ASSERT_FATAL(world_take(&plain, CORE, &(struct frame){0}));
		}
		CU_ASSERT_EQUAL(f.b[inner + 3], i);
	}
	world_close(&plain);
}

static void
order(void)
{
	keeps_order(DOWN, 1452, false);
	keeps_order(DOWN, 1240, false);
	keeps_order(DOWN, 1452, true);
	keeps_order(VISIT_UP, 1452, false);
	keeps_order(VISIT_UP, 1240, false);
	keeps_order(VISIT_UP, 1452, true);
}

/* A second buffer, though the packet lies in the first: what is sent has one. */
static void
in_two_buffers(void)
{
	struct rte_mbuf *first, *rest;
	struct frame f, want;

	world_open(&plain, NULL);
	first = world_mbuf(&plain, make(&f, DOWN, LEN));
	rest = path_mbuf_alloc(plain.path);
	memset(rte_pktmbuf_append(rest, 6), 0, 6);
	CU_ASSERT_FATAL(rte_pktmbuf_chain(first, rest) == 0);
	CU_ASSERT_FATAL(rte_ring_enqueue(plain.rx[CORE], first) == 0);
	world_run(&plain);
	frame_wrap(frame_ip6(&want, ROUTER, NODE_CORE, CN, MN1, UDP, 63, LEN), NODE, MAG1);
	world_expect(&plain, CORE, &want);
	world_close(&plain);
}

const struct unit_case plain_cases[] = {
	{"plain packets of every way take the plain pass, counted as their session's or not", is_taken},
	{"the plain pass does what the stages do, whatever comes in", same_untagged},
	{"so it does on tagged ports", same_tagged},
	{"so it does of an anchor alone", same_anchor},
	{"so it does of a gateway alone, whose links carry less", same_gateway},
	{"so it does where tunnel packets are cut in two", same_narrow},
	{"so it does where the segments of TCP are clamped", same_clamped},
	{"so it does for sessions whose packets are not counted", same_uncounted},
	{"a packet in two buffers is sent in one", in_two_buffers},
	{"packets of a flow keep their order where some are not plain", order},
};
const unsigned int plain_case_count = UNIT_COUNT(plain_cases);
