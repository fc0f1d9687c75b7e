/* SPDX-License-Identifier: BSD-3-Clause */
#include <time.h>

#include "state.h"

static void
read_system(struct clock_now *now)
{
	struct timespec mono, wall;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &wall);
	now->mono_ms = (uint64_t)mono.tv_sec * 1000 + (uint64_t)mono.tv_nsec / 1000000;
	now->wall = (uint64_t)wall.tv_sec << 16 | ((uint64_t)wall.tv_nsec << 16) / 1000000000;
}

void
ctl_clock_read(struct ctl *c)
{
	if (c->s.clock != NULL)
		c->s.clock(c->s.clock_user, &c->now);
	else
		read_system(&c->now);
}

uint64_t
ctl_clock_worked_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

bool
ctl_clock_rate_left(const struct ctl_rate *r, uint64_t now_ms, uint32_t per_s)
{
	return now_ms - r->since_ms >= 1000 || r->used < per_s;
}

bool
ctl_clock_rate(struct ctl_rate *r, uint64_t now_ms, uint32_t per_s)
{
	if (now_ms - r->since_ms >= 1000)
		*r = (struct ctl_rate){.since_ms = now_ms};
	if (r->used >= per_s)
		return false;
	r->used++;
	return true;
}
