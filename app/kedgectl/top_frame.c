/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A frame of the live screen: a head, then the sections of the view, which share the lines that are left.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cell.h"
#include "top_section.h"

#define BAR	     10
#define WORKERS_LINE 4 /* bars of workers on the line */
#define LEAST_ROWS   2

/* The share of an interval that a worker was not idle; below 0: not known. */
static double
worker_busy(const struct top *t, size_t i)
{
	const json_t *now = json_array_get(json_object_get(t->now.stat, "workers"), i);
	const json_t *before = json_array_get(json_object_get(t->before.stat, "workers"), i);
	double cycles = sample_rate(now, before, t->seconds, "cycles");
	double turns = sample_rate(now, before, t->seconds, "turns");

	if (cycles > 0)
		return sample_rate(now, before, t->seconds, "busy_cycles") / cycles;
	return turns > 0 ? 1 - sample_rate(now, before, t->seconds, "idle") / turns : -1;
}

static void
put_head(struct frame *f, const struct top *t)
{
	char *roles = cell_format(json_object_get(t->now.hello, "roles"), FORMAT_TEXT);
	char *up = cell_format(json_object_get(t->now.hello, "uptime_s"), FORMAT_SECONDS), at[16] = "";
	bool ready = json_is_true(json_object_get(t->now.hello, "ready"));
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm) != NULL)
		strftime(at, sizeof(at), "%T", &tm);
	frame_put(f, STYLE_TITLE, 0, "%s", sample_text(t->now.hello, "name"));
	frame_put(f, STYLE_PLAIN, 0, "  %s  kedge %s  up %s  ", roles, sample_text(t->now.hello, "version"), up);
	frame_put(f, ready ? STYLE_GOOD : STYLE_BAD, 0, "%s", ready ? "ready" : "not ready");
	if (t->away)
		frame_put(f, STYLE_BAD, 0, "  no daemon answers");
	if (t->paused)
		frame_put(f, STYLE_WARN, 0, "  paused");
	frame_right(f, 8);
	frame_put(f, STYLE_DIM, 0, "%s", at);
	frame_newline(f);
	free(roles);
	free(up);
}

static bool
has_role(const struct top *t, const char *role)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(t->now.hello, "roles"), i, one)
	{
		if (json_is_string(one) && strcmp(json_string_value(one), role) == 0)
			return true;
	}
	return false;
}

static void
put_sessions(struct frame *f, const struct top *t)
{
	static const struct {
		const char *name, *path, *role; /* role NULL: of both */
	} rates[] = {
		{"opened", "counters/session.opened", NULL},	    {"closed", "counters/session.closed", NULL},
		{"handovers", "counters/session.handovers", "lma"}, {"rejected", "counters/pba.rejected-tx", "lma"},
		{"attached", "counters/access.attached", "mag"},    {"refused", "counters/access.refused", "mag"},
	};

	frame_put(f, STYLE_TITLE, -10, "sessions");
	frame_put(f, STYLE_PLAIN, 0, "%.0f", sample_number(t->now.hello, "sessions", 0));
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		if (rates[i].role != NULL && !has_role(t, rates[i].role))
			continue;
		frame_put(f, STYLE_PLAIN, 0, "  %s ", rates[i].name);
		frame_rate(f, 0, sample_rate(t->now.stat, t->before.stat, t->seconds, rates[i].path), "/s");
	}
	frame_newline(f);
}

static void
put_control(struct frame *f, const struct top *t)
{
	const json_t *control = json_object_get(t->now.stat, "control");
	double load = sample_number(control, "load_permille", -1) / 1000;
	char *longest = cell_format(json_object_get(control, "longest_turn_us"), FORMAT_US);

	frame_put(f, STYLE_TITLE, -10, "control");
	if (load >= 0) {
		frame_bar(f, BAR, load);
		frame_put(f, STYLE_PLAIN, 0, " %.1f%%  ", load * 100);
	}
	frame_put(f, STYLE_PLAIN, 0, "longest turn %s  turns ", longest);
	frame_rate(f, 0, sample_rate(t->now.stat, t->before.stat, t->seconds, "control/turns"), "/s");
	if (sample_number(control, "items_max", -1) >= 0)
		frame_put(f, STYLE_PLAIN, 0, "  items %.0f at most", sample_number(control, "items_max", 0));
	frame_newline(f);
	free(longest);
}

