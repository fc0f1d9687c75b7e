/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of neighbours: bounded, so that newcomers take the place of those that nobody uses, and the packets
 * that wait for them.
 */
#include "engine.h"

static const bool state_adjacent[HOST_STATE_COUNT] = {
#define HOST_STATE(name, text, adjacent, help) [HOST_##name] = adjacent,
#include "host/state.def"
#undef HOST_STATE
};

static uint32_t
id_of(const struct host *h, const struct host_neighbour *n)
{
	return (uint32_t)(n - h->neighbour);
}

static uint64_t
hash_of(const struct host *h, uint16_t port, const struct addr6 *addr)
{
	uint8_t key[sizeof(*addr) + sizeof(port)];

	memcpy(key, addr, sizeof(*addr));
	memcpy(key + sizeof(*addr), &port, sizeof(port));
	return hash_bytes(&h->s.secret, key, sizeof(key));
}

struct host_neighbour *
host_neighbour_find(struct host *h, const struct host_port *p, const struct addr6 *addr)
{
	const uint16_t port = (uint16_t)(p - h->port);
	uint32_t id = index_map_first(&h->neighbour_by_addr, hash_of(h, port, addr));

	for (; id != INDEX_NONE; id = index_map_next(&h->neighbour_by_addr, id))
		if (h->neighbour[id].port == port && addr6_equal(&h->neighbour[id].addr, addr))
			return &h->neighbour[id];
	return NULL;
}

/* Forget the neighbour that has been idle for longest; one that was only heard of pushes out no one that was used. */
static bool
make_room(struct host *h, bool used)
{
	uint32_t id;

	if (!used && deadline_next(&h->idle) > 0)
		return false;
	id = deadline_pop(&h->idle, DEADLINE_NEVER - 1);
	if (id == DEADLINE_NONE)
		return false;
	host_neighbour_del(h, &h->neighbour[id]);
	return true;
}

struct host_neighbour *
host_neighbour_add(struct host *h, const struct host_port *p, const struct addr6 *addr, bool used)
{
	const uint16_t port = (uint16_t)(p - h->port);
	struct host_neighbour *n;
	uint32_t id = index_pool_take(&h->neighbour_ids);

	if (id == INDEX_NONE && make_room(h, used))
		id = index_pool_take(&h->neighbour_ids);
	if (id == INDEX_NONE)
		return NULL;
	n = &h->neighbour[id];
	*n = (struct host_neighbour){.addr = *addr, .port = port, .state = HOST_STALE};
	index_map_add(&h->neighbour_by_addr, id, hash_of(h, port, addr));
	if (used)
		host_neighbour_touch(h, n);
	else
		deadline_set(&h->idle, id, 0);
	return n;
}

void
host_neighbour_touch(struct host *h, struct host_neighbour *n)
{
	n->used_ms = h->now_ms > 0 ? h->now_ms : 1; /* 0 is "never" */
	deadline_set(&h->idle, id_of(h, n), n->kept || n->state == HOST_STATIC ? DEADLINE_NEVER : n->used_ms);
}

static void
tell(struct host *h, struct host_neighbour *n, bool up)
{
	struct host_action *a = host_act(h, HOST_ACT_NEIGHBOUR, &h->port[n->port]);

	if (a == NULL)
		return;
	a->neighbour.addr = n->addr;
	a->neighbour.mac = up ? n->mac : n->told_mac;
	a->neighbour.up = up;
	n->adjacent = up;
	n->told_mac = n->mac;
}

void
host_neighbour_tell_again(struct host *h, struct host_neighbour *n)
{
	if (n->adjacent)
		tell(h, n, true);
}

void
host_neighbour_enter(struct host *h, struct host_neighbour *n, enum host_state state, uint64_t due_ms)
{
	bool up = state_adjacent[state];

	n->state = state;
	deadline_set(&h->neighbour_due, id_of(h, n), due_ms);
	if (up != n->adjacent || (up && !addr_mac_equal(&n->mac, &n->told_mac)))
		tell(h, n, up);
}

void
host_neighbour_del(struct host *h, struct host_neighbour *n)
{
	uint32_t id = id_of(h, n);

	if (n->adjacent)
		tell(h, n, false);
	host_neighbour_drop_waiting(h, n);
	deadline_clear(&h->neighbour_due, id);
	deadline_clear(&h->idle, id);
	index_map_del(&h->neighbour_by_addr, id);
	index_pool_put(&h->neighbour_ids, id);
}

void
host_packet_send(struct host *h, const struct host_port *p, const struct addr_mac *to, const uint8_t *packet,
		 size_t len)
{
	struct host_action *a = host_act(h, HOST_ACT_FRAME, p);
	struct writer w;

	if (a == NULL)
		return;
	w = writer_on(a->frame.bytes, sizeof(a->frame.bytes));
	writer_copy(&w, to, sizeof(*to));
	writer_copy(&w, &p->mac, sizeof(p->mac));
	if (p->vlan != ND_VLAN_NONE) {
		writer_u16(&w, 0x8100);
		writer_u16(&w, p->vlan);
	}
	writer_u16(&w, ND_ETHERTYPE_IP6);
	writer_copy(&w, packet, len);
	host_act_settle(h, a, w.failed ? -1 : (int)writer_len(&w));
}

void
host_neighbour_wait(struct host *h, struct host_neighbour *n, const uint8_t *packet, size_t len)
{
	uint32_t id;

	if (n->waiting_count == HOST_WAITING_MAX) {
		index_pool_put(&h->packet_ids, n->waiting[0]);
		n->waiting_count--;
		memmove(n->waiting, n->waiting + 1, n->waiting_count * sizeof(n->waiting[0]));
		h->stat.drop[STAT_DROP_OWN_QUEUE]++;
	}
	id = index_pool_take(&h->packet_ids);
	if (id == INDEX_NONE) {
		h->stat.drop[STAT_DROP_OWN_QUEUE]++;
		return;
	}
	h->packet[id].len = len;
	memcpy(h->packet[id].bytes, packet, len);
	n->waiting[n->waiting_count++] = id;
}

void
host_neighbour_flush(struct host *h, struct host_neighbour *n)
{
	for (unsigned int i = 0; i < n->waiting_count; i++) {
		const struct host_packet *packet = &h->packet[n->waiting[i]];

		host_packet_send(h, &h->port[n->port], &n->mac, packet->bytes, packet->len);
		index_pool_put(&h->packet_ids, n->waiting[i]);
	}
	n->waiting_count = 0;
}

void
host_neighbour_drop_waiting(struct host *h, struct host_neighbour *n)
{
	h->stat.drop[STAT_DROP_NO_ADJACENCY] += n->waiting_count;
	for (unsigned int i = 0; i < n->waiting_count; i++)
		index_pool_put(&h->packet_ids, n->waiting[i]);
	n->waiting_count = 0;
}
