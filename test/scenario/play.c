/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file, played: each event's actions are those of the indented lines below it, no more and no less and in their
 * order. Time that passes between two events has no actions; those that time brings stand below `at TIME tick`.
 */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define EXPECTED_MAX 512

struct expected {
	unsigned int line;
	struct line said;
};

struct play {
	const char *path;
	bool print;
	FILE *report;
	struct setup setup;
	struct nodes nodes;
	bool made;
	uint64_t start_ms;
	unsigned int line;	 /* being read */
	unsigned int event_line; /* of the event whose actions are being read */
	unsigned int events;
	struct expected *expected;
	unsigned int expected_count;
	struct complaint complaint;
	bool failed;
};

static void
show(const struct play *p, char sign, unsigned int line, const char *text)
{
	if (line > 0)
		fprintf(p->report, "  %c %s:%u: %s\n", sign, p->path, line, text);
	else
		fprintf(p->report, "  %c %s\n", sign, text);
}

static void
show_said(const struct play *p, char sign, const struct expected *e)
{
	char text[LINE_MAX_BYTES] = "";

	for (unsigned int i = 0; i < e->said.count; i++) {
		strncat(text, i == 0 ? "" : " ", sizeof(text) - strlen(text) - 1);
		strncat(text, e->said.word[i], sizeof(text) - strlen(text) - 1);
	}
	show(p, sign, e->line, text);
}

/* What differs, the lines that agree included: a list is understood as a whole. */
static void
show_difference(const struct play *p)
{
	const struct nodes *n = &p->nodes;

	fprintf(p->report, "%s:%u: the actions are not those that the scenario says\n", p->path, p->event_line);
	for (unsigned int i = 0; i < p->expected_count || i < n->happened_count; i++) {
		bool said = i < p->expected_count, happened = i < n->happened_count;

		if (said && happened && action_said(&p->expected[i].said, n->happened[i].text)) {
			show_said(p, ' ', &p->expected[i]);
			continue;
		}
		if (said)
			show_said(p, '-', &p->expected[i]);
		if (happened)
			show(p, '+', 0, n->happened[i].text);
	}
}

/* The actions of the last event against the lines below it. */
static void
settle(struct play *p)
{
	bool equal = p->expected_count == p->nodes.happened_count;

	for (unsigned int i = 0; equal && i < p->expected_count; i++)
		equal = action_said(&p->expected[i].said, p->nodes.happened[i].text);
	if (p->print)
		for (unsigned int i = 0; i < p->nodes.happened_count; i++)
			printf("  %s\n", p->nodes.happened[i].text);
	else if (!equal && !p->failed)
		show_difference(p);
	p->failed = p->failed || (!equal && !p->print);
	p->expected_count = 0;
	p->nodes.happened_count = 0;
}

static void
set_clock(struct play *p, uint64_t mono_ms)
{
	p->nodes.now.mono_ms = mono_ms;
	p->nodes.now.wall = p->nodes.start_wall + clock_wall_of_ms(mono_ms - p->start_ms);
}

/* The node that wants a tick first; on a tie the one that comes first. */
static struct node *
first_due(struct nodes *n)
{
	struct node *first = &n->node[0];

	for (unsigned int i = 1; i < n->count; i++)
		if (node_due(&n->node[i]) < node_due(first))
			first = &n->node[i];
	return first;
}

/* Let time pass up to end_ms, with the ticks of that moment if `inclusive`. Nothing may happen before it. */
static void
pass(struct play *p, uint64_t end_ms, bool inclusive)
{
	struct nodes *n = &p->nodes;
	struct node *next;

	for (unsigned int ticks = 0; next = first_due(n), node_due(next) < end_ms + inclusive; ticks++) {
		if (ticks == 100000) {
			complain(&p->complaint, "a node wants ticks without end");
			break;
		}
		if (node_due(next) > n->now.mono_ms)
			set_clock(p, node_due(next));
		node_tick(n, next);
		if (n->happened_count > 0 && n->now.mono_ms < end_ms) {
			complain(&p->complaint, "at %.3f already: %s", (double)(n->now.mono_ms - p->start_ms) / 1000,
				 n->happened[0].text);
			break;
		}
	}
	set_clock(p, end_ms);
}

