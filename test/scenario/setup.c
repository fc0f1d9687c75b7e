/* SPDX-License-Identifier: BSD-3-Clause */
/* The nodes of a scenario and their settings. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define START_MONO_MS 1000000
#define START_WALL    (1767225600ull << 16) /* 2026-01-01 */

void
setup_init(struct setup *s)
{
	*s = (struct setup){
		.timers = pmip_timers_default(),
		.lma = {.sessions_max = 64, .lifetime_max_s = 3600, .proxy_registration = true, .timestamps = true},
	};
}

static void
read_lma(struct setup *s, const struct line *l, struct complaint *c)
{
	line_check_keys(l, 1,
			"address lifetime sessions proxy timestamps mn-timestamps revocation revoke-after-handover "
			"keep-dead bulk temporal",
			c);
	s->with_lma = true;
	s->lma.address = line_addr(l, "address", s->lma.address, c);
	s->lma.lifetime_max_s = (uint32_t)line_number(l, "lifetime", s->lma.lifetime_max_s, 262140, c);
	s->lma.sessions_max = (uint32_t)line_number(l, "sessions", s->lma.sessions_max, 65536, c);
	s->lma.proxy_registration = line_yes(l, "proxy", true, c);
	s->lma.timestamps = line_yes(l, "timestamps", true, c);
	s->lma.mn_timestamps = line_yes(l, "mn-timestamps", false, c);
	s->lma.revocation = line_yes(l, "revocation", false, c);
	s->lma.revoke_after_handover = line_yes(l, "revoke-after-handover", false, c);
	s->lma.keep_dead = line_yes(l, "keep-dead", false, c);
	s->lma.bulk = line_yes(l, "bulk", false, c);
	s->lma.temporal_prefixes = (uint8_t)line_number(l, "temporal", 0, 4, c);
}

static void
read_mag(struct setup *s, const struct line *l, struct complaint *c)
{
	struct mag_settings *m = &s->mag[s->mag_count];
	struct addr_prefix aggregate[MH_HNP_MAX];
	struct addr6 link_local;

	line_check_keys(l, 1,
			"address lma lifetime sessions link-local timestamps bulk keep-dead id aggregate temporal "
			"logical-interface",
			c);
	for (unsigned int i = 0; i < s->mag_count; i++)
		if (strcmp(s->mag_name[i], l->word[0]) == 0)
			complain(c, "there is a \"%s\" already", l->word[0]);
	if (s->mag_count == MAGS_MAX || strlen(l->word[0]) >= PMIP_NAME_MAX) {
		complain(c, "too many gateways, or too long a name");
		return;
	}
	strcpy(s->mag_name[s->mag_count++], l->word[0]);
	addr6_parse("fe80::200:5eff:fe00:5213", &link_local);
	m->address = line_addr(l, "address", m->address, c);
	m->lma = line_addr(l, "lma", m->lma, c);
	m->link_local = line_addr(l, "link-local", link_local, c);
	m->lifetime_s = (uint32_t)line_number(l, "lifetime", 600, 262140, c);
	m->sessions_max = (uint32_t)line_number(l, "sessions", 64, 65536, c);
	m->timestamps = line_yes(l, "timestamps", true, c);
	m->bulk = line_yes(l, "bulk", false, c);
	m->keep_dead = line_yes(l, "keep-dead", false, c);
	if (line_prefixes(l, "aggregate", aggregate, NULL, c) > 0)
		m->aggregate = aggregate[0];
	m->temporal_prefixes = (uint8_t)line_number(l, "temporal", 0, 4, c);
	m->logical_interface = line_yes(l, "logical-interface", false, c);
	if (line_value(l, "id") != NULL && pmip_mn_id_parse(line_value(l, "id"), &m->id) != 0)
		complain(c, "id=%s is no identifier", line_value(l, "id"));
}

