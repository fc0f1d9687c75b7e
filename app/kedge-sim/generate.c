/* SPDX-License-Identifier: BSD-3-Clause */
/* From a seed to a history: the nodes, what becomes of them and of their messages, and what operators change. */
#include <stdlib.h>

#include "chance.h"

static void
make_nodes(struct chance *c, struct sim_plan *p)
{
	bool crowd = percent(c, 2);

	p->lmas = percent(c, 25) ? 2 : 1;
	p->mags = 2 + below(c, 3);
	p->mns = crowd ? SIM_MNS_MAX : 1 + below(c, 6);
	p->two_interfaces = percent(c, 40) ? 1 + below(c, p->mns) : 0;
	p->fixed = percent(c, 25) ? 1 + below(c, p->mns) : 0;
	p->fixed_in_pool = percent(c, 30);
	p->fixed_asked = percent(c, 50);
	p->no_link_layer_id = percent(c, 15);
	p->wanted = percent(c, 20) ? 2 + below(c, 2) : 1;
	p->pool_bits = percent(c, 12) ? below(c, 4) : 10;
	p->lma_sessions = percent(c, 6) ? 1 + below(c, p->mns) : SIM_SESSIONS_MAX;
	p->mag_sessions = percent(c, 4) ? 1 + below(c, p->mns) : SIM_SESSIONS_MAX;
	p->unauthorised = percent(c, 3);
	p->disabled = percent(c, 2);
	p->barred = percent(c, 4) ? 1 + below(c, p->mns) : 0;
}

static void
make_times(struct chance *c, struct sim_plan *p)
{
	p->no_timestamps = percent(c, 20) ? below(c, 16) : 0;
	p->lma_sequences = percent(c, 6);
	p->mn_timestamps = percent(c, 8);
	p->sequence = percent(c, 30) ? 65536 - 1 - below(c, 30) : percent(c, 30) ? below(c, 65536) : 0;
	p->ask_link_local = percent(c, 30);
	p->jitter = percent(c, 50);
	p->lifetime_s = ONE_OF(c, 8, 12, 20, 40, 60, 300);
	p->lifetime_max_s = percent(c, 15) ? ONE_OF(c, 4, 8, 16) : 3600;
	p->delay_ms = ONE_OF(c, 1, 5, 5, 30);
	p->bce_delete_ms = ONE_OF(c, 0, 500, 2000, 2000, 10000);
	p->new_bce_ms = ONE_OF(c, 0, 300, 1500, 1500);
	p->window_ms = ONE_OF(c, 100, 300, 300, 1000);
	p->bindack_ms = ONE_OF(c, 200, 500, 1000);
	p->bindack_max_ms = ONE_OF(c, 1000, 2000, 4000, 4000, 8000);
	p->retransmissions = below(c, 7);
	p->refresh_percent = ONE_OF(c, 40, 75, 75, 90);
}

static void
make_clocks(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;

	for (unsigned int n = 0; n < p->lmas + p->mags; n++) {
		int32_t most_ms = (int32_t)p->window_ms / 3, ppm = (int32_t)below(c, 400) - 200;
		int32_t offset_ms = (int32_t)below(c, (uint32_t)(2 * most_ms + 1)) - most_ms;
		bool lma = n < p->lmas;

		if (c->calm || lma)
			offset_ms = lma ? 0 : offset_ms / 4;
		else if (percent(c, 10))
			offset_ms *= 8; /* beyond the window, until somebody sets it right */
		add_op(c, 0, SIM_OP_CLOCK, (int32_t)n, offset_ms, lma ? 0 : ppm);
		if (offset_ms > most_ms || offset_ms < -most_ms)
			add_op(c, below(c, p->ends_ms * 2 / 3), SIM_OP_CLOCK, (int32_t)n, 0, 0);
		else if (!lma && !c->calm && percent(c, 10)) {
			offset_ms = (int32_t)below(c, (uint32_t)(2 * most_ms + 1)) - most_ms;
			add_op(c, below(c, p->ends_ms * 2 / 3), SIM_OP_CLOCK, (int32_t)n, offset_ms, ppm);
		}
	}
}

