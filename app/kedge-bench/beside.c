/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The phases of signalling in the control loop, and what a worker on another core forwards meanwhile. Updates come in
 * slices, and between two of them nothing comes: so both of the worker's rates are means over the whole phase, however
 * fast the machine is at a time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rte_cycles.h>
#include <rte_launch.h>
#include <rte_lcore.h>

#include "control.h"
#include "update.h"

#define SLICES	  32
#define SLICE_MIN 2000
#define QUIET_MS  40 /* between two slices */

/* The worker's thread, for its time. */
static pthread_t forwarder;
static bool forwarding;

static int
forward(void *worker)
{
	forwarder = pthread_self();
	__atomic_store_n(&forwarding, true, __ATOMIC_RELEASE);
	return path_worker_main(worker);
}

/* What it has done, or did in a time. */
struct work {
	double packets, cpu_s;
};

static struct work
work_now(const struct control *c)
{
	const uint64_t *counter = path_stats(c->path, 0)->counter;
	struct timespec t = {0};
	clockid_t clock;

	if (pthread_getcpuclockid(forwarder, &clock) == 0)
		clock_gettime(clock, &t);
	/* The answers that it sends besides are no forwarding. */
	return (struct work){(double)(counter[STAT_TX_PACKETS] - counter[STAT_INJECTED]),
			     (double)t.tv_sec + (double)t.tv_nsec / 1e9};
}

static void
work_since(const struct control *c, const struct work *then, struct work *sum)
{
	struct work now = work_now(c);

	sum->packets += now.packets - then->packets;
	sum->cpu_s += now.cpu_s - then->cpu_s;
}

static void
add_quiet(const struct control *c, struct work *sum)
{
	const struct timespec t = {.tv_nsec = QUIET_MS * 1000000};
	struct work then = work_now(c);

	nanosleep(&t, NULL);
	work_since(c, &then, sum);
}

static double
rate(const struct work *w)
{
	return w->cpu_s > 0 ? w->packets / w->cpu_s : 0;
}

static void
tell_forwarding(const struct options *o, double with, double without, struct signalling_outcome *r)
{
	snprintf(r->more, sizeof(r->more),
		 o->json ? ", \"forwarding_mpps\": %.3f, \"without_mpps\": %.3f, \"kept\": %.3f"
			 : "; beside it %.2f Mpps of %.2f (%.3f)",
		 with / 1e6, without / 1e6, without > 0 ? with / without : 0);
}

/* The prefix of each open session, which a refresh names. */
static bool
learn_homes(struct control *c)
{
	struct lma_view v;

	if (c->home == NULL)
		c->home = calloc(c->o->sessions, sizeof(*c->home));
	for (uint32_t at = 0; c->home != NULL && lma_next(c->lma, at, &v); at = v.session + 1) {
		uint32_t session = update_session_of(v.mn_id.id, v.mn_id.len);

		if (session < c->o->sessions)
			c->home[session] = v.prefix[0];
	}
	return c->home != NULL || bench_fail("prefixes", ENOMEM);
}

static uint32_t
slice_of(const struct options *o)
{
	return RTE_MAX(o->sessions / SLICES, (uint32_t)SLICE_MIN);
}

static bool
run_slice(struct control *c, enum phase phase, uint32_t at, uint64_t *cycles, struct work *with)
{
	const uint32_t n = RTE_MIN(slice_of(c->o), c->o->sessions - at);
	struct work then = {0};

	if (!control_put(c, phase, at, n))
		return false;
	if (c->workers > 1)
		then = work_now(c);
	if (!control_answer(c, phase, n, cycles))
		return false;
	if (c->workers > 1)
		work_since(c, &then, with);
	return true;
}

static bool
run_phase(struct control *c, enum phase phase)
{
	struct signalling_outcome r = {.per_s = 0};
	struct work with = {0}, without = {0};
	uint64_t cycles = 0;

	c->now.mono_ms += SIGNALLING_PERIOD_MS;
	c->now.wall += clock_wall_of_ms(SIGNALLING_PERIOD_MS);
	memset(&c->turns, 0, sizeof(c->turns));
	if (phase == REFRESH && !learn_homes(c))
		return false;
	for (uint32_t at = 0; at < c->o->sessions; at += slice_of(c->o)) {
		if (c->workers > 1)
			add_quiet(c, &without);
		if (!run_slice(c, phase, at, &cycles, &with))
			return false;
	}
	if (c->workers > 1)
		tell_forwarding(c->o, rate(&with), rate(&without), &r);
	r.per_s = (double)c->o->sessions * (double)rte_get_tsc_hz() / (double)cycles;
	r.p50 = histogram_percentile(&c->turns, 50);
	r.p99 = histogram_percentile(&c->turns, 99);
	r.p999 = histogram_percentile(&c->turns, 99.9);
	r.worst = c->turns.greatest;
	signalling_print(c->o, phase, &r);
	return true;
}

bool
control_run(const struct options *o)
{
	static struct control c;
	const unsigned int lcore = rte_get_next_lcore(-1, true, false);
	const bool beside = lcore < RTE_MAX_LCORE;
	bool fine = control_make(&c, o, beside ? 2 : 1) && control_room(&c, slice_of(o));

	if (fine && beside) {
		rte_eal_remote_launch(forward, path_worker_of(c.path, 0), lcore);
		while (!__atomic_load_n(&forwarding, __ATOMIC_ACQUIRE))
			rte_pause();
	}
	for (enum phase phase = 0; fine && phase < PHASES; phase++)
		fine = (!bench_ended() || bench_interrupted()) && run_phase(&c, phase);
	if (c.path != NULL)
		path_stop(c.path);
	rte_eal_mp_wait_lcore();
	control_free(&c);
	return fine;
}
