/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How mobile nodes move, as an access network would tell it: handoff indicators are true or "unknown", the old gateway
 * hears of it early, late or never.
 */
#include "chance.h"

/* Where an interface is, and who believes so. */
struct walker {
	unsigned int i; /* the interface */
	uint32_t at_ms;
	int spot, last; /* now; before it went away */
};

/* What an access network would say of an interface that appears. */
static int32_t
handoff(struct chance *c, const struct walker *f, const struct walker *other)
{
	if (percent(c, 35))
		return MH_HANDOFF_UNKNOWN;
	if (f->last >= 0)
		return MH_HANDOFF_BETWEEN_MAGS;
	if (other != NULL && other->spot < 0 && other->last >= 0 && percent(c, 60))
		return MH_HANDOFF_BETWEEN_INTERFACES;
	return MH_HANDOFF_NEW_INTERFACE;
}

/* The old gateway hears that the interface left: before it arrives elsewhere, after, or never. */
static void
tell_old(struct chance *c, const struct walker *f, int old)
{
	uint32_t late_ms = below(c, percent(c, 50) ? 50 : 4000);

	if (old < 0 || percent(c, c->calm ? 3 : 12))
		return;
	if (percent(c, 40))
		add_op(c, f->at_ms > late_ms ? f->at_ms - late_ms : 0, SIM_OP_GONE, (int32_t)f->i, old, 0);
	else
		add_op(c, f->at_ms + late_ms, SIM_OP_GONE, (int32_t)f->i, old, 0);
}

static void
arrive(struct chance *c, struct walker *f, struct walker *other, int spot)
{
	int32_t hi = handoff(c, f, other);

	add_op(c, f->at_ms, SIM_OP_ARRIVE, (int32_t)f->i, spot, hi);
	if (hi == MH_HANDOFF_BETWEEN_INTERFACES && other != NULL)
		other->last = -1; /* its session is the other's now */
	f->spot = f->last = spot;
}

static void
leave(struct chance *c, struct walker *f)
{
	if (percent(c, 75))
		add_op(c, f->at_ms, SIM_OP_GONE, (int32_t)f->i, f->spot, 0);
	else
		add_op(c, f->at_ms, SIM_OP_VANISH, (int32_t)f->i, 0, 0);
	f->spot = -1;
}

static void
flap(struct chance *c, struct walker *f, struct walker *other)
{
	unsigned int times = 1 + below(c, 3);

	for (unsigned int i = 0; i < times; i++) {
		if (percent(c, 60))
			add_op(c, f->at_ms, SIM_OP_GONE, (int32_t)f->i, f->spot, 0);
		f->at_ms += below(c, 300);
		arrive(c, f, other, percent(c, 80) ? f->spot : f->spot ^ 1);
		f->at_ms += below(c, 300);
	}
}

/* The interface moves hence. Its partner, NULL if it has none, may hand its session to it. */
static void
walk_on(struct chance *c, struct walker *f, struct walker *other)
{
	int spots = (int)(c->h->plan.mags * SIM_PORTS), old = f->spot;
	int spot = (int)below(c, (uint32_t)spots);

	if (other != NULL && other->at_ms == f->at_ms && other->spot >= 0)
		spot = other->spot ^ 1; /* beside it, at the same gateway */
	if (f->spot < 0) {
		arrive(c, f, other, spot);
	} else if (percent(c, 15)) {
		leave(c, f);
	} else if (percent(c, 15)) {
		flap(c, f, other);
	} else {
		arrive(c, f, other, spot);
		if (spot != old)
			tell_old(c, f, old);
	}
	if (c->h->plan.ask_link_local && percent(c, 10))
		add_op(c, f->at_ms + below(c, 5000), SIM_OP_TAKEN, (int32_t)f->i, 0, 0);
}

