/* SPDX-License-Identifier: BSD-3-Clause */
/* Which drop reasons the cases show. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "golden.h"

static bool
is_shown(struct golden *const *cases, unsigned int count, enum stat_drop why)
{
	for (unsigned int i = 0; i < count; i++)
		if (cases[i]->change.drop[why] != 0)
			return true;
	return false;
}

/* A reason that this line of the file excuses; -1 where it names none. */
static int
excuse(const char *line)
{
	for (unsigned int why = 0; why < STAT_DROP_COUNT; why++) {
		const char *name = stat_drop_row(why)->name;
		size_t len = strlen(name);

		if (strncmp(line, name, len) == 0 && line[len] == ' ')
			return (int)why;
	}
	return -1;
}

static bool
read_excuses(const char *path, bool *excused)
{
	FILE *in = fopen(path, "r");
	char line[GOLDEN_TEXT];
	bool ok = true;

	if (in == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		int why = excuse(line);

		if (why >= 0) {
			excused[why] = true;
		} else if (line[0] != '#' && line[0] != '\n') {
			fprintf(stderr, "%s: no drop reason: %s", path, line);
			ok = false;
		}
	}
	fclose(in);
	return ok;
}

bool
golden_cover(const char *path, struct golden *const *cases, unsigned int count)
{
	bool excused[STAT_DROP_COUNT] = {false};
	unsigned int wrong = 0;

	if (!read_excuses(path, excused))
		return false;
	for (unsigned int why = 0; why < STAT_DROP_COUNT; why++) {
		bool has = is_shown(cases, count, why);

		if (has != excused[why])
			continue;
		printf("%s: %s\n", stat_drop_row(why)->name,
		       has ? "a case shows it: it needs no excuse" : "no case shows it");
		wrong++;
	}
	printf("pcap-coverage: %u passed, %u failed\n", STAT_DROP_COUNT - wrong, wrong);
	return wrong == 0;
}
