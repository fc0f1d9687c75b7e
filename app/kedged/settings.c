/* SPDX-License-Identifier: BSD-3-Clause */
#include "settings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIXES_A_SESSION 2 /* of those that the table has room for */

static bool __attribute__((format(printf, 2, 3))) fail(struct conf_error *error, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(error->text, sizeof(error->text), format, ap);
	va_end(ap);
	return false;
}

static struct pmip_timers
timers_of(const struct conf *c)
{
	struct pmip_timers t;

#define TIMER(field, key, unit, def, min, max, source, help) t.field = c->timers.field;
#include "base/timer.def"
#undef TIMER
	return t;
}

/* A bit for each policy by the place that it has among all. */
static uint64_t
flow_policies_of(const struct conf *c, const struct conf_MOBILE_NODE *n)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < c->flow_policies_count; i++)
		if (conf_names_hold(n->flow_policies, c->flow_policies[i].name))
			bits |= UINT64_C(1) << i;
	return bits;
}

static bool
entry_of(const struct conf *c, const struct conf_MOBILE_NODE *from, struct policy_entry *to)
{
	if (pmip_mn_id_parse(from->id, &to->profile.mn_id) < 0)
		return false;
	to->link_count = (uint8_t)from->link_layer_count;
	memcpy(to->link, from->link_layer, sizeof(to->link));
	to->profile.lma_given = !addr6_is_zero(&from->lma);
	to->profile.lma = from->lma;
	to->profile.access_tech = (uint8_t)from->access_tech;
	memcpy(to->profile.service, from->service, sizeof(to->profile.service));
	snprintf(to->profile.pool, sizeof(to->profile.pool), "%.*s", PMIP_NAME_MAX - 1, from->pool);
	to->profile.prefix_count = (uint8_t)from->prefixes_count;
	memcpy(to->profile.prefix, from->prefixes, sizeof(to->profile.prefix));
	to->profile.prefixes_wanted = (uint8_t)from->prefix_count;
	to->profile.barred = !from->proxy_registration;
	to->profile.flow_policies = flow_policies_of(c, from);
	return true;
}

_Static_assert(POLICY_LINKS_MAX == CONF_ITEMS_MAX && MH_HNP_MAX == CONF_ITEMS_MAX, "lists are copied whole");

static bool
give_entry(const void *conf, uint32_t i, struct policy_entry *out)
{
	struct conf_MOBILE_NODE room;

	*out = (struct policy_entry){0};
	return entry_of(conf, conf_mobile_node(conf, i, &room), out);
}

static bool
make_policy(struct settings *s, const struct hash_secret *secret, struct conf_error *error)
{
	const struct policy_source source = {.count = s->conf->mobile_nodes_count, .get = give_entry, .from = s->conf};
	struct conf_MOBILE_NODE room[2];
	struct policy_error bad = {0};

	s->policy = policy_new_from(&source, secret, &bad);
	if (s->policy != NULL)
		return true;
	if (bad.error == -EINVAL)
		return fail(error, "mobile node \"%s\": bad identifier",
			    conf_mobile_node(s->conf, bad.entry, &room[0])->id);
	if (bad.error == -EEXIST)
		return fail(error, "policy: \"%s\" and \"%s\" share an identifier, a MAC address or a prefix",
			    conf_mobile_node(s->conf, bad.other, &room[0])->id,
			    conf_mobile_node(s->conf, bad.entry, &room[1])->id);
	return fail(error, "policy: %s", strerror(bad.error < 0 ? -bad.error : ENOMEM));
}

static uint16_t
port_id(const struct conf *c, const char *name, const struct addr6 *via)
{
	for (uint32_t i = 0; i < c->ports_count; i++) {
		if (name[0] != '\0' && strcmp(c->ports[i].name, name) == 0)
			return (uint16_t)i;
		for (uint32_t k = 0; name[0] == '\0' && k < c->ports[i].addresses_count; k++) {
			struct addr_prefix link =
				addr_prefix_mask(&c->ports[i].addresses[k].addr, c->ports[i].addresses[k].len);

			if (addr_prefix_holds(&link, via))
				return (uint16_t)i;
		}
	}
	return 0; /* conf has checked that there is one */
}

