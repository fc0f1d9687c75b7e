/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets to an own address in fragments, as chance makes them: each is cut from one of a few whole tunnel packets, or
 * is any bytes at all. What comes out is one segment, no longer than it says, and in the end every buffer has come
 * back. An input is a row of records: one byte of what kind, two of where, two of how long, one to change, and its
 * value.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>

#include "stage.h"

#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			abort();                                                                                       \
	} while (0)

#define RECORD	7
#define RECORDS 64
#define WHOLE	1600
#define MTU	1500
#define BUFFERS 511
#define WAITING 8

static struct fwd *fwd;
static struct path *path;
static struct path_worker *worker;
static struct rte_mempool *pool;

static const struct addr6 node = {{0x20, 1, 0xd, 0xb8, [15] = 1}}, peer = {{0x20, 1, 0xd, 0xb8, [15] = 2}};
static const struct addr_prefix home = {{{0x20, 1, 0xd, 0xb8, 1}}, 64}, keyed = {{{0x20, 1, 0xd, 0xb8, 2}}, 64};

/* What follows the IPv6 header of whole packets: IPv6, GRE with a key, options, ICMPv6. */
static const struct {
	uint8_t next_header, len;
	uint8_t bytes[8];
} kinds[] = {
	{WIRE_IP6_IN_IP6, 0, {0}},
	{WIRE_GRE, 8, {0x20, 0, 0x86, 0xdd, 0, 0, 0, 7}},
	{WIRE_DESTINATION, 8, {WIRE_IP6_IN_IP6, 0, 4, 1, 5, 1, 1, 0}},
	{WIRE_ICMP6, 8, {128, 0, 0, 0, 0, 1, 0, 1}},
};

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
start_eal(void)
{
	char prefix[64];
	const char *args[] = {
		"fuzz_path", "--no-huge",   "-m",    "64", "--no-pci", "--no-telemetry", "--no-shconf", "--file-prefix",
		prefix,	     "--log-level", "error", "-l", "0"};

	snprintf(prefix, sizeof(prefix), "fuzz_path_%d", (int)getpid());
	CHECK(rte_eal_init(RTE_DIM(args), (char **)(uintptr_t)args) >= 0);
}

static void
stop(void)
{
	fwd_worker_offline(fwd, 0);
	path_free(path);
	fwd_free(fwd);
	rte_mempool_free(pool);
}

/* An anchor with a session in a tunnel, one in a tunnel of GRE, and no way out. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const struct tun_style gre = {.limit = TUN_LIMIT_NONE, .dscp = TUN_DSCP_COPY, .gre = true};
	const struct fwd_session line = {.gre_in = TUN_GRE_KEY, .key_in = 7};

	start_eal();
	pool = path_pool_new("fuzz", BUFFERS, WHOLE, SOCKET_ID_ANY);
	fwd = fwd_new(&(struct fwd_settings){.prefixes = 8,
					     .sessions = 2,
					     .tunnels = 2,
					     .adjacencies = 1,
					     .hosts = 1,
					     .routes = 1,
					     .workers = 1,
					     .socket = SOCKET_ID_ANY});
	CHECK(pool != NULL && fwd != NULL);
	path = path_new(&(struct path_settings){.fwd = fwd,
						.workers = 1,
						.pool = pool,
						.node = PATH_ANCHOR,
						.mss_clamp = true,
						.reassemblies = WAITING,
						.reassembly_ms = 60000,
						.wake_fd = -1,
						.socket = SOCKET_ID_ANY});
	CHECK(path != NULL);
	worker = path_worker_of(path, 0);
	CHECK(fwd_session_set(fwd, 1, &line) == 0);
	CHECK(fwd_prefix_add(fwd, &home, fwd_value(fwd_tunnel_add(fwd, &node, &peer, MTU, &tun_plain), 0, 0)) == 0);
	CHECK(fwd_prefix_add(fwd, &keyed, fwd_value(fwd_tunnel_add(fwd, &node, &peer, MTU, &gre), 1, FWD_GRE)) == 0);
	fwd_worker_online(fwd, 0);
	CHECK(atexit(stop) == 0);
	return 0;
}

/* The payload of a whole packet of a kind, WHOLE bytes of it. */
static void
whole_of(unsigned int kind, uint8_t *to)
{
	struct wire_ip6 inner = {.version_class_flow = {0x60}, .next_header = WIRE_TCP, .hop_limit = 64, .dst = peer};

	for (unsigned int i = 0; i < WHOLE; i++)
		to[i] = (uint8_t)i;
	memcpy(to, kinds[kind].bytes, kinds[kind].len);
	inner.src = kinds[kind].next_header == WIRE_GRE ? keyed.addr : home.addr;
	inner.src.b[15] = 9;
	wire_put16(inner.payload_len_be, WHOLE / 2);
	memcpy(to + kinds[kind].len, &inner, sizeof(inner));
}

