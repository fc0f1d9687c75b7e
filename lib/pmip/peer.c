/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers by hash of their prefix, probed at each length in use. */
#include "pmip/peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct pmip_peer_settings *
find_prefix(const struct pmip_peers *p, const struct addr_prefix *prefix)
{
	uint64_t hash = hash_bytes(&p->secret, prefix, sizeof(*prefix));
	uint32_t i;

	for (i = index_map_first(&p->by_prefix, hash); i != INDEX_NONE; i = index_map_next(&p->by_prefix, i))
		if (addr_prefix_equal(&p->list[i].address, prefix))
			return &p->list[i];
	return NULL;
}

static void
note_len(struct pmip_peers *p, uint8_t len)
{
	unsigned int at = 0;

	while (at < p->len_count && p->len[at] > len)
		at++;
	if (at < p->len_count && p->len[at] == len)
		return;
	memmove(&p->len[at + 1], &p->len[at], p->len_count - at);
	p->len[at] = len;
	p->len_count++;
}

static int
add(struct pmip_peers *p, uint32_t i, const struct pmip_peer_settings *s)
{
	struct addr_prefix exact;

	if (s->address.len > 128)
		return -EINVAL;
	exact = addr_prefix_mask(&s->address.addr, s->address.len);
	if (!addr_prefix_equal(&exact, &s->address))
		return -EINVAL;
	if (find_prefix(p, &exact) != NULL)
		return -EEXIST;
	p->list[i] = *s;
	index_map_add(&p->by_prefix, i, hash_bytes(&p->secret, &exact, sizeof(exact)));
	note_len(p, exact.len);
	return 0;
}

int
pmip_peers_init(struct pmip_peers *p, const struct pmip_peer_settings *list, unsigned int n,
		const struct hash_secret *secret)
{
	int err;

	*p = (struct pmip_peers){.secret = *secret};
	p->list = calloc(n + 1, sizeof(*p->list));
	if (p->list == NULL)
		return -ENOMEM;
	p->count = n;
	err = index_map_init(&p->by_prefix, n + 1);
	for (unsigned int i = 0; i < n && err == 0; i++)
		err = add(p, i, &list[i]);
	if (err != 0)
		pmip_peers_fini(p);
	return err;
}

void
pmip_peers_fini(struct pmip_peers *p)
{
	index_map_fini(&p->by_prefix);
	if (p->list != NULL)
		explicit_bzero(p->list, p->count * sizeof(*p->list)); /* keys */
	free(p->list);
	*p = (struct pmip_peers){0};
}

const struct pmip_peer_settings *
pmip_peers_find(const struct pmip_peers *p, const struct addr6 *a)
{
	for (unsigned int i = 0; i < p->len_count; i++) {
		struct addr_prefix prefix = addr_prefix_mask(a, p->len[i]);
		const struct pmip_peer_settings *found = find_prefix(p, &prefix);

		if (found != NULL)
			return found;
	}
	return NULL;
}
