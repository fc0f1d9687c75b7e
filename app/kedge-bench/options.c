/* SPDX-License-Identifier: BSD-3-Clause */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define SECONDS_DEFAULT 5

static const struct {
	const char *name, *help;
} cases[CASE_COUNT] = {
#define CASE(id, name, node, in, shape, turn, help) [CASE_##id] = {name, help},
#include "case.def"
#undef CASE
	[CASE_SIGNALLING] = {"signalling", "new sessions, refreshes and handovers at the anchor's engine"},
};

const char *
case_name(enum bench_case c)
{
	return cases[c].name;
}

static void
help(FILE *to)
{
	fputs("usage: kedge-bench [EAL options] -- [options]\n"
	      "  --case NAME         what is measured:\n",
	      to);
	for (unsigned int c = 0; c < CASE_COUNT; c++)
		fprintf(to, "                      %-10s  %s\n", cases[c].name, cases[c].help);
	fputs("  --sessions N        1.. (1000)\n"
	      "  --tunnels N         1.. (64)\n"
	      "  --flows N           frames that differ, drawn from all sessions (1048576)\n"
	      "  --size N|imix       bytes of a frame in front of the tunnel, without FCS: 64..1400 (64)\n"
	      "  --from-pcap FILE    take the frames from FILE\n"
	      "  --burst N           frames of one receive call: 1..32 (32)\n"
	      "  --seconds S         (5)\n"
	      "  --stats-period S    a line every S seconds; 0: none (0)\n"
	      "  --counters          count each session's packets and bytes\n"
	      "  --profile           cycles of each stage\n"
	      "  --json              the result as one JSON object\n",
	      to);
}

static bool
parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || v < min || v > max)
		return false;
	*out = v;
	return true;
}

static bool
parse_seconds(const char *text, double *out)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end != '\0' || !(v >= 0 && v <= 86400))
		return false;
	*out = v;
	return true;
}

static bool
parse_case(const char *text, enum bench_case *out)
{
	for (unsigned int c = 0; c < CASE_COUNT; c++) {
		if (strcmp(text, cases[c].name) == 0) {
			*out = c;
			return true;
		}
	}
	return false;
}

static bool
parse_size(const char *text, uint32_t *out)
{
	if (strcmp(text, "imix") != 0)
		return parse_number(text, SIZE_MIN, SIZE_MAX_, out);
	*out = SIZE_IMIX;
	return true;
}

static const struct option list[] = {
	{"case", required_argument, NULL, 'c'},
	{"sessions", required_argument, NULL, 'n'},
	{"tunnels", required_argument, NULL, 't'},
	{"flows", required_argument, NULL, 'f'},
	{"size", required_argument, NULL, 's'},
	{"from-pcap", required_argument, NULL, 'i'},
	{"burst", required_argument, NULL, 'b'},
	{"seconds", required_argument, NULL, 'S'},
	{"stats-period", required_argument, NULL, 'P'},
	{"counters", no_argument, NULL, 'C'},
	{"profile", no_argument, NULL, 'p'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

/* What follows one letter; false when its value is out of range. */
static bool
take(int letter, struct options *o)
{
	switch (letter) {
	case 'c':
		return parse_case(optarg, &o->which);
	case 'n':
		return parse_number(optarg, 1, 100000000, &o->sessions);
	case 't':
		return parse_number(optarg, 1, FWD_TUNNEL_MAX - 1, &o->tunnels);
	case 'f':
		return parse_number(optarg, 1, 100000000, &o->flows);
	case 's':
		return parse_size(optarg, &o->size);
	case 'b':
		return parse_number(optarg, 1, PATH_BURST, &o->burst);
	case 'S':
		return parse_seconds(optarg, &o->seconds);
	case 'P':
		return parse_seconds(optarg, &o->stats_period_s);
	case 'i':
		o->pcap = optarg;
		return true;
	case 'C':
		return o->counters = true;
	case 'p':
		return o->profile = true;
	case 'j':
		return o->json = true;
	default:
		return false;
	}
}

bool
options_parse(int argc, char **argv, struct options *o, int *status)
{
	int letter, index = 0;

	*o = (struct options){.which = CASE_COUNT,
			      .sessions = 1000,
			      .tunnels = 64,
			      .flows = 1 << 20,
			      .size = SIZE_MIN,
			      .burst = PATH_BURST,
			      .seconds = SECONDS_DEFAULT};
	*status = 2;
	optind = 1;
	while ((letter = getopt_long(argc, argv, "", list, &index)) != -1) {
		if (letter == 'h') {
			help(stdout);
			*status = 0;
			return false;
		}
		if (letter == '?')
			return false;
		if (!take(letter, o)) {
			fprintf(stderr, "kedge-bench: --%s: \"%s\" is none that it takes\n", list[index].name, optarg);
			return false;
		}
	}
	if (optind != argc || o->which == CASE_COUNT) {
		help(stderr);
		return false;
	}
	return true;
}