static void
put_workers(struct frame *f, const struct top *t)
{
	size_t n = json_array_size(json_object_get(t->now.stat, "workers"));

	frame_put(f, STYLE_TITLE, -10, "workers");
	for (size_t i = 0; i < n; i++) {
		double busy = worker_busy(t, i);

		if (i > 0 && i % WORKERS_LINE == 0) {
			frame_newline(f);
			frame_put(f, STYLE_PLAIN, 10, "%s", "");
		}
		if (busy >= 0)
			frame_bar(f, n > 1 ? BAR / 2 : BAR, busy);
		frame_put(f, STYLE_PLAIN, 0, " %zu: ", i);
		frame_put(f, STYLE_PLAIN, -8, busy >= 0 ? "%.0f%%" : "-", busy * 100);
	}
	frame_newline(f);
}

static int
by_movement(const void *a, const void *b)
{
	const struct top_drop *x = a, *y = b;

	if (x->per_s != y->per_s)
		return x->per_s > y->per_s ? -1 : 1;
	if (x->total != y->total)
		return x->total > y->total ? -1 : 1;
	return strcmp(x->name, y->name);
}

void
top_prepare(struct top *t)
{
	const json_t *before = json_object_get(t->before.stat, "drops");
	json_t *now = json_object_get(t->now.stat, "drops"), *value;
	const char *name;

	t->drop_count = 0;
	json_object_foreach(now, name, value)
	{
		double total = json_number_value(value);

		if (total <= 0 || t->drop_count == TOP_DROPS_MAX)
			continue;
		t->drops[t->drop_count++] = (struct top_drop){
			name,
			before != NULL ? (total - json_number_value(json_object_get(before, name))) / t->seconds : 0,
			total};
	}
	qsort(t->drops, t->drop_count, sizeof(t->drops[0]), by_movement);
}

/* Rows of each section of the view: a few each, then one more in turn until the lines are used up. */
static void
share_lines(const struct top *t, unsigned int lines, unsigned int rows[static TOP_SECTIONS])
{
	unsigned int least = LEAST_ROWS;
	bool more = true;

	memset(rows, 0, TOP_SECTIONS * sizeof(rows[0]));
	for (size_t i = 0; i < TOP_SECTIONS; i++)
		if (strchr(top_sections[i].views, t->view) != NULL && lines > 0)
			lines--;
	while (lines > 0 && more) {
		more = false;
		for (size_t i = 0; i < TOP_SECTIONS; i++) {
			unsigned int count = top_sections[i].count(t);

			for (unsigned int n = 0; n < least && lines > 0 && rows[i] < count &&
						 strchr(top_sections[i].views, t->view) != NULL;
			     n++) {
				rows[i]++;
				lines--;
				more = true;
			}
		}
		least = 1;
	}
}

char *
top_frame(const struct top *t, unsigned int columns, unsigned int lines, const char *line_end)
{
	unsigned int rows[TOP_SECTIONS];
	struct frame f;

	frame_begin(&f, columns, lines, line_end);
	put_head(&f, t);
	put_sessions(&f, t);
	put_control(&f, t);
	put_workers(&f, t);
	share_lines(t, frame_left(&f), rows);
	for (size_t i = 0; i < TOP_SECTIONS; i++) {
		unsigned int count = top_sections[i].count(t);

		if (strchr(top_sections[i].views, t->view) == NULL)
			continue;
		top_sections[i].title(&f, t);
		if (rows[i] < count)
			frame_put(&f, STYLE_DIM, 0, "  %u of %u", rows[i], count);
		frame_newline(&f);
		for (unsigned int k = 0; k < rows[i]; k++) {
			top_sections[i].row(&f, t, k);
			frame_newline(&f);
		}
	}
	return frame_end(&f);
}
