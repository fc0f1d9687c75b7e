/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the torture cases share: readers that stop at the first defect, and values that say whose they are.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define READERS	     2
#define RUN_MS	     1000
#define PATIENCE_MS  60000 /* instead, on a machine that has much else to do */
#define VERSION_BITS 20	   /* of a value; the rest is made from its key */

/* A thread of the test and what it has seen. */
struct reader {
	pthread_t thread;
	unsigned int id;
	void *world;
	bool *stop;
	uint64_t looks, wrong, missed;
};

uint64_t now_ms(void);
void readers_start(struct reader *r, void *(*run)(void *), void *world, bool *stop);
void readers_judge(struct reader *r, bool *stop);
/* Until the writer has had enough, or either reader has seen a defect; a reader asks behind its first look. */
bool reader_goes_on(const struct reader *r);
/* Until it has done enough, and for RUN_MS. */
bool writer_goes_on(const bool *stop, uint64_t begin_ms, bool enough);

uint64_t tagged(uint64_t key, uint64_t version);
bool tag_fits(uint64_t key, uint64_t value);