_Static_assert(CONF_SECRET_MAX == PMIP_KEY_LEN && CONF_SERVICE == MH_SERVICE_MAX + 1, "what conf takes fits");
_Static_assert((int)CONF_KEY_HMAC_SHA1 == PMIP_KEY_HMAC_SHA1 && (int)CONF_KEY_HMAC_SHA256 == PMIP_KEY_HMAC_SHA256 &&
		       (int)CONF_GRE_OFF == PMIP_GRE_OFF && (int)CONF_GRE_OFFERED == PMIP_GRE_OFFERED &&
		       (int)CONF_GRE_REQUIRED == PMIP_GRE_REQUIRED,
	       "conf's words stand in pmip's order");

static enum pmip_protection
protection_of(const struct conf_PEER *peer, unsigned int keys)
{
	switch (peer->protection) {
	case CONF_PROTECTION_ESP:
		return PMIP_PROTECT_ESP;
	case CONF_PROTECTION_NONE:
		return PMIP_PROTECT_NONE;
	case CONF_PROTECTION_AUTO:
		return keys > 0 ? PMIP_PROTECT_AUTH : PMIP_PROTECT_NONE;
	default:
		return PMIP_PROTECT_AUTH;
	}
}

static void
copy_peer(const struct conf *c, const struct conf_PEER *from, struct pmip_peer_settings *to)
{
	memcpy(to->name, from->name, sizeof(to->name));
	to->address = from->address;
	to->timestamp_window_ms = from->timestamp_window_ms;
	for (uint32_t i = 0; i < c->keys_count; i++) {
		const struct conf_SECRET_KEY *k = &c->keys[i];
		struct pmip_key *key = &to->key[to->key_count];

		if (strcmp(k->peer, from->name) != 0)
			continue;
		*key = (struct pmip_key){.spi = k->spi, .algorithm = k->algorithm, .len = k->key.len};
		memcpy(key->bytes, k->key.bytes, k->key.len);
		to->key_count++; /* conf has checked that there are no more than two */
	}
	to->protection = protection_of(from, to->key_count);
	to->gre = from->gre;
	to->compat = from->compat;
	to->revokes_all = from->revokes_all;
	to->partial_given = from->partial_new >= 0 || from->partial_existing >= 0;
	to->partial_new = (uint8_t)(from->partial_new >= 0 ? (uint32_t)from->partial_new : c->multihoming.partial_new);
	to->partial_existing = (uint8_t)(from->partial_existing >= 0 ? (uint32_t)from->partial_existing
								     : c->multihoming.partial_existing);
}

static void
copy_flow_policy(const struct conf_FLOW_POLICY *from, struct pmip_flow_policy *to)
{
	memcpy(to->name, from->name, sizeof(to->name));
	to->selector = from->selector;
	to->priority = (uint16_t)from->priority;
	to->access_tech = (uint8_t)from->access_tech;
}

static struct pmip_multihoming
multihoming_of(const struct conf_MULTIHOMING *m)
{
	return (struct pmip_multihoming){.flow_mobility = m->flow_mobility,
					 .partial_new = (uint8_t)m->partial_new,
					 .partial_existing = (uint8_t)m->partial_existing,
					 .hi5_flow_handover = m->hi5_flow_handover,
					 .lenient = m->lenient,
					 .full_set = m->full_set,
					 .vendor = m->vendor};
}

