/* SPDX-License-Identifier: BSD-3-Clause */
/* Traces and explanations: what is said of a packet is what happens to it, and nothing else changes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "path/explain.h"
#include "path/trace.h"
#include "world.h"

#define LEN	      60
#define RING_OF_TRACE 256

static const struct path_trace_filter all = {.on = true, .port = PATH_PORT_NONE, .drop = PATH_TRACE_ALL};

static void
want(struct world *w, const struct path_trace_filter *f)
{
	struct path_trace_filter wanted[PATH_TRACE_MAX] = {*f};

	CU_ASSERT_EQUAL_FATAL(path_trace_set(w->path, wanted), 0);
}

/* A worker's next copy says this, and is as long as this frame; "" for none. */
static void
expect_of(struct world *w, unsigned int worker, const char *text, uint32_t len)
{
	char got[PATH_TRACE_TEXT] = "";
	struct rte_mbuf *m;

	if (path_trace_dequeue(w->path, worker, &m, 1) == 1) {
		path_trace_format(path_trace_record_of(m), got);
		CU_ASSERT_EQUAL(path_trace_record_of(m)->len, len);
		CU_ASSERT_EQUAL(m->pkt_len, len);
		path_mbuf_free(m);
	}
	CU_ASSERT_STRING_EQUAL(got, text);
	if (strcmp(got, text) != 0)
		fprintf(stderr, "got \"%s\", not \"%s\"\n", got, text);
}

static void
expect(struct world *w, const char *text, uint32_t len)
{
	expect_of(w, 0, text, len);
}

static void
forget_sent(struct world *w)
{
	struct frame f;

	for (int port = 0; port < PORTS; port++)
		while (world_sent(w, port) > 0)
			world_take(w, port, &f);
	for (enum path_punt c = 0; c < PATH_PUNT_COUNT; c++)
		while (world_punted(w, c, &f, NULL))
			;
}

static void
ways(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	want(&w, &all);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
	expect(&w, "classify-core downlink encap adjacency tx", ETH + 2 * IP6 + LEN);
	world_send(&w, ACCESS, frame_ip6(&f, NODE_ACCESS, VISITOR_MAC, VISITOR, CN, UDP, 64, LEN));
	expect(&w, "classify-access uplink encap adjacency tx", ETH + 2 * IP6 + LEN);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, LEN));
	expect(&w, "classify-core punt own", ETH + IP6 + LEN);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, LOOPBACK, MN1, UDP, 64, LEN));
	expect(&w, "classify-core: dropped classify.ip-source", ETH + IP6 + LEN);
	/* A tunnel packet that has no next hop to go to has no Ethernet header yet: it gets one of zeros. */
	CU_ASSERT_EQUAL(fwd_adjacency_del(w.fwd, fwd_tunnel_find(w.fwd, w.tunnel_mag1)->adjacency), 0);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
	expect(&w, "classify-core downlink encap adjacency: dropped route.no-adjacency", ETH + 2 * IP6 + LEN);
	expect(&w, "", 0);
	CU_ASSERT_EQUAL(path_trace_lost(w.path, 0), 0);
	forget_sent(&w);
	world_close(&w);
}

/* What the node answers is recorded too, each by what became of it. */
static void
refused(void)
{
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	want(&w, &all);
	world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 1, LEN));
	expect(&w, "classify-core downlink encap error: dropped classify.hop-limit", ETH + IP6 + LEN);
	expect(&w, "downlink route adjacency tx", ETH + IP6 + 8 + IP6 + LEN);
	expect(&w, "", 0);
	forget_sent(&w);
	world_close(&w);
}

/* Sent packets that the port did not take are recorded as dropped, and as nothing else. */
static void
full_port(void)
{
	const struct wish wish = {.tx_ring = 1};
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	want(&w, &all);
	for (unsigned int i = 0; i < 2; i++)
		world_feed(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
	world_run(&w);
	expect(&w, "classify-core downlink adjacency tx", ETH + IP6 + LEN);
	expect(&w, "classify-core downlink adjacency tx: dropped tx.full", ETH + IP6 + LEN);
	expect(&w, "", 0);
	forget_sent(&w);
	world_close(&w);
}

static void
end_second(struct world *w)
{
	while (path_worker_poll(path_worker_of(w->path, 1)) > 0)
		;
	forget_sent(w);
	world_close(w);
}

static void
inject(struct world *w, unsigned int worker)
{
	struct frame f;
	struct rte_mbuf *m = world_mbuf(w, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));

	path_meta(m)->port = CORE;
	CU_ASSERT_EQUAL(world_inject(w, worker, m, PATH_INJECT_FRAME), 1);
}