static void
run_event(struct play *p, const struct line *l)
{
	struct complaint *c = &p->complaint;
	bool tick = l->count == 3 && strcmp(l->word[2], "tick") == 0;
	uint64_t ms;

	if (!p->made) {
		p->made = true;
		p->nodes.complaint = c;
		setup_make(&p->setup, &p->nodes, c);
		p->start_ms = p->nodes.now.mono_ms;
	}
	p->event_line = p->line;
	p->events++;
	if (l->count < 2 || !line_time(l->word[1], &ms)) {
		complain(c, "\"at\" takes a time in seconds");
		return;
	}
	if (p->start_ms + ms < p->nodes.now.mono_ms)
		complain(c, "time does not go back");
	if (c->text[0] == '\0')
		pass(p, p->start_ms + ms, tick);
	if (!tick && c->text[0] == '\0')
		event_run(&p->nodes, l, c);
}

static void
expect(struct play *p, const struct line *l)
{
	struct expected *e = &p->expected[p->expected_count];

	if (p->events == 0 || p->expected_count == EXPECTED_MAX) {
		complain(&p->complaint, "an action without an event, or too many");
		return;
	}
	p->expected_count++;
	e->line = p->line;
	e->said = *l;
	for (unsigned int i = 0; i < l->count; i++)
		e->said.word[i] = e->said.text + (l->word[i] - l->text);
}

static void
play_line(struct play *p, const char *text)
{
	struct line l;

	if (line_read(text, &l) != 0)
		complain(&p->complaint, "the line is too long");
	else if (l.count > 0 && l.indented)
		expect(p, &l);
	if (l.count == 0 ? p->print : !l.indented)
		settle(p);
	if (p->print && (l.count == 0 || !l.indented))
		fputs(text, stdout);
	if (l.count == 0 || l.indented || p->failed)
		return;
	if (strcmp(l.word[0], "at") == 0)
		run_event(p, &l);
	else if (p->made || !setup_line(&p->setup, &l, &p->complaint))
		complain(&p->complaint, "\"%s\" begins no line here", l.word[0]);
}

static void
play_lines(struct play *p, FILE *f)
{
	char text[LINE_MAX_BYTES * 2];

	while (!p->failed && fgets(text, sizeof(text), f) != NULL) {
		p->line++;
		play_line(p, text);
		if (p->complaint.text[0] == '\0' || p->failed)
			continue;
		fprintf(p->report, "%s:%u: %s\n", p->path, p->line, p->complaint.text);
		p->failed = true;
	}
	if (!p->failed)
		settle(p);
	if (!p->failed && p->events == 0) {
		fprintf(p->report, "%s: nothing happens in this scenario\n", p->path);
		p->failed = true;
	}
}

/* However a scenario goes, no engine does what its table of states does not allow. */
static void
check_engines(struct play *p)
{
	for (unsigned int i = 0; i < p->nodes.count; i++) {
		if (node_refused_transitions(&p->nodes.node[i]) == 0)
			continue;
		fprintf(p->report, "%s: %s tried what its table of states does not allow\n", p->path,
			p->nodes.node[i].name);
		p->failed = true;
	}
}

bool
play_file(const char *path, bool print, struct coverage *coverage, FILE *report)
{
	struct play *p = calloc(1, sizeof(*p));
	FILE *f = fopen(path, "r");
	bool passed;

	if (p == NULL || f == NULL) {
		fprintf(report, "%s: cannot be read\n", path);
		free(p);
		if (f != NULL)
			fclose(f);
		return false;
	}
	p->path = path;
	p->print = print;
	p->report = report;
	p->nodes.happened = calloc(ACTIONS_MAX, sizeof(*p->nodes.happened));
	p->expected = calloc(EXPECTED_MAX, sizeof(*p->expected));
	setup_init(&p->setup);
	p->failed = p->nodes.happened == NULL || p->expected == NULL;
	play_lines(p, f);
	check_engines(p);
	if (!p->failed && coverage != NULL)
		coverage_note(coverage, &p->nodes, path);
	passed = !p->failed;
	fclose(f);
	for (unsigned int i = 0; i < p->nodes.count; i++)
		node_free(&p->nodes.node[i]);
	free(p->nodes.happened);
	free(p->expected);
	free(p);
	return passed;
}