static bool
copy_lists(struct settings *s)
{
	const struct conf *c = s->conf;

	s->peers = calloc(c->peers_count + 1, sizeof(*s->peers));
	s->pools = calloc(c->pools_count + 1, sizeof(*s->pools));
	s->services = calloc(c->services_count + 1, sizeof(*s->services));
	s->flow_policies = calloc(c->flow_policies_count + 1, sizeof(*s->flow_policies));
	s->aggregates = calloc(c->aggregates_count + 1, sizeof(*s->aggregates));
	s->routes = calloc(c->routes_count + 1, sizeof(*s->routes));
	s->neighbours = calloc(c->neighbours_count + 1, sizeof(*s->neighbours));
	s->lma.peer_count = c->peers_count;
	if (s->peers == NULL || s->pools == NULL || s->services == NULL || s->routes == NULL || s->neighbours == NULL ||
	    s->flow_policies == NULL || s->aggregates == NULL)
		return false;
	for (uint32_t i = 0; i < c->peers_count; i++)
		copy_peer(c, &c->peers[i], &s->peers[i]);
	for (uint32_t i = 0; i < c->services_count; i++) {
		struct pmip_service_settings *to = &s->services[i];

		memcpy(to->name, c->services[i].name, sizeof(to->name));
		snprintf(to->pool, sizeof(to->pool), "%.*s", PMIP_NAME_MAX - 1, c->services[i].pool);
		to->sessions_max = c->services[i].sessions;
		to->uncounted = c->services[i].counters == CONF_COUNTERS_OFF;
	}
	for (uint32_t i = 0; i < c->flow_policies_count; i++)
		copy_flow_policy(&c->flow_policies[i], &s->flow_policies[i]);
	for (uint32_t i = 0; i < c->aggregates_count; i++)
		s->aggregates[i] = (struct pmip_aggregate){c->aggregates[i].gateway, c->aggregates[i].prefix};
	for (uint32_t i = 0; i < c->pools_count; i++) {
		memcpy(s->pools[i].name, c->pools[i].name, sizeof(s->pools[i].name));
		s->pools[i].block = c->pools[i].prefix;
		s->pools[i].len = (uint8_t)c->pools[i].length;
	}
	for (uint32_t i = 0; i < c->routes_count; i++)
		s->routes[i] = (struct ctl_route){c->routes[i].prefix, c->routes[i].via,
						  port_id(c, c->routes[i].port, &c->routes[i].via)};
	for (uint32_t i = 0; i < c->neighbours_count; i++)
		s->neighbours[i] = (struct ctl_neighbour){c->neighbours[i].address,
							  port_id(c, c->neighbours[i].port, &c->neighbours[i].address),
							  c->neighbours[i].mac};
	qsort(s->neighbours, c->neighbours_count, sizeof(*s->neighbours), ctl_neighbour_compare);
	return true;
}

/* Its own, or as the list of all gateways' has it; none: the anchor is asked for it. */
static struct addr_prefix
aggregate_of(const struct conf *c)
{
	for (uint32_t i = 0; c->mag.aggregate.len == 0 && i < c->aggregates_count; i++)
		if (addr6_equal(&c->aggregates[i].gateway, &c->mag.address))
			return c->aggregates[i].prefix;
	return c->mag.aggregate;
}