static void
make_faults(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;
	unsigned int nodes = p->lmas + p->mags, count = below(c, 5);

	for (unsigned int i = 0; i < count; i++) {
		uint32_t at_ms = below(c, p->ends_ms * 2 / 3);
		int32_t n = (int32_t)below(c, nodes), mn, what;

		switch (below(c, 6)) {
		case 0:
			add_op(c, at_ms, SIM_OP_CRASH, n, 0, 0);
			break;
		case 1:
			add_op(c, at_ms, SIM_OP_STALL, n, (int32_t)below(c, percent(c, 50) ? 3000 : 20000), 0);
			break;
		case 2:
			add_op(c, at_ms, SIM_OP_FAIL, n, 1 + (int32_t)below(c, 2), 0);
			break;
		case 3:
			add_op(c, at_ms, SIM_OP_CLOSE, n, percent(c, 30) ? -1 : (int32_t)below(c, 4), 0);
			break;
		default:
			what = (int32_t)below(c, 5);
			mn = (int32_t)below(c, p->mns);
			add_op(c, at_ms, SIM_OP_FORGE, (int32_t)(p->lmas + below(c, p->mags)), mn, what);
			break;
		}
	}
}

/* Fewer than `most` messages of strangers, of so many choices from the first on. */
static void
add_strangers(struct chance *c, uint32_t most, int32_t first, uint32_t choices)
{
	const struct sim_plan *p = &c->h->plan;

	for (unsigned int i = below(c, most); i > 0; i--) {
		int32_t choice = first + (int32_t)below(c, choices), mn = (int32_t)below(c, p->mns);
		int32_t n = (int32_t)below(c, p->lmas + p->mags);

		add_op(c, below(c, p->ends_ms), SIM_OP_STRANGER, n, mn, choice);
	}
}

/* What an operator changes, and what strangers send. */
static void
make_changes(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;
	uint32_t last_ms = p->ends_ms * 2 / 3, at_ms = below(c, last_ms);

	if (percent(c, 20))
		add_op(c, at_ms, SIM_OP_TIMERS, 20 + (int32_t)below(c, 81), 0, 0);
	if (percent(c, 10))
		add_op(c, at_ms + below(c, last_ms - at_ms), SIM_OP_TIMERS, 100, 0, 0);
	if (percent(c, 10)) {
		int32_t lma = (int32_t)below(c, p->lmas), mag = (int32_t)(p->lmas + below(c, p->mags));

		add_op(c, at_ms, SIM_OP_PEER, lma, mag, 0);
		add_op(c, at_ms + below(c, last_ms - at_ms), SIM_OP_PEER, lma, mag, 1);
	}
	add_strangers(c, 4, 0, 4);
}

static void
add_fate(struct chance *c, unsigned int from, unsigned int to, unsigned int n)
{
	struct sim_fate f = {.from = (uint8_t)from, .to = (uint8_t)to, .n = (uint16_t)n};

	f.ms = below(c, percent(c, 60) ? 200 : percent(c, 70) ? 3000 : 15000);
	if (to == SIM_TO_POLICY)
		f.kind = percent(c, 60) ? SIM_FATE_LATE : percent(c, 50) ? SIM_FATE_SILENT : SIM_FATE_UNKNOWN;
	else
		f.kind = percent(c, 50) ? SIM_FATE_LOSE : percent(c, 60) ? SIM_FATE_DELAY : SIM_FATE_TWICE;
	if (c->h->fate_count < SIM_FATES_MAX)
		c->h->fate[c->h->fate_count++] = f;
}

static void
make_fates(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;
	unsigned int messages = 20 + below(c, 80);

	for (unsigned int l = 0; l < p->lmas; l++) {
		for (unsigned int m = p->lmas; m < p->lmas + p->mags; m++)
			for (unsigned int n = 0; n < messages; n++) {
				if (percent(c, c->lossy))
					add_fate(c, l, m, n);
				if (percent(c, c->lossy))
					add_fate(c, m, l, n);
			}
		for (unsigned int n = 0; n < 40; n++)
			if (percent(c, c->lossy / 2))
				add_fate(c, l, SIM_TO_POLICY, n);
	}
}

