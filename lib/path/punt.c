/* SPDX-License-Identifier: BSD-3-Clause */
/* Packets for the control lcore: a ring a class, and a bell that is rung only for a sleeper. */
#include <unistd.h>

#include <rte_cycles.h>

#include "stage.h"

static const struct {
	const char *name;
	enum stat_drop policed;
} classes[PATH_PUNT_COUNT] = {
	[PATH_PUNT_SIGNALLING] = {"signalling", STAT_DROP_POLICED_SIGNALLING},
	[PATH_PUNT_ND] = {"nd", STAT_DROP_POLICED_ND},
	[PATH_PUNT_OWN] = {"own", STAT_DROP_POLICED_OWN},
	[PATH_PUNT_HOST] = {"host", STAT_DROP_POLICED_HOST},
	[PATH_PUNT_RESOLVE] = {"resolve", STAT_DROP_POLICED_RESOLVE},
};

const char *
path_punt_name(enum path_punt punt)
{
	return punt < PATH_PUNT_COUNT ? classes[punt].name : "unknown";
}

/*
 * A packet out of a tunnel, or of this node, gets an Ethernet header of no addresses: every punt reads as a frame, and
 * nobody answers such a one to the neighbour that happened to bring it.
 */
static bool
punt_frame(struct rte_mbuf *m)
{
	static const struct addr_mac none;
	struct packet *p = packet_of(m);

	if (p->origin != PACKET_TUNNEL && p->origin != PACKET_OWN)
		return true;
	p->meta.port = PATH_PORT_NONE;
	p->meta.vlan = 0;
	return packet_put_eth(m, &none, &none, 0);
}

/*
 * The flag is set before the rings are looked at (path_control_sleep) and read after they are filled: of the two
 * lcores at least one sees what the other did.
 */
static void
punt_wake(struct path *p)
{
	static const uint64_t one = 1;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&p->asleep, __ATOMIC_RELAXED) && __atomic_exchange_n(&p->asleep, false, __ATOMIC_ACQ_REL) &&
	    p->wake_fd >= 0) {
		/* It fails only when the counter is full: then the sleeper is awake already. */
		ssize_t written = write(p->wake_fd, &one, sizeof(one));

		(void)written;
	}
}

/* Drop what of a class's packets is above its rate at the port where it came in: a flood of one leaves the others. */
static void
punt_police(struct path_worker *w, enum path_punt c, struct batch *b)
{
	uint64_t cost = __atomic_load_n(&w->path->punt_cost[c], __ATOMIC_RELAXED);
	uint64_t most = cost * rte_ring_get_capacity(w->punt[c]), now;
	unsigned int passed = 0;

	if (cost == 0 || b->n == 0)
		return;
	now = rte_rdtsc();
	for (unsigned int i = 0; i < b->n; i++) {
		unsigned int port = RTE_MIN(packet_of(b->m[i])->meta.port, PATH_PORT_MAX);

		if (bucket_take(&w->punted[port][c], cost, most, now))
			b->m[passed++] = b->m[i];
		else
			worker_drop(w, b->m[i], classes[c].policed);
	}
	b->n = passed;
}

void
path_stage_punt(struct path_worker *w, struct batch *in)
{
	struct batch of[PATH_PUNT_COUNT];
	unsigned int given = 0;

	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
		of[c].n = 0;
	for (unsigned int i = 0; i < in->n; i++) {
		struct batch *b = &of[packet_of(in->m[i])->meta.punt];

		if (punt_frame(in->m[i]))
			b->m[b->n++] = in->m[i];
		else
			worker_drop(w, in->m[i], STAT_DROP_NO_MBUF);
	}
	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++) {
		unsigned int taken;

		punt_police(w, c, &of[c]);
		taken = rte_ring_sp_enqueue_burst(w->punt[c], (void **)of[c].m, of[c].n, NULL);
		given += taken;
		for (unsigned int i = taken; i < of[c].n; i++)
			worker_drop(w, of[c].m[i], STAT_DROP_PUNT_RING_FULL);
	}
	w->stat.counter[STAT_PUNTED] += given;
	if (given > 0)
		punt_wake(w->path);
}

unsigned int
path_punt_dequeue(struct path *p, unsigned int worker, enum path_punt punt, struct rte_mbuf **m, unsigned int n)
{
	return rte_ring_sc_dequeue_burst(p->worker[worker]->punt[punt], (void **)m, n, NULL);
}

static bool
punt_waits(const struct path *p)
{
	for (unsigned int i = 0; i < p->workers; i++)
		for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
			if (!rte_ring_empty(p->worker[i]->punt[c]))
				return true;
	return false;
}

bool
path_control_sleep(struct path *p)
{
	__atomic_store_n(&p->asleep, true, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!punt_waits(p))
		return true;
	path_control_awake(p);
	return false;
}

void
path_control_awake(struct path *p)
{
	__atomic_store_n(&p->asleep, false, __ATOMIC_RELEASE);
}