/* A frame of a shared port says that it was spread, whoever takes it, and where it was dropped when nobody did. */
static void
spread(void)
{
	static const char way[] = "spread classify-core downlink adjacency tx";
	const struct wish wish = {.workers = 2, .spread = true, .spread_ring = 1};
	unsigned int stayed = 0, full = 0;
	struct frame f;
	struct world w;

	world_open(&w, &wish);
	want(&w, &all);
	for (uint8_t flow = 0; flow < 16; flow++) {
		frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN);
		f.b[ETH + 3] = flow + 1;
		world_send(&w, CORE, &f);
		if (world_sent(&w, CORE) > stayed) {
			expect(&w, way, ETH + IP6 + LEN);
			stayed++;
		} else if (world_drops(&w, STAT_DROP_SPREAD_FULL) > full) {
			expect(&w, "spread: dropped spread.full", ETH + IP6 + LEN);
			full++;
		}
	}
	CU_ASSERT(stayed > 1 && full > 1);
	CU_ASSERT_EQUAL(stayed + full, 15); /* and one that the second worker has */
	path_worker_poll(path_worker_of(w.path, 1));
	expect_of(&w, 1, "", 0); /* which is the first's to send */
	world_run(&w);
	expect(&w, way, ETH + IP6 + LEN);
	end_second(&w);
}

/* One that is ready and sent by another worker is recorded there, and once. */
static void
ready(void)
{
	const struct wish wish = {.workers = 2, .spread_ring = 1, .tx_ring = 1};
	struct path_worker *second;
	struct world w;

	world_open(&w, &wish);
	second = path_worker_of(w.path, 1);
	want(&w, &all);
	path_worker_poll(second);
	inject(&w, 1);
	path_worker_poll(second);
	expect_of(&w, 1, "", 0);
	world_run(&w);
	expect(&w, "tx", ETH + IP6 + LEN);
	inject(&w, 1);
	path_worker_poll(second);
	world_run(&w); /* nobody takes what the port has */
	expect(&w, "tx: dropped tx.full", ETH + IP6 + LEN);
	inject(&w, 1);
	inject(&w, 1);
	path_worker_poll(second);
	expect_of(&w, 1, "tx: dropped spread.full", ETH + IP6 + LEN);
	expect_of(&w, 1, "", 0);
	expect(&w, "", 0);
	end_second(&w);
}

static void
filters(void)
{
	struct path_trace_filter f = all;
	struct frame frame;
	struct world w;

	world_open(&w, NULL);
	f.prefix_count = 1;
	f.prefix[0] = addr_prefix_mask(place(MN1), 64);
	want(&w, &f);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, MN2, UDP, 64, LEN));
	expect(&w, "", 0);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
	expect(&w, "classify-core downlink encap adjacency tx", ETH + 2 * IP6 + LEN); /* inside the tunnel */
	f = all;
	f.station_count = 1;
	f.station[0] = *station(VISITOR_MAC);
	want(&w, &f);
	world_send(&w, ACCESS, frame_ip6(&frame, NODE_ACCESS, LOCAL_MAC, VISITOR, CN, UDP, 64, LEN));
	expect(&w, "", 0);
	world_send(&w, ACCESS, frame_ip6(&frame, NODE_ACCESS, VISITOR_MAC, LOCAL, CN, UDP, 64, LEN));
	expect(&w, "classify-access uplink: dropped uplink.wrong-link", ETH + IP6 + LEN);
	f = all;
	f.port = ACCESS;
	want(&w, &f);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
	expect(&w, "", 0);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, LOCAL, UDP, 64, LEN));
	expect(&w, "classify-core downlink deliver tx", ETH + IP6 + LEN); /* it goes out there */
	f = all;
	f.drop = STAT_DROP_NO_ROUTE;
	want(&w, &f);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, LOOPBACK, CN2, UDP, 64, LEN));
	expect(&w, "", 0);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, NOWHERE, UDP, 64, LEN));
	expect(&w, "classify-core downlink error: dropped route.no-route", ETH + IP6 + LEN);
	expect(&w, "", 0);
	f.drop = PATH_TRACE_DROPS;
	want(&w, &f);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, LOOPBACK, CN2, UDP, 64, LEN));
	expect(&w, "classify-core: dropped classify.ip-source", ETH + IP6 + LEN);
	f.on = false;
	want(&w, &f);
	world_send(&w, CORE, frame_ip6(&frame, NODE_CORE, ROUTER, LOOPBACK, CN2, UDP, 64, LEN));
	expect(&w, "", 0);
	forget_sent(&w);
	world_close(&w);
}

