/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Configuration to engine settings: policy, anchor, gateway, access links, own addresses.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "policy/policy.h"

static struct pmip_timers
timers_of(const struct conf *c)
{
	struct pmip_timers t;

#define TIMER(field, key, unit, def, min, max, source, help) t.field = c->timers.field;
#include "base/timer.def"
#undef TIMER
	return t;
}

static bool
entry_of(const struct conf_MOBILE_NODE *from, struct policy_entry *to)
{
	if (pmip_mn_id_parse(from->id, &to->profile.mn_id) < 0)
		return false;
	to->link_count = (uint8_t)from->link_layer_count;
	memcpy(to->link, from->link_layer, sizeof(to->link));
	to->profile.lma_given = !addr6_is_zero(&from->lma);
	to->profile.lma = from->lma;
	to->profile.access_tech = (uint8_t)from->access_tech;
	snprintf(to->profile.pool, sizeof(to->profile.pool), "%.*s", PMIP_NAME_MAX - 1, from->pool);
	to->profile.prefix_count = (uint8_t)from->prefixes_count;
	memcpy(to->profile.prefix, from->prefixes, sizeof(to->profile.prefix));
	to->profile.prefixes_wanted = (uint8_t)from->prefix_count;
	return true;
}

_Static_assert(POLICY_LINKS_MAX == CONF_ITEMS_MAX && MH_HNP_MAX == CONF_ITEMS_MAX, "lists are copied whole");

static bool
make_policy(struct node *n)
{
	const struct conf *c = n->conf;
	struct policy_entry *entries = calloc(c->mobile_nodes_count + 1, sizeof(*entries));
	struct policy_error bad = {0};

	for (uint32_t i = 0; entries != NULL && i < c->mobile_nodes_count; i++) {
		if (!entry_of(&c->mobile_nodes[i], &entries[i])) {
			free(entries);
			return node_fail("mobile node \"%s\": bad identifier", c->mobile_nodes[i].id);
		}
	}
	if (entries != NULL)
		n->policy = policy_new(entries, c->mobile_nodes_count, &n->secret, &bad);
	free(entries);
	if (n->policy != NULL)
		return true;
	if (bad.error == -EEXIST)
		return node_fail("policy: \"%s\" and \"%s\" share an identifier, a MAC address or a prefix",
				 c->mobile_nodes[bad.other].id, c->mobile_nodes[bad.entry].id);
	return node_fail("policy: %s", strerror(bad.error < 0 ? -bad.error : ENOMEM));
}

static bool
make_lma(struct node *n)
{
	const struct conf *c = n->conf;
	struct pmip_peer_settings *peers = calloc(c->peers_count + 1, sizeof(*peers));
	struct lma_settings s = {
		.address = c->lma.address,
		.sessions_max = c->limits.sessions,
		.lifetime_max_s = c->lma.max_lifetime_s,
		.proxy_registration = c->lma.proxy_registration,
		.timestamps = c->lma.timestamps,
		.timers = timers_of(c),
		.secret = n->secret,
		.peer_count = c->peers_count,
		.peers = peers,
		.pool_count = c->pools_count,
		.pools = n->pools,
	};

	for (uint32_t i = 0; peers != NULL && i < c->peers_count; i++) {
		memcpy(peers[i].name, c->peers[i].name, sizeof(peers[i].name));
		peers[i].address = c->peers[i].address;
		peers[i].timestamp_window_ms = c->peers[i].timestamp_window_ms;
	}
	if (peers != NULL)
		n->lma = lma_new(&s);
	free(peers);
	return n->lma != NULL ||
	       node_fail("the anchor could not be made: not enough memory for %u sessions and its pools",
			 c->limits.sessions);
}

static bool
make_access(struct node *n)
{
	struct access_settings s = access_settings_default();
	struct access_port_settings ports[PATH_PORT_MAX];

	s.hosts_max = n->conf->limits.hosts;
	s.advertise_s = n->conf->mag.advertise_s;
	s.probe_after_ms = n->conf->mag.probe_after_s * 1000;
	s.router_lifetime_s = n->conf->mag.router_lifetime_s;
	s.secret = n->secret;
	s.ports = ports;
	for (uint32_t i = 0; i < n->conf->ports_count; i++) {
		const struct conf_PORT *p = &n->conf->ports[i];

		if (p->role == CONF_PORT_ACCESS)
			ports[s.port_count++] = (struct access_port_settings){.port = (uint16_t)i,
									      .vlan = (uint16_t)p->vlan,
									      .mac = n->conf->mag.mac,
									      .link_local = n->conf->mag.link_local,
									      .mtu = p->mtu,
									      .access_tech = (uint8_t)p->access_tech};
	}
	n->access = access_new(&s);
	return n->access != NULL ||
	       node_fail("the access links could not be made: not enough memory for %u hosts", s.hosts_max);
}

static bool
make_mag(struct node *n)
{
	const struct conf *c = n->conf;
	struct mag_settings s = {
		.address = c->mag.address,
		.lma = c->mag.lma,
		.link_local = c->mag.link_local,
		.sessions_max = c->limits.sessions,
		.lifetime_s = c->mag.lifetime_s,
		.timestamps = c->mag.timestamps,
		.timers = timers_of(c),
		.secret = n->secret,
		.jitter_seed = n->secret.k[0],
	};

	n->mag = mag_new(&s);
	if (n->mag == NULL)
		return node_fail("the gateway could not be made: not enough memory for %u sessions",
				 c->limits.sessions);
	return make_access(n);
}

static bool
make_host(struct node *n)
{
	struct host_settings s = host_settings_default();
	struct host_port_settings ports[PATH_PORT_MAX];

	s.router = true;
	s.neighbours_max = n->conf->limits.neighbours;
	s.secret = n->secret;
	s.ports = ports;
	for (uint32_t i = 0; i < n->conf->ports_count; i++) {
		const struct ctl_port *p = &n->ports[i];
		struct host_port_settings *to = &ports[s.port_count];

		if (p->role != PATH_CORE)
			continue;
		*to = (struct host_port_settings){.port = p->id, .vlan = p->vlan, .mac = p->mac};
		to->address_count = p->address_count;
		memcpy(to->address, p->address, sizeof(to->address));
		s.port_count++;
	}
	n->host = host_new(&s);
	return n->host != NULL ||
	       node_fail("own addresses could not be made: not enough memory for %u neighbours", s.neighbours_max);
}

bool
node_make_engines(struct node *n)
{
	return make_policy(n) && make_host(n) && (!(n->conf->node.roles & CONF_ROLE_LMA) || make_lma(n)) &&
	       (!(n->conf->node.roles & CONF_ROLE_MAG) || make_mag(n));
}

void
node_free_engines(struct node *n)
{
	lma_free(n->lma);
	mag_free(n->mag);
	access_free(n->access);
	host_free(n->host);
	policy_free(n->policy);
}
