/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an operator has peers told of sessions: that they are over (RFC 5846), or that they are to be registered again
 * (RFC 7077). Of many sessions it takes a while: the engines go on with it at the pace of `timers.peer-rate`.
 */
#include <string.h>

#include "methods_session.h"

/* A word of a parameter, and its number on the wire. */
struct word {
	const char *word;
	uint16_t value;
};

static const struct word triggers[] = {
#define TRIGGER(NAME, word, help) {word, MH_BRI_##NAME},
#include "base/trigger.def"
#undef TRIGGER
	{0},
};

static const struct word reasons[] = {
#define REASON(NAME, word, help) {word, MH_UPN_##NAME},
#include "base/reason.def"
#undef REASON
	{0},
};

/* The parameter has been checked to be one of them; without it the first. */
static const struct word *
word_of(const json_t *params, const char *name, const struct word *words)
{
	const char *text = rpc_param_string(params, name, words->word);

	while (words[1].word != NULL && strcmp(words->word, text) != 0)
		words++;
	return words;
}

/* What a command is about, whose engine it is for, and how many sessions that are now. */
struct aim {
	struct pmip_target what;
	const char *scope;
	struct ctl_engine *engine;
	uint32_t sessions;
};

static int
aim_session(struct ctl *c, const json_t *params, struct aim *a, struct rpc_error *err)
{
	if (ctl_methods_find_session(c, params, NULL, err) == NULL)
		return -1;
	a->what.session = (uint32_t)rpc_param_integer(params, "session", 0);
	a->sessions = 1;
	return 0;
}

static int
aim_mn(const struct ctl *c, const json_t *params, struct aim *a, struct rpc_error *err)
{
	uint32_t after = PMIP_SESSION_NONE;
	struct lma_view lma;
	struct mag_view mag;

	if (ctl_methods_mn_of(params, &a->what.mn_id, err) < 0)
		return -1;
	for (; a->engine == &c->lma && lma_next_of(c->s.lma, &a->what.mn_id, after, &lma); after = lma.session)
		a->sessions++;
	for (; a->engine == &c->mag && mag_next_of(c->s.mag, &a->what.mn_id, after, &mag); after = mag.session)
		a->sessions++;
	return a->sessions > 0 ? 0 : rpc_refuse(err, "unknown-mobile-node", "it has no session");
}

static int
aim_peer(const struct ctl *c, const json_t *params, struct aim *a, struct rpc_error *err)
{
	if (addr6_parse(rpc_param_string(params, "peer", ""), &a->what.peer) < 0)
		return rpc_refuse_param(err, "peer", "bad-address", "expected an IPv6 address");
	a->sessions = ctl_tunnel_sessions(c, &a->what.peer);
	return 0;
}

static int
aim_all(const struct ctl *c, const json_t *params, struct aim *a, struct rpc_error *err)
{
	if (!rpc_param_boolean(params, "all", false))
		return rpc_refuse_param(err, "all", "bad-target", "`all` is true where it is given");
	a->sessions = a->engine == &c->lma ? lma_session_count(c->s.lma) : mag_session_count(c->s.mag);
	return 0;
}

/* It is not known how many there are: nobody counts them by realm. */
static int
aim_realm(const json_t *params, struct aim *a, struct rpc_error *err)
{
	const char *realm = rpc_param_string(params, "realm", "");
	char text[1 + MH_MN_ID_MAX + 1];
	int len = snprintf(text, sizeof(text), "@%s", realm);

	if (realm[0] == '\0' || strchr(realm, '@') != NULL || len >= (int)sizeof(text) ||
	    pmip_mn_id_parse(text, &a->what.mn_id) < 0)
		return rpc_refuse_param(err, "realm", "bad-identifier",
					"expected what stands behind the @ of an identifier");
	return 0;
}

/* Whose sessions: exactly one parameter says it. */
static int
aim_of(struct ctl *c, const json_t *params, struct aim *a, struct rpc_error *err)
{
	static const char *const scopes[] = {[PMIP_SCOPE_SESSION] = "session",
					     [PMIP_SCOPE_MN] = "mn",
					     [PMIP_SCOPE_PEER] = "peer",
					     [PMIP_SCOPE_ALL] = "all",
					     [PMIP_SCOPE_REALM] = "realm"};
	unsigned int given = 0;

	for (unsigned int i = 0; i < RTE_DIM(scopes); i++) {
		if (json_object_get(params, scopes[i]) == NULL)
			continue;
		a->what.scope = (enum pmip_scope)i;
		a->scope = scopes[i];
		given++;
	}
	if (given != 1)
		return rpc_refuse(err, "bad-target", "give one of session, mn, peer, realm and all");
	if (a->engine->self == NULL)
		return rpc_refuse(err, a->engine == &c->lma ? "not-an-anchor" : "not-a-gateway",
				  "this node has not the role %s", a->engine->name);
	switch (a->what.scope) {
	case PMIP_SCOPE_SESSION:
		return aim_session(c, params, a, err);
	case PMIP_SCOPE_MN:
		return aim_mn(c, params, a, err);
	case PMIP_SCOPE_PEER:
		return aim_peer(c, params, a, err);
	case PMIP_SCOPE_REALM:
		return aim_realm(params, a, err);
	case PMIP_SCOPE_ALL:
		break;
	}
	return aim_all(c, params, a, err);
}

/* Whether there was no room for what was asked of the engine, whose counts these are. */
static uint64_t
walks_refused(const struct ctl *c, const struct ctl_engine *engine)
{
	const struct stat_block *stat = engine == &c->lma ? lma_stat(c->s.lma) : mag_stat(c->s.mag);

	return stat->counter[STAT_WALKS_REFUSED];
}

