/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What docs/ says of rows, written from the rows: `docs_generate configuration`, and so on; `schema` is
 * yaml/kedge.schema.json.
 */
#include <stdio.h>
#include <string.h>

#include "conf/conf.h"
#include "path/port.h"
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

static void
drivers(FILE *out)
{
	const struct path_driver *d;

	fprintf(out, GENERATED, "lib/path/include/path/driver.def");
	fputs("# Drivers\n\n"
	      "What Kedge does otherwise for a port by its driver (`kedgectl port show`: `driver`), and what to know "
	      "of it.\n"
	      "`net_af_packet`, `net_ring`, `net_null` and `net_pcap` were tried. What the other rows say is from the "
	      "NIC "
	      "guides\n"
	      "of DPDK 22.11 and from the drivers' sources.\n\n"
	      "Tunnels says what decides on the receive queue of a tunnel packet, and `rss.tunnels` of `port show` "
	      "the\n"
	      "same of a port:\n\n"
	      "- `flow`: the inner packet, where the device takes a flow rule for it. A port whose device took it "
	      "shows "
	      "`inner`.\n"
	      "- `kernel`: the kernel, the hypervisor or the other side of the link.\n"
	      "- `none`: there is one queue, or whoever fills the queues decides.\n"
	      "- `unknown`: not known here. `imbalance` of `port show` tells.\n\n"
	      "Where all traffic of a tunnel comes in one queue, `ports[].spread: workers` spreads its flows in "
	      "software.\n\n"
	      "| driver | queues | tunnels | what else |\n|---|---|---|---|\n",
	      out);
	for (unsigned int i = 0; (d = path_driver_row(i)) != NULL; i++) {
		fprintf(out, "| %s%s%s | ", d->name[0] != '\0' ? "`" : "others", d->name,
			d->name[0] != '\0' ? "`" : "");
		if (d->queues != 0)
			fprintf(out, "up to %u", d->queues);
		else
			fputs(d->flags & PATH_DRIVER_KERNEL ? "all" : "one a worker", out);
		fprintf(out, "%s%s | `%s` | %s |\n", d->flags & PATH_DRIVER_POWER2 ? ", a power of two" : "",
			d->flags & PATH_DRIVER_PAIRED ? ", as many to send" : "", path_tunnels_name(d->tunnels),
			d->help);
	}
	fputs("\nQueues are those of a port without `queues`, as far as the device has them.\n", out);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "configuration") == 0)
		configuration(stdout);
	else if (argc == 2 && strcmp(argv[1], "counters") == 0)
		counters(stdout);
	else if (argc == 2 && strcmp(argv[1], "drivers") == 0)
		drivers(stdout);
	else if (argc == 2 && strcmp(argv[1], "schema") == 0)
		conf_schema(stdout);
	else
		return fprintf(stderr, "usage: docs_generate configuration|counters|drivers|schema\n"), 2;
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
