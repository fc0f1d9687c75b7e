/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Which stamps were accepted of whom, so that no message is accepted twice: a window for each source, security
 * parameter index and kind of message, that holds the PMIP_WINDOW_STAMPS latest. What is older than those is refused,
 * so messages may overtake each other as far as that.
 *
 * A window goes when all of it is older than any message may be. What is remembered of all that went, and of the time
 * before init, is one stamp: nothing below it is accepted from anyone who has no window.
 *
 * Not thread safe. Memory is allocated by init alone.
 */
#include "base/deadline.h"
#include "base/index.h"
#include "pmip/auth.h"

#define PMIP_WINDOW_STAMPS 255

struct pmip_window {
	struct addr6 src;
	uint32_t spi;
	bool answers;
	uint8_t count;
	uint64_t floor;			    /* the latest that was dropped: no stamp up to it is taken */
	uint64_t stamp[PMIP_WINDOW_STAMPS]; /* accepted, in their order */
};

struct pmip_windows {
	struct pmip_window *list;
	struct index_pool ids;
	struct index_map by_key;
	struct deadline_queue due; /* when a window can go, mono */
	struct hash_secret secret;
	uint64_t floor; /* of windows that are new */
};

/* Who a stamp is of, by the address that its code covers, so that none comes again from another of the same row; an
 * answer's covers none of its sender's. Windows of answers and of others are apart, since the stamps of answers are of
 * the other's clock.
 */
struct pmip_window_key {
	struct addr6 src;
	uint32_t spi;
	bool answers;
};

/* 0 or -ENOMEM. Stamps up to floor are of no use. */
int pmip_windows_init(struct pmip_windows *w, uint32_t capacity, const struct hash_secret *secret, uint64_t floor);
void pmip_windows_fini(struct pmip_windows *w);

/* Take a stamp that is within the time window; the window may go at gone_ms (mono) if no later one comes. */
enum pmip_auth_verdict pmip_windows_take(struct pmip_windows *w, const struct pmip_window_key *key, uint64_t stamp,
					 uint64_t now_ms, uint64_t gone_ms);

/* True when a is after b, within half of all stamps: they wrap in 2036. */
static inline bool
pmip_stamp_later(uint64_t a, uint64_t b)
{
	return (int64_t)(a - b) > 0;
}
