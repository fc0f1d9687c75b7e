/* SPDX-License-Identifier: BSD-3-Clause */
/* Floods of what the control lcore has to see: each class by itself, and what they leave alone. */
#include <sys/eventfd.h>
#include <unistd.h>

#include "world.h"

#define LEN   60
#define SLOTS 8
#define FLOOD 20

static const enum stat_drop policed[PATH_PUNT_COUNT] = {
	[PATH_PUNT_SIGNALLING] = STAT_DROP_POLICED_SIGNALLING,
	[PATH_PUNT_ND] = STAT_DROP_POLICED_ND,
	[PATH_PUNT_OWN] = STAT_DROP_POLICED_OWN,
	[PATH_PUNT_HOST] = STAT_DROP_POLICED_HOST,
	[PATH_PUNT_RESOLVE] = STAT_DROP_POLICED_RESOLVE,
};

static void
feed_class(struct world *w, enum path_punt c, unsigned int n)
{
	struct frame f;

	switch (c) {
	case PATH_PUNT_SIGNALLING:
		frame_ip6(&f, NODE_CORE, ROUTER, MAG1, NODE, MOBILITY, 64, LEN);
		break;
	case PATH_PUNT_ND:
		frame_ip6(&f, ALL_NODES, ROUTER, ROUTER_LL, GROUP, UDP, 255, LEN);
		break;
	case PATH_PUNT_HOST:
		frame_ip6(&f, NODE_ACCESS, STRANGER_MAC, STRANGER, CN, UDP, 64, LEN);
		break;
	case PATH_PUNT_RESOLVE:
		frame_ip6(&f, NODE_CORE, ROUTER, CN, WAITING, UDP, 64, LEN);
		break;
	default:
		frame_ip6(&f, NODE_CORE, ROUTER, CN, NODE, UDP, 64, LEN);
	}
	for (; n > 0; n--)
		world_feed(w, c == PATH_PUNT_HOST ? ACCESS : CORE, &f);
	world_run(w);
}

static unsigned int
drain(struct world *w, enum path_punt c)
{
	struct rte_mbuf *m;
	unsigned int n = 0;

	for (; path_punt_dequeue(w->path, 0, c, &m, 1) == 1; n++)
		path_mbuf_free(m);
	return n;
}

static void
open_policed(struct world *w)
{
	struct wish wish = {.punt_ring = SLOTS};

	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
		wish.change.punt_rate[c] = 1;
	world_open(w, &wish);
}

static void
each_class(void)
{
	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++) {
		struct frame in;
		struct world w;

		open_policed(&w);
		feed_class(&w, c, FLOOD);
		CU_ASSERT_EQUAL(drain(&w, c), SLOTS);
		feed_class(&w, c, FLOOD); /* the ring is empty, and all the same */
		CU_ASSERT_EQUAL(drain(&w, c), 0);
		CU_ASSERT_EQUAL(world_drops(&w, policed[c]), 2 * FLOOD - SLOTS);
		CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_PUNT_RING_FULL), 0);
		for (unsigned int other = 0; other < PATH_PUNT_COUNT; other++) {
			if (other == c)
				continue;
			feed_class(&w, other, SLOTS);
			CU_ASSERT_EQUAL(drain(&w, other), SLOTS);
			CU_ASSERT_EQUAL(world_drops(&w, policed[other]), 0);
		}
		for (unsigned int i = 0; i < FLOOD; i++)
			world_feed(&w, CORE, frame_ip6(&in, NODE_CORE, ROUTER, CN, MN1, UDP, 64, LEN));
		world_run(&w);
		CU_ASSERT_EQUAL(world_sent(&w, CORE), FLOOD);
		world_close(&w);
	}
}

