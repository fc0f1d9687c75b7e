/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What the daemon counted at a moment, and the rates between two moments. */
#include "command.h"

/* An answer is NULL where the daemon refused it. */
struct sample {
	json_t *hello, *stat, *ports, *peers, *stages;
	double at_s; /* monotonic */
};

/* Ask for all; DONE, or why even the first could not be had. */
enum status sample_take(struct context *x, struct sample *s);
void sample_free(struct sample *s);

/* A counter's growth in a second; path: keys with dots are one key, a '/' goes a level down. */
double sample_rate(const json_t *now, const json_t *before, double seconds, const char *path);
/* The same of what stands there as an object of counters. */
double sample_rate_sum(const json_t *now, const json_t *before, double seconds, const char *path);
/* A number, or otherwise. */
double sample_number(const json_t *value, const char *path, double otherwise);
/* A text of an object, "-" where there is none. */
const char *sample_text(const json_t *object, const char *key);
/* The item of a list that has this text at this key, or NULL. */
const json_t *sample_find(const json_t *list, const char *key, const json_t *like);
