/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop: what comes in from queues, rings and the last turn runs through the stages a burst at a time. */
#include <time.h>

#include <rte_cycles.h>
#include <rte_ethdev.h>
#include <rte_pause.h>
#include <rte_prefetch.h>

#include "stage.h"

#define TIMED_RUNS 64 /* one run of so many is timed; a power of two */

static void (*const stages[STAGE_COUNT])(struct path_worker *w, struct batch *in) = {
#define STAGE(name, function, text, help) [STAGE_##name] = function,
#include "stage.def"
#undef STAGE
};

void
path_worker_stage(struct path_worker *w, enum stage s, bool timed)
{
	struct path_stage_counts *counts = &w->stage[s];
	struct batch *in = &w->in[s];
	uint64_t began;

	worker_add(&counts->packets, in->n);
	worker_add(&counts->bursts, 1);
	if (timed) {
		worker_add(&counts->sampled, in->n);
		began = rte_rdtsc();
		stages[s](w, in);
		worker_add(&counts->cycles, rte_rdtsc() - began);
	} else {
		stages[s](w, in);
	}
	in->n = 0;
}

static void
stages_run_traced(struct path_worker *w)
{
	for (enum stage s = 0; s < STAGE_COUNT; s++) {
		if (w->in[s].n == 0)
			continue;
		path_worker_trace_before(w, s);
		path_worker_stage(w, s, false);
		path_worker_trace_after(w, s);
	}
}

static void
stages_run(struct path_worker *w)
{
	bool timed = (w->runs++ & (TIMED_RUNS - 1)) == 0;

	if (unlikely(w->trace != NULL)) {
		stages_run_traced(w);
		return;
	}
	for (enum stage s = 0; s < STAGE_COUNT; s++)
		if (w->in[s].n > 0)
			path_worker_stage(w, s, timed);
}

static unsigned int
turn_injected(struct path_worker *w)
{
	unsigned int n = path_worker_take_injected(w);

	if (n > 0)
		stages_run(w);
	return n;
}

/* The errors that the last turn made; a burst of them, the next one in the next turn. */
static unsigned int
turn_local(struct path_worker *w)
{
	unsigned int n = w->local_count < PATH_BURST ? w->local_count : PATH_BURST;

	for (unsigned int i = 0; i < n; i++)
		worker_give(w, STAGE_DOWNLINK, w->local[(w->local_first + i) % WORKER_LOCAL]);
	w->local_first = (w->local_first + n) % WORKER_LOCAL;
	w->local_count -= n;
	if (n > 0)
		stages_run(w);
	return n;
}

/* What other workers had that is this one's to do. */
static unsigned int
turn_handed(struct path_worker *w, struct rte_ring *from)
{
	unsigned int n = path_worker_take_handed(w, from);

	if (n > 0)
		stages_run(w);
	return n;
}

static unsigned int
turn_rx(struct path_worker *w, struct worker_rx *rx)
{
	struct batch *in = &w->in[rx->stage];
	unsigned int n = rte_eth_rx_burst(rx->eth_id, rx->queue, in->m, PATH_BURST);
	uint64_t bytes = 0;

	if (n == 0)
		return 0;
	for (unsigned int i = 0; i < n; i++) {
		rte_prefetch0(rte_pktmbuf_mtod(in->m[i], void *));
		bytes += in->m[i]->pkt_len;
	}
	in->n = n;
	w->port_in = rx->port;
	worker_add(&rx->packets, n);
	worker_add(&rx->bytes, bytes);
	worker_add(&w->stat.counter[STAT_RX_PACKETS], n);
	worker_add(&w->stat.counter[STAT_RX_BYTES], bytes);
	stages_run(w);
	return n;
}

unsigned int
path_worker_poll(struct path_worker *w)
{
	unsigned int n;
	uint64_t now;

	path_worker_trace_turn(w);
	n = turn_injected(w) + turn_local(w);
	for (unsigned int i = 0; i < w->from_count; i++)
		n += turn_handed(w, w->from[i]);
	for (unsigned int i = 0; i < w->rx_count; i++)
		n += turn_rx(w, &w->rx[i]);
	fwd_quiesce(w->fwd, w->id);
	worker_add(&w->turns.turns, 1);
	now = rte_rdtsc();
	if (n > 0) {
		worker_add(&w->turns.busy_cycles, now - w->turn_began);
	} else {
		worker_add(&w->turns.idle, 1);
		path_worker_fragments_sweep(w, now);
	}
	worker_add(&w->turns.cycles, now - w->turn_began);
	w->turn_began = now;
	return n;
}

/* Out of the control lcore's way while asleep: it need not wait for this worker to be quiet. */
static void
worker_sleep(struct path_worker *w, uint32_t sleep_us)
{
	const struct timespec bound = {.tv_sec = sleep_us / 1000000, .tv_nsec = sleep_us % 1000000 * 1000};
	uint64_t now;

	worker_add(&w->turns.sleeps, 1);
	fwd_worker_offline(w->fwd, w->id);
	nanosleep(&bound, NULL);
	fwd_worker_online(w->fwd, w->id);
	now = rte_rdtsc();
	worker_add(&w->turns.cycles, now - w->turn_began);
	w->turn_began = now;
}

int
path_worker_main(void *arg)
{
	struct path_worker *w = arg;
	const struct path *p = w->path;
	uint32_t idle = 0, sleep_us;

	fwd_worker_online(w->fwd, w->id);
	w->turn_began = rte_rdtsc();
	while (!__atomic_load_n(&p->stop, __ATOMIC_RELAXED)) {
		sleep_us = __atomic_load_n(&p->idle_sleep_us, __ATOMIC_RELAXED); /* path_apply may change it */
		if (path_worker_poll(w) > 0) {
			idle = 0;
		} else if (sleep_us == 0 || ++idle < p->idle_turns) {
			rte_pause();
		} else {
			worker_sleep(w, sleep_us);
		}
	}
	fwd_worker_offline(w->fwd, w->id);
	return 0;
}

void
path_stop(struct path *p)
{
	__atomic_store_n(&p->stop, true, __ATOMIC_RELAXED);
}
