/* SPDX-License-Identifier: BSD-3-Clause */
/* The engines of nodes: made by the plan, given other settings while they run, freed. */
#include <string.h>

#include "world.h"

static struct addr_prefix
pool_block(const struct sim_world *w, unsigned int lma)
{
	return (struct addr_prefix){.addr = {{0x20, 0x01, 0x0d, 0xb8, 0x10, (uint8_t)lma}},
				    .len = (uint8_t)(64 - w->plan.pool_bits)};
}

struct addr_prefix
sim_fixed_prefix(const struct sim_world *w, int mn)
{
	struct addr_prefix p = {.addr = {{0x20, 0x01, 0x0d, 0xb8, 0x20, [7] = (uint8_t)mn}}, .len = 64};
	unsigned int last = (1u << w->plan.pool_bits) - 1;

	if (w->plan.fixed_in_pool && last > (unsigned int)mn) {
		p.addr = pool_block(w, (unsigned int)mn % w->plan.lmas).addr;
		p.addr.b[6] = (uint8_t)((last - (unsigned int)mn) >> 8);
		p.addr.b[7] = (uint8_t)(last - (unsigned int)mn);
	}
	return p;
}

struct pmip_timers
sim_timers(const struct sim_plan *p)
{
	struct pmip_timers t = pmip_timers_default();

	t.min_delay_before_bce_delete_ms = p->bce_delete_ms;
	t.max_delay_before_new_bce_assign_ms = p->new_bce_ms;
	t.timestamp_validity_window_ms = p->window_ms;
	t.initial_bindack_timeout_ms = p->bindack_ms < p->bindack_max_ms ? p->bindack_ms : p->bindack_max_ms;
	t.max_bindack_timeout_ms = p->bindack_max_ms;
	t.retransmissions_max = p->retransmissions;
	t.refresh_percent = p->refresh_percent;
	t.heartbeat_interval_ms = p->heartbeat_ms;
	t.heartbeats_missed_max = p->missed;
	t.peer_grace_ms = p->grace_ms;
	t.peer_rate_per_s = p->peer_rate;
	return t;
}

/* What settings are made of beside what they say. */
struct lists {
	struct pmip_peer_settings peer[SIM_NODES_MAX + 1];
	struct pmip_pool_settings pool;
	struct pmip_aggregate aggregate[SIM_BLOCKS];
};

static struct lma_settings
lma_settings(const struct sim_world *w, const struct sim_node *n, struct lists *lists)
{
	struct lma_settings s = {.address = n->address,
				 .sessions_max = w->plan.lma_sessions,
				 .lifetime_max_s = w->plan.lifetime_max_s,
				 .proxy_registration = !(w->plan.disabled && n->index + 1 == w->plan.lmas),
				 .timestamps = !w->plan.lma_sequences,
				 .mn_timestamps = w->plan.mn_timestamps && !w->plan.lma_sequences,
				 .revocation = w->plan.revocation,
				 .revoke_after_handover = w->plan.revoke_left,
				 .keep_dead = w->plan.keep_dead,
				 .bulk = w->plan.bulk,
				 .timers = sim_timers(&w->plan),
				 .secret = {{n->index + 1, 2}},
				 .peers = lists->peer,
				 .pool_count = 1,
				 .pools = &lists->pool,
				 .multihoming = sim_multihoming(w),
				 .flow_policy_count = SIM_POLICIES,
				 .flow_policies = sim_policies(),
				 .temporal_prefixes = w->plan.anchor_cuts > 0 && n->index == 0 ? w->plan.temporal : 0,
				 .aggregates = lists->aggregate};

	*lists = (struct lists){.pool = {.name = "pool", .block = pool_block(w, n->index), .len = 64}};
	s.aggregate_count = sim_blocks_list(w, n, lists->aggregate);
	for (unsigned int i = 0; i < w->nodes; i++)
		s.peer_count += sim_peer_settings(w, n, i, &lists->peer[s.peer_count]);
	return s;
}

static struct mag_settings
mag_settings(const struct sim_world *w, const struct sim_node *n, struct lists *lists)
{
	unsigned int i = n->index - w->plan.lmas;
	struct mag_settings s = {.address = n->address,
				 .lma = w->node[0].address,
				 .link_local = {{0xfe, 0x80, [8] = 0x02, [15] = 0x13}},
				 .sessions_max = w->plan.mag_sessions,
				 .lifetime_s = w->plan.lifetime_s,
				 .timestamps = !(w->plan.no_timestamps >> i & 1),
				 .bulk = w->plan.bulk,
				 .keep_dead = w->plan.keep_dead,
				 .peers = lists->peer,
				 .timers = sim_timers(&w->plan),
				 .secret = {{n->index + 1, 3}},
				 .jitter_seed = w->plan.jitter ? i + 1 : 0,
				 .first_sequence = (uint16_t)(w->plan.sequence + 40503 * n->crashes),
				 .multihoming = sim_multihoming(w),
				 .temporal_prefixes = n->cuts != SIM_CUTS_NOTHING ? w->plan.temporal : 0};

	if (w->plan.temporal > 0 && n->cuts == SIM_CUTS_CONFIGURED)
		s.aggregate = sim_block((unsigned int)n->block);
	if (w->plan.ask_link_local)
		s.link_local = (struct addr6){0};
	sim_gateway_id(n->index, &s.id);
	for (unsigned int k = 0; k < w->nodes; k++)
		s.peer_count += sim_peer_settings(w, n, k, &lists->peer[s.peer_count]);
	return s;
}

