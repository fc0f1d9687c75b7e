/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The policy store: which mobile nodes are served, and how (RFC 5213 section 6.2). This one is filled in at its
 * creation and does not change; a reload makes another.
 *
 *	struct policy_error bad;
 *	struct policy *p = policy_new(entries, n, &secret, &bad);
 *	if (policy_find_by_mac(p, &mac, &profile))
 *		...
 *
 * Look-ups are pure and may be made from any thread.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "pmip/event.h"

#define POLICY_LINKS_MAX 8 /* link-layer addresses of one mobile node */

struct policy;

/* One mobile node. */
struct policy_entry {
	uint8_t link_count; /* 0: known by its identifier alone */
	struct addr_mac link[POLICY_LINKS_MAX];
	struct pmip_profile profile;
};

/* Why a store was not made. */
struct policy_error {
	int error;	/* -EEXIST, -EINVAL or -ENOMEM */
	uint32_t entry; /* the one that is at fault, not set for -ENOMEM */
	uint32_t other; /* -EEXIST: the earlier one that has the same identifier, link-layer address or prefix */
};

/*
 * A store with copies of n entries, or NULL with *bad (which may be NULL) filled in: -EEXIST when two mobile nodes
 * share an identifier, a link-layer address or a fixed prefix, -EINVAL when an entry has no identifier or more
 * addresses or prefixes than fit, or a group address.
 */
struct policy *policy_new(const struct policy_entry *entries, unsigned int n, const struct hash_secret *secret,
			  struct policy_error *bad);
/*
 * The same of entries that are made one by one, each more than once and always alike: there may be a million. `get` may
 * refuse one, as -EINVAL.
 */
struct policy_source {
	uint32_t count;
	bool (*get)(const void *from, uint32_t i, struct policy_entry *out);
	const void *from;
};
struct policy *policy_new_from(const struct policy_source *source, const struct hash_secret *secret,
			       struct policy_error *bad);
void policy_free(struct policy *p);

/* The profile of the mobile node with this link-layer address or identifier, copied to *out; false when unknown. */
bool policy_find_by_mac(const struct policy *p, const struct addr_mac *mac, struct pmip_profile *out);
bool policy_find_by_id(const struct policy *p, const struct pmip_mn_id *id, struct pmip_profile *out);
/* The same in steps, for each of a batch before it is looked up: what that will read is fetched. */
#define POLICY_AHEAD_STEPS 2
struct policy_ahead {
	uint64_t hash;
	uint32_t node;
	uint8_t step;
};
void policy_ahead_begin(const struct policy *p, const struct pmip_mn_id *id, struct policy_ahead *a);
void policy_ahead_next(const struct policy *p, struct policy_ahead *a);
uint32_t policy_count(const struct policy *p);
bool policy_knows(const struct policy *p, const struct pmip_mn_id *id);
/* Entry i (0..), or that of a mobile node, copied to *out; false past the last, or when unknown. */
bool policy_get(const struct policy *p, uint32_t i, struct policy_entry *out);
bool policy_find_entry(const struct policy *p, const struct pmip_mn_id *id, struct policy_entry *out);