static int
tell(struct ctl *c, const struct aim *a, struct pmip_event *e, const char *key, const char *why, json_t **result,
     struct rpc_error *err)
{
	uint64_t refused = walks_refused(c, a->engine);

	ctl_engine_step(c, a->engine, e);
	if (walks_refused(c, a->engine) != refused)
		return rpc_refuse(err, "busy", "too much else is being told to peers: try again");
	*result = json_pack("{s:s, s:o, s:s}", "scope", a->scope, "sessions",
			    a->what.scope == PMIP_SCOPE_REALM ? json_null() : json_integer(a->sessions), key, why);
	return *result != NULL ? 0 : -1;
}

static int
session_revoke(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	const struct word *trigger = word_of(params, "trigger", triggers);
	const char *role = rpc_param_string(params, "role", c->s.lma != NULL ? "lma" : "mag");
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.trigger = (uint8_t)trigger->value}};
	struct aim a = {.engine = strcmp(role, "lma") == 0 ? &c->lma : &c->mag};

	if (aim_of(c, params, &a, err) < 0)
		return -1;
	e.revoke.what = a.what;
	return tell(c, &a, &e, "trigger", trigger->word, result, err);
}

/* The option that a vendor's notification needs to have, and no other has (RFC 7077 section 4.1). */
static int
vendor_of(const json_t *params, bool wanted, struct mh_opt_vendor *v, struct rpc_error *err)
{
	json_int_t vendor = rpc_param_integer(params, "vendor", -1);
	const char *data = rpc_param_string(params, "data", NULL);
	int len = ctl_methods_hex(data != NULL ? data : "", v->data, sizeof(v->data));

	if (wanted != (vendor >= 0) || (!wanted && (data != NULL || json_object_get(params, "type") != NULL)))
		return rpc_refuse_param(
			err, "vendor", "bad-vendor",
			"the reason vendor-specific takes a vendor, a type and data, and no other does");
	if (len < 0)
		return rpc_refuse_param(err, "data", "bad-data",
					"expected two hexadecimal digits for each of %u bytes "
					"at most",
					MH_VENDOR_DATA_MAX);
	v->vendor = (uint32_t)vendor;
	v->subtype = (uint8_t)rpc_param_integer(params, "type", 0);
	v->len = (uint8_t)len;
	return 0;
}

static int
session_notify(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	const struct word *reason = word_of(params, "reason", reasons);
	struct pmip_event e = {.type = PMIP_EV_NOTIFY, .notify = {.reason = reason->value}};
	bool vendors = reason->value == MH_UPN_VENDOR_SPECIFIC;
	struct aim a = {.engine = &c->lma};
	struct mh_opt_vendor vendor = {0};

	if (vendor_of(params, vendors, &vendor, err) < 0 || aim_of(c, params, &a, err) < 0)
		return -1;
	e.notify.what = a.what;
	e.notify.vendor = vendors ? &vendor : NULL;
	return tell(c, &a, &e, "reason", reason->word, result, err);
}

#define TARGET                                                                                                         \
	{"session", RPC_INTEGER, false, "One session: its number, of session.list", 0, UINT32_MAX, NULL},              \
		{"mn", RPC_STRING, false, "All sessions of this mobile node", 0, 0, NULL},                             \
		{"peer", RPC_STRING, false, "All sessions with the gateway or anchor of this address", 0, 0, NULL},    \
	{                                                                                                              \
		"all", RPC_BOOLEAN, false, "All sessions", 0, 0, NULL                                                  \
	}

static const struct rpc_param revoke_params[] = {
	TARGET,
	{"realm", RPC_STRING, false, "All sessions of mobile nodes of this realm: what stands behind their @", 0, 0,
	 NULL},
	{"role", RPC_STRING, false, "Of this role, where the node is both (lma)", 0, 0, "lma mag"},
	{"trigger", RPC_STRING, false, "Why, as peers are told (administrative)", 0, 0, words_trigger},
	{0},
};
static const struct rpc_param notify_params[] = {
	TARGET,
	{"reason", RPC_STRING, false, "What gateways are asked for (force-reregistration)", 0, 0, words_reason},
	{"vendor", RPC_INTEGER, false, "Of vendor-specific: whose option it has, by the private enterprise number", 0,
	 UINT32_MAX, NULL},
	{"type", RPC_INTEGER, false, "The option's type, of that vendor (0)", 0, UINT8_MAX, NULL},
	{"data", RPC_STRING, false, "The option's bytes, two hexadecimal digits each (none)", 0, 0, NULL},
	{0},
};

#define TARGET_WORDS                                                                                                   \
	"`scope` (which of these parameters was given), `sessions` (how many these are now; of a peer those whose "    \
	"tunnel leads to it; null of a realm)"

const struct rpc_method ctl_methods_revoke[] = {
	{"session.revoke",
	 "End sessions and have peers told (RFC 5846). An anchor forwards nothing for them from then on, and forgets "
	 "each when its gateway has answered or did not; a gateway de-registers them. What came of it is told by "
	 "events",
	 revoke_params, "{\"mn\": \"mn1@example.com\"}", TARGET_WORDS ", `trigger`", session_revoke, true},
	{"session.notify",
	 "Have gateways told to register sessions again, or another thing (RFC 7077). What came of it is told by "
	 "events",
	 notify_params, "{\"peer\": \"2001:db8:0:a::1\", \"reason\": \"force-reregistration\"}",
	 TARGET_WORDS ", `reason`", session_notify, true},
	{0},
};
