/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>

#include <rte_malloc.h>

#include "tables.h"

#define TUNNEL_HOP_LIMIT 64 /* the default of RFC 2473 section 6.3: that of the node */

int
fwd_tunnels_init(struct fwd *f, const struct fwd_settings *s)
{
	static const struct fwd_tunnel unused = {.adjacency = FWD_NONE};
	struct fwd_tunnels *t = &f->tunnels;
	uint32_t ids = s->tunnels + 1;

	t->capacity = s->tunnels;
	if (fwd_ids_init(&t->ids, ids, s->socket) < 0)
		return -ENOMEM;
	fwd_ids_take(&t->ids); /* 0 is no tunnel */
	if (index_map_init(&t->by_addresses, ids) < 0)
		return -ENOMEM;
	t->uses = rte_zmalloc_socket("fwd tunnels", ids * sizeof(*t->uses), 0, s->socket);
	if (t->uses == NULL)
		return -ENOMEM;
	if (fwd_lines_init(&t->lines, &f->read.tunnel, ids, ids, sizeof(unused), &unused, s->socket) < 0)
		return -ENOMEM;
	fwd_lines_touch(&t->lines);
	return 0;
}

void
fwd_tunnels_fini(struct fwd *f)
{
	struct fwd_tunnels *t = &f->tunnels;

	fwd_lines_fini(&t->lines);
	rte_free(t->uses);
	index_map_fini(&t->by_addresses);
	fwd_ids_fini(&t->ids);
}

bool
fwd_tunnels_turn(struct fwd *f)
{
	bool ids = fwd_ids_turn(&f->tunnels.ids);

	return fwd_lines_turn(&f->tunnels.lines) || ids;
}

static uint64_t
tunnel_hash(const struct fwd *f, const struct addr6 *local, const struct addr6 *remote)
{
	struct addr6 both[2] = {*local, *remote};

	return hash_bytes(&f->secret, both, sizeof(both));
}

static uint32_t
tunnel_lookup(const struct fwd *f, const struct addr6 *local, const struct addr6 *remote, uint8_t flags, uint64_t hash)
{
	const struct index_map *m = &f->tunnels.by_addresses;

	for (uint32_t id = index_map_first(m, hash); id != INDEX_NONE; id = index_map_next(m, id)) {
		const struct fwd_tunnel *line = fwd_tunnel_get(f, id);

		if (addr6_equal(&line->local, local) && addr6_equal(&line->remote, remote) && line->flags == flags)
			return id;
	}
	return 0;
}

/* A tunnel with a line and no uses yet: its id or a negative errno. */
static int
tunnel_make(struct fwd *f, const struct fwd_tunnel *line)
{
	struct fwd_tunnels *t = &f->tunnels;
	uint32_t id;
	int err;

	if (t->count == t->capacity)
		return -ENOSPC;
	id = fwd_take(f, &t->ids);
	if (id == FWD_IDS_NONE)
		return -EAGAIN;
	err = fwd_set(f, &t->lines, id, line);
	if (err < 0) {
		fwd_ids_retire(&t->ids, id);
		return err;
	}
	t->count++;
	return id;
}

int
fwd_tunnel_add(struct fwd *f, const struct addr6 *local, const struct addr6 *remote, uint16_t mtu,
	       const struct tun_style *style)
{
	uint64_t hash = tunnel_hash(f, local, remote);
	uint8_t flags = style->gre ? FWD_TUNNEL_GRE : 0;
	int id = tunnel_lookup(f, local, remote, flags, hash);

	if (id == 0) {
		struct fwd_tunnel line = {
			.adjacency = FWD_NONE, .mtu = mtu, .flags = flags, .local = *local, .remote = *remote};

		tun_template_init(&line.header, local, remote, TUNNEL_HOP_LIMIT, style);
		id = tunnel_make(f, &line);
		if (id < 0)
			return id;
		index_map_add(&f->tunnels.by_addresses, id, hash);
	}
	f->tunnels.uses[id]++;
	return id;
}

int
fwd_tunnel_use(struct fwd *f, uint32_t tunnel)
{
	if (fwd_tunnel_uses(f, tunnel) == 0)
		return -ENOENT;
	f->tunnels.uses[tunnel]++;
	return 0;
}

int
fwd_tunnel_del(struct fwd *f, uint32_t tunnel)
{
	struct fwd_tunnels *t = &f->tunnels;

	if (fwd_tunnel_uses(f, tunnel) == 0)
		return -ENOENT;
	if (--t->uses[tunnel] > 0)
		return 0;
	index_map_del(&t->by_addresses, tunnel);
	fwd_lines_clear(&t->lines, tunnel);
	fwd_ids_retire(&t->ids, tunnel);
	t->count--;
	return 0;
}

int
fwd_tunnel_set_adjacency(struct fwd *f, uint32_t tunnel, uint32_t adjacency, uint16_t mtu)
{
	const struct fwd_tunnel *old = fwd_tunnel_find(f, tunnel);
	struct fwd_tunnel line;

	if (old == NULL)
		return -ENOENT;
	line = *old;
	line.adjacency = adjacency;
	line.mtu = mtu;
	return fwd_set(f, &f->tunnels.lines, tunnel, &line);
}

const struct fwd_tunnel *
fwd_tunnel_find(const struct fwd *f, uint32_t tunnel)
{
	return fwd_tunnel_uses(f, tunnel) > 0 ? fwd_tunnel_get(f, tunnel) : NULL;
}

uint32_t
fwd_tunnel_uses(const struct fwd *f, uint32_t tunnel)
{
	return tunnel < f->read.tunnel.capacity ? f->tunnels.uses[tunnel] : 0;
}

uint32_t
fwd_tunnel_next(const struct fwd *f, uint32_t after)
{
	for (uint32_t id = after; id < f->tunnels.capacity; id++)
		if (f->tunnels.uses[id + 1] > 0)
			return id + 1;
	return 0;
}
