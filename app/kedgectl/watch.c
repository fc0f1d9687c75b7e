/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cell.h"
#include "output.h"
#include "show.h"
#include "style.h"

#define HOME_AND_CLEAR "\033[H\033[2J"

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
print_head(const struct context *x, const struct command *c, bool first)
{
	char name[COMMAND_NAME_MAX], at[16] = "";
	time_t now = time(NULL);
	struct tm tm;

	if (x->json)
		return;
	if (isatty(STDOUT_FILENO))
		fputs(HOME_AND_CLEAR, stdout);
	else if (!first)
		putchar('\n');
	if (localtime_r(&now, &tm) != NULL)
		strftime(at, sizeof(at), "%T", &tm);
	printf("%s%s every %us, %s%s\n", style_on(STYLE_DIM), command_name(c, name), x->watch_s, at,
	       style_off(STYLE_DIM));
}

enum status
watch_run(struct context *x, const struct command *c, json_t *params)
{
	json_t *before = NULL, *result;
	double at = 0;
	enum status status;

	while ((status = show_get(x, c, params, &result)) == DONE) {
		double now = now_s();

		print_head(x, c, before == NULL);
		show_result(x, c, result, before, now - at);
		json_decref(before);
		before = result;
		at = now;
		if (fflush(stdout) != 0)
			break;
		sleep(x->watch_s);
	}
	json_decref(before);
	return status;
}

/* One line, for people: when, what, about whom. */
static void
print_event(const json_t *event)
{
	char *at = cell_format(json_object_get(event, "at"), FORMAT_TIME);
	char *kind = cell_format(json_object_get(event, "kind"), FORMAT_TEXT);
	char *text = cell_format(json_object_get(event, "text"), FORMAT_TEXT);
	const char *severity = json_string_value(json_object_get(event, "severity"));
	enum style style = severity != NULL ? style_of_word(severity) : STYLE_PLAIN;

	printf("%s  %s%-16s%s  %s\n", at, style_on(style), kind, style_off(style), text);
	free(at);
	free(kind);
	free(text);
}

/* An event; or that some were lost, since they were not read as fast as they came. */
static void
print_notification(const struct context *x, const json_t *message)
{
	const char *method = json_string_value(json_object_get(message, "method"));
	const json_t *params = json_object_get(message, "params");

	if (strcmp(method != NULL ? method : "", "event") != 0)
		fprintf(stderr, "kedgectl: %lld events were lost\n",
			(long long)json_integer_value(json_object_get(params, "count")));
	else if (x->json)
		output_json(params, JSON_COMPACT);
	else
		print_event(params);
}

enum status
watch_events(struct context *x, const struct command *c, json_t *params)
{
	json_t *result, *message;
	enum status status = context_call(x, c->method, params, &result);
	int rc = 0;

	if (status != DONE)
		return status;
	json_decref(result);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (!ferror(stdout) && ((rc = rpc_client_next(x->client, &message)) == 0 || rc == -ETIMEDOUT)) {
		if (rc == -ETIMEDOUT)
			continue;
		print_notification(x, message);
		json_decref(message);
	}
	return ferror(stdout) ? DONE : context_failed(x, rc, NULL);
}