void
sim_make_walks(struct chance *c)
{
	const struct sim_plan *p = &c->h->plan;
	uint32_t pace_ms = ONE_OF(c, 2000, 6000, 15000, 30000);

	for (unsigned int mn = 0; mn < p->mns; mn++) {
		uint32_t first_ms = below(c, 5000), second_ms = below(c, 20000);
		struct walker f[2] = {{2 * mn, first_ms, -1, -1}, {2 * mn + 1, second_ms, -1, -1}};
		unsigned int count = mn < p->two_interfaces ? 2 : 1;

		if (percent(c, 30))
			f[1].at_ms = f[0].at_ms; /* both at once */
		for (;;) {
			unsigned int k = count == 2 && f[1].at_ms < f[0].at_ms ? 1 : 0;

			if (f[k].at_ms >= p->ends_ms * 3 / 4)
				break;
			walk_on(c, &f[k], count == 2 ? &f[!k] : NULL);
			f[k].at_ms += percent(c, 20) ? below(c, 500) : pace_ms / 2 + below(c, pace_ms);
		}
	}
}

/* Which prefixes of the other interface: mostly one, sometimes all, or by their aggregate. */
static int32_t
some_prefixes(struct chance *c)
{
	return 10 * (int32_t)(percent(c, 25) ? 8 + below(c, 2) : below(c, 8));
}

static void
make_move(struct chance *c, unsigned int mn)
{
	const struct sim_plan *p = &c->h->plan;
	uint32_t at_ms = 3000 + below(c, p->ends_ms * 3 / 4);
	int32_t i = (int32_t)(2 * mn + below(c, 2));

	if (percent(c, 40)) {
		int32_t what = (int32_t)ONE_OF(c, PMIP_FLOW_ADD, PMIP_FLOW_ADD, PMIP_FLOW_MOVE, PMIP_FLOW_DEL);

		what += 10 * (int32_t)below(c, 5);
		add_op(c, at_ms, SIM_OP_FLOW, i, 1 + (int32_t)below(c, 4), what);
		return;
	}
	for (unsigned int times = 1 + below(c, 3); times > 0; times--) {
		int32_t what = (int32_t)ONE_OF(c, PMIP_MOVE_AWAY, PMIP_MOVE_AWAY, PMIP_MOVE_IDLE, PMIP_MOVE_SHARED);

		what += some_prefixes(c);
		add_op(c, at_ms, SIM_OP_MOVE, i, percent(c, 60), what);
		at_ms += below(c, percent(c, 50) ? 500 : 10000);
		i ^= 1; /* and back */
	}
}

/* Mobile nodes with two interfaces, whose prefixes and flows move between them. */
void
sim_make_moves(struct chance *c, struct sim_plan *p)
{
	if (p->two_interfaces == 0 || percent(c, 30))
		return;
	p->flow_mobility = percent(c, 75);
	p->partial = percent(c, 75);
	p->hi5 = percent(c, 60);
	p->lenient = percent(c, 25);
	p->full_set = percent(c, 25);
	p->vendor = percent(c, 70);
	p->temporal = percent(c, 40) ? 1 + below(c, 4) : 0;
	p->policies = p->flow_mobility ? below(c, 4) : 0;
	p->wanted = percent(c, 40) ? 2 : p->wanted;
	for (unsigned int i = 0, count = c->h->op_count; i < count; i++) {
		struct sim_op *op = &c->h->op[i];

		if (op->kind == SIM_OP_ARRIVE && (uint32_t)op->a < 2 * p->two_interfaces &&
		    op->c == MH_HANDOFF_NEW_INTERFACE && percent(c, 40)) {
			op->kind = SIM_OP_PULL;
			op->c = (int32_t)ONE_OF(c, PMIP_MOVE_AWAY, PMIP_MOVE_SHARED);
			op->c += some_prefixes(c);
		}
	}
	for (unsigned int i = below(c, 4); i > 0; i--) {
		int32_t choice = 9 + (int32_t)below(c, 3), mn = (int32_t)below(c, p->two_interfaces);
		int32_t n = (int32_t)below(c, p->lmas + p->mags);

		add_op(c, below(c, p->ends_ms), SIM_OP_STRANGER, n, mn, choice);
	}
	for (unsigned int mn = 0; mn < p->two_interfaces; mn++)
		for (unsigned int i = below(c, 10); i > 0; i--)
			make_move(c, mn);
}
