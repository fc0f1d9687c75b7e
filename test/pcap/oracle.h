/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Every golden case is an oracle for packet.explain, and the other way round.
 *
 *	oracle_begin(&o, g, rig);
 *	oracle_ask(&o, port, bytes, len);	each frame, before one of them comes in
 *	ok = oracle_judge(&o);			when all of them have been taken
 */
#include "golden.h"
#include "path/explain.h"

#define ORACLE_FRAMES 128

struct oracle_frame {
	int port;
	struct frame frame;
};

struct oracle {
	const struct golden *g;
	struct rig *r;
	bool failed;
	struct stat_block before;
	unsigned int drop[STAT_DROP_COUNT], punted, kept, sent_count;
	struct oracle_frame sent[ORACLE_FRAMES];
};

void oracle_begin(struct oracle *o, const struct golden *g, struct rig *r);
void oracle_ask(struct oracle *o, int port, const uint8_t *bytes, size_t len);
bool oracle_judge(struct oracle *o);
