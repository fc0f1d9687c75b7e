/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A golden case: a folder with case.txt, which says what node there is, what comes in, what goes out and what is
 * counted, and the capture files that it names. README.md is the format.
 *
 *	struct golden g;
 *	if (golden_read("cases/downlink", &g))		case.c
 *		ok = golden_play(&g, false, 0);			play.c, which has judge.c compare
 *	golden_drop(&g);
 */
#include <stdbool.h>
#include <stdint.h>

#include "pcap.h"
#include "rig.h"

#define GOLDEN_TEXT	512
#define GOLDEN_WORDS	16
#define GOLDEN_STEPS	32
#define GOLDEN_FREE_MAX 8

enum golden_verb {
	GOLDEN_REGISTER,
	GOLDEN_DEREGISTER,
	GOLDEN_ATTACH,
	GOLDEN_SOLICIT,
	GOLDEN_GRE,
	GOLDEN_SHARE,
	GOLDEN_FLOW,
	GOLDEN_AGGREGATE,
	GOLDEN_IN,
	GOLDEN_WAIT
};

/* One line that makes something happen, its words kept. */
struct golden_step {
	enum golden_verb verb;
	unsigned int line;
	unsigned int count; /* of words, the verb included */
	char text[GOLDEN_TEXT];
	char *word[GOLDEN_WORDS];
	struct pcap_file in; /* GOLDEN_IN */
};

/* Octets of what goes out on a port that nobody can foretell. */
struct golden_free {
	int port;
	size_t offset, len;
};

struct golden {
	char folder[GOLDEN_TEXT];
	char shows[GOLDEN_TEXT];
	struct wish wish;
	unsigned int step_count;
	struct golden_step step[GOLDEN_STEPS];
	struct pcap_file out[PORTS]; /* empty: nothing goes out */
	unsigned int free_count;
	struct golden_free free[GOLDEN_FREE_MAX];
	struct stat_block change; /* of all counters between set-up and end */
};

/* False with FILE:LINE: and what is wrong on stderr. */
bool golden_read(const char *folder, struct golden *g);
void golden_drop(struct golden *g);
/* Each drop reason is shown by a case, or stands in the file at path with the reason why it is not; else false. */
bool golden_cover(const char *path, struct golden *const *cases, unsigned int count);
/*
 * False where the node did not do what the case says; how it differs is on stdout. Staged: no packet goes by the plain
 * pass. Frames come in two segments, of which the first has `cut` octets; 0: in one.
 */
bool golden_play(const struct golden *g, bool staged, size_t cut);

/* CORE, ACCESS, or -1. */
int golden_port(const char *name);
const char *golden_port_name(int port);

/* Frame number `index` that went out on port is the one that the case has there. */
bool golden_judge_frame(const struct golden *g, int port, unsigned int index, const struct frame *got);
/* As many went out on port as the case has. */
bool golden_judge_count(const struct golden *g, int port, unsigned int got);
/* Nobody can foretell this octet of frames on this port. */
bool golden_is_free(const struct golden *g, int port, size_t at);
/* Each counter changed as the case says, and those of the worker balance. */
bool golden_judge_stats(const struct golden *g, const struct stat_block *before, const struct stat_block *after);
bool golden_judge_balance(const struct golden *g, const struct stat_block *worker);
