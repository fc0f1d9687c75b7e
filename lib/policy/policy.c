/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Made at once and never changed, a mobile node takes what it has: its identifier, link-layer addresses and prefixes
 * stand in arrays of all nodes, one behind the other, and what many nodes have alike is kept once.
 */
#include "policy/policy.h"

#include <errno.h>
#include <stdlib.h>

#include "base/index.h"

/* What is said of a mobile node beside who it is and which addresses it has. Bytes alone: no padding. */
struct terms {
	bool barred, lma_given;
	struct addr6 lma;
	uint8_t access_tech, prefixes_wanted;
	char pool[PMIP_NAME_MAX];
	char service[MH_SERVICE_MAX + 1];
	uint8_t flow_policies[sizeof(uint64_t)];
};

/* Where its parts begin; they end where those of the next node do. */
struct node {
	uint32_t id; /* its subtype, and its bytes */
	uint32_t link, prefix;
	uint32_t terms;
};

struct link {
	struct addr_mac mac;
	uint32_t node;
};

struct fixed {
	struct addr_prefix prefix;
	uint32_t node;
};

struct policy {
	struct node *node; /* count, and the end of the last */
	uint8_t *ids;
	struct link *link;
	struct fixed *prefix;
	struct terms *terms;
	uint32_t count, terms_count;
	struct hash_secret secret;
	struct index_map by_id, by_link, by_prefix;
};

static uint64_t
hash_id(const struct policy *p, const struct pmip_mn_id *id)
{
	return hash_bytes(&p->secret, id->id, id->len);
}

static uint8_t
id_len(const struct policy *p, uint32_t n)
{
	return (uint8_t)(p->node[n + 1].id - p->node[n].id - 1);
}

static bool
has_id(const struct policy *p, uint32_t n, const struct pmip_mn_id *id)
{
	const uint8_t *at = &p->ids[p->node[n].id];

	return id_len(p, n) == id->len && at[0] == id->subtype && memcmp(at + 1, id->id, id->len) == 0;
}

static uint32_t
find_id(const struct policy *p, const struct pmip_mn_id *id)
{
	uint32_t n = index_map_first(&p->by_id, hash_id(p, id));

	while (n != INDEX_NONE && !has_id(p, n, id))
		n = index_map_next(&p->by_id, n);
	return n;
}

static uint32_t
find_link(const struct policy *p, const struct addr_mac *mac)
{
	uint32_t i = index_map_first(&p->by_link, hash_bytes(&p->secret, mac, sizeof(*mac)));

	while (i != INDEX_NONE && !addr_mac_equal(&p->link[i].mac, mac))
		i = index_map_next(&p->by_link, i);
	return i != INDEX_NONE ? p->link[i].node : INDEX_NONE;
}