/* What nobody fetches is bounded, and all else goes its way. */
static void
lost(void)
{
	struct path_trace_filter wanted[PATH_TRACE_MAX] = {all, {.on = true, .port = ACCESS, .drop = PATH_TRACE_ALL}};
	struct rte_mbuf *m;
	struct frame f;
	struct world w;
	unsigned int n = 0;

	world_open(&w, NULL);
	CU_ASSERT_EQUAL_FATAL(path_trace_set(w.path, wanted), 0);
	for (unsigned int i = 0; i < RING_OF_TRACE + 40; i++) {
		world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, CN2, UDP, 64, LEN));
		CU_ASSERT_EQUAL(world_sent(&w, CORE), 1);
		world_take(&w, CORE, &f);
	}
	for (; path_trace_dequeue(w.path, 0, &m, 1) == 1; n++)
		path_mbuf_free(m);
	CU_ASSERT_EQUAL(n, RING_OF_TRACE);
	CU_ASSERT_EQUAL(path_trace_lost(w.path, 0), 40);
	CU_ASSERT_EQUAL(path_trace_lost(w.path, 1), 0);
	CU_ASSERT_EQUAL(world_count(&w, STAT_TRACE_LOST), 40);
	world_close(&w);
}

/* The control lcore writes to no set that a worker may be reading. */
static void
changes(void)
{
	const struct path_trace_filter wanted[PATH_TRACE_MAX] = {all}, none[PATH_TRACE_MAX] = {{0}};
	struct world w;

	world_open(&w, NULL);
	CU_ASSERT_EQUAL(path_trace_set(w.path, wanted), 0);
	world_run(&w); /* the worker has the first */
	CU_ASSERT_EQUAL(path_trace_set(w.path, wanted), 0);
	CU_ASSERT_EQUAL(path_trace_set(w.path, wanted), -EAGAIN);
	world_run(&w);
	CU_ASSERT_EQUAL(path_trace_set(w.path, wanted), 0);
	CU_ASSERT_EQUAL(path_trace_set(w.path, none), 0);
	CU_ASSERT_EQUAL(path_trace_set(w.path, wanted), 0);
	CU_ASSERT_EQUAL(path_trace_set(w.path, wanted), -EAGAIN);
	world_close(&w);
}

static void
same_as(const struct world *w, const struct stat_block *before)
{
	CU_ASSERT(memcmp(path_stats(w->path, 0), before, sizeof(*before)) == 0);
}