static void
read_name(const struct line *l, char name[static PMIP_NAME_MAX], struct complaint *c)
{
	if (l->count < 2 || strlen(l->word[1]) >= PMIP_NAME_MAX)
		complain(c, "a name is missing or too long");
	else
		strcpy(name, l->word[1]);
}

static enum pmip_gre
read_gre(const struct line *l, struct complaint *c)
{
	static const char *const words[] = {
		[PMIP_GRE_OFF] = "off", [PMIP_GRE_OFFERED] = "offered", [PMIP_GRE_REQUIRED] = "required"};
	const char *value = line_value(l, "gre");

	for (unsigned int i = 0; value != NULL && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(value, words[i]) == 0)
			return (enum pmip_gre)i;
	if (value != NULL)
		complain(c, "gre=%s is neither off, offered nor required", value);
	return PMIP_GRE_OFF;
}

static void
read_service(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_service_settings *v = &s->services[s->lma.service_count];
	const char *pool = line_value(l, "pool");

	line_check_keys(l, 2, "pool sessions counters", c);
	if (s->lma.service_count == sizeof(s->services) / sizeof(s->services[0])) {
		complain(c, "too many services");
		return;
	}
	s->lma.service_count++;
	read_name(l, v->name, c);
	if (pool != NULL && strlen(pool) < sizeof(v->pool))
		strcpy(v->pool, pool);
	v->sessions_max = (uint32_t)line_number(l, "sessions", 0, 65536, c);
	v->uncounted = !line_yes(l, "counters", true, c);
}

/* The handoff indicators of a partial handoff that are this peer's own. */
static void
read_partial(struct pmip_peer_settings *p, const struct line *l, struct complaint *c)
{
	p->partial_given = line_value(l, "partial-new") != NULL || line_value(l, "partial-existing") != NULL;
	p->partial_new = (uint8_t)line_number(l, "partial-new", 0, 255, c);
	p->partial_existing = (uint8_t)line_number(l, "partial-existing", 0, 255, c);
}

static void
read_peer(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_peer_settings *p = &s->peers[s->lma.peer_count];

	line_check_keys(l, 2, "address window gre revokes-all partial-new partial-existing", c);
	if (s->lma.peer_count == sizeof(s->peers) / sizeof(s->peers[0])) {
		complain(c, "too many peers");
		return;
	}
	s->lma.peer_count++;
	read_name(l, p->name, c);
	p->address = (struct addr_prefix){.addr = line_addr(l, "address", p->address.addr, c), .len = 128};
	p->timestamp_window_ms = (uint32_t)line_number(l, "window", 0, 3600000, c);
	p->revokes_all = line_yes(l, "revokes-all", false, c);
	p->gre = read_gre(l, c);
	read_partial(p, l, c);
}

/* Of the node that the line names, or of all that no line names. */
static void
read_multihoming(struct setup *s, const struct line *l, struct complaint *c)
{
	bool named = l->count > 1 && strchr(l->word[1], '=') == NULL;
	struct setup_multihoming *m = &s->multihoming[s->multihoming_count];

	line_check_keys(l, named ? 2 : 1, "flow-mobility partial-new partial-existing hi5 lenient full-set vendor", c);
	if (s->multihoming_count == NODES_MAX + 1) {
		complain(c, "too many lines of multihoming");
		return;
	}
	s->multihoming_count++;
	if (named)
		read_name(l, m->node, c);
	m->is = (struct pmip_multihoming){.flow_mobility = line_yes(l, "flow-mobility", false, c),
					  .partial_new = (uint8_t)line_number(l, "partial-new", 0, 255, c),
					  .partial_existing = (uint8_t)line_number(l, "partial-existing", 0, 255, c),
					  .hi5_flow_handover = line_yes(l, "hi5", false, c),
					  .lenient = line_yes(l, "lenient", false, c),
					  .full_set = line_yes(l, "full-set", false, c),
					  .vendor = (uint32_t)line_number(l, "vendor", 0, UINT32_MAX, c)};
}

