/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tables.h"

/* Key slots beyond the hosts, for those that were deleted and are waiting for a grace period. */
#define SPARE(capacity) (64 + (capacity) / 16)

/*
 * Hosts choose their MAC addresses. rte_hash's own functions are not secret under any seed (keys that collide under
 * one CRC seed collide under all), so that the signature is always handed in.
 */
static hash_sig_t
host_signature(const struct fwd_hosts *h, const struct fwd_host_key *k)
{
	uint64_t low;
	uint32_t high;

	memcpy(&low, k, sizeof(low));
	memcpy(&high, (const uint8_t *)k + sizeof(low), sizeof(high));
	return hash_u64(&h->secret, hash_u64(&h->secret, low) + high);
}

int
fwd_hosts_init(struct fwd *f, const struct fwd_settings *s)
{
	struct fwd_hosts *h = &f->hosts;
	char name[RTE_HASH_NAMESIZE];
	struct rte_hash_parameters p = {
		.name = name,
		.entries = s->hosts + SPARE(s->hosts),
		.key_len = sizeof(struct fwd_host_key),
		.socket_id = s->socket,
		.extra_flag = RTE_HASH_EXTRA_FLAGS_RW_CONCURRENCY_LF | RTE_HASH_EXTRA_FLAGS_EXT_TABLE,
	};

	h->secret = s->secret;
	h->capacity = s->hosts;
	snprintf(name, sizeof(name), "fwd_host_%" PRIxPTR, (uintptr_t)f);
	h->hash = rte_hash_create(&p);
	if (h->hash == NULL || fwd_ids_init(&h->keys, p.entries, s->socket) < 0)
		return -ENOMEM;
	/* All places are the hash's to begin with. */
	while (fwd_ids_take(&h->keys) != FWD_IDS_NONE)
		;
	return 0;
}

void
fwd_hosts_fini(struct fwd *f)
{
	rte_hash_free(f->hosts.hash);
	f->hosts.hash = NULL;
	fwd_ids_fini(&f->hosts.keys);
}

bool
fwd_hosts_turn(struct fwd *f)
{
	struct fwd_hosts *h = &f->hosts;
	bool waits = fwd_ids_turn(&h->keys);
	uint32_t place;

	while ((place = fwd_ids_take(&h->keys)) != FWD_IDS_NONE)
		rte_hash_free_key_with_position(h->hash, place);
	return waits;
}

static int
host_set(struct fwd_hosts *h, const struct fwd_host_key *k, uint32_t session)
{
	return rte_hash_add_key_with_hash_data(h->hash, k, host_signature(h, k), (void *)(uintptr_t)session);
}

int
fwd_host_add(struct fwd *f, const struct fwd_host_key *k, uint32_t session)
{
	struct fwd_hosts *h = &f->hosts;
	bool known;

	if (k->zero != 0)
		return -EINVAL;
	fwd_host_find(f, k, &known);
	if (!known && h->count == h->capacity)
		return -ENOSPC;
	if (host_set(h, k, session) < 0) {
		fwd_reclaim_all(f);
		if (host_set(h, k, session) < 0)
			return -EAGAIN;
	}
	h->count += !known;
	return 0;
}

int
fwd_host_del(struct fwd *f, const struct fwd_host_key *k)
{
	struct fwd_hosts *h = &f->hosts;
	int place = rte_hash_del_key_with_hash(h->hash, k, host_signature(h, k));

	if (place < 0)
		return -ENOENT;
	fwd_ids_retire(&h->keys, place);
	h->count--;
	return 0;
}

uint32_t
fwd_host_find(const struct fwd *f, const struct fwd_host_key *k, bool *known)
{
	void *session;

	*known = rte_hash_lookup_with_hash_data(f->hosts.hash, k, host_signature(&f->hosts, k), &session) >= 0;
	return *known ? (uint32_t)(uintptr_t)session : FWD_NONE;
}
