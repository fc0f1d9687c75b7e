/* SPDX-License-Identifier: BSD-3-Clause */
/* One trial: packets at a rate, and what comes back of them until nothing does any more. */
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>

#include "tester.h"

#define MAGIC	    0x6b65
#define ETH	    14
#define IP6	    40
#define PROTO_IP6   41
#define PROTO_GRE   47
#define PROTO_OPTS  60
#define RESIDUAL_S  2 /* RFC 2544 section 23 (d) */
#define CHECKSUM_AT 6 /* in a UDP header */

/* The 16-bit words of a mark, for a checksum. */
static uint32_t
sum_of(const struct mark *mark)
{
	uint16_t words[sizeof(*mark) / 2];
	uint32_t sum = 0;

	memcpy(words, mark, sizeof(words));
	for (unsigned int i = 0; i < RTE_DIM(words); i++)
		sum += words[i];
	return (sum & 0xffff) + (sum >> 16);
}

/* Zeros behind the head, and the mark at the end; the checksum knows all but the mark. */
static void
stamp(struct tester *t, struct rte_mbuf *m, uint64_t now)
{
	const uint32_t head = ETH + IP6 + (m->hash.usr ? IP6 : 0), udp_len = m->pkt_len - head;
	const struct mark mark = {.magic = MAGIC, .trial = t->trial, .sequence = t->sent++, .tsc = now};
	uint8_t *udp = rte_pktmbuf_mtod_offset(m, uint8_t *, head);
	uint32_t sum = sum_of(&mark);
	uint16_t checksum;

	memset(udp + 8, 0, udp_len - 8 - sizeof(mark));
	memcpy(udp + udp_len - sizeof(mark), &mark, sizeof(mark));
	if (udp_len % 2 != 0) /* the mark's words stand across those of the datagram */
		sum = rte_bswap16(sum + (sum >> 16));
	memcpy(&checksum, udp + CHECKSUM_AT, sizeof(checksum));
	sum += (uint16_t)~checksum;
	sum = (sum & 0xffff) + (sum >> 16);
	checksum = (uint16_t) ~(sum + (sum >> 16));
	checksum = checksum == 0 ? 0xffff : checksum;
	memcpy(udp + CHECKSUM_AT, &checksum, sizeof(checksum));
}

bool
trial_take(struct tester *t, struct rte_mbuf *m, uint64_t now)
{
	const uint8_t *frame = rte_pktmbuf_mtod(m, const uint8_t *);
	struct mark mark;
	uint32_t len;
	bool tunnelled;

	if (m->data_len < ETH + IP6 + sizeof(mark) || frame[12] != 0x86 || frame[13] != 0xdd)
		return false;
	len = ETH + IP6 + ((uint32_t)frame[18] << 8 | frame[19]);
	if (len > m->data_len || len < ETH + IP6 + sizeof(mark))
		return false;
	memcpy(&mark, frame + len - sizeof(mark), sizeof(mark));
	if (mark.magic != MAGIC)
		return false;
	tunnelled = frame[20] == PROTO_IP6 || frame[20] == PROTO_GRE || frame[20] == PROTO_OPTS;
	if (mark.trial != t->trial || tunnelled != t->tunnelled) {
		t->stray++;
		return true;
	}
	t->received++;
	t->reordered += !tester_follows(&t->expected, mark.sequence);
	histogram_add(&t->latency, now - mark.tsc);
	return true;
}

/* What a full queue does not take was not sent. */
static void
put_in(struct tester *t, unsigned int n)
{
	const struct link *l = t->side[is_tunnel_shape(case_shape(t->o->which)) ? TUNNEL : PLAIN];
	struct rte_mbuf *m[PATH_BURST];
	unsigned int taken;
	uint64_t now;

	n = traffic_next(&t->traffic, m, n);
	now = rte_rdtsc();
	for (unsigned int i = 0; i < n; i++) {
		m[i]->hash.usr = is_tunnel_shape(case_shape(t->o->which));
		stamp(t, m[i], now);
	}
	taken = rte_eth_tx_burst(l->eth_id, 0, m, n);
	t->sent -= n - taken;
	rte_pktmbuf_free_bulk(m + taken, n - taken);
}

/* What went out and came back since the line before. */
struct period {
	uint64_t begin, printed, sent, received;
};

static void
print_period(const struct tester *t, struct period *p, uint64_t now)
{
	const double hz = (double)rte_get_tsc_hz(), s = (double)(now - p->printed) / hz;

	if (t->o->stats_period_s <= 0 || s < t->o->stats_period_s)
		return;
	fprintf(stderr, "%8.1f s  %.0f packets a second sent, %.0f received\n", (double)(now - p->begin) / hz,
		(double)(t->sent - p->sent) / s, (double)(t->received - p->received) / s);
	p->printed = now;
	p->sent = t->sent;
	p->received = t->received;
}

/* Until all that was sent is back, or none of it has come for a while: what else comes in is no reason to wait. */
static void
await(struct tester *t, struct period *p, uint64_t now)
{
	const uint64_t patience = RESIDUAL_S * rte_get_tsc_hz();
	uint64_t last = now, received = t->received;

	for (; t->received < t->sent && now - last < patience; now = rte_rdtsc()) {
		link_poll(t);
		if (t->received != received)
			last = now;
		received = t->received;
		print_period(t, p, now);
	}
}

bool
trial_run(void *user, const struct search_trial *trial, struct search_outcome *out)
{
	struct tester *t = user;
	const double hz = (double)rte_get_tsc_hz(), per_cycle = trial->rate / hz;
	uint64_t begin = rte_rdtsc(), end = begin + (uint64_t)(trial->seconds * hz), now = begin;
	struct period period = {.begin = begin, .printed = begin};

	t->trial++;
	t->sent = t->received = t->reordered = t->stray = 0;
	t->expected = 0;
	memset(&t->latency, 0, sizeof(t->latency));
	for (; now < end && t->sent < trial->frames && !bench_ended(); now = rte_rdtsc()) {
		double due = trial->rate > 0 ? (double)(now - begin) * per_cycle - (double)t->sent : t->o->burst;

		due = RTE_MIN(due, (double)t->o->burst);
		if (due >= 1)
			put_in(t, (unsigned int)RTE_MIN((uint64_t)due, trial->frames - t->sent));
		link_poll(t);
		print_period(t, &period, now);
	}
	out->rate = (double)t->sent * hz / (double)RTE_MAX(now - begin, 1u);
	await(t, &period, now);
	out->sent = t->sent;
	out->received = t->received;
	return t->o->search == SEARCH_NONE || !bench_ended() || bench_interrupted();
}
