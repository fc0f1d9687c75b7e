/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>

#include <rte_eal.h>
#include <rte_errno.h>

#include "bench.h"

static volatile sig_atomic_t ended;

static void
on_signal(int signal)
{
	ended = 1;
}

bool
bench_ended(void)
{
	return ended != 0;
}

bool
bench_interrupted(void)
{
	fputs("kedge-bench: interrupted\n", stderr);
	return false;
}

static int
run(const struct options *o)
{
	if (o->which == CASE_SIGNALLING)
		return signalling_run(o);
	if (o->which == CASE_MEMORY)
		return memory_run(o);
	if (o->to_pcap != NULL)
		return pcap_write(o);
	return o->port[TUNNEL].device != NULL || o->port[PLAIN].device != NULL ? tester_run(o) : packets_run(o);
}

int
main(int argc, char **argv)
{
	const struct sigaction end = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};
	struct options o;
	int status, used = rte_eal_init(argc, argv);

	if (used < 0) {
		fprintf(stderr, "kedge-bench: DPDK did not start: %s\n", rte_strerror(rte_errno));
		return 1;
	}
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGTERM, &end, NULL);
	if (options_parse(argc - used, argv + used, &o, &status))
		status = run(&o);
	rte_eal_cleanup();
	return status;
}
