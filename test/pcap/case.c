/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of a case. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

struct reader {
	struct golden *g;
	unsigned int line;
	bool failed;
	bool has_node, has_begun;
	unsigned int count;
	char text[GOLDEN_TEXT];
	char *word[GOLDEN_WORDS];
};

static void __attribute__((format(printf, 2, 3))) wrong(struct reader *r, const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s/case.txt:%u: ", r->g->folder, r->line);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	r->failed = true;
}

int
golden_port(const char *name)
{
	for (int port = 0; port < PORTS; port++)
		if (strcmp(name, golden_port_name(port)) == 0)
			return port;
	return -1;
}

const char *
golden_port_name(int port)
{
	return port == CORE ? "core" : "access";
}

static uint64_t
number(struct reader *r, const char *word)
{
	char *end;
	unsigned long long value = strtoull(word, &end, 10);

	if (word[0] < '0' || word[0] > '9' || *end != '\0')
		wrong(r, "expected a number, got \"%s\"", word);
	return value;
}

static int
port_of(struct reader *r, const char *word)
{
	int port = golden_port(word);

	if (port < 0)
		wrong(r, "expected core or access, got \"%s\"", word);
	return port < 0 ? CORE : port;
}

static void
load(struct reader *r, const char *file, struct pcap_file *to)
{
	char path[2 * GOLDEN_TEXT];

	snprintf(path, sizeof(path), "%s/%s", r->g->folder, file);
	if (to->content != NULL)
		wrong(r, "said before");
	else if (!pcap_load(path, to))
		wrong(r, "%s cannot be read", file);
	else if (to->count == 0)
		wrong(r, "%s has no frame", file);
}

static void
take_node(struct reader *r)
{
	struct wish *w = &r->g->wish;

	w->lma = strcmp(r->word[1], "gateway") != 0;
	w->mag = strcmp(r->word[1], "anchor") != 0;
	r->has_node = true;
	if (w->lma && w->mag && strcmp(r->word[1], "both") != 0)
		wrong(r, "expected anchor, gateway or both, got \"%s\"", r->word[1]);
}

static void
take_set(struct reader *r)
{
	struct wish *w = &r->g->wish;
	const char *what = r->word[1], *value = r->word[2];

	if (strcmp(what, "core-vlan") == 0)
		w->core_vlan = (uint16_t)number(r, value);
	else if (strcmp(what, "access-vlan") == 0)
		w->access_vlan = (uint16_t)number(r, value);
	else if (strcmp(what, "tunnel-limit") == 0)
		w->tunnel_limit = (uint8_t)number(r, value);
	else if (strcmp(what, "tunnel-dscp") == 0)
		w->tunnel_dscp = (uint8_t)number(r, value);
	else if (strcmp(what, "mtu") == 0)
		w->mtu = (uint16_t)number(r, value);
	else if (strcmp(what, "icmp-burst") == 0)
		w->icmp_burst = (uint32_t)number(r, value);
	else if (strcmp(what, "punt-ring") == 0)
		w->punt_ring = (unsigned int)number(r, value);
	else if (strcmp(what, "mss-clamp") == 0)
		w->mss_clamp = number(r, value) != 0;
	else if (strcmp(what, "fragment") == 0)
		w->fragment = number(r, value) != 0;
	else if (strcmp(what, "reassemblies") == 0)
		w->reassemblies = (uint32_t)number(r, value);
	else if (strcmp(what, "punt-rate") == 0)
		w->punt_rate = (uint32_t)number(r, value);
	else if (strcmp(what, "local-routing") == 0)
		w->local_routing = number(r, value) != 0;
	else if (strcmp(what, "inject-ring") == 0)
		w->inject_ring = (unsigned int)number(r, value);
	else
		wrong(r, "no setting \"%s\"", what);
}

static void
take_out(struct reader *r)
{
	load(r, r->word[2], &r->g->out[port_of(r, r->word[1])]);
}

static void
take_free(struct reader *r)
{
	if (r->g->free_count == GOLDEN_FREE_MAX) {
		wrong(r, "more than %d such lines", GOLDEN_FREE_MAX);
		return;
	}
	r->g->free[r->g->free_count++] =
		(struct golden_free){port_of(r, r->word[1]), number(r, r->word[2]), number(r, r->word[3])};
}

static void
set_change(struct reader *r, uint64_t *change, unsigned int row, unsigned int rows)
{
	uint64_t value = number(r, r->word[2]);

	if (row == rows)
		wrong(r, "no %s \"%s\"", r->word[0], r->word[1]);
	else if (value == 0 || change[row] != 0)
		wrong(r, "%s is said twice, or is 0, which goes without saying", r->word[1]);
	else
		change[row] = value;
}

static void
take_counter(struct reader *r)
{
	unsigned int row = 0;

	while (row < STAT_COUNTER_COUNT && strcmp(stat_counter_row(row)->name, r->word[1]) != 0)
		row++;
	set_change(r, r->g->change.counter, row, STAT_COUNTER_COUNT);
}

