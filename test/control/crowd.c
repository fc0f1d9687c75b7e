/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An anchor of 200,000 sessions while mobile nodes go on attaching: 32 clients page through all of them, beside a dead,
 * a slow and a malicious one. No page breaks, no attachment fails, no turn of the loop does more than is said of it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "rig.h"

#define SESSIONS  200000  /* before the first client comes */
#define BURST	  16	  /* of them at once */
#define NEWCOMERS 40000	  /* at most, meanwhile */
#define PATIENCE  1000000 /* turns */

static void
feed(struct rig *r, uint32_t n)
{
	char name[32];
	struct frame f =
		rig_update(r, &(struct update){.mn = rig_crowd_name(n, name), .mag = n % 2 == 0 ? MAG1 : MAG2});

	rig_feed(r, CORE, &f);
}

/* A burst of mobile nodes attaches, from number n on; how many were accepted. */
static uint32_t
attach(struct rig *r, uint32_t n)
{
	uint32_t accepted = 0;
	struct mh_msg pba;

	for (uint32_t i = 0; i < BURST; i++)
		feed(r, n + i);
	rig_run(r);
	while (rig_take_mh(r, MH_PBA, &pba))
		accepted += pba.pba.status == MH_STATUS_ACCEPTED;
	rig_forget(r);
	return accepted;
}

static void
check_pagers(struct pagers *all)
{
	for (unsigned int i = 0; i < PAGERS; i++) {
		const struct pager *p = &all->list[i];
		uint32_t missing = 0;

		for (uint32_t s = 0; s < SESSIONS; s++)
			missing += p->seen[s] != 1;
		CU_ASSERT_PTR_NULL(p->fault);
		CU_ASSERT_EQUAL(missing, 0);
		if (p->fault != NULL || missing > 0)
			printf("client %u: %s, %u sessions not seen once\n", i, p->fault, missing);
		free(all->list[i].seen);
	}
}

static void
pages(void)
{
	static struct pagers pagers;
	static struct bad bad;
	uint32_t newcomers = 0, refused = 0, patience = PATIENCE;
	pthread_t paging, badly;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true,
				    .sessions = SESSIONS + NEWCOMERS,
				    .prefixes = 2 * (SESSIONS + NEWCOMERS),
				    .crowd = SESSIONS + NEWCOMERS,
				    .pool = "2001:db8:8000::/40"});
	for (uint32_t n = 0; n < SESSIONS; n += BURST)
		refused += BURST - attach(&r, n);
	CU_ASSERT_EQUAL(refused, 0);
	CU_ASSERT_EQUAL_FATAL(lma_session_count(r.lma), SESSIONS);
	pagers = (struct pagers){.socket = r.socket, .sessions = SESSIONS + NEWCOMERS};
	bad = (struct bad){.socket = r.socket};
	CU_ASSERT_FATAL(pthread_create(&paging, NULL, pagers_run, &pagers) == 0 &&
			pthread_create(&badly, NULL, bad_run, &bad) == 0);
	/* Where pages go fast, a client that does not read them may not have been dropped yet. */
	while (!atomic_load(&pagers.done) || (atomic_load(&bad.dropped) == 0 && patience-- > 0)) {
		rig_run(&r);
		if (newcomers < NEWCOMERS) {
			refused += BURST - attach(&r, SESSIONS + newcomers);
			newcomers += BURST;
		}
		r.now.mono_ms += BURST; /* a thousand a second */
		r.now.wall += (BURST << 16) / 1000;
	}
	atomic_store(&bad.stop, true);
	pthread_join(paging, NULL);
	pthread_join(badly, NULL);
	check_pagers(&pagers);
	CU_ASSERT(newcomers > 1000);
	CU_ASSERT_EQUAL(refused, 0);
	CU_ASSERT(r.ctl->figures.items_max <= ctl_figures_items_limit(r.ctl));
	CU_ASSERT(r.ctl->figures.bytes_max <= ctl_figures_bytes_limit(r.ctl));
	CU_ASSERT(atomic_load(&bad.dropped) > 0 && atomic_load(&bad.slow_bytes) > 0);
	printf("attachments=%u items_max=%u/%u bytes_max=%llu/%llu longest_turn_us=%llu dropped=%u\n", newcomers,
	       r.ctl->figures.items_max, ctl_figures_items_limit(r.ctl), (unsigned long long)r.ctl->figures.bytes_max,
	       (unsigned long long)ctl_figures_bytes_limit(r.ctl), (unsigned long long)r.ctl->figures.longest_turn_us,
	       atomic_load(&bad.dropped));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"32 clients page through 200000 sessions while mobile nodes attach, beside bad clients", pages},
};

int
main(void)
{
	if (!rig_start_eal())
		return 1;
	return unit_main("control-crowd", cases, UNIT_COUNT(cases));
}