static int
apply_lma(struct sim_world *w, struct sim_node *n)
{
	struct lma_change_refusal why;
	struct lists lists;
	struct lma_settings s = lma_settings(w, n, &lists);
	struct lma_change *c = lma_change_new(&s);
	int rc = c != NULL ? lma_change_check(c, n->lma, UINT32_MAX, &why) : -1;

	if (rc == 0)
		lma_change_apply(n->lma, c);
	lma_change_free(c);
	return rc;
}

static int
apply_mag(struct sim_world *w, struct sim_node *n)
{
	struct lists lists;
	struct mag_settings s = mag_settings(w, n, &lists);
	struct mag_change *c = mag_change_new(&s);
	int rc = c != NULL ? mag_change_check(c, n->mag) : -1;

	if (rc == 0)
		mag_change_apply(n->mag, c);
	mag_change_free(c);
	return rc;
}

int
sim_engine_try(struct sim_world *w, struct sim_node *n)
{
	return n->lma != NULL ? apply_lma(w, n) : apply_mag(w, n);
}

void
sim_engine_apply(struct sim_world *w, struct sim_node *n)
{
	if (sim_engine_try(w, n) != 0)
		sim_fault(w, SIM_INV_ENGINE, "%s refuses other settings", sim_node_name(w, n->index));
}

static void
forget_all(struct sim_node *n)
{
	memset(n->forward, 0, sizeof(n->forward));
	memset(n->entry, 0, sizeof(n->entry));
	memset(n->aggregate, 0, sizeof(n->aggregate));
	memset(n->ended_ms, 0, sizeof(n->ended_ms));
	memset(n->dead_ms, 0, sizeof(n->dead_ms));
	memset(n->unanswered_ms, 0, sizeof(n->unanswered_ms));
	memset(n->asked, 0, sizeof(n->asked));
	memset(n->wants, 0, sizeof(n->wants));
	memset(n->renewed_ms, 0, sizeof(n->renewed_ms));
	memset(n->grouped_ms, 0, sizeof(n->grouped_ms));
	memset(n->group_ends_ms, 0, sizeof(n->group_ends_ms));
	n->update_count = 0;
	n->refused = 0;
	n->idle_ticks = 0;
	n->fail_next = 0;
	n->failed_ms = 0;
	n->put_off_ms = 0;
	n->pace_credit = UINT32_MAX; /* as much as it can hold */
	n->more = n->heartbeat_more = false;
}

/* What both roles have beside their engine. Its restart counter is the daemon's: when it started. */
static void
make_edge(struct sim_world *w, struct sim_node *n)
{
	struct clock_now now = sim_now(w, n);
	const struct pmip_auth_settings auth = {.windows_max = 2 * SIM_NODES_MAX,
						.window_ms = sim_timers(&w->plan).authentication_window_ms,
						.secret = {{n->index + 1, 4}}};
	const struct pmip_heartbeat_settings heartbeat = {.timers = sim_timers(&w->plan),
							  .peers_max = SIM_NODES_MAX,
							  .restart_counter = (uint32_t)(now.wall >> 16),
							  .secret = {{n->index + 1, 5}}};

	n->started_ms = w->now_ms;
	n->started_wall = now.wall;
	n->auth = pmip_auth_new(&auth, &now);
	n->heartbeat = pmip_heartbeat_new(&heartbeat);
}

/* As a program that starts: without any state. */
void
sim_engine_make(struct sim_world *w, struct sim_node *n)
{
	struct mag_settings mag;
	struct lma_settings lma;
	struct lists lists;

	forget_all(n);
	if (n->index < w->plan.lmas)
		memset(w->flows[n->index], 0, sizeof(w->flows[n->index]));
	make_edge(w, n);
	if (n->index < w->plan.lmas) {
		lma = lma_settings(w, n, &lists);
		n->lma = lma_new(&lma);
	} else {
		mag = mag_settings(w, n, &lists);
		n->mag = mag_new(&mag);
	}
	if ((n->lma == NULL && n->mag == NULL) || n->auth == NULL || n->heartbeat == NULL)
		sim_fault(w, SIM_INV_ENGINE, "%s refuses its settings", sim_node_name(w, n->index));
}

void
sim_engine_free(struct sim_world *w, struct sim_node *n)
{
	if (n->lma != NULL)
		for (unsigned int from = 0; from < LMA_STATE_COUNT; from++)
			for (unsigned int to = 0; to < LMA_STATE_COUNT; to++)
				w->coverage.lma_transition[from][to] += lma_transitions(n->lma, from, to);
	if (n->mag != NULL)
		for (unsigned int from = 0; from < MAG_STATE_COUNT; from++)
			for (unsigned int to = 0; to < MAG_STATE_COUNT; to++)
				w->coverage.mag_transition[from][to] += mag_transitions(n->mag, from, to);
	lma_free(n->lma);
	mag_free(n->mag);
	pmip_auth_free(n->auth);
	pmip_heartbeat_free(n->heartbeat);
	n->lma = NULL;
	n->mag = NULL;
	n->auth = NULL;
	n->heartbeat = NULL;
}
