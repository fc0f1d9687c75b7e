/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of hosts: bounded, so that refused hosts make room for newcomers, and with ids that outlive their host
 * for long enough that nobody takes a late word about one for a word about the next.
 */
#include "engine.h"

struct access_port *
access_port_find(struct access *a, uint16_t id)
{
	for (unsigned int i = 0; i < a->s.port_count; i++)
		if (a->port[i].id == id)
			return &a->port[i];
	return NULL;
}

uint32_t
access_place(const struct access *a, const struct access_host *h)
{
	return (uint32_t)(h - a->host);
}

static uint64_t
hash_of(const struct access *a, const struct access_key *key)
{
	uint64_t bits = (uint64_t)key->port << 48; /* the MAC takes 48 bits, the VLAN is folded into a second round */

	for (unsigned int i = 0; i < sizeof(key->mac.b); i++)
		bits |= (uint64_t)key->mac.b[i] << (8 * i);
	return hash_u64(&a->s.secret, hash_u64(&a->s.secret, bits) ^ key->vlan);
}

static bool
key_equal(const struct access_key *x, const struct access_key *y)
{
	return x->port == y->port && x->vlan == y->vlan && addr_mac_equal(&x->mac, &y->mac);
}

struct access_host *
access_host_find(const struct access *a, const struct access_key *key)
{
	uint32_t place = index_map_first(&a->by_key, hash_of(a, key));

	for (; place != INDEX_NONE; place = index_map_next(&a->by_key, place))
		if (key_equal(&a->host[place].key, key))
			return &a->host[place];
	return NULL;
}

struct access_host *
access_host_by_id(const struct access *a, uint32_t id)
{
	uint32_t place = id & ((1u << ACCESS_INDEX_BITS) - 1);

	if (place >= a->s.hosts_max || !index_pool_is_taken(&a->ids, place) || a->host[place].id != id)
		return NULL;
	return &a->host[place];
}

/* The refused host that would be forgotten next is forgotten now. */
static bool
make_room(struct access *a)
{
	uint32_t place = deadline_pop(&a->refused, DEADLINE_NEVER - 1);

	if (place == DEADLINE_NONE)
		return false;
	access_host_del(a, &a->host[place]);
	return true;
}

struct access_host *
access_host_add(struct access *a, const struct access_port *p, const struct access_key *key)
{
	uint32_t place = index_pool_take(&a->ids);
	struct access_host *h;

	if (place == INDEX_NONE && make_room(a))
		place = index_pool_take(&a->ids);
	if (place == INDEX_NONE) {
		a->stat.drop[STAT_DROP_HOST_TABLE_FULL]++;
		return NULL;
	}
	h = &a->host[place];
	*h = (struct access_host){
		.key = *key,
		.id = h->id + (1u << ACCESS_INDEX_BITS),
		.port = (uint16_t)(p - a->port),
		.router = p->link_local,
	};
	index_map_add(&a->by_key, place, hash_of(a, key));
	return h;
}

void
access_host_del(struct access *a, struct access_host *h)
{
	uint32_t place = access_place(a, h);

	access_act_host(a, ACCESS_ACT_HOST_CLEAR, h);
	deadline_clear(&a->due, place);
	deadline_clear(&a->silent, place);
	deadline_clear(&a->refused, place);
	index_map_del(&a->by_key, place);
	index_pool_put(&a->ids, place);
}

void
access_host_tell_end(struct access *a, struct access_host *h, enum access_detach why)
{
	struct access_action *act;

	if (!h->told)
		return;
	h->told = false;
	act = access_act_host(a, ACCESS_ACT_DETACHED, h);
	if (act != NULL)
		act->host.why = why;
	a->stat.counter[STAT_HOSTS_DETACHED]++;
}

void
access_host_detach(struct access *a, struct access_host *h, enum access_detach why)
{
	access_host_tell_end(a, h, why);
	access_host_del(a, h);
}