static void
take_drop(struct reader *r)
{
	unsigned int row = 0;

	while (row < STAT_DROP_COUNT && strcmp(stat_drop_row(row)->name, r->word[1]) != 0)
		row++;
	set_change(r, r->g->change.drop, row, STAT_DROP_COUNT);
}

/* Lines that say how it is. */
static const struct {
	const char *name;
	unsigned int words;
	void (*take)(struct reader *r);
} facts[] = {
	{"node", 2, take_node}, {"set", 3, take_set},	      {"out", 3, take_out},
	{"free", 4, take_free}, {"counter", 3, take_counter}, {"drop", 3, take_drop},
};

/* Lines that make something happen, in their order. */
static const struct {
	const char *name;
	unsigned int least, most;
} verbs[] = {
	[GOLDEN_REGISTER] = {"register", 3, 3},
	[GOLDEN_DEREGISTER] = {"deregister", 4, 4},
	[GOLDEN_ATTACH] = {"attach", 2, 3},
	[GOLDEN_SOLICIT] = {"solicit", 2, 2},
	[GOLDEN_GRE] = {"gre", 4, 4},
	[GOLDEN_SHARE] = {"share", 4, 4},
	[GOLDEN_FLOW] = {"flow", 4, GOLDEN_WORDS},
	[GOLDEN_AGGREGATE] = {"aggregate", 3, 3},
	[GOLDEN_IN] = {"in", 3, GOLDEN_WORDS},
	[GOLDEN_WAIT] = {"wait", 2, 2},
};

static unsigned int
split(char *text, char **word)
{
	unsigned int n = 0;
	char *rest;

	for (char *w = strtok_r(text, " \t\n", &rest); w != NULL && n < GOLDEN_WORDS;
	     w = strtok_r(NULL, " \t\n", &rest))
		word[n++] = w;
	return n;
}

static void
take_step(struct reader *r, enum golden_verb verb, const char *line)
{
	struct golden_step *s = &r->g->step[r->g->step_count];

	if (r->g->step_count == GOLDEN_STEPS) {
		wrong(r, "more than %d steps", GOLDEN_STEPS);
		return;
	}
	r->g->step_count++;
	s->verb = verb;
	s->line = r->line;
	snprintf(s->text, sizeof(s->text), "%s", line);
	s->count = split(s->text, s->word);
	if (verb != GOLDEN_IN && verb != GOLDEN_WAIT && r->has_begun)
		wrong(r, "set-up stands before the first frame");
	r->has_begun = r->has_begun || verb == GOLDEN_IN || verb == GOLDEN_WAIT;
	if (verb != GOLDEN_IN)
		return;
	port_of(r, s->word[1]);
	load(r, s->word[2], &s->in);
	if (s->count > 3 && (s->count == 4 || strcmp(s->word[3], "burst") != 0))
		wrong(r, "expected `burst` and numbers of frames");
	for (unsigned int i = 4; i < s->count; i++)
		if (number(r, s->word[i]) == 0)
			wrong(r, "a burst of nothing");
}

static void
take_line(struct reader *r, const char *line)
{
	char *shows = r->g->shows;

	snprintf(r->text, sizeof(r->text), "%s", line);
	r->count = split(r->text, r->word);
	if (r->count == 0 || r->word[0][0] == '#')
		return;
	if (strcmp(r->word[0], "shows") == 0) {
		size_t used = strlen(shows);

		snprintf(shows + used, GOLDEN_TEXT - used, "%s%.*s", used > 0 ? " " : "",
			 (int)strcspn(line + strlen("shows "), "\n"), line + strlen("shows "));
		return;
	}
	for (unsigned int i = 0; i < UNIT_COUNT(facts); i++) {
		if (strcmp(facts[i].name, r->word[0]) != 0)
			continue;
		if (r->count == facts[i].words)
			facts[i].take(r);
		else
			wrong(r, "expected %u words", facts[i].words);
		return;
	}
	for (unsigned int i = 0; i < UNIT_COUNT(verbs); i++) {
		if (strcmp(verbs[i].name, r->word[0]) != 0)
			continue;
		if (r->count >= verbs[i].least && r->count <= verbs[i].most)
			take_step(r, i, line);
		else
			wrong(r, "expected %u to %u words", verbs[i].least, verbs[i].most);
		return;
	}
	wrong(r, "no such line: \"%s\"", r->word[0]);
}

bool
golden_read(const char *folder, struct golden *g)
{
	struct reader r = {.g = g};
	char path[GOLDEN_TEXT + 16], line[GOLDEN_TEXT];
	FILE *in;

	*g = (struct golden){0};
	snprintf(g->folder, sizeof(g->folder), "%s", folder);
	snprintf(path, sizeof(path), "%s/case.txt", folder);
	in = fopen(path, "r");
	if (in == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		r.line++;
		take_line(&r, line);
	}
	fclose(in);
	if (!r.failed && (!r.has_node || g->shows[0] == '\0'))
		wrong(&r, "a case has a line `shows` and a line `node`");
	return !r.failed;
}

void
golden_drop(struct golden *g)
{
	for (unsigned int i = 0; i < g->step_count; i++)
		pcap_unload(&g->step[i].in);
	for (int port = 0; port < PORTS; port++)
		pcap_unload(&g->out[port]);
}