/* How nodes guard their messages, and how they hear of each other. */
static void
make_peers(struct chance *c, struct sim_plan *p)
{
	p->authentication = percent(c, 40) ? 1 + below(c, 2) : 0;
	p->heartbeat_ms = percent(c, 50) ? ONE_OF(c, 1000, 2000, 5000, 10000) : 0;
	p->missed = 1 + below(c, 3);
	p->grace_ms = ONE_OF(c, 0, 0, 2000, 10000);
	p->keep_dead = percent(c, 15);
	p->peer_rate = ONE_OF(c, 2, 10, 200, 200);
	p->revocation = percent(c, 60);
	p->revoke_left = percent(c, 40);
	p->revokes_all = percent(c, 50);
	p->lma_gre = percent(c, 35) ? 1 + below(c, 2) : 0;
	p->mag_gre = percent(c, 10) ? below(c, 3) : p->lma_gre;
	p->bulk = percent(c, 30);
}

/* One way or both, or a node that is away and comes back without its state. */
static void
make_cuts(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;

	for (unsigned int i = below(c, 3); i > 0; i--) {
		uint32_t at_ms = below(c, p->ends_ms * 2 / 3);
		int32_t lma = (int32_t)below(c, p->lmas), mag = (int32_t)(p->lmas + below(c, p->mags));
		int32_t ms = 500 + (int32_t)below(c, percent(c, 50) ? 5000 : 30000);
		uint32_t way = below(c, 4);

		if (way == 3) {
			add_op(c, at_ms, SIM_OP_CRASH, percent(c, 50) ? lma : mag, 0, 0);
			add_op(c, at_ms, SIM_OP_STALL, c->h->op[c->h->op_count - 1].a, ms, 0);
			continue;
		}
		if (way != 0)
			add_op(c, at_ms, SIM_OP_CUT, lma, mag, ms);
		if (way != 1)
			add_op(c, at_ms, SIM_OP_CUT, mag, lma, ms);
	}
}

/* What an operator revokes, and has others notified of. */
static int32_t
some_sessions(struct chance *c, bool lma)
{
	const struct sim_plan *p = &c->h->plan;

	switch (below(c, 6)) {
	case 0:
		return -1;
	case 1:
		return 100 + (int32_t)below(c, p->mns);
	case 2:
		return 200 + (int32_t)(lma ? p->lmas + below(c, p->mags) : below(c, p->lmas));
	default:
		return (int32_t)below(c, 4);
	}
}

static void
make_commands(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;

	for (unsigned int i = below(c, 4); i > 0; i--) {
		bool lma = percent(c, 60);
		int32_t n = (int32_t)(lma ? below(c, p->lmas) : p->lmas + below(c, p->mags));
		uint32_t trigger = ONE_OF(c, MH_BRI_UNSPECIFIED, MH_BRI_ADMINISTRATIVE, MH_BRI_USER_TERMINATION,
					  MH_BRI_OUT_OF_SYNC, MH_BRI_OUT_OF_SYNC, MH_BRI_HANDOVER_UNKNOWN);
		int32_t what = some_sessions(c, lma);

		add_op(c, below(c, p->ends_ms), SIM_OP_REVOKE, n, what, (int32_t)trigger);
	}
	for (unsigned int i = below(c, 4); i > 0; i--) {
		uint32_t reason = ONE_OF(c, MH_UPN_FORCE_REREGISTRATION, MH_UPN_FORCE_REREGISTRATION,
					 MH_UPN_UPDATE_SESSION_PARAMETERS, MH_UPN_VENDOR_SPECIFIC);
		int32_t what = some_sessions(c, true), n = (int32_t)below(c, p->lmas);

		add_op(c, below(c, p->ends_ms), SIM_OP_NOTIFY, n, what, (int32_t)reason);
	}
}

/* Step by step at all nodes, in any order within a moment that is shorter than what is between two steps. */
static void
make_keys(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;
	uint32_t at_ms = below(c, p->ends_ms / 2), gap_ms = 1000 + below(c, 8000);

	for (int32_t step = 1; step <= 3; step++)
		for (unsigned int n = 0; n < p->lmas + p->mags; n++)
			add_op(c, at_ms + gap_ms * (uint32_t)step + below(c, 500), SIM_OP_KEYS, (int32_t)n, step, 0);
}