/* Discovery at one port, on which the neighbours of the other do not depend. */
static void
each_port(void)
{
	struct frame f;
	struct world w;

	open_policed(&w);
	feed_class(&w, PATH_PUNT_ND, FLOOD);
	CU_ASSERT_EQUAL(drain(&w, PATH_PUNT_ND), SLOTS);
	frame_ip6(&f, ALL_NODES, VISITOR_MAC, VISITOR, GROUP, UDP, 255, LEN);
	for (unsigned int i = 0; i < FLOOD; i++)
		world_feed(&w, ACCESS, &f);
	world_run(&w);
	CU_ASSERT_EQUAL(drain(&w, PATH_PUNT_ND), SLOTS);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_POLICED_ND), 2 * (FLOOD - SLOTS));
	world_close(&w);
}

/* While workers run: from the next packet on. */
static void
changed(void)
{
	struct path_change change = {0};
	struct world w;

	open_policed(&w);
	feed_class(&w, PATH_PUNT_OWN, FLOOD);
	CU_ASSERT_EQUAL(drain(&w, PATH_PUNT_OWN), SLOTS);
	path_apply(w.path, &change);
	for (unsigned int i = 0; i < 3; i++) {
		feed_class(&w, PATH_PUNT_OWN, SLOTS);
		CU_ASSERT_EQUAL(drain(&w, PATH_PUNT_OWN), SLOTS);
	}
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_POLICED_OWN), FLOOD - SLOTS);
	change.punt_rate[PATH_PUNT_OWN] = 1;
	path_apply(w.path, &change);
	feed_class(&w, PATH_PUNT_OWN, FLOOD);
	feed_class(&w, PATH_PUNT_OWN, FLOOD);
	CU_ASSERT(drain(&w, PATH_PUNT_OWN) <= SLOTS);
	CU_ASSERT(world_drops(&w, STAT_DROP_POLICED_OWN) >= 3 * FLOOD - 2 * SLOTS);
	world_close(&w);
}

/* What it is worth to wait: tokens come back with time, as many as the rate gives. */
static void
comes_back(void)
{
	struct wish wish = {.punt_ring = SLOTS, .change.punt_rate[PATH_PUNT_OWN] = 1000};
	unsigned int got = 0;
	struct world w;

	world_open(&w, &wish);
	for (unsigned int i = 0; i < 1000000 && got < 2 * SLOTS; i++) {
		feed_class(&w, PATH_PUNT_OWN, 1);
		got += drain(&w, PATH_PUNT_OWN);
	}
	CU_ASSERT_EQUAL(got, 2 * SLOTS);
	CU_ASSERT_EQUAL(world_drops(&w, STAT_DROP_PUNT_RING_FULL), 0);
	world_close(&w);
}

/* Who sleeps is not woken for what does not come: neither it nor the worker would get to anything else. */
static void
lets_sleep(void)
{
	struct wish wish = {
		.punt_ring = SLOTS, .change.punt_rate[PATH_PUNT_OWN] = 1, .wake_fd = eventfd(0, EFD_NONBLOCK)};
	struct world w;
	uint64_t bell;

	world_open(&w, &wish);
	feed_class(&w, PATH_PUNT_OWN, FLOOD);
	CU_ASSERT_EQUAL(drain(&w, PATH_PUNT_OWN), SLOTS);
	CU_ASSERT_TRUE(path_control_sleep(w.path));
	feed_class(&w, PATH_PUNT_OWN, FLOOD);
	CU_ASSERT(read(wish.wake_fd, &bell, sizeof(bell)) < 0);
	feed_class(&w, PATH_PUNT_ND, 1);
	CU_ASSERT(read(wish.wake_fd, &bell, sizeof(bell)) == sizeof(bell));
	drain(&w, PATH_PUNT_ND);
	world_close(&w);
	close(wish.wake_fd);
}

const struct unit_case police_cases[] = {
	{"a flood of each class above its rate is dropped by name, and leaves the others and forwarding alone",
	 each_class},
	{"a flood at one port leaves the others", each_port},
	{"rates change while workers run", changed},
	{"what a rate allows comes back with time", comes_back},
	{"what is above its rate wakes nobody", lets_sleep},
};
const unsigned int police_case_count = UNIT_COUNT(police_cases);
