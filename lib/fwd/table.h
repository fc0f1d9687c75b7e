/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The bucket table: 64-bit keys to 63-bit values, one writer and any number of readers without locks.
 *
 * A bucket is one cache line of four keys and four values; key 0 is a free slot. An entry stands in its home line
 * or, where that is full, in one of the next; a line that an entry passed on the way says MORE, so that a reader
 * goes on only where there is something to find. What a reader may rely on:
 *
 *  - an entry never moves, and MORE stands before its key does: an entry that is there is never missed;
 *  - its value is written before its key, and replaced by one store: the reader loads the old or the new value;
 *  - the slot of a deleted entry keeps its value, and takes another key only after a grace period (quarantine): a
 *    reader that saw the key of a slot never loads the value of a later key.
 *
 * MORE is bit 63 of the value of slot 0, whether slot 0 is free or not. Readers mask it off, every store to that
 * word keeps it.
 */
#include <stdbool.h>
#include <stdint.h>

#include <rte_common.h>

#include "base/hash.h"

#define FWD_TABLE_SLOTS	 4
#define FWD_TABLE_MORE	 (UINT64_C(1) << 63)
#define FWD_TABLE_NONE	 0	    /* the value of a key that is not there */
#define FWD_TABLE_FAR	 (1u << 18) /* lines, 16 MiB: measured, from there on it pays to treat a table as far */
#define FWD_TABLE_PROBES 32	    /* an entry stands less than this many lines behind its home */

struct fwd_table_line {
	uint64_t key[FWD_TABLE_SLOTS];
	uint64_t value[FWD_TABLE_SLOTS];
} __rte_aligned(64);
_Static_assert(sizeof(struct fwd_table_line) == 64, "a bucket is one cache line");

/* The writer's notes on a line, apart from what readers load. */
struct fwd_table_note {
	uint32_t next;			   /* line of the quarantine list */
	uint16_t passed;		   /* entries that passed this line; MORE is set while there are any */
	uint8_t retired : FWD_TABLE_SLOTS; /* deleted since the last turn; a bit a slot */
	uint8_t waiting : FWD_TABLE_SLOTS; /* deleted before it, the grace period runs */
};

struct fwd_table;
typedef void fwd_table_find_fn(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values);

struct fwd_table {
	/* For readers; written by init alone. */
	struct fwd_table_line *lines;
	fwd_table_find_fn *find_bulk;
	struct hash_secret secret;
	uint32_t mask;	 /* lines - 1 */
	uint32_t probes; /* min(lines, FWD_TABLE_PROBES) */
	bool far;	 /* the lines are too many for the caches */
	/* For the writer. */
	struct fwd_table_note *notes __rte_cache_aligned;
	uint32_t quarantine; /* first line with slots in quarantine */
	uint32_t count;
	uint32_t capacity;
};

/* How the four keys of a line are compared. */
enum fwd_table_reader { FWD_TABLE_SCALAR, FWD_TABLE_SSE41, FWD_TABLE_AVX2, FWD_TABLE_AVX512, FWD_TABLE_READERS };

/* The best one this CPU has. */
enum fwd_table_reader fwd_table_reader_best(void);
/* NULL when this CPU has it not. */
fwd_table_find_fn *fwd_table_reader_fn(enum fwd_table_reader reader);

/* The number of lines that keeps the chains of capacity entries short. */
uint32_t fwd_table_lines_for(uint32_t capacity);
/* lines is a power of two. 0 or -ENOMEM; fini is allowed after a failed or a missing init. */
int fwd_table_init(struct fwd_table *t, uint32_t lines, uint32_t capacity, const struct hash_secret *secret,
		   int socket);
void fwd_table_fini(struct fwd_table *t);
/* Let the memory of n lines from there be there (fwd/memory.h), before others than the writer look at it. */
void fwd_table_touch(struct fwd_table *t, uint32_t from, uint32_t n);

/*
 * The writer. key is not 0, value neither FWD_TABLE_NONE nor has it bit 63. add: -EEXIST; -ENOSPC; -EAGAIN when the
 * slots that it might take are in quarantine. replace, del: -ENOENT.
 */
int fwd_table_add(struct fwd_table *t, uint64_t key, uint64_t value);
int fwd_table_replace(struct fwd_table *t, uint64_t key, uint64_t value);
int fwd_table_del(struct fwd_table *t, uint64_t key);
uint64_t fwd_table_get(const struct fwd_table *t, uint64_t key);
/* The grace period has passed and the next one is about to begin. True when a slot waits for it. */
bool fwd_table_turn(struct fwd_table *t);

/* The line where key stands unless it is full. */
static inline uint32_t
fwd_table_home(const struct fwd_table *t, uint64_t key)
{
	return hash_u64(&t->secret, key) & t->mask;
}