static void
fill_engines(struct settings *s, const struct hash_secret *secret)
{
	const struct conf *c = s->conf;

	s->lma = (struct lma_settings){
		.address = c->lma.address,
		.sessions_max = c->limits.sessions,
		.lifetime_max_s = c->lma.max_lifetime_s,
		.proxy_registration = c->lma.proxy_registration,
		.timestamps = c->lma.timestamps,
		.mn_timestamps = c->lma.mn_timestamps,
		.timers = timers_of(c),
		.secret = *secret,
		.peer_count = c->peers_count,
		.peers = s->peers,
		.pool_count = c->pools_count,
		.pools = s->pools,
		.service_count = c->services_count,
		.services = s->services,
		.revocation = c->lma.revocation,
		.revoke_after_handover = c->lma.revoke_after_handover,
		.keep_dead = c->lma.dead_peer == CONF_DEAD_PEER_KEEP,
		.bulk = c->lma.bulk,
		.temporal_prefixes = c->lma.temporal_prefixes,
		.multihoming = multihoming_of(&c->multihoming),
		.flow_policy_count = c->flow_policies_count,
		.flow_policies = s->flow_policies,
		.aggregate_count = c->aggregates_count,
		.aggregates = s->aggregates,
	};
	s->mag = (struct mag_settings){
		.address = c->mag.address,
		.lma = c->mag.lma,
		.link_local = c->mag.link_local,
		.sessions_max = c->limits.sessions,
		.lifetime_s = c->mag.lifetime_s,
		.timestamps = c->mag.timestamps,
		.bulk = c->mag.bulk,
		.multihoming = multihoming_of(&c->multihoming),
		.aggregate = aggregate_of(c),
		.aggregate_count = c->aggregates_count,
		.aggregates = s->aggregates,
		.temporal_prefixes = c->mag.temporal_prefixes,
		.logical_interface = c->mag.logical_interface,
		.keep_dead = c->mag.dead_peer == CONF_DEAD_PEER_KEEP,
		.peer_count = c->peers_count,
		.peers = s->peers,
		.timers = timers_of(c),
		.secret = *secret,
		.jitter_seed = secret->k[0],
		/* A timestamp tells more than a number does. */
		.first_sequence = c->mag.timestamps ? 0 : (uint16_t)hash_u64(secret, 0),
	};
	if (c->mag.id[0] != '\0')
		pmip_mn_id_parse(c->mag.id, &s->mag.id); /* no longer than a text of the configuration may be */
	s->access = access_settings_default();
	s->access.hosts_max = c->limits.hosts;
	s->access.advertise_s = c->mag.advertise_s;
	s->access.probe_after_ms = c->mag.probe_after_s * 1000;
	s->access.router_lifetime_s = c->mag.router_lifetime_s;
	s->access.secret = *secret;
}

struct settings *
settings_new(struct conf *conf, const char *file, const struct hash_secret *secret, struct conf_error *error)
{
	struct settings *s = calloc(1, sizeof(*s));

	fail(error, "no memory");
	if (s == NULL)
		return NULL;
	s->conf = conf;
	s->file = strdup(file);
	if (s->file != NULL && copy_lists(s) && make_policy(s, secret, error)) {
		fill_engines(s, secret);
		return s;
	}
	settings_free(s);
	return NULL;
}

void
settings_free(struct settings *s)
{
	if (s == NULL)
		return;
	policy_free(s->policy);
	free(s->neighbours);
	free(s->routes);
	free(s->aggregates);
	free(s->flow_policies);
	free(s->services);
	free(s->pools);
	if (s->peers != NULL)
		explicit_bzero(s->peers, s->lma.peer_count * sizeof(*s->peers)); /* keys */
	free(s->peers);
	free(s->file);
	free(s);
}

uint32_t
settings_sessions(const struct conf *c)
{
	unsigned int roles = !!(c->node.roles & CONF_ROLE_LMA) + !!(c->node.roles & CONF_ROLE_MAG);

	return roles * c->limits.sessions;
}

uint32_t
settings_prefixes(const struct conf *c)
{
	return c->limits.prefixes != 0 ? c->limits.prefixes : settings_sessions(c) * PREFIXES_A_SESSION;
}

struct path_change
settings_path(const struct conf *c)
{
	return (struct path_change){
		.idle_sleep_us = c->workers.idle == CONF_IDLE_SLEEP ? c->workers.idle_sleep_us : 0,
		.punt_rate = {[PATH_PUNT_SIGNALLING] = c->punt.signalling_per_s,
			      [PATH_PUNT_ND] = c->punt.nd_per_s,
			      [PATH_PUNT_OWN] = c->punt.own_per_s,
			      [PATH_PUNT_HOST] = c->punt.host_per_s,
			      [PATH_PUNT_RESOLVE] = c->punt.resolve_per_s},
	};
}