static void
make_hostility(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;

	for (unsigned int i = below(c, 12); i > 0; i--) {
		int32_t which = (int32_t)below(c, 1000), how = (int32_t)below(c, SIM_HOWS);
		int32_t n = (int32_t)below(c, p->lmas + p->mags);

		add_op(c, below(c, p->ends_ms), SIM_OP_HOSTILE, n, how, which);
	}
}

/* After a restart and a change of keys, what was said before is said again. */
static void
make_replays(struct chance *c)
{
	for (unsigned int i = 0, count = c->h->op_count; i < count; i++) {
		const struct sim_op op = c->h->op[i];

		if (op.kind == SIM_OP_CRASH || (op.kind == SIM_OP_KEYS && op.b % 3 == 0))
			for (unsigned int k = below(c, 4); k > 0; k--) {
				int32_t which = (int32_t)below(c, 8);

				add_op(c, op.at_ms + below(c, 3000), SIM_OP_HOSTILE, op.a, 1, which);
			}
	}
}

/* Gateways that ask for what they cut from, and operators that change whose it is. */
static void
make_aggregates(struct chance *c, struct sim_plan *p)
{
	uint32_t last_ms = p->ends_ms * 2 / 3;

	if (p->temporal == 0)
		return;
	for (unsigned int i = below(c, 6); i > 0; i--) {
		int32_t count = 1 + (int32_t)below(c, 3), iface = (int32_t)below(c, 2 * p->mns);

		add_op(c, below(c, p->ends_ms), SIM_OP_MORE, iface, count, 0);
	}
	if (p->anchor_cuts == 1 || percent(c, 30))
		return;
	p->asking = 1 + below(c, 15);
	p->blocks = percent(c, 50) ? 1 + below(c, 12) : 0;
	for (unsigned int i = below(c, 6); i > 0; i--) {
		int32_t gateway = (int32_t)below(c, 6) - 1;
		int32_t block = (int32_t)below(c, percent(c, 70) ? SIM_MAGS_MAX + 2 : SIM_BLOCKS);
		int32_t lma = (int32_t)below(c, p->lmas);

		add_op(c, below(c, last_ms), SIM_OP_AGGREGATE, lma, block, gateway);
	}
	for (unsigned int i = below(c, 4); i > 0; i--) {
		int32_t how = (int32_t)ONE_OF(c, 0, 0, 1, 2), mag = (int32_t)(p->lmas + below(c, p->mags));

		add_op(c, below(c, last_ms), SIM_OP_CUTS, mag, how, 0);
	}
}

static int
compare_ops(const void *pa, const void *pb)
{
	const struct sim_op *a = pa, *b = pb;
	const int32_t x[] = {(int32_t)a->kind, a->a, a->b, a->c}, y[] = {(int32_t)b->kind, b->a, b->b, b->c};

	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	for (unsigned int i = 0; i < 4; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

void
sim_history_make(uint64_t seed, struct sim_history *out)
{
	struct chance c = {.state = seed * 0xd1342543de82ef95u + 1, .h = out};

	out->plan = sim_plan_default();
	out->op_count = out->fate_count = 0;
	make_nodes(&c, &out->plan);
	make_times(&c, &out->plan);
	c.calm = percent(&c, 25);
	c.lossy = c.calm || percent(&c, 20) ? 0 : 1 + below(&c, 40);
	out->plan.ends_ms = 40000 + below(&c, 160000);
	make_clocks(&c);
	sim_make_walks(&c);
	make_changes(&c);
	if (!c.calm)
		make_faults(&c);
	make_fates(&c);
	add_strangers(&c, 3, 4, 5);
	make_peers(&c, &out->plan);
	make_commands(&c);
	if (!c.calm)
		make_cuts(&c);
	if (out->plan.authentication != 0) {
		make_hostility(&c);
		if (percent(&c, 50))
			make_keys(&c);
		make_replays(&c);
	}
	sim_make_moves(&c, &out->plan);
	out->plan.anchor_cuts = out->plan.temporal > 0 && percent(&c, 50) ? 1 + below(&c, 2) : 0;
	make_aggregates(&c, &out->plan);
	qsort(out->op, out->op_count, sizeof(out->op[0]), compare_ops);
	sim_history_sort_fates(out);
}
