/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "engine.h"

/* RFC 6543 section 4: every access gateway has these on its access links. */
static const struct addr_mac fixed_mac = {{0x00, 0x00, 0x5e, 0x00, 0x52, 0x13}};
static const struct addr6 fixed_link_local = {
	{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x52, 0x13}};

static const char *const state_names[ACCESS_STATE_COUNT] = {
#define ACCESS_STATE(name, text, help) [ACCESS_##name] = text,
#include "access/state.def"
#undef ACCESS_STATE
};

static const char *const detach_names[ACCESS_DETACH_COUNT] = {
#define ACCESS_DETACH(name, text, help) [ACCESS_DETACH_##name] = text,
#include "access/detach.def"
#undef ACCESS_DETACH
};

struct access_settings
access_settings_default(void)
{
	return (struct access_settings){
		.hosts_max = 4096,
		.advertise_s = 600,	   /* MaxRtrAdvInterval (RFC 4861 section 6.2.1) */
		.router_lifetime_s = 1800, /* three times as long */
		.advertise_gap_ms = 100,
		.refuse_hold_ms = 10000,
		.detach_hold_ms = 500,
		.echo_replies_per_s = 10,
		.probe_after_ms = 30000,   /* REACHABLE_TIME (RFC 4861 section 10) */
		.probe_interval_ms = 1000, /* RETRANS_TIMER */
		.probe_tries = 5,
	};
}

bool
access_settings_in_range(const struct access_settings *s)
{
	if (s->hosts_max == 0 || s->hosts_max > ACCESS_HOSTS_MAX || s->advertise_s == 0 ||
	    s->router_lifetime_s > UINT16_MAX)
		return false;
	if (s->probe_after_ms > 0 && (s->probe_interval_ms == 0 || s->probe_tries == 0))
		return false;
	for (unsigned int i = 0; i < s->port_count; i++)
		for (unsigned int j = 0; j < i; j++)
			if (s->ports[i].port == s->ports[j].port)
				return false;
	return true;
}

static void
ports_fill(struct access *a, const struct access_port_settings *ports)
{
	const struct addr_mac none = {{0}};

	for (unsigned int i = 0; i < a->s.port_count; i++) {
		const struct access_port_settings *p = &ports[i];

		a->port[i] = (struct access_port){
			.id = p->port,
			.vlan = p->vlan,
			.mac = addr_mac_equal(&p->mac, &none) ? fixed_mac : p->mac,
			.link_local = addr6_is_zero(&p->link_local) ? fixed_link_local : p->link_local,
			.mtu = p->mtu,
			.access_tech = p->access_tech,
		};
	}
}

struct access *
access_new(const struct access_settings *s)
{
	struct access *a;

	if (!access_settings_in_range(s))
		return NULL;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return NULL;
	a->s = *s;
	a->s.ports = NULL;
	a->port = calloc(s->port_count + 1, sizeof(*a->port));
	a->host = calloc(s->hosts_max, sizeof(*a->host));
	if (a->port == NULL || a->host == NULL || index_pool_init(&a->ids, s->hosts_max) != 0 ||
	    index_map_init(&a->by_key, s->hosts_max) != 0 || deadline_init(&a->due, s->hosts_max) != 0 ||
	    deadline_init(&a->silent, s->hosts_max) != 0 || deadline_init(&a->refused, s->hosts_max) != 0) {
		access_free(a);
		return NULL;
	}
	for (uint32_t place = 0; place < s->hosts_max; place++)
		a->host[place].id = place;
	ports_fill(a, s->ports);
	return a;
}

void
access_free(struct access *a)
{
	if (a == NULL)
		return;
	deadline_fini(&a->refused);
	deadline_fini(&a->silent);
	deadline_fini(&a->due);
	index_map_fini(&a->by_key);
	index_pool_fini(&a->ids);
	free(a->host);
	free(a->port);
	free(a);
}

struct access_action *
access_act(struct access *a, enum access_action_type type)
{
	struct access_action *act;

	if (a->out->count >= ACCESS_ACTIONS_MAX)
		return NULL;
	act = &a->out->list[a->out->count++];
	act->type = type;
	return act;
}

struct access_action *
access_act_frame(struct access *a, const struct access_host *h, struct nd_link *link)
{
	struct access_action *act = access_act(a, ACCESS_ACT_FRAME);

	*link = (struct nd_link){.src_mac = a->port[h->port].mac, .dst_mac = h->key.mac, .vlan = h->key.vlan};
	if (act != NULL)
		act->frame.port = h->key.port;
	return act;
}

bool
access_act_settle(struct access *a, struct access_action *act, int len)
{
	if (len < 0) {
		a->out->count--;
		return false;
	}
	act->frame.len = len;
	return true;
}

