/* SPDX-License-Identifier: BSD-3-Clause */
/* All that a node shows of itself: equal when it is as it was. */
#include <string.h>

#include "world.h"

static void
add(struct sim_shown *s, const void *bytes, size_t len)
{
	static const struct hash_secret none;

	s->sum = s->sum * 31 + hash_bytes(&none, bytes, len);
}

static void
show_rows(const struct sim_node *n, const struct pmip_mn_id *id, struct sim_shown *s)
{
	struct lma_flow_view flow;
	struct lma_row_at at = {0};
	struct lma_row_view row;

	while (lma_next_row(n->lma, id, &at, &row)) {
		uint64_t of[] = {row.session, row.bid, row.owned, row.idle, row.off_link};

		add(s, of, sizeof(of));
		add(s, &row.prefix, sizeof(row.prefix));
	}
	for (unsigned int i = 0; lma_next_flow(n->lma, id, i, &flow); i++) {
		uint64_t of[] = {flow.id, flow.priority, flow.bid, flow.active, flow.waiting};

		add(s, of, sizeof(of));
	}
}

static void
show_lma(const struct sim_node *n, struct sim_shown *s)
{
	struct lma_view v;

	s->sessions = lma_session_count(n->lma);
	s->waiting = lma_waiting_count(n->lma) + lma_demand_count(n->lma);
	s->due_ms = lma_due(n->lma);
	for (uint32_t i = 0; lma_next(n->lma, i, &v); i = v.session + 1) {
		uint64_t of[] = {v.session,   v.state,	    v.sequence, v.timestamp, v.expires_ms,
				 v.handovers, v.lifetime_s, v.gre,	v.key_out,   v.group};

		add(s, of, sizeof(of));
		add(s, &v.proxy_coa, sizeof(v.proxy_coa));
		add(s, v.prefix, v.prefix_count * sizeof(*v.prefix));
		show_rows(n, &v.mn_id, s);
	}
}

static void
show_mag(const struct sim_node *n, struct sim_shown *s)
{
	struct mag_view v;

	s->sessions = mag_session_count(n->mag);
	s->due_ms = mag_due(n->mag);
	for (uint32_t i = 0; mag_next(n->mag, i, &v); i = v.session + 1) {
		uint64_t of[] = {v.session, v.state, v.sequence, v.status, v.expires_ms,
				 v.tries,   v.gre,   v.key_out,	 v.group,  v.off_link << 16 | v.idle << 8 | v.temporal};

		add(s, of, sizeof(of));
		add(s, v.prefix, v.prefix_count * sizeof(*v.prefix));
	}
}

/* How its peers fare. */
static void
show_peers(const struct sim_node *n, struct sim_shown *s)
{
	struct pmip_heartbeat_view v;
	uint32_t at = 0;

	while (pmip_heartbeat_next(n->heartbeat, &at, &v)) {
		uint64_t of[] = {v.wanted, v.state, v.since_ms, v.rtt_ms, v.missed, v.counter, v.sent, v.answered};

		add(s, of, sizeof(of));
	}
}

struct sim_shown
sim_show(const struct sim_node *n)
{
	struct sim_shown s = {0};

	if (n->lma != NULL)
		show_lma(n, &s);
	else
		show_mag(n, &s);
	show_peers(n, &s);
	return s;
}

/* What it counts, too: of who is not listened to at all. */
struct sim_shown
sim_show_all(const struct sim_node *n)
{
	struct sim_shown s = sim_show(n);

	add(&s, n->lma != NULL ? lma_stat(n->lma) : mag_stat(n->mag), sizeof(struct stat_block));
	add(&s, pmip_heartbeat_stat(n->heartbeat), sizeof(struct stat_block));
	add(&s, n->forward, sizeof(n->forward));
	return s;
}
