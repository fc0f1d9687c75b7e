/* SPDX-License-Identifier: BSD-3-Clause */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum kind { FLAG, NUMBER, REAL, TEXT, ADDRESS, CASE, SIZE, SEARCH, HEADING };

struct row {
	const char *name;
	enum kind kind;
	size_t at; /* in struct options */
	double least, greatest;
	const char *arg, *help;
};

static const struct row rows[] = {
#define OPTION(name, kind, member, least, greatest, arg, help)                                                         \
	{name, kind, offsetof(struct options, member), least, greatest, arg, help},
#define HEADING(help) {"", HEADING, 0, 0, 0, NULL, help},
#include "option.def"
#undef OPTION
#undef HEADING
};

static const struct {
	const char *name;
	enum shape shape;
	const char *help;
} cases[CASE_COUNT] = {
#define CASE(id, name, node, in, shape, turn, help) [CASE_##id] = {name, shape, help},
#include "case.def"
#undef CASE
	[CASE_SIGNALLING] = {"signalling", TRANSIT,
			     "new sessions, refreshes and handovers: the engine, and the control loop"},
	[CASE_MEMORY] = {"memory", TRANSIT, "what sessions take of memory in the whole of an anchor"},
};

static const char *const searches[SEARCH_COUNT] = {"none", "throughput", "loss", "back-to-back"};

const char *
case_name(enum bench_case c)
{
	return cases[c].name;
}

enum shape
case_shape(enum bench_case c)
{
	return cases[c].shape;
}

const char *
search_name(enum search s)
{
	return searches[s];
}

const char *
size_text(const struct options *o, char text[static SIZE_TEXT])
{
	snprintf(text, SIZE_TEXT, o->size == SIZE_IMIX ? "\"imix\"" : "%u", o->size);
	return text;
}

static void
help(FILE *to)
{
	fputs("usage: kedge-bench [EAL options] -- [options]\n", to);
	for (unsigned int i = 0; i < RTE_DIM(rows); i++) {
		char left[64];

		if (rows[i].kind == HEADING) {
			fprintf(to, " %s\n", rows[i].help);
			continue;
		}
		snprintf(left, sizeof(left), "%s %s", rows[i].name, rows[i].arg != NULL ? rows[i].arg : "");
		fprintf(to, "  --%-20s %s\n", left, rows[i].help);
		for (unsigned int c = 0; rows[i].kind == CASE && c < CASE_COUNT; c++)
			fprintf(to, "                         %-10s  %s\n", cases[c].name, cases[c].help);
	}
}

static bool
parse_number(const char *text, const struct row *row, uint32_t *out)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end != '\0' || (double)v < row->least || (double)v > row->greatest)
		return false;
	*out = v;
	return true;
}

static bool
parse_real(const char *text, const struct row *row, double *out)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end != '\0' || !(v >= row->least && v <= row->greatest))
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
parse_search(const char *text, enum search *out)
{
	for (unsigned int s = SEARCH_NONE + 1; s < SEARCH_COUNT; s++) {
		if (strcmp(text, searches[s]) == 0) {
			*out = s;
			return true;
		}
	}
	return false;
}

static bool
parse_size(const char *text, const struct row *row, uint32_t *out)
{
	if (strcmp(text, "imix") != 0)
		return parse_number(text, row, out);
	*out = SIZE_IMIX;
	return true;
}

/* False when the value is none of its kind, or out of range. */
static bool
take(const struct row *row, struct options *o)
{
	void *to = (char *)o + row->at;

	switch (row->kind) {
	case FLAG:
		return *(bool *)to = true;
	case NUMBER:
		return parse_number(optarg, row, to);
	case REAL:
		return parse_real(optarg, row, to);
	case TEXT:
		*(const char **)to = optarg;
		return true;
	case ADDRESS:
		return addr6_parse(optarg, to) == 0;
	case CASE:
		return parse_case(optarg, to);
	case SIZE:
		return parse_size(optarg, row, to);
	case SEARCH:
		return parse_search(optarg, to);
	case HEADING:
		break;
	}
	return false;
}

static struct options
defaults(void)
{
	const struct plan plan = plan_of_memory(CORE);

	return (struct options){.which = CASE_COUNT,
				.sessions = 1000,
				.tunnels = 64,
				.flows = 1 << 20,
				.size = SIZE_MIN,
				.burst = PATH_BURST,
				.workers = 1,
				.seconds = 5,
				.node = plan.node,
				.gateway = plan.gateway,
				.trial_s = 1,
				.resolution_percent = 1,
				.repeat = 50};
}

/* An option of those about a node on the wire. */
static bool
is_of_wire(const struct row *row)
{
	while (row > rows && row->kind != HEADING)
		row--;
	return row->kind == HEADING;
}

/* What does not go together, and would be passed over in silence; NULL: all does. */
static const char *
clash(const struct options *o, bool of_wire)
{
	const bool wire = o->port[TUNNEL].device != NULL || o->port[PLAIN].device != NULL, file = o->pcap != NULL,
		   device = o->device != NULL, write = o->to_pcap != NULL;

	if (of_wire && !wire)
		return "--tunnel, --plain or both say where the node on the wire is";
	if (wire && (o->which == CASE_TABLE || o->which == CASE_LIMIT || o->which > CASE_LIMIT))
		return "this case has no node on the wire";
	if (o->workers > 1 && (wire || o->which >= CASE_TABLE))
		return "this case has no workers to share its frames";
	if (o->flow_rules > 0 && (wire || o->which >= CASE_TABLE || is_gateway_shape(case_shape(o->which))))
		return "this case has no mobile nodes of an anchor with flow rules";
	if (wire + file + device + write > 1)
		return "frames come from or go to one place: --from-pcap, --to-pcap, --device, or --tunnel and --plain";
	if ((file || device || write) && o->which > CASE_LIMIT)
		return "this case has no frames to come from a file or a device, or to go to one";
	return NULL;
}

bool
options_parse(int argc, char **argv, struct options *o, int *status)
{
	struct option list[RTE_DIM(rows) + 2] = {{"help", no_argument, NULL, 'h'}};
	int letter, index = 0;
	bool of_wire = false;
	const char *why;

	for (unsigned int i = 0; i < RTE_DIM(rows); i++)
		list[i + 1] = (struct option){rows[i].name, rows[i].arg != NULL, NULL, 0};
	*o = defaults();
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
		if (!take(&rows[index - 1], o)) {
			fprintf(stderr, "kedge-bench: --%s: \"%s\" is none that it takes\n", list[index].name, optarg);
			return false;
		}
		of_wire = of_wire || is_of_wire(&rows[index - 1]);
	}
	if (optind != argc || o->which == CASE_COUNT) {
		help(stderr);
		return false;
	}
	why = clash(o, of_wire);
	if (why != NULL)
		fprintf(stderr, "kedge-bench: %s\n", why);
	return why == NULL;
}
