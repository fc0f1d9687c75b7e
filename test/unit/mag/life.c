/* SPDX-License-Identifier: BSD-3-Clause */
#include "life.h"

#include <stdio.h>
#include <stdlib.h>

uint32_t
life_below(struct life *f, uint32_t n)
{
	return (uint32_t)(random_next(&f->random) % n);
}

unsigned int
life_node(const struct mh_msg *m)
{
	return (unsigned int)atoi((const char *)m->opt.mn_id.id + 2);
}

void
life_say(struct life *f, const struct mh_msg *m)
{
	unsigned int copies = life_below(f, 10) == 0 ? 0 : life_below(f, 10) == 0 ? 2 : 1;

	for (unsigned int i = 0; i < LIFE_IN_FLIGHT && copies > 0; i++)
		if (f->wire[i].arrives_ms == 0) {
			uint32_t most = life_below(f, 20) == 0 ? f->late_ms : f->late_ms / 100;

			f->wire[i].arrives_ms = f->w.now.mono_ms + 1 + life_below(f, most);
			f->wire[i].msg = *m;
			copies--;
		}
}

static void
deliver(struct life *f)
{
	for (unsigned int i = 0; i < LIFE_IN_FLIGHT; i++)
		if (f->wire[i].arrives_ms != 0 && f->wire[i].arrives_ms <= f->w.now.mono_ms) {
			f->wire[i].arrives_ms = 0;
			world_answer_from(&f->w, &world_lma, f->wire[i].msg);
			f->carry_out(f);
			f->check(f);
		}
}

void
life_pass(struct life *f, uint64_t ms)
{
	uint64_t end = f->w.now.mono_ms + ms;

	while (f->w.now.mono_ms < end) {
		uint64_t gap = 1 + life_below(f, 20);

		world_tick(&f->w, gap < end - f->w.now.mono_ms ? gap : end - f->w.now.mono_ms);
		f->carry_out(f);
		while (f->w.out.more) {
			world_tick(&f->w, 0);
			f->carry_out(f);
		}
		deliver(f);
	}
	f->check(f);
}

void
life_end(struct life *f, uint64_t seed)
{
	struct mag_view v;
	uint32_t from = 0;

	life_pass(f, 2000);
	while (mag_next(f->w.g, from, &v)) { /* those that wait for an administrative action, and it for them */
		world_close(&f->w, v.session);
		f->carry_out(f);
		from = v.session + 1;
	}
	life_pass(f, 10000);
	if (f->failures > 0)
		printf("seed %llu: %u failures\n", (unsigned long long)seed, f->failures);
	CU_ASSERT_EQUAL(f->failures, 0);
	CU_ASSERT_EQUAL(mag_session_count(f->w.g), 0);
	CU_ASSERT_EQUAL(mag_due(f->w.g), UINT64_MAX);
	world_free(&f->w);
}
