/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What docs/ says of rows, written from the rows: `docs_generate configuration`, and so on; `schema` is
 * yaml/kedge.schema.json.
 */
#include <stdio.h>
#include <string.h>

#include "conf/conf.h"
#include "stat/stat.h"

#define GENERATED "<!-- Written by test/docs/check.sh --write from %s: change those. -->\n\n"

static void
configuration(FILE *out)
{
	fprintf(out, GENERATED, "lib/conf/include/conf/key.def and lib/base/include/base/timer.def");
	conf_describe(out);
}

static void
counters(FILE *out)
{
	fprintf(out, GENERATED, "the rows of lib/stat/include/stat/");
	fputs("# Counters and drop reasons\n\n"
	      "A packet that comes to nothing is counted under the drop reason that says where and why. Counts begin\n"
	      "at 0 with the daemon and only grow; each lcore keeps its own, and what is shown is their sum.\n\n"
	      "## Counters\n\n| counter | what it counts |\n|---|---|\n",
	      out);
	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		fprintf(out, "| `%s` | %s |\n", stat_counter_row(i)->name, stat_counter_row(i)->help);
	fputs("\n## Drop reasons\n\n"
	      "Where is the stage of a worker that drops (`stat.stages` lists them), `control` for the control lcore, "
	      "or\n"
	      "`port` for the device, before a worker saw the frame.\n\n"
	      "| drop reason | where | why |\n|---|---|---|\n",
	      out);
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		fprintf(out, "| `%s` | %s | %s |\n", stat_drop_row(i)->name, stat_drop_row(i)->where,
			stat_drop_row(i)->help);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "configuration") == 0)
		configuration(stdout);
	else if (argc == 2 && strcmp(argv[1], "counters") == 0)
		counters(stdout);
	else if (argc == 2 && strcmp(argv[1], "schema") == 0)
		conf_schema(stdout);
	else
		return fprintf(stderr, "usage: docs_generate configuration|counters|schema\n"), 2;
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
