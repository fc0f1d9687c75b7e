/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What sessions take of memory: all of an anchor with one worker, before and after every one of them was opened through
 * its control loop.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "control.h"

#define SLICE 4096 /* updates that are in memory at once */

/* Bytes of the process in memory, hugepages included. */
static uint64_t
resident(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "re");
	char line[128];
	uint64_t kb, sum = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Rss: %" SCNu64, &kb) == 1 || sscanf(line, "Private_Hugetlb: %" SCNu64, &kb) == 1 ||
		    sscanf(line, "Shared_Hugetlb: %" SCNu64, &kb) == 1)
			sum += kb * 1024;
	if (f != NULL)
		fclose(f);
	return sum;
}

struct figures {
	uint64_t resident, history; /* bytes */
};

static void
print_json(const struct control *c, const struct figures *f)
{
	printf("{\"case\": \"memory\", \"sessions\": %u, \"resident\": %" PRIu64 ", \"resident_a_session\": %.1f, "
	       "\"filling\": %" PRIu64 ", \"allocated\": {",
	       c->o->sessions, f->resident, (double)f->resident / c->o->sessions, f->history);
	for (unsigned int i = 0; i < CONTROL_STEPS; i++)
		printf("%s\"%s\": %" PRIu64, i == 0 ? "" : ", ", control_step_name(i), c->allocated[i]);
	puts("}}");
}

static void
print_text(const struct control *c, const struct figures *f)
{
	const double n = c->o->sessions;

	printf("memory: %u sessions, one worker, each session counted\n", c->o->sessions);
	printf("  %-32s %8s   bytes a session\n", "", "MB");
	for (unsigned int i = 0; i < CONTROL_STEPS; i++)
		printf("  %-32s %8.1f   %8.1f\n", control_step_name(i), (double)c->allocated[i] / 1e6,
		       (double)c->allocated[i] / n);
	printf("  %-32s %8.1f   %8.1f\n", "allocated while they are opened", (double)f->history / 1e6,
	       (double)f->history / n);
	printf("  %-32s %8.1f   %8.1f\n", "resident, since the start", (double)f->resident / 1e6,
	       (double)f->resident / n);
}

static bool
open_all(struct control *c)
{
	uint64_t cycles = 0;

	for (uint32_t at = 0; at < c->o->sessions; at += SLICE) {
		uint32_t n = RTE_MIN(SLICE, c->o->sessions - at);

		if ((bench_ended() && !bench_interrupted()) || !control_put(c, OPEN, at, n) ||
		    !control_answer(c, OPEN, n, &cycles))
			return false;
	}
	return true;
}

int
memory_run(const struct options *o)
{
	static struct control c;
	struct figures f;
	uint64_t began = resident(), allocated;
	bool fine = control_make(&c, o, 1) && control_room(&c, SLICE);

	allocated = control_allocated();
	fine = fine && open_all(&c);
	if (fine) {
		f.history = control_allocated() - allocated;
		f.resident = resident() - began;
		(o->json ? print_json : print_text)(&c, &f);
	}
	control_free(&c);
	return fine ? 0 : 1;
}
