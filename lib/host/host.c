/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "engine.h"

static const char *const state_names[HOST_STATE_COUNT] = {
#define HOST_STATE(name, text, adjacent, help) [HOST_##name] = text,
#include "host/state.def"
#undef HOST_STATE
};

struct host_settings
host_settings_default(void)
{
	return (struct host_settings){
		.router = true,
		.neighbours_max = 1024,
		.waiting_max = 128,
		.dad_probes = 1,
		.retrans_ms = 1000,
		.reachable_ms = 30000,
		.delay_ms = 5000,
		.hold_down_ms = 3000,
		.echo_replies_per_s = 100,
		.errors_per_s = 10,
	};
}

static bool
settings_check(const struct host_settings *s)
{
	if (s->neighbours_max == 0 || s->waiting_max == 0 || s->retrans_ms == 0 || s->reachable_ms == 0)
		return false;
	for (unsigned int i = 0; i < s->port_count; i++) {
		if (s->ports[i].address_count >= HOST_ADDRESSES_MAX)
			return false;
		for (unsigned int j = 0; j < i; j++)
			if (s->ports[i].port == s->ports[j].port)
				return false;
	}
	return true;
}

static void
own_add(struct host *h, uint16_t port, const struct addr6 *addr, uint8_t len)
{
	uint32_t id = h->own_count++;

	h->own[id] = (struct host_own){.addr = *addr, .len = len, .port = port};
	h->port[port].own_count++;
	deadline_set(&h->own_due, id, 0);
}

static void
ports_fill(struct host *h, const struct host_port_settings *ports)
{
	for (unsigned int i = 0; i < h->s.port_count; i++) {
		const struct host_port_settings *ps = &ports[i];
		struct addr6 link_local = addr6_is_zero(&ps->link_local) ? addr6_link_local(&ps->mac) : ps->link_local;

		h->port[i] =
			(struct host_port){.id = ps->port, .vlan = ps->vlan, .mac = ps->mac, .own_first = h->own_count};
		own_add(h, i, &link_local, 64);
		for (unsigned int j = 0; j < ps->address_count; j++)
			own_add(h, i, &ps->address[j].addr, ps->address[j].len);
	}
}

struct host *
host_new(const struct host_settings *s)
{
	struct host *h;

	if (!settings_check(s))
		return NULL;
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		return NULL;
	h->s = *s;
	h->s.ports = NULL;
	h->port = calloc(s->port_count + 1, sizeof(*h->port));
	h->own = calloc(s->port_count + 1, HOST_ADDRESSES_MAX * sizeof(*h->own));
	h->neighbour = calloc(s->neighbours_max, sizeof(*h->neighbour));
	h->packet = calloc(s->waiting_max, sizeof(*h->packet));
	if (h->port == NULL || h->own == NULL || h->neighbour == NULL || h->packet == NULL ||
	    deadline_init(&h->own_due, (s->port_count + 1) * HOST_ADDRESSES_MAX) != 0 ||
	    index_pool_init(&h->neighbour_ids, s->neighbours_max) != 0 ||
	    index_map_init(&h->neighbour_by_addr, s->neighbours_max) != 0 ||
	    deadline_init(&h->neighbour_due, s->neighbours_max) != 0 ||
	    deadline_init(&h->idle, s->neighbours_max) != 0 || index_pool_init(&h->packet_ids, s->waiting_max) != 0) {
		host_free(h);
		return NULL;
	}
	ports_fill(h, s->ports);
	return h;
}

void
host_free(struct host *h)
{
	if (h == NULL)
		return;
	index_pool_fini(&h->packet_ids);
	deadline_fini(&h->idle);
	deadline_fini(&h->neighbour_due);
	index_map_fini(&h->neighbour_by_addr);
	index_pool_fini(&h->neighbour_ids);
	deadline_fini(&h->own_due);
	free(h->packet);
	free(h->neighbour);
	free(h->own);
	free(h->port);
	free(h);
}

struct host_action *
host_act(struct host *h, enum host_action_type type, const struct host_port *p)
{
	struct host_action *a;

	if (h->out->count >= HOST_ACTIONS_MAX)
		return NULL;
	a = &h->out->list[h->out->count++];
	a->type = type;
	a->port = p->id;
	return a;
}

bool
host_act_settle(struct host *h, struct host_action *a, int len)
{
	if (len < 0) {
		h->out->count--;
		return false;
	}
	a->frame.len = len;
	if (h->linkless) {
		a->type = HOST_ACT_PACKET;
		a->frame.len -= HOST_ETHER_LEN;
		memmove(a->frame.bytes, a->frame.bytes + HOST_ETHER_LEN, a->frame.len);
	}
	return true;
}