struct access_action *
access_act_host(struct access *a, enum access_action_type type, const struct access_host *h)
{
	struct access_action *act = access_act(a, type);

	if (act == NULL)
		return NULL;
	act->host.host = h->id;
	act->host.key = h->key;
	act->host.access_tech = a->port[h->port].access_tech;
	act->host.state = h->state;
	return act;
}

/* What one queue has due next; false when that is nothing. */
static bool
take_due(struct access *a, struct deadline_queue *q, void (*act)(struct access *, struct access_host *))
{
	uint32_t place = deadline_pop(q, a->now_ms);

	if (place == DEADLINE_NONE)
		return false;
	act(a, &a->host[place]);
	return true;
}

/* As much of what is due as there is room for the actions of; the rest stays due. */
static void
tick(struct access *a)
{
	while (a->out->count + ACCESS_ACTIONS_AT_ONCE <= ACCESS_ACTIONS_MAX)
		if (!take_due(a, &a->due, access_host_due) && !take_due(a, &a->silent, access_silent_due) &&
		    !take_due(a, &a->refused, access_host_del))
			break;
	a->out->more = access_due(a) <= a->now_ms;
}

static void
attach_command(struct access *a, const struct access_key *key)
{
	const struct access_port *p = access_port_find(a, key->port);

	if (p != NULL && (p->vlan == ACCESS_VLAN_ANY || p->vlan == key->vlan))
		access_attach(a, p, key);
	else
		a->stat.drop[STAT_DROP_VLAN]++;
}

void
access_step(struct access *a, const struct access_event *e, struct access_actions *out)
{
	a->now_ms = e->now.mono_ms;
	a->out = out;
	switch (e->type) {
	case ACCESS_EV_TICK:
		tick(a);
		break;
	case ACCESS_EV_FRAME:
		access_receive(a, e->frame.port, e->frame.bytes, e->frame.len);
		break;
	case ACCESS_EV_ATTACH:
		attach_command(a, &e->key);
		break;
	case ACCESS_EV_DETACH:
		access_detach(a, &e->key);
		break;
	case ACCESS_EV_CARRIER:
		access_carrier(a, e->carrier.port, e->carrier.up);
		tick(a);
		break;
	case ACCESS_EV_SERVE:
		access_serve(a, e);
		break;
	case ACCESS_EV_UNSERVE:
		access_unserve(a, e->host);
		break;
	case ACCESS_EV_REFUSE:
		access_refuse(a, e->host);
		break;
	case ACCESS_EV_MTU:
		access_mtu(a, e->mtu.host, e->mtu.mtu);
		break;
	case ACCESS_EV_ACTIVE:
		access_active(a, e->host);
		break;
	}
	a->out = NULL;
}

uint64_t
access_due(const struct access *a)
{
	const uint64_t due[] = {deadline_next(&a->due), deadline_next(&a->silent), deadline_next(&a->refused)};
	uint64_t first = DEADLINE_NEVER;

	for (unsigned int i = 0; i < sizeof(due) / sizeof(due[0]); i++)
		first = due[i] < first ? due[i] : first;
	return first;
}

static void
view(const struct access_host *h, struct access_view *out)
{
	*out = (struct access_view){
		.host = h->id,
		.key = h->key,
		.state = h->state,
		.since_ms = h->since_ms,
		.heard_ms = h->heard_ms,
		.probes = h->probes,
		.expires_ms = h->expires_ms,
		.link_local = h->link_local,
		.router = h->router,
		.mtu = h->mtu,
		.prefix_count = h->prefix_count,
		.deprecated = h->deprecated,
		.prefix = h->prefix,
	};
}

bool
access_next(const struct access *a, uint32_t *at, struct access_view *out)
{
	while (*at < a->s.hosts_max) {
		uint32_t place = (*at)++;

		if (!index_pool_is_taken(&a->ids, place))
			continue;
		view(&a->host[place], out);
		return true;
	}
	return false;
}

bool
access_get(const struct access *a, uint32_t host, struct access_view *out)
{
	const struct access_host *h = access_host_by_id(a, host);

	if (h == NULL)
		return false;
	view(h, out);
	return true;
}

uint32_t
access_find_host(const struct access *a, const struct access_key *key)
{
	const struct access_host *h = access_host_find(a, key);

	return h != NULL && h->state != ACCESS_LEFT ? h->id : ACCESS_HOST_NONE;
}

uint32_t
access_host_count(const struct access *a)
{
	return index_pool_used(&a->ids);
}

const char *
access_state_name(enum access_state s)
{
	return s < ACCESS_STATE_COUNT ? state_names[s] : "unknown";
}

const char *
access_detach_name(enum access_detach d)
{
	return d < ACCESS_DETACH_COUNT ? detach_names[d] : "unknown";
}

const struct stat_block *
access_stat(const struct access *a)
{
	return &a->stat;
}
