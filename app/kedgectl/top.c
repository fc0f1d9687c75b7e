/* SPDX-License-Identifier: BSD-3-Clause */
#include "top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screen.h"

#define TIMEOUT_MS 10000
#define FIRST_MS   300 /* how soon there are rates */
#define EVERY_S	   1
#define VIEWS	   "adps"
#define VIEW_ALL   'a'

static void
draw(const struct top *t)
{
	unsigned int columns, lines;
	char *frame;

	screen_size(&columns, &lines);
	frame = top_frame(t, columns, lines, SCREEN_LINE_END);
	screen_draw(frame);
	free(frame);
}

/* The next sample takes the place of the one before; behind an absence there is none before, for counts began anew. */
static enum status
advance(struct context *x, struct top *t)
{
	struct sample next;
	enum status status = sample_take(x, &next);

	if (status != DONE)
		return status;
	sample_free(&t->before);
	if (t->away)
		sample_free(&t->now);
	t->away = false;
	t->before = t->now;
	t->now = next;
	t->seconds = t->before.hello != NULL ? t->now.at_s - t->before.at_s : 0;
	top_prepare(t);
	return DONE;
}

static enum status
print_once(struct context *x, struct top *t)
{
	unsigned int columns, lines;
	enum status status;
	char *frame;

	sleep(x->frame_s != 0 ? x->frame_s : EVERY_S);
	status = advance(x, t);
	if (status != DONE)
		return status;
	screen_size(&columns, &lines);
	frame = top_frame(t, columns, lines, "\n");
	fputs(frame, stdout);
	free(frame);
	return DONE;
}

/* What a key does; false: quit. */
static bool
obey_key(struct top *t, int key)
{
	if (key == 'q')
		return false;
	if (key == ' ')
		t->paused = !t->paused;
	else if (key > 0 && strchr(VIEWS, key) != NULL)
		t->view = (char)key;
	return true;
}

/* The same, of a daemon that may go away and come back. */
static enum status
follow(struct context *x, struct top *t)
{
	enum status status = t->away ? context_connect(x, TIMEOUT_MS) : DONE;

	if (status == DONE)
		status = advance(x, t);
	if (status != NO_DAEMON)
		return status;
	t->away = true;
	return DONE;
}

static enum status
live(struct context *x, struct top *t)
{
	unsigned int wait_ms = FIRST_MS;
	enum status status = DONE;

	if (screen_open() < 0) {
		fputs("kedgectl: no terminal; see `kedgectl top --once`\n", stderr);
		return USAGE;
	}
	x->quiet = true;
	t->every_s = x->frame_s != 0 ? x->frame_s : EVERY_S;
	for (;;) {
		int key;

		draw(t);
		key = screen_wait(wait_ms);
		if (key == SCREEN_END || !obey_key(t, key))
			break;
		if (key != SCREEN_TIMEOUT || t->paused)
			continue;
		status = follow(x, t);
		if (status != DONE)
			break;
		wait_ms = t->every_s * 1000;
	}
	screen_close();
	return status;
}

enum status
top_run(struct context *x, const struct command *c, json_t *params)
{
	struct top t = {.view = VIEW_ALL};
	enum status status;

	if (x->json || x->watch_s != 0) {
		fputs("kedgectl: top is for people; see `kedgectl -j stat get`\n", stderr);
		return USAGE;
	}
	status = context_connect(x, TIMEOUT_MS);
	if (status == DONE)
		status = advance(x, &t);
	if (status == DONE)
		status = x->once ? print_once(x, &t) : live(x, &t);
	sample_free(&t.now);
	sample_free(&t.before);
	return status;
}