/* The frame that a record asks for, or NULL. */
static struct rte_mbuf *
frame_of(const uint8_t record[RECORD])
{
	static uint8_t whole[WHOLE];
	unsigned int kind = record[0] & 3, at = (record[1] << 8 | record[2]) & 0x7fff, changed = record[5];
	uint32_t len = (uint32_t)(record[3] << 8 | record[4]) % (MTU - WIRE_IP6_LEN - WIRE_FRAGMENT_LEN);
	struct wire_ip6 ip = {
		.version_class_flow = {0x60, record[0] & 0x30}, .next_header = WIRE_FRAGMENT, .src = peer, .dst = node};
	struct wire_fragment f = {.next_header = kinds[kind].next_header, .id = {[3] = record[0] >> 6}};
	struct rte_mbuf *m = path_mbuf_alloc(path);
	uint8_t *to;

	CHECK(m != NULL);
	whole_of(kind, whole);
	wire_put16(f.offset_be, (uint16_t)at);
	wire_put16(ip.payload_len_be, (uint16_t)(WIRE_FRAGMENT_LEN + len));
	to = (uint8_t *)rte_pktmbuf_append(m, (uint16_t)(WIRE_ETH_LEN + sizeof(ip) + sizeof(f) + len));
	memset(to, 0, WIRE_ETH_LEN);
	to += WIRE_ETH_LEN;
	memcpy(to, &ip, sizeof(ip));
	memcpy(to + sizeof(ip), &f, sizeof(f));
	at &= ~(unsigned int)WIRE_FRAGMENT_UNIT;
	for (uint32_t i = 0; i < len; i++)
		to[sizeof(ip) + sizeof(f) + i] = at + i < WHOLE ? whole[at + i] : 0;
	if (changed < sizeof(ip) + sizeof(f) + len)
		to[changed] ^= record[6];
	return m;
}

/* As classify leaves a packet to an own address: whole, and no longer than it says. */
static void
take_in(struct rte_mbuf *m)
{
	uint32_t len;

	*packet_of(m) = (struct packet){.meta = {.l3 = WIRE_ETH_LEN}, .origin = PACKET_CORE};
	if (path_packet_check(packet_ip6(m), packet_len(m), &len) != PACKET_FINE ||
	    packet_ip6(m)->next_header != WIRE_FRAGMENT) {
		rte_pktmbuf_free(m);
		return;
	}
	packet_trim(m, len);
	worker_give(worker, STAGE_REASSEMBLE, m);
}

static void
check_batch(enum stage s)
{
	for (unsigned int i = 0; i < worker->in[s].n; i++) {
		struct rte_mbuf *m = worker->in[s].m[i];

		CHECK(m->nb_segs == 1 && m->data_len == m->pkt_len);
		CHECK(packet_of(m)->meta.l3 + WIRE_IP6_LEN <= m->data_len);
		CHECK(wire_ip6_len(packet_ip6(m)) <= packet_len(m));
	}
}

/* All stages; what reaches the ways out is the fuzzer's. */
static void
run(void)
{
	for (enum stage s = STAGE_REASSEMBLE; s < STAGE_COUNT; s++) {
		if (s == STAGE_DECAP || s == STAGE_PUNT)
			check_batch(s);
		if (worker->in[s].n > 0 && s != STAGE_PUNT && s != STAGE_TX)
			path_worker_stage(worker, s, false);
		rte_pktmbuf_free_bulk(worker->in[s].m, worker->in[s].n);
		worker->in[s].n = 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct rte_mbuf *m;

	for (size_t n = 0; n < RECORDS && len >= RECORD; n++, bytes += RECORD, len -= RECORD) {
		take_in(frame_of(bytes));
		run();
		CHECK(rte_mempool_in_use_count(pool) <= WAITING * RTE_LIBRTE_IP_FRAG_MAX_FRAG);
	}
	while ((m = path_worker_fragments_take(worker)) != NULL)
		rte_pktmbuf_free(m);
	for (; worker->local_count > 0; worker->local_count--)
		rte_pktmbuf_free(worker->local[worker->local_first++ % WORKER_LOCAL]);
	fwd_quiesce(fwd, 0);
	CHECK(rte_mempool_in_use_count(pool) == 0);
	return 0;
}
