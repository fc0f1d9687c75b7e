/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The live screen. */
#include "command.h"
#include "frame.h"
#include "sample.h"

/* A drop reason that has counted. */
struct top_drop {
	const char *name;
	double per_s, total;
};

#define TOP_DROPS_MAX 256

/* What a frame is drawn from. */
struct top {
	struct sample now, before;
	double seconds; /* between the two; 0: there is only one */
	char view;
	bool paused;
	bool away;			      /* the daemon does not answer: now is what it said last */
	unsigned int every_s;		      /* 0: one frame alone */
	struct top_drop drops[TOP_DROPS_MAX]; /* those that move first */
	unsigned int drop_count;
};

enum status top_run(struct context *x, const struct command *c, json_t *params);

/* Work out what a frame needs of the two samples. */
void top_prepare(struct top *t);
/* A whole frame; to be freed. */
char *top_frame(const struct top *t, unsigned int columns, unsigned int lines, const char *line_end);