/* An explanation leaves no trace in counters, pools and rings, and foretells the frame. */
static void
explain(void)
{
	struct path_session_counts counts;
	struct path_explanation x;
	struct stat_block before;
	struct frame f, sent;
	struct world w;

	world_open(&w, NULL);
	before = *path_stats(w.path, 0);
	frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN);
	CU_ASSERT_EQUAL_FATAL(path_explain(w.path, CORE, f.b, f.len, &x), 0);
	same_as(&w, &before);
	path_session_counts_get(w.path, SESSION_MN1, &counts);
	CU_ASSERT_EQUAL(counts.down_packets, 0);
	CU_ASSERT(world_silent(&w));
	CU_ASSERT(x.step_count == 4 && x.end_count == 1 && x.end[0].end == PATH_SENT && x.end[0].out == CORE);
	CU_ASSERT_STRING_EQUAL(path_stage_row(x.step[1].stage)->name, "downlink");
	CU_ASSERT_STRING_EQUAL(path_stage_row(x.step[1].to)->name, "encap");
	CU_ASSERT_EQUAL(fwd_value_session(x.step[1].value), SESSION_MN1);
	world_send(&w, CORE, &f);
	CU_ASSERT_FATAL(world_take(&w, CORE, &sent));
	CU_ASSERT(sent.len == x.end[0].m->pkt_len &&
		  memcmp(sent.b, rte_pktmbuf_mtod(x.end[0].m, void *), sent.len) == 0);
	path_explain_free(&x);
	/* An error is due; asked again and again it still is. */
	frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 1, LEN);
	for (unsigned int i = 0; i < 500; i++) {
		CU_ASSERT_EQUAL_FATAL(path_explain(w.path, CORE, f.b, f.len, &x), 0);
		CU_ASSERT(x.end_count == 1 && x.end[0].end == PATH_DROPPED && x.end[0].drop == STAT_DROP_HOP_LIMIT);
		CU_ASSERT_PTR_NOT_NULL(x.answer);
		path_explain_free(&x);
	}
	CU_ASSERT_EQUAL(path_explain(w.path, PORTS, f.b, f.len, &x), -EINVAL);
	CU_ASSERT_EQUAL(path_explain(w.path, CORE, f.b, 1 << 15, &x), -EMSGSIZE);
	CU_ASSERT_EQUAL_FATAL(path_explain(w.path, CORE, f.b, 0, &x), 0);
	CU_ASSERT(x.end_count == 1 && x.end[0].drop == STAT_DROP_FRAME_SHORT);
	path_explain_free(&x);
	world_close(&w);
}

static void
tunnels_and_queues(void)
{
	struct path_tunnel_counts t;
	struct path_queue_counts q;
	struct frame f;
	struct world w;

	world_open(&w, NULL);
	for (unsigned int i = 0; i < 3; i++)
		world_send(&w, CORE, frame_ip6(&f, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
	frame_wrap(frame_ip6(&f, NODE_CORE, ROUTER, MN1, CN, UDP, 64, LEN), MAG1, NODE);
	world_send(&w, CORE, &f);
	path_tunnel_counts_get(w.path, w.tunnel_mag1, &t);
	CU_ASSERT(t.out_packets == 3 && t.out_bytes == 3 * (IP6 + LEN));
	CU_ASSERT(t.in_packets == 1 && t.in_bytes == IP6 + LEN);
	path_tunnel_counts_get(w.path, w.tunnel_mag2, &t);
	CU_ASSERT(t.out_packets == 0 && t.in_packets == 0);
	path_tunnel_counts_get(w.path, 1000, &t);
	CU_ASSERT(t.out_packets == 0 && t.in_packets == 0);
	CU_ASSERT(path_queue_counts_get(w.path, CORE, 0, &q));
	CU_ASSERT(q.worker == 0 && q.rx_packets == 4 && q.tx_packets == 4);
	CU_ASSERT_EQUAL(q.rx_bytes, 3 * (ETH + IP6 + LEN) + ETH + 2 * IP6 + LEN);
	CU_ASSERT(!path_queue_counts_get(w.path, CORE, 1, &q));
	CU_ASSERT(!path_queue_counts_get(w.path, 7, 0, &q));
	forget_sent(&w);
	world_close(&w);
}

const struct unit_case trace_cases[] = {
	{"a trace says which stages a packet passed, and where it ended", ways},
	{"a refused packet and the error about it are recorded", refused},
	{"what a full port does not take is recorded as dropped alone", full_port},
	{"a frame of a shared port was spread, whoever took it", spread},
	{"what another worker sends is recorded by it alone", ready},
	{"packets are chosen by prefix, station, port and drop reason", filters},
	{"a trace that nobody fetches loses packets of its own alone, and counts them", lost},
	{"filters are changed under no worker's hands", changes},
	{"an explanation is what happens, and changes nothing", explain},
	{"tunnels and queues are counted one by one", tunnels_and_queues},
};
const unsigned int trace_case_count = UNIT_COUNT(trace_cases);