static void
read_flow_policy(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_flow_policy *p = &s->flow_policies[s->lma.flow_policy_count];
	const char *selector = line_value(l, "selector");

	line_check_keys(l, 2, "selector priority att", c);
	if (s->lma.flow_policy_count == sizeof(s->flow_policies) / sizeof(s->flow_policies[0])) {
		complain(c, "too many flow policies");
		return;
	}
	s->lma.flow_policy_count++;
	read_name(l, p->name, c);
	flow_selector_read(selector != NULL ? selector : "any", &p->selector, c);
	p->priority = (uint16_t)line_number(l, "priority", s->lma.flow_policy_count, UINT16_MAX, c);
	p->access_tech = (uint8_t)line_number(l, "att", MH_ATT_WLAN, 255, c);
}

static void
read_aggregate(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_aggregate *a = &s->aggregates[s->lma.aggregate_count];
	struct addr_prefix prefix[MH_HNP_MAX];

	line_check_keys(l, 1, "gateway prefix", c);
	if (s->lma.aggregate_count == sizeof(s->aggregates) / sizeof(s->aggregates[0])) {
		complain(c, "too many aggregates");
		return;
	}
	s->lma.aggregate_count++;
	a->gateway = line_addr(l, "gateway", a->gateway, c);
	if (line_prefixes(l, "prefix", prefix, NULL, c) == 1)
		a->prefix = prefix[0];
	else
		complain(c, "prefix=PREFIX is missing");
}

static uint32_t
read_compat(const struct line *l, struct complaint *c)
{
	const char *value = line_value(l, "compat");

#define COMPAT(NAME, key, help)                                                                                        \
	if (value != NULL && strcmp(value, key) == 0)                                                                  \
		return PMIP_COMPAT_##NAME;
#include "base/compat.def"
#undef COMPAT
	if (value != NULL)
		complain(c, "compat=%s is no row of compat.def", value);
	return 0;
}

static void
read_anchor(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_peer_settings *p = &s->anchors[s->anchor_count];

	line_check_keys(l, 2, "address gre compat partial-new partial-existing", c);
	if (s->anchor_count == sizeof(s->anchors) / sizeof(s->anchors[0])) {
		complain(c, "too many anchors");
		return;
	}
	s->anchor_count++;
	read_name(l, p->name, c);
	p->address = (struct addr_prefix){.addr = line_addr(l, "address", p->address.addr, c), .len = 128};
	p->gre = read_gre(l, c);
	p->compat = read_compat(l, c);
	read_partial(p, l, c);
}

static void
read_pool(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_pool_settings *p = &s->pools[s->lma.pool_count];
	struct addr_prefix block[MH_HNP_MAX];

	line_check_keys(l, 2, "block len", c);
	if (s->lma.pool_count == sizeof(s->pools) / sizeof(s->pools[0])) {
		complain(c, "too many pools");
		return;
	}
	s->lma.pool_count++;
	read_name(l, p->name, c);
	if (line_prefixes(l, "block", block, NULL, c) == 1)
		p->block = block[0];
	else
		complain(c, "block=PREFIX is missing");
	p->len = (uint8_t)line_number(l, "len", 64, 128, c);
}

static void
read_timer(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_timers *t = &s->timers;
	bool known = false;

#define TIMER(field, key, unit, def, min, max, source, help)                                                           \
	if (line_value(l, key) != NULL) {                                                                              \
		t->field = (uint32_t)line_number(l, key, 0, max, c);                                                   \
		known = true;                                                                                          \
	}
#include "base/timer.def"
#undef TIMER
	if (!known || l->count != 2)
		complain(c, "\"timer\" takes one timer=value");
}

/* "mag", or with a number: several gateways. */
static bool
is_mag(const char *word)
{
	return strncmp(word, "mag", 3) == 0 && word[3 + strspn(word + 3, "0123456789")] == '\0';
}

