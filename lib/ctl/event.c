/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an operator is told: a line of the log at a bounded rate, an entry of a ring that event.list shows, and a
 * notification to those who watch. It is said once, and all three have the same words.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "methods.h"
#include "state.h"

#define LINES_PER_S 100

_Static_assert(CTL_EVENT_COUNT < RPC_TOPICS_MAX, "a kind of events is a topic");
#define TEXT_MAX 1200 /* an identifier of the longest, and more */

static const struct {
	const char *name;
	enum log_level level;
	uint32_t per_s;
	const char *help;
} rows[] = {
#define EVENT(id, name, level, per_s, help) [CTL_EVENT_##id] = {name, level, per_s, help},
#include "event.def"
#undef EVENT
};

const char *
ctl_event_severity(enum ctl_event_kind kind)
{
	static const char *const names[] = {[LOG_ERROR] = "error",
					    [LOG_WARNING] = "warning",
					    [LOG_NOTICE] = "notice",
					    [LOG_INFO] = "info",
					    [LOG_DEBUG] = "debug"};

	return names[rows[kind].level];
}

/* Each level has its own: refreshes, which are many and seldom logged, do not crowd out what went wrong. */
bool
ctl_event_line(struct ctl *c, enum log_level level)
{
	if (!ctl_clock_rate(&c->lines[level], c->now.mono_ms, LINES_PER_S)) {
		c->lines_left_out[level]++;
		return false;
	}
	if (c->lines_left_out[level] > 0)
		log_write(level, "ctl", "lines about sessions and hosts were left out count=%u",
			  c->lines_left_out[level]);
	c->lines_left_out[level] = 0;
	return true;
}

json_t *
ctl_event_wall(uint64_t wall)
{
	time_t s = (time_t)(wall >> 16);
	char text[64];
	struct tm tm;
	size_t n;

	gmtime_r(&s, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%03uZ", (unsigned int)((wall & 0xffff) * 1000 >> 16));
	return json_string(text);
}

/* Takes the reference to event. */
static void
keep(struct ctl *c, json_t *event)
{
	json_t **slot = &c->events[c->event_seq % CTL_EVENTS];

	json_decref(*slot);
	*slot = event;
	c->event_seq++;
}

bool
ctl_event_is_due(struct ctl *c, enum ctl_event_kind kind)
{
	if (ctl_clock_rate_left(&c->event_rate[kind], c->now.mono_ms, rows[kind].per_s))
		return true;
	c->events_left_out++;
	return false;
}

void
ctl_event(struct ctl *c, enum ctl_event_kind kind, const char *room, json_t *data, const char *format, ...)
{
	char text[TEXT_MAX];
	json_t *event;
	va_list args;

	if (!ctl_clock_rate(&c->event_rate[kind], c->now.mono_ms, rows[kind].per_s)) {
		c->events_left_out++;
		json_decref(data);
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (ctl_event_line(c, rows[kind].level))
		log_write(rows[kind].level, room, "%s", text);
	event = json_pack("{s:I, s:o, s:s, s:s, s:s, s:s}", "seq", (json_int_t)c->event_seq, "at",
			  ctl_event_wall(c->now.wall), "kind", rows[kind].name, "severity", ctl_event_severity(kind),
			  "room", room, "text", text);
	if (data != NULL)
		json_object_update_missing(event, data);
	json_decref(data);
	if (event == NULL)
		return;
	if (c->rpc != NULL)
		rpc_server_publish(c->rpc, kind, "event", event);
	keep(c, event);
}

int
ctl_event_init(struct ctl *c)
{
	c->events = calloc(CTL_EVENTS, sizeof(c->events[0]));
	return c->events != NULL ? 0 : -ENOMEM;
}

void
ctl_event_fini(struct ctl *c)
{
	for (unsigned int i = 0; c->events != NULL && i < CTL_EVENTS; i++)
		json_decref(c->events[i]);
	free(c->events);
}

const char *
ctl_event_name(enum ctl_event_kind kind)
{
	return rows[kind].name;
}

const char *
ctl_event_help(enum ctl_event_kind kind)
{
	return rows[kind].help;
}