static uint32_t
find_prefix(const struct policy *p, const struct addr_prefix *prefix)
{
	uint32_t i = index_map_first(&p->by_prefix, hash_bytes(&p->secret, prefix, sizeof(*prefix)));

	while (i != INDEX_NONE && !addr_prefix_equal(&p->prefix[i].prefix, prefix))
		i = index_map_next(&p->by_prefix, i);
	return i != INDEX_NONE ? p->prefix[i].node : INDEX_NONE;
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

/* The parts of entry number n go behind those of the nodes before it. */
static void
keep(struct policy *p, uint32_t n, const struct policy_entry *e)
{
	struct node *at = &p->node[n];
	const struct pmip_profile *profile = &e->profile;

	p->ids[at->id] = profile->mn_id.subtype;
	memcpy(&p->ids[at->id + 1], profile->mn_id.id, profile->mn_id.len);
	for (unsigned int i = 0; i < e->link_count; i++)
		p->link[at->link + i] = (struct link){e->link[i], n};
	for (unsigned int i = 0; i < profile->prefix_count; i++)
		p->prefix[at->prefix + i] = (struct fixed){profile->prefix[i], n};
	at[1].id = at->id + 1 + profile->mn_id.len;
	at[1].link = at->link + e->link_count;
	at[1].prefix = at->prefix + profile->prefix_count;
}

/* Put node n into the maps; the one that already holds one of its keys is given back, or INDEX_NONE. */
static uint32_t
add(struct policy *p, uint32_t n, const struct policy_entry *e)
{
	const struct node *at = &p->node[n];
	uint32_t other = find_id(p, &e->profile.mn_id);

	if (other != INDEX_NONE)
		return other;
	index_map_add(&p->by_id, n, hash_id(p, &e->profile.mn_id));
	for (uint32_t i = at->link; i < at[1].link; i++) {
		other = find_link(p, &p->link[i].mac);
		if (other != INDEX_NONE)
			return other;
		index_map_add(&p->by_link, i, hash_bytes(&p->secret, &p->link[i].mac, sizeof(p->link[i].mac)));
	}
	for (uint32_t i = at->prefix; i < at[1].prefix; i++) {
		other = find_prefix(p, &p->prefix[i].prefix);
		if (other != INDEX_NONE)
			return other;
		index_map_add(&p->by_prefix, i,
			      hash_bytes(&p->secret, &p->prefix[i].prefix, sizeof(p->prefix[i].prefix)));
	}
	return INDEX_NONE;
}

/* The terms of a node among those that are kept, by_terms knows which. */
static uint32_t
share_terms(struct policy *p, struct index_map *by_terms, const struct pmip_profile *profile)
{
	struct terms t = {.barred = profile->barred,
			  .lma_given = profile->lma_given,
			  .lma = profile->lma,
			  .access_tech = profile->access_tech,
			  .prefixes_wanted = profile->prefixes_wanted};
	uint64_t hash;
	uint32_t i;

	memcpy(t.pool, profile->pool, sizeof(t.pool));
	memcpy(t.service, profile->service, sizeof(t.service));
	memcpy(t.flow_policies, &profile->flow_policies, sizeof(t.flow_policies));
	hash = hash_bytes(&p->secret, &t, sizeof(t));
	i = index_map_first(by_terms, hash);
	while (i != INDEX_NONE && memcmp(&p->terms[i], &t, sizeof(t)) != 0)
		i = index_map_next(by_terms, i);
	if (i != INDEX_NONE)
		return i;
	i = p->terms_count++;
	p->terms[i] = t;
	index_map_add(by_terms, i, hash);
	return i;
}

static struct policy_error
fill(struct policy *p, const struct policy_source *source, struct index_map *by_terms)
{
	for (uint32_t i = 0; i < source->count; i++) {
		struct policy_entry e;
		uint32_t other;

		if (!source->get(source->from, i, &e))
			return (struct policy_error){.error = -EINVAL, .entry = i};
		p->node[i].terms = share_terms(p, by_terms, &e.profile);
		keep(p, i, &e);
		other = add(p, i, &e);
		if (other != INDEX_NONE)
			return (struct policy_error){.error = -EEXIST, .entry = i, .other = other};
	}
	p->count = source->count;
	return (struct policy_error){0};
}

/* How much all entries need, and that each of them may be kept. */
struct need {
	uint64_t ids, links, prefixes;
};

static struct policy_error
check_all(const struct policy_source *source, struct need *need)
{
	for (uint32_t i = 0; i < source->count; i++) {
		struct policy_entry e;
		int err = source->get(source->from, i, &e) ? check_entry(&e) : -EINVAL;

		if (err != 0)
			return (struct policy_error){.error = err, .entry = i};
		need->ids += 1 + e.profile.mn_id.len;
		need->links += e.link_count;
		need->prefixes += e.profile.prefix_count;
	}
	if (source->count == UINT32_MAX || need->ids > UINT32_MAX || need->links >= UINT32_MAX ||
	    need->prefixes >= UINT32_MAX)
		return (struct policy_error){.error = -ENOMEM};
	return (struct policy_error){0};
}

/* An empty store is a store, so each table has room for one. */
static bool
make_room(struct policy *p, uint32_t n, const struct need *need)
{
	p->node = calloc((size_t)n + 1, sizeof(*p->node));
	p->ids = calloc(need->ids + 1, 1);
	p->link = calloc(need->links + 1, sizeof(*p->link));
	p->prefix = calloc(need->prefixes + 1, sizeof(*p->prefix));
	p->terms = calloc((size_t)n + 1, sizeof(*p->terms));
	return p->node != NULL && p->ids != NULL && p->link != NULL && p->prefix != NULL && p->terms != NULL &&
	       index_map_init(&p->by_id, n + 1) == 0 && index_map_init(&p->by_link, (uint32_t)need->links + 1) == 0 &&
	       index_map_init(&p->by_prefix, (uint32_t)need->prefixes + 1) == 0;
}

static struct policy_error
build(struct policy *p, const struct policy_source *source)
{
	struct policy_error e = {.error = -ENOMEM};
	struct index_map by_terms = {0};
	struct need need = {0};
	struct terms *fewer;

	if (p == NULL)
		return e;
	e = check_all(source, &need);
	if (e.error != 0)
		return e;
	if (make_room(p, source->count, &need) && index_map_init(&by_terms, source->count + 1) == 0)
		e = fill(p, source, &by_terms);
	else
		e.error = -ENOMEM;
	index_map_fini(&by_terms);
	fewer = realloc(p->terms, ((size_t)p->terms_count + 1) * sizeof(*p->terms));
	if (fewer != NULL)
		p->terms = fewer;
	return e;
}

struct policy *
policy_new_from(const struct policy_source *source, const struct hash_secret *secret, struct policy_error *bad)
{
	struct policy_error ignored, *e = bad != NULL ? bad : &ignored;
	struct policy *p = calloc(1, sizeof(*p));

	if (p != NULL)
		p->secret = *secret;
	*e = build(p, source);
	if (e->error == 0)
		return p;
	policy_free(p);
	return NULL;
}

static bool
get_of_list(const void *entries, uint32_t i, struct policy_entry *out)
{
	*out = ((const struct policy_entry *)entries)[i];
	return true;
}

struct policy *
policy_new(const struct policy_entry *entries, unsigned int n, const struct hash_secret *secret,
	   struct policy_error *bad)
{
	const struct policy_source source = {.count = n, .get = get_of_list, .from = entries};

	return policy_new_from(&source, secret, bad);
}

void
policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	index_map_fini(&p->by_prefix);
	index_map_fini(&p->by_link);
	index_map_fini(&p->by_id);
	free(p->terms);
	free(p->prefix);
	free(p->link);
	free(p->ids);
	free(p->node);
	free(p);
}

