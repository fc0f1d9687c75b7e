/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sessions of both roles.
 */
#include "methods_session.h"

#include <string.h>

#include "counts.h"

#define MAG_PAGES ((json_int_t)1 << 32) /* the gateway's entries come behind the anchor's */

static json_int_t
seconds_until(const struct ctl *c, uint64_t ms)
{
	return ms == UINT64_MAX || ms < c->now.mono_ms ? 0 : (json_int_t)((ms - c->now.mono_ms) / 1000);
}

json_t *
ctl_methods_mn_id(const struct pmip_mn_id *id)
{
	char text[PMIP_MN_ID_TEXT];

	return json_string(pmip_mn_id_format(id, text));
}

/* null: its packets are not in GRE; without members: they are, without keys. */
static json_t *
gre_json(bool gre, bool keys, uint32_t key_in, uint32_t key_out)
{
	if (!gre)
		return json_null();
	if (!keys)
		return json_object();
	return json_pack("{s:I, s:I}", "key_in", (json_int_t)key_in, "key_out", (json_int_t)key_out);
}

/* As a MAC address, which most are; "": none was told. */
static json_t *
ll_id_json(const struct mh_opt_mn_ll_id *id)
{
	char text[3 * MH_LL_ID_MAX + 1] = "";
	bool told = false;

	for (unsigned int i = 0; i < id->len; i++) {
		snprintf(text + 3 * i, sizeof(text) - 3 * i, "%02x:", id->id[i]);
		told = told || id->id[i] != 0;
	}
	return json_stringn(text, told ? 3u * id->len - 1 : 0);
}

json_t *
ctl_methods_lma(const struct ctl *c, const struct lma_view *v)
{
	return json_pack(
		"{s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:i, s:I, s:i, s:o, s:i, s:i, s:i, s:o, s:o, s:s, s:I, s:i}",
		"role", "lma", "session", (int)v->session, "mn", ctl_methods_mn_id(&v->mn_id), "state",
		lma_state_name(v->state), "prefixes", ctl_methods_prefixes(v->prefix, v->prefix_count), "peer",
		ctl_methods_addr6(&v->proxy_coa), "care_of", ctl_methods_addr6(&v->proxy_coa), "lifetime_s",
		(int)v->lifetime_s, "expires_in_s", seconds_until(c, v->expires_ms), "access_technology",
		v->access_tech, "mac", ll_id_json(v->mn_ll_id), "handoff_indicator", v->handoff, "sequence",
		v->sequence, "handovers", (int)v->handovers, "link_local", ctl_methods_addr6(&v->link_local), "gre",
		gre_json(v->gre, v->keys, v->key_in, v->key_out), "service", v->service, "group", (json_int_t)v->group,
		"bid", v->bid);
}

/* Those that have a bit. */
static json_t *
marked(const struct mag_view *v, uint8_t mask)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < v->prefix_count; i++)
		if (mask & 1u << i)
			json_array_append_new(list, ctl_methods_prefix(&v->prefix[i]));
	return list;
}

json_t *
ctl_methods_mag(const struct ctl *c, const struct mag_view *v)
{
	const struct ctl_port *port = ctl_port_find(c, v->link.port);

	return json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:o, s:i, s:I, s:i, s:s, s:i, s:o, s:i, s:i, s:i, s:o, s:o, "
			 "s:s, s:I, s:o, s:o, s:o}",
			 "role", "mag", "session", (int)v->session, "mn", ctl_methods_mn_id(v->mn_id), "state",
			 mag_state_name(v->state), "prefixes", ctl_methods_prefixes(v->prefix, v->prefix_count), "peer",
			 ctl_methods_addr6(&v->lma), "care_of", ctl_methods_addr6(&c->s.mag_address), "lifetime_s",
			 (int)v->lifetime_s, "expires_in_s", seconds_until(c, v->expires_ms), "access_technology",
			 v->link.access_tech, "port", port != NULL ? port->name : "", "vlan", v->link.vlan, "mac",
			 ctl_methods_mac(&v->link.mac), "sequence", v->sequence, "status", v->status, "tries",
			 (int)v->tries, "link_local", ctl_methods_addr6(&v->link_local), "gre",
			 gre_json(v->gre, v->gre_keyed, v->key_in, v->key_out), "service", v->service, "group",
			 (json_int_t)v->group, "temporal", marked(v, v->temporal), "off_link", marked(v, v->off_link),
			 "idle", marked(v, v->idle));
}

