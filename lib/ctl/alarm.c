/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is looked at once a second, and told of when it has gone past its mark: drops, by reason, and pools.
 */
#include "methods.h"
#include "state.h"

#define SECOND_MS     1000
#define LOW_PERMILLE  900 /* of a pool is given away: it is low; until it is less than... */
#define FINE_PERMILLE 850

static void
look_at_drops(struct ctl *c, uint64_t took_ms)
{
	struct stat_block now;

	ctl_figures_sum(c, &now);
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++) {
		uint64_t more = now.drop[i] > c->alarm_drop[i] ? now.drop[i] - c->alarm_drop[i] : 0;
		uint64_t per_s = more * SECOND_MS / took_ms;
		const char *name = stat_drop_row(i)->name;
		bool above = c->s.drop_rate != 0 && per_s > c->s.drop_rate;

		c->alarm_drop[i] = now.drop[i];
		if (above && !c->alarm_drop_told[i])
			ctl_event(c, CTL_EVENT_DROP_RATE, "ctl",
				  json_pack("{s:s, s:I}", "drop", name, "per_s", (json_int_t)per_s),
				  "many packets are dropped drop=%s per_s=%llu", name, (unsigned long long)per_s);
		c->alarm_drop_told[i] = above; /* told again after a second without */
	}
}

static void
tell_pool(struct ctl *c, enum ctl_event_kind kind, const struct lma_pool_view *v)
{
	ctl_event(c, kind, "ctl",
		  json_pack("{s:s, s:I, s:I}", "pool", v->name, "used", (json_int_t)v->used, "total",
			    (json_int_t)v->total),
		  "%s pool=%s used=%u total=%u",
		  kind == CTL_EVENT_POOL_LOW ? "few prefixes are left" : "no prefix is left", v->name, v->used,
		  v->total);
}

static void
look_at_pools(struct ctl *c)
{
	struct lma_pool_view v;

	for (unsigned int i = 0; i < CTL_POOLS_WATCHED && lma_pool(c->s.lma, i, &v); i++) {
		uint64_t permille = v.total != 0 ? (uint64_t)v.used * 1000 / v.total : 1000;
		enum ctl_pool_mark *mark = &c->pool_mark[i];

		if (v.used == v.total) {
			if (*mark != CTL_POOL_EMPTY)
				tell_pool(c, CTL_EVENT_POOL_EXHAUSTED, &v);
			*mark = CTL_POOL_EMPTY;
		} else if (permille >= LOW_PERMILLE) {
			if (*mark == CTL_POOL_FINE)
				tell_pool(c, CTL_EVENT_POOL_LOW, &v);
			*mark = CTL_POOL_LOW;
		} else if (permille < FINE_PERMILLE) {
			*mark = CTL_POOL_FINE;
		}
	}
}

void
ctl_alarm_turn(struct ctl *c)
{
	uint64_t took_ms = c->now.mono_ms - c->alarm_ms;

	if (took_ms < SECOND_MS)
		return;
	c->alarm_ms = c->now.mono_ms;
	look_at_drops(c, took_ms);
	if (c->s.lma != NULL)
		look_at_pools(c);
}

void
ctl_alarm_pools(struct ctl *c)
{
	if (c->s.lma != NULL)
		look_at_pools(c);
}