static bool
give_profile(const struct policy *p, uint32_t n, struct pmip_profile *out)
{
	const struct node *at;
	const struct terms *t;

	if (n >= p->count)
		return false; /* INDEX_NONE too */
	at = &p->node[n];
	t = &p->terms[at->terms];
	*out = (struct pmip_profile){.mn_id = {.subtype = p->ids[at->id], .len = id_len(p, n)},
				     .barred = t->barred,
				     .lma_given = t->lma_given,
				     .lma = t->lma,
				     .access_tech = t->access_tech,
				     .prefix_count = (uint8_t)(at[1].prefix - at->prefix),
				     .prefixes_wanted = t->prefixes_wanted};
	memcpy(out->mn_id.id, &p->ids[at->id + 1], out->mn_id.len);
	memcpy(out->pool, t->pool, sizeof(out->pool));
	memcpy(out->service, t->service, sizeof(out->service));
	memcpy(&out->flow_policies, t->flow_policies, sizeof(out->flow_policies));
	for (unsigned int i = 0; i < out->prefix_count; i++)
		out->prefix[i] = p->prefix[at->prefix + i].prefix;
	return true;
}

bool
policy_find_by_mac(const struct policy *p, const struct addr_mac *mac, struct pmip_profile *out)
{
	return give_profile(p, find_link(p, mac), out);
}

bool
policy_find_by_id(const struct policy *p, const struct pmip_mn_id *id, struct pmip_profile *out)
{
	return give_profile(p, find_id(p, id), out);
}

bool
policy_knows(const struct policy *p, const struct pmip_mn_id *id)
{
	return find_id(p, id) != INDEX_NONE;
}

void
policy_ahead_begin(const struct policy *p, const struct pmip_mn_id *id, struct policy_ahead *a)
{
	*a = (struct policy_ahead){.hash = hash_id(p, id), .node = INDEX_NONE};
	index_map_ahead(&p->by_id, a->hash);
}

void
policy_ahead_next(const struct policy *p, struct policy_ahead *a)
{
	if (a->step++ == 0) {
		a->node = index_map_guess(&p->by_id, a->hash);
		if (a->node != INDEX_NONE)
			__builtin_prefetch(&p->node[a->node]);
	} else if (a->node != INDEX_NONE) {
		__builtin_prefetch(&p->ids[p->node[a->node].id]);
	}
}

uint32_t
policy_count(const struct policy *p)
{
	return p->count;
}

bool
policy_get(const struct policy *p, uint32_t i, struct policy_entry *out)
{
	const struct node *at;

	if (!give_profile(p, i, &out->profile))
		return false;
	at = &p->node[i];
	out->link_count = (uint8_t)(at[1].link - at->link);
	for (unsigned int k = 0; k < out->link_count; k++)
		out->link[k] = p->link[at->link + k].mac;
	return true;
}

bool
policy_find_entry(const struct policy *p, const struct pmip_mn_id *id, struct policy_entry *out)
{
	return policy_get(p, find_id(p, id), out);
}