int
ctl_methods_mn_of(const json_t *params, struct pmip_mn_id *id, struct rpc_error *err)
{
	if (pmip_mn_id_parse(rpc_param_string(params, "mn", ""), id) == 0)
		return 0;
	return rpc_refuse_param(err, "mn", "bad-identifier", "an identifier has 1 to %d bytes", MH_MN_ID_MAX);
}

/* A prefix, or an address for the prefix that is it alone. */
static int
parse_prefix(const char *text, struct addr_prefix *out)
{
	if (strchr(text, '/') != NULL)
		return addr_prefix_parse(text, out);
	out->len = 128;
	return addr6_parse(text, &out->addr);
}

int
ctl_methods_filter(const struct ctl *c, const json_t *params, struct ctl_methods_filter *f, struct rpc_error *err)
{
	const char *role = rpc_param_string(params, "role", ""), *mn = rpc_param_string(params, "mn", NULL),
		   *prefix = rpc_param_string(params, "prefix", NULL), *peer = rpc_param_string(params, "peer", NULL);

	*f = (struct ctl_methods_filter){.lma = c->s.lma != NULL && strcmp(role, "mag") != 0,
					 .mag = c->s.mag != NULL && strcmp(role, "lma") != 0,
					 .has_mn = mn != NULL,
					 .has_prefix = prefix != NULL,
					 .has_peer = peer != NULL,
					 .state = rpc_param_string(params, "state", NULL)};
	if (f->has_mn && ctl_methods_mn_of(params, &f->mn, err) < 0)
		return -1;
	if (f->has_prefix && parse_prefix(prefix, &f->prefix) < 0)
		return rpc_refuse_param(err, "prefix", "bad-prefix", "expected an IPv6 prefix or address");
	if (f->has_peer && addr6_parse(peer, &f->peer) < 0)
		return rpc_refuse_param(err, "peer", "bad-address", "expected an IPv6 address");
	return 0;
}

static bool
passes(const struct ctl_methods_filter *f, const struct pmip_mn_id *mn, const struct addr6 *peer,
       const struct addr_prefix *prefix, unsigned int prefixes, const char *state)
{
	bool overlaps = !f->has_prefix;

	for (unsigned int i = 0; i < prefixes && !overlaps; i++)
		overlaps = addr_prefix_overlaps(&f->prefix, &prefix[i]);
	return overlaps && (!f->has_mn || pmip_mn_id_equal(&f->mn, mn)) &&
	       (!f->has_peer || addr6_equal(&f->peer, peer)) && (f->state == NULL || strcmp(f->state, state) == 0);
}

bool
ctl_methods_lma_passes(const struct ctl_methods_filter *f, const struct lma_view *v)
{
	return passes(f, &v->mn_id, &v->proxy_coa, v->prefix, v->prefix_count, lma_state_name(v->state));
}

bool
ctl_methods_mag_passes(const struct ctl_methods_filter *f, const struct mag_view *v)
{
	return passes(f, v->mn_id, &v->lma, v->prefix, v->prefix_count, mag_state_name(v->state));
}

/* A page that is being filled. */
struct listing {
	const struct ctl_methods_each *each;
	struct ctl_methods_filter filter;
	struct ctl_methods_texts texts;
	json_t *items;
	size_t limit;
	uint32_t scanned;
};

static bool
is_full(const struct listing *l)
{
	return json_array_size(l->items) >= l->limit || l->scanned >= METHODS_SCAN_MAX;
}

static void
show(struct listing *l, json_t *item)
{
	if (item != NULL)
		json_array_append_new(l->items, item);
}

/* Places of the anchor's table from `at` on, empty ones too; the place to go on from, or -1 behind the last. */
static json_int_t
list_lma(const struct ctl *c, struct listing *l, uint32_t at)
{
	struct lma_view v;

	for (; at < c->s.lma_sessions && !is_full(l); at++, l->scanned++)
		if (lma_find(c->s.lma, at, &v) && ctl_methods_lma_passes(&l->filter, &v))
			show(l, l->each->lma(c, &v, &l->texts));
	return at < c->s.lma_sessions ? (json_int_t)at : -1;
}

static json_int_t
list_mag(const struct ctl *c, struct listing *l, uint32_t at)
{
	struct mag_view v;

	for (; at < c->s.mag_sessions && !is_full(l); at++, l->scanned++)
		if (mag_find(c->s.mag, at, &v) && ctl_methods_mag_passes(&l->filter, &v))
			show(l, l->each->mag(c, &v, &l->texts));
	return at < c->s.mag_sessions ? (json_int_t)at + MAG_PAGES : -1;
}

