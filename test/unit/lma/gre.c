/* SPDX-License-Identifier: BSD-3-Clause */
/* GRE keys: RFC 5845. What is negotiated is in scenarios. */
#include <stdlib.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* All sessions that an engine may have at once, whenever they were opened. */
static void
keys_are_unique(void)
{
	struct rig r;
	const uint32_t count = 1 << 16;
	uint32_t *key = calloc(count, sizeof(*key));
	unsigned int equal = 0, low = 0;

	rig_settings(&r);
	r.s.sessions_max = count;
	rig_start(&r);
	CU_ASSERT_PTR_NOT_NULL_FATAL(key);
	for (uint32_t i = 0; i < count; i++) {
		r.l->session[i].opened_ms = (uint64_t)i * 777;
		key[i] = lma_gre_key_in(r.l, &r.l->session[i]);
		low += key[i] < count;
	}
	qsort(key, count, sizeof(*key), compare);
	for (uint32_t i = 1; i < count; i++)
		equal += key[i] == key[i - 1];
	CU_ASSERT_EQUAL(equal, 0);
	CU_ASSERT(low < 10); /* nor are they the places' numbers */
	free(key);
	rig_close(&r);
}

/* The place's next session has another, so that late packets of the last one are nobody's. */
static void
key_of_the_next_session(void)
{
	struct rig r;
	uint32_t key;

	rig_settings(&r);
	r.s.sessions_max = 1;
	r.peer[0].gre = PMIP_GRE_OFFERED;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .gre = true, .gre_key = 9}), 0);
	CU_ASSERT(rig_only(&r)->keys && rig_only(&r)->gre);
	key = rig_only(&r)->key_in;
	CU_ASSERT(r.pba.opt.gre_key.given);
	CU_ASSERT_EQUAL(r.pba.opt.gre_key.key, key);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .dereg = true}), 0);
	rig_wait(&r, 10000);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .gre = true, .gre_key = 9}), 0);
	CU_ASSERT_NOT_EQUAL(rig_only(&r)->key_in, key);
	rig_close(&r);
}

/* What a scenario cannot say: that an option is not there. */
static void
no_option(void)
{
	struct rig r;

	rig_open(&r);
	/* shows: RFC5845-5.2-05 RFC5845-5.2-06 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .gre = true}), MH_STATUS_GRE_KEY_OPTION_NOT_REQUIRED);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_GRE_KEY));
	rig_close(&r);
	rig_settings(&r);
	r.peer[0].gre = PMIP_GRE_OFFERED;
	rig_start(&r);
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .gre = true}), 0);
	CU_ASSERT(mh_has(&r.pba, MH_OPT_GRE_KEY));
	/* shows: RFC5845-3.3.2-08 */
	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.ll = 1, .mag = 2, .handoff = 3}), 0);
	CU_ASSERT_FALSE(mh_has(&r.pba, MH_OPT_GRE_KEY));
	rig_close(&r);
}

static const struct unit_case cases[] = {
	{"no two sessions have the same key", keys_are_unique},
	{"an answer without the option where there is no GRE", no_option},
	{"a place's next session has another key", key_of_the_next_session},
};

const struct case_table gre_cases = {cases, UNIT_COUNT(cases)};