bool
setup_line(struct setup *s, const struct line *l, struct complaint *c)
{
	static const struct {
		const char *word;
		void (*read)(struct setup *s, const struct line *l, struct complaint *c);
	} rows[] = {{"lma", read_lma},
		    {"peer", read_peer},
		    {"pool", read_pool},
		    {"timer", read_timer},
		    {"service", read_service},
		    {"anchor", read_anchor},
		    {"multihoming", read_multihoming},
		    {"flow-policy", read_flow_policy},
		    {"aggregate", read_aggregate}};

	if (is_mag(l->word[0])) {
		read_mag(s, l, c);
		return true;
	}
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(l->word[0], rows[i].word) == 0) {
			rows[i].read(s, l, c);
			return true;
		}
	return strcmp(l->word[0], "title:") == 0;
}

static struct pmip_multihoming
multihoming_of(const struct setup *s, const char *node)
{
	const struct setup_multihoming *found = NULL;

	for (unsigned int i = 0; i < s->multihoming_count; i++)
		if (strcmp(s->multihoming[i].node, node) == 0 || (found == NULL && s->multihoming[i].node[0] == '\0'))
			found = &s->multihoming[i];
	return found != NULL ? found->is : (struct pmip_multihoming){0};
}

/* A line about a node that is not there would say nothing. */
static void
check_multihoming(const struct setup *s, struct nodes *all, struct complaint *c)
{
	for (unsigned int i = 0; i < s->multihoming_count; i++)
		if (s->multihoming[i].node[0] != '\0' && node_find(all, s->multihoming[i].node) == NULL)
			complain(c, "\"%s\" is no node of this scenario", s->multihoming[i].node);
}

static struct node *
add_node(struct nodes *all, const char *name, const struct addr6 *address)
{
	struct node *n = &all->node[all->count++];

	*n = (struct node){.address = *address};
	strcpy(n->name, name);
	return n;
}

static void
make_lma(const struct setup *s, struct nodes *all, struct complaint *c)
{
	struct lma_settings lma = s->lma;
	struct node *n;

	lma.timers = s->timers;
	lma.secret = (struct hash_secret){{11, 12}};
	lma.peers = s->peers;
	lma.pools = s->pools;
	lma.services = s->services;
	lma.multihoming = multihoming_of(s, "lma");
	lma.flow_policies = s->flow_policies;
	n = add_node(all, "lma", &lma.address);
	memcpy(n->aggregates, s->aggregates, sizeof(n->aggregates));
	lma.aggregates = n->aggregates;
	n->settings = lma;
	n->lma = lma_new(&lma);
	if (n->lma == NULL) {
		complain(c, "the anchor refuses its settings");
		all->count--;
	}
}

static void
make_mag(const struct setup *s, unsigned int i, struct nodes *all, struct complaint *c)
{
	struct mag_settings mag = s->mag[i];

	mag.timers = s->timers;
	mag.secret = (struct hash_secret){{13, 14 + i}};
	mag.peers = s->anchors;
	mag.peer_count = s->anchor_count;
	mag.multihoming = multihoming_of(s, s->mag_name[i]);
	if ((add_node(all, s->mag_name[i], &mag.address)->mag = mag_new(&mag)) == NULL) {
		complain(c, "the gateway refuses its settings");
		all->count--;
	}
}

void
setup_make(const struct setup *s, struct nodes *all, struct complaint *c)
{
	all->now = (struct clock_now){.mono_ms = START_MONO_MS, .wall = START_WALL};
	all->start_wall = START_WALL;
	if (s->with_lma)
		make_lma(s, all, c);
	for (unsigned int i = 0; i < s->mag_count; i++)
		make_mag(s, i, all, c);
	check_multihoming(s, all, c);
	if (all->count == 0)
		complain(c, "no node is set up");
}