/* Those of one mobile node, which are few: one page. */
static void
list_of_mn(const struct ctl *c, struct listing *l)
{
	const struct pmip_mn_id *mn = &l->filter.mn;
	struct lma_view lma;
	struct mag_view mag;
	bool more;

	more = l->filter.lma && lma_next_of(c->s.lma, mn, PMIP_SESSION_NONE, &lma);
	for (; more; more = lma_next_of(c->s.lma, mn, lma.session, &lma), l->scanned++)
		if (ctl_methods_lma_passes(&l->filter, &lma))
			show(l, l->each->lma(c, &lma, &l->texts));
	more = l->filter.mag && mag_next_of(c->s.mag, mn, PMIP_SESSION_NONE, &mag);
	for (; more && l->scanned < METHODS_SCAN_MAX; more = mag_next_of(c->s.mag, mn, mag.session, &mag), l->scanned++)
		if (ctl_methods_mag_passes(&l->filter, &mag))
			show(l, l->each->mag(c, &mag, &l->texts));
}

int
ctl_methods_sessions(struct ctl *c, const json_t *params, const struct ctl_methods_each *each, json_t **result,
		     struct rpc_error *err)
{
	struct listing l = {.each = each, .limit = (size_t)rpc_param_integer(params, "limit", METHODS_PAGE)};
	json_int_t at = rpc_param_integer(params, "after", 0), next = -1;

	if (ctl_methods_filter(c, params, &l.filter, err) < 0)
		return -1;
	l.items = json_array();
	if (l.filter.has_mn) {
		list_of_mn(c, &l);
	} else {
		if (at < MAG_PAGES && l.filter.lma)
			next = list_lma(c, &l, (uint32_t)at);
		at = at < MAG_PAGES ? 0 : at - MAG_PAGES;
		if (next < 0 && at < MAG_PAGES && l.filter.mag)
			next = list_mag(c, &l, (uint32_t)at);
	}
	for (unsigned int i = 0; i < l.texts.count; i++)
		json_decref(l.texts.kept[i].json);
	rpc_server_charge(c->rpc, l.scanned);
	return ctl_methods_page(l.items, next, result);
}

/* A word that is a constant, or else an address. */
static json_t *
shared(struct ctl_methods_texts *t, const char *word, const struct addr6 *a)
{
	json_t *json;

	for (unsigned int i = 0; i < t->count; i++)
		if (t->kept[i].word == word && (word != NULL || addr6_equal(&t->kept[i].addr, a)))
			return json_incref(t->kept[i].json);
	json = word != NULL ? json_string(word) : ctl_methods_addr6(a);
	if (json == NULL || t->count == METHODS_TEXTS)
		return json;
	t->kept[t->count].word = word;
	if (word == NULL)
		t->kept[t->count].addr = *a;
	t->kept[t->count++].json = json_incref(json);
	return json;
}

static json_t *
brief_json(struct ctl_methods_texts *texts, const char *role, uint32_t session, const struct pmip_mn_id *mn,
	   const char *state, const struct addr6 *peer)
{
	json_t *o = json_object();

	json_object_set_new_nocheck(o, "role", shared(texts, role, NULL));
	json_object_set_new_nocheck(o, "session", json_integer(session));
	json_object_set_new_nocheck(o, "mn", ctl_methods_mn_id(mn));
	json_object_set_new_nocheck(o, "state", shared(texts, state, NULL));
	json_object_set_new_nocheck(o, "peer", shared(texts, NULL, peer));
	return o;
}

static json_t *
lma_brief(const struct ctl *c, const struct lma_view *v, struct ctl_methods_texts *texts)
{
	return brief_json(texts, "lma", v->session, &v->mn_id, lma_state_name(v->state), &v->proxy_coa);
}

static json_t *
mag_brief(const struct ctl *c, const struct mag_view *v, struct ctl_methods_texts *texts)
{
	return brief_json(texts, "mag", v->session, v->mn_id, mag_state_name(v->state), &v->lma);
}

static json_t *
lma_whole(const struct ctl *c, const struct lma_view *v, struct ctl_methods_texts *texts)
{
	return ctl_methods_lma(c, v);
}

static json_t *
mag_whole(const struct ctl *c, const struct mag_view *v, struct ctl_methods_texts *texts)
{
	return ctl_methods_mag(c, v);
}

static int
session_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	static const struct ctl_methods_each whole = {lma_whole, mag_whole}, brief = {lma_brief, mag_brief};

	return ctl_methods_sessions(user, params, rpc_param_boolean(params, "brief", false) ? &brief : &whole, result,
				    err);
}