struct host_port *
host_port_find(struct host *h, uint16_t id)
{
	for (unsigned int i = 0; i < h->s.port_count; i++)
		if (h->port[i].id == id)
			return &h->port[i];
	return NULL;
}

/* As much of what is due as there is room for the actions of; the rest stays due. */
static void
tick(struct host *h)
{
	uint32_t id;

	while (h->out->count + HOST_ACTIONS_AT_ONCE <= HOST_ACTIONS_MAX) {
		id = deadline_pop(&h->own_due, h->now_ms);
		if (id != DEADLINE_NONE) {
			host_own_due(h, &h->own[id]);
			continue;
		}
		id = deadline_pop(&h->neighbour_due, h->now_ms);
		if (id == DEADLINE_NONE)
			break;
		host_resolve_due(h, &h->neighbour[id]);
	}
	h->out->more = host_due(h) <= h->now_ms;
}

static void
step_on_port(struct host *h, struct host_port *p, const struct host_event *e)
{
	switch (e->type) {
	case HOST_EV_TICK:
	case HOST_EV_PACKET: /* of no port */
		break;
	case HOST_EV_FRAME:
		host_receive(h, p, e->frame.bytes, e->frame.len);
		break;
	case HOST_EV_SEND:
		host_resolve_send(h, p, &e->send.next_hop, e->send.packet, e->send.len);
		break;
	case HOST_EV_RESOLVE:
		host_resolve_want(h, p, &e->resolve.next_hop, e->resolve.once);
		break;
	case HOST_EV_RELEASE:
		host_resolve_release(h, p, &e->resolve.next_hop);
		break;
	case HOST_EV_STATIC_ADD:
		host_static_add(h, p, &e->neighbour.addr, &e->neighbour.mac);
		break;
	case HOST_EV_STATIC_DEL:
		host_static_del(h, p, &e->neighbour.addr);
		break;
	}
}

void
host_step(struct host *h, const struct host_event *e, struct host_actions *out)
{
	struct host_port *p;

	h->now_ms = e->now.mono_ms;
	h->out = out;
	if (e->type == HOST_EV_TICK) {
		tick(h);
	} else if (e->type == HOST_EV_PACKET) {
		host_receive_packet(h, e->packet.bytes, e->packet.len);
	} else {
		p = host_port_find(h, e->port);
		if (p != NULL)
			step_on_port(h, p, e);
		else
			h->stat.drop[STAT_DROP_OWN_UNUSED]++;
	}
	h->out = NULL;
}

uint64_t
host_due(const struct host *h)
{
	uint64_t own = deadline_next(&h->own_due), neighbour = deadline_next(&h->neighbour_due);

	return own < neighbour ? own : neighbour;
}

bool
host_neighbour_next(const struct host *h, uint32_t *at, struct host_neighbour_view *out)
{
	while (*at < h->s.neighbours_max) {
		uint32_t id = (*at)++;
		const struct host_neighbour *n = &h->neighbour[id];

		if (!index_pool_is_taken(&h->neighbour_ids, id))
			continue;
		*out = (struct host_neighbour_view){
			.port = h->port[n->port].id,
			.addr = n->addr,
			.mac = n->mac,
			.state = n->state,
			.is_static = n->state == HOST_STATIC,
			.kept = n->kept,
		};
		return true;
	}
	return false;
}

bool
host_address_next(const struct host *h, uint32_t *at, struct host_address_view *out)
{
	const struct host_own *o;

	if (*at >= h->own_count)
		return false;
	o = &h->own[(*at)++];
	*out = (struct host_address_view){
		.port = h->port[o->port].id,
		.addr = o->addr,
		.len = o->len,
		.tentative = o->state == HOST_OWN_TENTATIVE,
		.duplicate = o->state == HOST_OWN_DUPLICATE,
	};
	return true;
}

bool
host_owns(const struct host *h, const struct addr6 *addr)
{
	for (uint32_t i = 0; i < h->own_count; i++)
		if (h->own[i].state == HOST_OWN_USABLE && addr6_equal(&h->own[i].addr, addr))
			return true;
	return false;
}

const char *
host_state_name(enum host_state s)
{
	return s < HOST_STATE_COUNT ? state_names[s] : "unknown";
}

const struct stat_block *
host_stat(const struct host *h)
{
	return &h->stat;
}
