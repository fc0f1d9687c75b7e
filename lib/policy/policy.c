/* SPDX-License-Identifier: BSD-3-Clause */
/* Entries in an array, and three maps from what is unique among them. */
#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>

#include "base/index.h"

/* In by_link and by_prefix the id of slot s of entry e is e * slots + s. */
struct policy {
	struct policy_entry *entry;
	uint32_t count;
	struct hash_secret secret;
	struct index_map by_id, by_link, by_prefix;
};

static uint64_t
hash_id(const struct policy *p, const struct pmip_mn_id *id)
{
	return hash_bytes(&p->secret, id->id, id->len);
}

static uint32_t
find_id(const struct policy *p, const struct pmip_mn_id *id)
{
	uint32_t e = index_map_first(&p->by_id, hash_id(p, id));

	while (e != INDEX_NONE && !pmip_mn_id_equal(&p->entry[e].profile.mn_id, id))
		e = index_map_next(&p->by_id, e);
	return e;
}

static uint32_t
find_link(const struct policy *p, const struct addr_mac *mac)
{
	uint32_t i = index_map_first(&p->by_link, hash_bytes(&p->secret, mac, sizeof(*mac)));

	for (; i != INDEX_NONE; i = index_map_next(&p->by_link, i))
		if (addr_mac_equal(&p->entry[i / POLICY_LINKS_MAX].link[i % POLICY_LINKS_MAX], mac))
			return i / POLICY_LINKS_MAX;
	return INDEX_NONE;
}

static uint32_t
find_prefix(const struct policy *p, const struct addr_prefix *prefix)
{
	uint32_t i = index_map_first(&p->by_prefix, hash_bytes(&p->secret, prefix, sizeof(*prefix)));

	for (; i != INDEX_NONE; i = index_map_next(&p->by_prefix, i))
		if (addr_prefix_equal(&p->entry[i / MH_HNP_MAX].profile.prefix[i % MH_HNP_MAX], prefix))
			return i / MH_HNP_MAX;
	return INDEX_NONE;
}

static int
check_entry(const struct policy_entry *e)
{
	if (e->profile.mn_id.len == 0 || e->profile.mn_id.len > MH_MN_ID_MAX || e->link_count > POLICY_LINKS_MAX ||
	    e->profile.prefix_count > MH_HNP_MAX || e->profile.prefixes_wanted > MH_HNP_MAX)
		return -EINVAL;
	for (unsigned int i = 0; i < e->link_count; i++)
		if (addr_mac_is_group(&e->link[i]))
			return -EINVAL;
	return 0;
}

/* Put entry number n into the maps; the entry that already holds one of its keys is given back, or INDEX_NONE. */
static uint32_t
add(struct policy *p, uint32_t n)
{
	const struct policy_entry *e = &p->entry[n];
	uint32_t other = find_id(p, &e->profile.mn_id);

	if (other != INDEX_NONE)
		return other;
	index_map_add(&p->by_id, n, hash_id(p, &e->profile.mn_id));
	for (uint32_t i = 0; i < e->link_count; i++) {
		other = find_link(p, &e->link[i]);
		if (other != INDEX_NONE)
			return other;
		index_map_add(&p->by_link, n * POLICY_LINKS_MAX + i,
			      hash_bytes(&p->secret, &e->link[i], sizeof(e->link[i])));
	}
	for (uint32_t i = 0; i < e->profile.prefix_count; i++) {
		other = find_prefix(p, &e->profile.prefix[i]);
		if (other != INDEX_NONE)
			return other;
		index_map_add(&p->by_prefix, n * MH_HNP_MAX + i,
			      hash_bytes(&p->secret, &e->profile.prefix[i], sizeof(e->profile.prefix[i])));
	}
	return INDEX_NONE;
}

static struct policy_error
fill(struct policy *p, const struct policy_entry *entries, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		int err = check_entry(&entries[i]);
		uint32_t other;

		if (err != 0)
			return (struct policy_error){.error = err, .entry = i};
		p->entry[i] = entries[i];
		other = add(p, i);
		if (other != INDEX_NONE)
			return (struct policy_error){.error = -EEXIST, .entry = i, .other = other};
	}
	p->count = n;
	return (struct policy_error){0};
}

struct policy *
policy_new(const struct policy_entry *entries, unsigned int n, const struct hash_secret *secret,
	   struct policy_error *bad)
{
	struct policy_error ignored, *e = bad != NULL ? bad : &ignored;
	struct policy *p = calloc(1, sizeof(*p));
	uint32_t room = n + 1; /* an empty store is a store */

	*e = (struct policy_error){.error = -ENOMEM};
	if (p == NULL || n >= UINT32_MAX / MH_HNP_MAX)
		goto fail;
	p->secret = *secret;
	p->entry = calloc(room, sizeof(*p->entry));
	if (p->entry == NULL || index_map_init(&p->by_id, room) != 0 ||
	    index_map_init(&p->by_link, room * POLICY_LINKS_MAX) != 0 ||
	    index_map_init(&p->by_prefix, room * MH_HNP_MAX) != 0)
		goto fail;
	*e = fill(p, entries, n);
	if (e->error == 0)
		return p;
fail:
	policy_free(p);
	return NULL;
}

void
policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	index_map_fini(&p->by_prefix);
	index_map_fini(&p->by_link);
	index_map_fini(&p->by_id);
	free(p->entry);
	free(p);
}

static bool
give(const struct policy *p, uint32_t e, struct pmip_profile *out)
{
	if (e == INDEX_NONE)
		return false;
	*out = p->entry[e].profile;
	return true;
}

bool
policy_find_by_mac(const struct policy *p, const struct addr_mac *mac, struct pmip_profile *out)
{
	return give(p, find_link(p, mac), out);
}

bool
policy_find_by_id(const struct policy *p, const struct pmip_mn_id *id, struct pmip_profile *out)
{
	return give(p, find_id(p, id), out);
}

uint32_t
policy_count(const struct policy *p)
{
	return p->count;
}

const struct policy_entry *
policy_get(const struct policy *p, uint32_t i)
{
	return i < p->count ? &p->entry[i] : NULL;
}

const struct policy_entry *
policy_find_entry(const struct policy *p, const struct pmip_mn_id *id)
{
	return policy_get(p, find_id(p, id)); /* INDEX_NONE is past the last */
}
