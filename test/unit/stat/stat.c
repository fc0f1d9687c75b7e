/* SPDX-License-Identifier: BSD-3-Clause */
#include "stat/stat.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "unit.h"

/* "place.name" of lower-case letters, digits and '-', one dot in it. */
static bool
well_formed(const char *name)
{
	unsigned int dots = 0;

	for (const char *c = name; *c != '\0'; c++) {
		dots += *c == '.';
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '-' && *c != '.')
			return false;
	}
	return dots == 1 && name[0] != '.' && name[strlen(name) - 1] != '.';
}

static void
rows_complete(void)
{
	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++) {
		const struct stat_row *row = stat_counter_row(i);

		CU_ASSERT_FATAL(row != NULL && row->name != NULL && row->help != NULL);
		CU_ASSERT(well_formed(row->name));
		CU_ASSERT(strlen(row->help) > 3);
		CU_ASSERT(row->place == NULL && row->where == NULL);
	}
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++) {
		const struct stat_row *row = stat_drop_row(i);

		CU_ASSERT_FATAL(row != NULL && row->name != NULL && row->place != NULL && row->help != NULL);
		CU_ASSERT(well_formed(row->name));
		CU_ASSERT(strlen(row->help) > 3);
		CU_ASSERT(strncmp(row->name, row->place, strlen(row->place)) == 0 &&
			  row->name[strlen(row->place)] == '.');
	}
}

static void
rows_known(void)
{
	CU_ASSERT_STRING_EQUAL(stat_counter_row(STAT_RX_PACKETS)->name, "rx.packets");
	CU_ASSERT_STRING_EQUAL(stat_drop_row(STAT_DROP_UPLINK_NO_SESSION)->name, "uplink.no-session");
	CU_ASSERT_STRING_EQUAL(stat_drop_row(STAT_DROP_HOST_NOT_SERVED)->name, "access.host-not-served");
	CU_ASSERT_STRING_EQUAL(stat_drop_row(STAT_DROP_HOST_NOT_SERVED)->place, "access");
}

static void
drops_have_a_place(void)
{
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++) {
		const char *where = stat_drop_row(i)->where;

		CU_ASSERT(where != NULL && where[0] != '\0' && where[0] != ' ' && where[strlen(where) - 1] != ' ');
		CU_ASSERT_PTR_NULL(strstr(where, "  "));
		CU_ASSERT(!stat_drop_happens_in(i, "") && !stat_drop_happens_in(i, "e"));
	}
	CU_ASSERT(stat_drop_happens_in(STAT_DROP_HOP_LIMIT, "downlink"));
	CU_ASSERT(stat_drop_happens_in(STAT_DROP_HOP_LIMIT, "encap"));
	CU_ASSERT(stat_drop_happens_in(STAT_DROP_HOP_LIMIT, "route"));
	CU_ASSERT(!stat_drop_happens_in(STAT_DROP_HOP_LIMIT, "down"));
	CU_ASSERT(!stat_drop_happens_in(STAT_DROP_HOP_LIMIT, "downlinks"));
	CU_ASSERT(!stat_drop_happens_in(STAT_DROP_HOP_LIMIT, "tx"));
	CU_ASSERT(stat_drop_happens_in(STAT_DROP_PORT_MISSED, "port"));
}

static void
books(void)
{
	struct stat_block s = {0};
	struct stat_balance b;

	s.counter[STAT_RX_PACKETS] = 100;
	s.counter[STAT_INJECTED] = 20;
	s.counter[STAT_GENERATED] = 3;
	s.counter[STAT_FRAGMENTS_MADE] = 4;
	s.counter[STAT_TX_PACKETS] = 90;
	s.counter[STAT_PUNTED] = 30;
	s.drop[0] = 5;
	s.drop[STAT_DROP_COUNT - 1] = 1;
	stat_balance_get(&s, &b);
	CU_ASSERT(b.rx == 100 && b.injected == 20 && b.generated == 3 && b.fragments_made == 4);
	CU_ASSERT(b.tx == 90 && b.punted == 30 && b.drops == 6);
	CU_ASSERT_EQUAL(stat_balance_missing(&b), 1);
	/* 7 fragments came; 3 are a packet, 1 was given up, 3 wait. */
	s.counter[STAT_RX_PACKETS] += 7;
	s.counter[STAT_FRAGMENTS_ABSORBED] = 7;
	s.counter[STAT_REASSEMBLED] = 1;
	s.drop[STAT_DROP_FRAGMENT_TIMEOUT] = 1;
	s.counter[STAT_TX_PACKETS]++;
	stat_balance_get(&s, &b);
	CU_ASSERT_EQUAL(b.fragments_absorbed, 5);
	CU_ASSERT_EQUAL(stat_balance_missing(&b), 1);
	s.drop[0] += 3;
	stat_balance_get(&s, &b);
	CU_ASSERT_EQUAL(stat_balance_missing(&b), -2);
}

static void
names_unique(void)
{
	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		for (unsigned int j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(stat_counter_row(i)->name, stat_counter_row(j)->name);
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		for (unsigned int j = 0; j < i; j++)
			CU_ASSERT_STRING_NOT_EQUAL(stat_drop_row(i)->name, stat_drop_row(j)->name);
}

static void
sum_of_blocks(void)
{
	static struct stat_block a, b, total;
	const struct stat_block *blocks[] = {&a, &b};

	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++) {
		a.counter[i] = i + 1;
		b.counter[i] = 1000 * (i + 1);
	}
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++) {
		a.drop[i] = 5 * i;
		b.drop[i] = UINT64_MAX / 2;
	}
	memset(&total, 0xee, sizeof(total));
	stat_sum(blocks, 2, &total);
	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		CU_ASSERT_EQUAL(total.counter[i], 1001 * (i + 1));
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		CU_ASSERT_EQUAL(total.drop[i], UINT64_MAX / 2 + 5 * i);
	stat_sum(NULL, 0, &total);
	CU_ASSERT(total.counter[0] == 0 && total.drop[STAT_DROP_COUNT - 1] == 0);
}

static const struct unit_case cases[] = {
	{"every counter and drop reason has a name of one form and a help", rows_complete},
	{"a row stands at the place of its enum value", rows_known},
	{"no two counters and no two drop reasons have one name", names_unique},
	{"the sum of no, one or two blocks is theirs", sum_of_blocks},
	{"every drop reason names where it is dropped for", drops_have_a_place},
	{"the books of workers are what came in less what went out", books},
};

int
main(void)
{
	return unit_main("stat", cases, UNIT_COUNT(cases));
}
