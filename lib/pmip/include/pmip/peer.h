/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The nodes that this one speaks PMIPv6 with: found by address, the longest prefix first. On an anchor they are
 * the access gateways that may register mobile nodes (RFC 5213 section 4).
 *
 *	const struct pmip_peer_settings *peer = pmip_peers_find(&peers, &source);
 *	if (peer == NULL)
 *		reject(MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG);
 *
 * A look-up costs one probe for each prefix length in use. Not thread safe. Memory is allocated by init alone.
 */
#include <stdint.h>

#include "base/hash.h"
#include "base/index.h"
#include "pmip/settings.h"

struct pmip_peers {
	struct pmip_peer_settings *list; /* copies, in the order given */
	unsigned int count;
	struct index_map by_prefix; /* of list */
	struct hash_secret secret;
	uint8_t len[129]; /* prefix lengths in use, longest first */
	unsigned int len_count;
};

/* 0, -ENOMEM, -EINVAL: bits set past a prefix's length, or -EEXIST: two peers of the same prefix. */
int pmip_peers_init(struct pmip_peers *p, const struct pmip_peer_settings *list, unsigned int n,
		    const struct hash_secret *secret);
void pmip_peers_fini(struct pmip_peers *p);
/* The peer whose address this is or whose prefix holds it, or NULL. Lives as long as the table. */
const struct pmip_peer_settings *pmip_peers_find(const struct pmip_peers *p, const struct addr6 *a);
