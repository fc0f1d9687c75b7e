/* SPDX-License-Identifier: BSD-3-Clause */
#include "window.h"

#include <errno.h>
#include <stdlib.h>

#define EXPIRED_A_TIME 2 /* more than one, so that they go faster than they come */

int
pmip_windows_init(struct pmip_windows *w, uint32_t capacity, const struct hash_secret *secret, uint64_t floor)
{
	*w = (struct pmip_windows){.secret = *secret, .floor = floor};
	w->list = calloc(capacity, sizeof(*w->list));
	if (w->list != NULL && index_pool_init(&w->ids, capacity) == 0 && index_map_init(&w->by_key, capacity) == 0 &&
	    deadline_init(&w->due, capacity) == 0)
		return 0;
	pmip_windows_fini(w);
	return -ENOMEM;
}

void
pmip_windows_fini(struct pmip_windows *w)
{
	deadline_fini(&w->due);
	index_map_fini(&w->by_key);
	index_pool_fini(&w->ids);
	free(w->list);
	*w = (struct pmip_windows){0};
}

static uint64_t
hash_of(const struct pmip_windows *w, const struct pmip_window_key *key)
{
	uint8_t bytes[sizeof(key->src) + sizeof(key->spi) + 1];

	memcpy(bytes, &key->src, sizeof(key->src));
	memcpy(bytes + sizeof(key->src), &key->spi, sizeof(key->spi));
	bytes[sizeof(bytes) - 1] = key->answers;
	return hash_bytes(&w->secret, bytes, sizeof(bytes));
}

static bool
expire_one(struct pmip_windows *w, uint64_t now_ms)
{
	uint32_t id = deadline_pop(&w->due, now_ms);
	const struct pmip_window *gone;

	if (id == DEADLINE_NONE)
		return false;
	gone = &w->list[id];
	if (pmip_stamp_later(gone->stamp[gone->count - 1], w->floor))
		w->floor = gone->stamp[gone->count - 1];
	index_map_del(&w->by_key, id);
	index_pool_put(&w->ids, id);
	return true;
}

static uint32_t
find(const struct pmip_windows *w, const struct pmip_window_key *key, uint64_t hash)
{
	uint32_t id;

	for (id = index_map_first(&w->by_key, hash); id != INDEX_NONE; id = index_map_next(&w->by_key, id))
		if (w->list[id].spi == key->spi && w->list[id].answers == key->answers &&
		    addr6_equal(&w->list[id].src, &key->src))
			break;
	return id;
}

/* How many of a window's stamps are before this one. */
static unsigned int
place_of(const struct pmip_window *at, uint64_t stamp)
{
	unsigned int i = at->count;

	while (i > 0 && !pmip_stamp_later(stamp, at->stamp[i - 1]))
		i--;
	return i;
}

static enum pmip_auth_verdict
judge(const struct pmip_window *at, uint64_t stamp)
{
	unsigned int i = place_of(at, stamp);

	if (i < at->count && at->stamp[i] == stamp)
		return PMIP_AUTH_REPLAYED;
	return pmip_stamp_later(stamp, at->floor) ? PMIP_AUTH_OK : PMIP_AUTH_STALE;
}

static void
insert(struct pmip_window *at, uint64_t stamp)
{
	unsigned int i = place_of(at, stamp);

	if (at->count < PMIP_WINDOW_STAMPS) {
		memmove(&at->stamp[i + 1], &at->stamp[i], (at->count - i) * sizeof(at->stamp[0]));
		at->stamp[i] = stamp;
		at->count++;
	} else if (i == 0) {
		at->floor = stamp;
	} else {
		at->floor = at->stamp[0];
		memmove(&at->stamp[0], &at->stamp[1], (i - 1) * sizeof(at->stamp[0]));
		at->stamp[i - 1] = stamp;
	}
}

enum pmip_auth_verdict
pmip_windows_take(struct pmip_windows *w, const struct pmip_window_key *key, uint64_t stamp, uint64_t now_ms,
		  uint64_t gone_ms)
{
	uint64_t hash = hash_of(w, key);
	enum pmip_auth_verdict verdict;
	uint32_t id;

	for (unsigned int i = 0; i < EXPIRED_A_TIME && expire_one(w, now_ms); i++)
		;
	id = find(w, key, hash);
	if (id == INDEX_NONE) {
		if (!pmip_stamp_later(stamp, w->floor))
			return PMIP_AUTH_STALE;
		id = index_pool_take(&w->ids);
		if (id == INDEX_NONE)
			return PMIP_AUTH_FULL;
		w->list[id] = (struct pmip_window){
			.src = key->src, .spi = key->spi, .answers = key->answers, .floor = w->floor};
		index_map_add(&w->by_key, id, hash);
	}
	verdict = judge(&w->list[id], stamp);
	if (verdict != PMIP_AUTH_OK)
		return verdict;
	insert(&w->list[id], stamp);
	deadline_set(&w->due, id, gone_ms);
	return PMIP_AUTH_OK;
}