struct ctl_engine *
ctl_methods_find_session(struct ctl *c, const json_t *params, json_t **shown, struct rpc_error *err)
{
	const char *role = rpc_param_string(params, "role", c->s.lma != NULL ? "lma" : "mag");
	uint32_t session = (uint32_t)rpc_param_integer(params, "session", 0);
	struct lma_view lma;
	struct mag_view mag;

	if (strcmp(role, "lma") == 0 && session < c->lma.sessions && lma_find(c->s.lma, session, &lma)) {
		if (shown != NULL)
			*shown = ctl_methods_lma(c, &lma);
		return &c->lma;
	}
	if (strcmp(role, "mag") == 0 && session < c->mag.sessions && mag_find(c->s.mag, session, &mag)) {
		if (shown != NULL)
			*shown = ctl_methods_mag(c, &mag);
		return &c->mag;
	}
	rpc_refuse(err, "unknown-session", "no session %u of the role %s", session, role);
	return NULL;
}

/* What it has of its mobile node's prefixes. */
static json_t *
rows_of(const struct ctl *c, const struct ctl_engine *engine, uint32_t session)
{
	json_t *its = json_pack("{s:s, s:I}", "role", engine->name, "session", (json_int_t)session), *rows, *row;
	json_t *list = json_array();
	struct lma_view lma;
	struct mag_view mag;
	size_t i;

	if (engine == &c->lma)
		rows = lma_find(c->s.lma, session, &lma) ? ctl_methods_rows(c, &lma.mn_id) : NULL;
	else
		rows = mag_find(c->s.mag, session, &mag) ? ctl_methods_rows(c, mag.mn_id) : NULL;
	json_array_foreach(rows, i, row) ctl_methods_add(list, its, json_incref(row));
	json_decref(rows);
	json_decref(its);
	return list;
}

static int
session_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl_engine *engine = ctl_methods_find_session(user, params, result, err);
	uint32_t session = (uint32_t)rpc_param_integer(params, "session", 0);

	if (engine == NULL || *result == NULL)
		return -1;
	json_object_set_new(*result, "traffic", ctl_counts_session_json(user, engine, session));
	json_object_set_new(*result, "rows", rows_of(user, engine, session));
	return 0;
}

static int
session_close(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	struct ctl_engine *engine = ctl_methods_find_session(c, params, result, err);
	struct pmip_event e = {.type = PMIP_EV_CLOSE,
			       .close = {.session = (uint32_t)rpc_param_integer(params, "session", 0)}};

	if (engine == NULL || *result == NULL)
		return -1;
	ctl_engine_step(c, engine, &e);
	return 0;
}

static const struct rpc_param list_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	{"role", RPC_STRING, false, "Of this role alone", 0, 0, "lma mag"},
	METHODS_MN,
	METHODS_PREFIX,
	METHODS_PEER,
	{"state", RPC_STRING, false, "In this state alone", 0, 0, NULL},
	{"brief", RPC_BOOLEAN, false,
	 "Of each session role, session, mn, state and peer alone: for lists that are long", 0, 0, NULL},
	{0},
};
static const struct rpc_param get_params[] = {
	{"session", RPC_INTEGER, true, "Its number, of session.list", 0, UINT32_MAX, NULL},
	{"role", RPC_STRING, false, "Which, where the node is both", 0, 0, "lma mag"},
	{0},
};

#define SESSION_WORDS                                                                                                  \
	"`role`, `session` (its number), `mn`, `state`, `prefixes`, `peer` (the other end), `care_of`, `lifetime_s` "  \
	"(granted), `expires_in_s`, `access_technology`, `mac` (of the interface; \"\": not told), `sequence`, "       \
	"`link_local`, `gre` (null, or `key_in` and `key_out`, where it has keys), `service` (\"\": none by name), "   \
	"`group` (that it is extended with; 0: none); of an anchor `handoff_indicator`, `handovers` and `bid` (its "   \
	"number among the mobile node's); of a gateway `port`, `vlan`, `status`, `tries`, and those of the prefixes "  \
	"that are `temporal` (cut from its aggregate), `off_link` (not advertised) or `idle` (without traffic)"

const struct rpc_method ctl_methods_session[] = {
	{"session.list", "The binding cache and the binding update list", list_params, "{\"limit\": 10}",
	 "A page of sessions: " SESSION_WORDS, session_list, false},
	{"session.get", "One session", get_params, "{\"session\": 0}",
	 SESSION_WORDS "; and its `traffic` and `rows` (as of mn.rows)", session_get, false},
	{"session.close",
	 "End a session: an anchor forgets it, a gateway de-registers it. A host that is still there attaches again",
	 get_params, "{\"session\": 0}", "The session as it was", session_close, true},
	{0},
};
