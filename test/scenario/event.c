/* SPDX-License-Identifier: BSD-3-Clause */
/* What may happen to a node: "NODE VERB KEY=VALUE ..." from word 2 of an `at` line on. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define NODE_WORD 2
#define VERB_WORD 3
#define KEYS_WORD 4

typedef void verb_fn(struct nodes *all, struct node *n, const struct line *l, struct complaint *c);

static void
receive(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct addr6 src = line_addr(l, "from", (struct addr6){0}, c);
	struct addr6 dst = line_addr(l, "to", n->address, c);
	struct mh_msg m;

	if (line_value(l, "from") == NULL)
		complain(c, "from=ADDRESS is missing");
	message_read(l, KEYS_WORD, all->start_wall, all->now.wall, &m, c);
	if (c->text[0] == '\0')
		node_receive(all, n, &src, &dst, &m);
}

static void
attach(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_ATTACH};
	struct pmip_profile *p = &e.attach.profile;
	const char *mac = line_value(l, "mac"), *service = line_value(l, "service");

	line_check_keys(l, KEYS_WORD, "mn host port vlan mac att hi lma prefix service pull", c);
	e.attach.mn_id = line_mn_id(l, c);
	e.attach.handoff = (uint8_t)line_number(l, "hi", MH_HANDOFF_UNKNOWN, 255, c);
	e.attach.link = (struct pmip_link){.host = (uint32_t)line_number(l, "host", 1, UINT32_MAX, c),
					   .port = (uint16_t)line_number(l, "port", 0, 65535, c),
					   .vlan = (uint16_t)line_number(l, "vlan", 0, 4095, c),
					   .access_tech = (uint8_t)line_number(l, "att", MH_ATT_WLAN, 255, c)};
	if (mac != NULL && addr_mac_parse(mac, &e.attach.link.mac) != 0)
		complain(c, "mac=%s is no MAC address", mac);
	p->mn_id = e.attach.mn_id;
	p->lma_given = line_value(l, "lma") != NULL;
	p->lma = line_addr(l, "lma", p->lma, c);
	p->prefix_count = line_prefixes(l, "prefix", p->prefix, NULL, c);
	if (service != NULL && strlen(service) < sizeof(p->service))
		strcpy(p->service, service);
	e.attach.prefix_count = line_prefixes(l, "pull", e.attach.prefix, NULL, c);
	if (c->text[0] == '\0')
		node_step(all, n, &e);
}

static void
detach(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_DETACH};

	line_check_keys(l, KEYS_WORD, "mn host", c);
	e.detach.mn_id = line_mn_id(l, c);
	e.detach.host = (uint32_t)line_number(l, "host", 1, UINT32_MAX, c);
	node_step(all, n, &e);
}

static void
link_local_taken(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_LINK_LOCAL_TAKEN};

	line_check_keys(l, KEYS_WORD, "host", c);
	e.taken.host = (uint32_t)line_number(l, "host", 1, UINT32_MAX, c);
	node_step(all, n, &e);
}

static void
close_session(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}};
	const char *session = line_value(l, "session");

	line_check_keys(l, KEYS_WORD, "session", c);
	if (session == NULL || strcmp(session, "all") != 0)
		e.close.session = (uint32_t)line_number(l, "session", PMIP_SESSION_NONE, UINT32_MAX, c);
	if (session == NULL)
		complain(c, "session=NUMBER or session=all is missing");
	node_step(all, n, &e);
}

/* Which sessions a command is about. */
static struct pmip_target
target(const struct line *l, struct complaint *c)
{
	struct pmip_target t = {.scope = PMIP_SCOPE_ALL, .session = PMIP_SESSION_NONE};

	if (line_value(l, "session") != NULL) {
		t.scope = PMIP_SCOPE_SESSION;
		t.session = (uint32_t)line_number(l, "session", 0, UINT32_MAX, c);
	} else if (line_value(l, "mn") != NULL) {
		t.scope = PMIP_SCOPE_MN;
		t.mn_id = line_mn_id(l, c);
	} else if (line_value(l, "peer") != NULL) {
		t.scope = PMIP_SCOPE_PEER;
		t.peer = line_addr(l, "peer", t.peer, c);
	} else if (!line_yes(l, "all", false, c)) {
		complain(c, "session=NUMBER, mn=NAME, peer=ADDRESS or all=yes is missing");
	}
	return t;
}

static void
revoke(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.what = target(l, c)}};

	line_check_keys(l, KEYS_WORD, "session mn peer all trigger", c);
	e.revoke.trigger = (uint8_t)line_number(l, "trigger", MH_BRI_ADMINISTRATIVE, 255, c);
	if (c->text[0] == '\0')
		node_step(all, n, &e);
}

static void
notify(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_NOTIFY, .notify = {.what = target(l, c)}};

	line_check_keys(l, KEYS_WORD, "session mn peer all reason", c);
	e.notify.reason = (uint16_t)line_number(l, "reason", MH_UPN_FORCE_REREGISTRATION, 65535, c);
	if (c->text[0] == '\0')
		node_step(all, n, &e);
}

/* What the heartbeats found out. */
static void
peer(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	static const enum pmip_peer_change changes[] = {PMIP_PEER_FAILED, PMIP_PEER_RETURNED, PMIP_PEER_RESTARTED};
	struct pmip_event e = {.type = PMIP_EV_PEER};
	unsigned int i = 0;

	line_check_keys(l, KEYS_WORD, "failed returned restarted", c);
	while (i < sizeof(changes) / sizeof(changes[0]) && line_value(l, pmip_peer_change_name(changes[i])) == NULL)
		i++;
	if (i == sizeof(changes) / sizeof(changes[0])) {
		complain(c, "failed=, returned= or restarted=ADDRESS is missing");
		return;
	}
	e.peer.change = changes[i];
	e.peer.peer = line_addr(l, pmip_peer_change_name(changes[i]), e.peer.peer, c);
	if (c->text[0] == '\0')
		node_step(all, n, &e);
}

static void
fail(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	line_check_keys(l, KEYS_WORD, "", c);
	n->fail_next = true;
}

/* What is checked before a command is carried out: the error that it is refused with, or "no". */
static const char *
refusal(const struct node *n, const struct pmip_event *e)
{
	int error = n->lma != NULL ? lma_move_check(n->lma, e) : mag_move_check(n->mag, e);

	return error == 0 ? "no" : strerrorname_np(-error);
}

/* Step, unless it is refused; refused=ERROR says that it has to be. */
static void
step_checked(struct nodes *all, struct node *n, const struct line *l, struct pmip_event *e, struct complaint *c)
{
	const char *said = line_value(l, "refused"), *is = refusal(n, e);

	if (c->text[0] != '\0')
		return;
	if (strcmp(said != NULL ? said : "no", is) != 0)
		complain(c, "refused=%s", is);
	else if (said == NULL)
		node_step(all, n, e);
}

static void
move(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	static const char *const words[] = {
		[PMIP_MOVE_AWAY] = "away", [PMIP_MOVE_IDLE] = "idle", [PMIP_MOVE_SHARED] = "shared"};
	struct pmip_event e = {.type = PMIP_EV_MOVE};
	const char *how = line_value(l, "how");
	unsigned int i = 0;

	line_check_keys(l, KEYS_WORD, "mn session how prefix refused", c);
	while (how != NULL && i < sizeof(words) / sizeof(words[0]) && strcmp(words[i], how) != 0)
		i++;
	if (how == NULL || i == sizeof(words) / sizeof(words[0]))
		complain(c, "how=away, idle or shared is missing");
	e.move.how = (enum pmip_move)i;
	e.move.mn_id = line_mn_id(l, c);
	e.move.session = (uint32_t)line_number(l, "session", 0, UINT32_MAX, c);
	e.move.prefix_count = line_prefixes(l, "prefix", e.move.prefix, NULL, c);
	step_checked(all, n, l, &e, c);
}

static void
cut(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_CUT};

	line_check_keys(l, KEYS_WORD, "mn session count", c);
	e.cut.mn_id = line_mn_id(l, c);
	e.cut.session = (uint32_t)line_number(l, "session", 0, UINT32_MAX, c);
	e.cut.count = (uint8_t)line_number(l, "count", 1, 8, c);
	node_step(all, n, &e);
}

static void
change_flow(struct nodes *all, struct node *n, const struct line *l, enum pmip_flow_change change, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_FLOW, .flow = {.change = change}};
	const char *text = line_value(l, "selector");
	struct selector selector = {0};

	line_check_keys(l, KEYS_WORD, "mn id priority session selector refused", c);
	e.flow.mn_id = line_mn_id(l, c);
	e.flow.id = (uint16_t)line_number(l, "id", 0, UINT16_MAX, c);
	e.flow.priority = (uint16_t)line_number(l, "priority", 0, UINT16_MAX, c);
	e.flow.session = (uint32_t)line_number(l, "session", 0, UINT32_MAX, c);
	if (text != NULL)
		flow_selector_read(text, &selector, c);
	e.flow.selector = &selector;
	step_checked(all, n, l, &e, c);
}

static void
add_flow(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	change_flow(all, n, l, PMIP_FLOW_ADD, c);
}

static void
move_flow(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	change_flow(all, n, l, PMIP_FLOW_MOVE, c);
}

static void
del_flow(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	change_flow(all, n, l, PMIP_FLOW_DEL, c);
}

/* The answer to the oldest question about the mobile node. */
static void
policy(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_event e = {.type = PMIP_EV_POLICY};
	struct pmip_profile *p = &e.policy.profile;
	const char *pool = line_value(l, "pool"), *service = line_value(l, "service");

	line_check_keys(l, KEYS_WORD, "mn found lma pool prefix wanted barred service flows", c);
	p->mn_id = line_mn_id(l, c);
	e.policy.found = line_yes(l, "found", true, c);
	p->barred = line_yes(l, "barred", false, c);
	p->lma_given = line_value(l, "lma") != NULL;
	p->lma = line_addr(l, "lma", p->lma, c);
	p->prefix_count = line_prefixes(l, "prefix", p->prefix, NULL, c);
	p->flow_policies = line_number(l, "flows", 0, UINT64_MAX, c);
	p->prefixes_wanted = (uint8_t)line_number(l, "wanted", 1, MH_HNP_MAX, c);
	if (pool != NULL && strlen(pool) < sizeof(p->pool))
		strcpy(p->pool, pool);
	if (service != NULL && strlen(service) < sizeof(p->service))
		strcpy(p->service, service);
	for (unsigned int i = 0; i < n->asked_count; i++) {
		if (!pmip_mn_id_equal(&n->asked[i].ask.mn_id, &p->mn_id))
			continue;
		e.policy.token = n->asked[i].ask.token;
		n->asked_count--;
		memmove(&n->asked[i], &n->asked[i + 1], (n->asked_count - i) * sizeof(n->asked[0]));
		node_step(all, n, &e);
		return;
	}
	complain(c, "nobody asked about this mobile node");
}

static void
sessions(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	uint32_t count = n->lma != NULL ? lma_session_count(n->lma) : mag_session_count(n->mag);

	line_check_keys(l, KEYS_WORD, "count", c);
	if (count != line_number(l, "count", 0, UINT32_MAX, c))
		complain(c, "%s has %u sessions", n->name, count);
}

static void
state(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	uint32_t session = (uint32_t)line_number(l, "session", 0, UINT32_MAX, c);
	const char *is = line_value(l, "is"), *name = "free";
	struct lma_view lv;
	struct mag_view mv;

	line_check_keys(l, KEYS_WORD, "session is", c);
	if (n->lma != NULL && lma_find(n->lma, session, &lv))
		name = lma_state_name(lv.state);
	if (n->mag != NULL && mag_find(n->mag, session, &mv))
		name = mag_state_name(mv.state);
	if (is == NULL || strcmp(is, name) != 0)
		complain(c, "session %u is %s", session, name);
}

static void
table(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	line_check_keys(l, KEYS_WORD, "mn", c);
	table_show(all, n, l, c);
}

/* Gets neither ticks nor messages, as when its machine is stopped. */
static void
stall(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	const char *length = line_value(l, "for");
	uint64_t ms = 0;

	line_check_keys(l, KEYS_WORD, "for", c);
	if (length == NULL || !line_time(length, &ms))
		complain(c, "for=SECONDS is missing");
	n->stalled_until_ms = all->now.mono_ms + ms;
}

static void
wire(struct nodes *all, const struct line *l, struct complaint *c)
{
	if (l->count == KEYS_WORD && strcmp(l->word[VERB_WORD], "release") == 0) {
		wire_release(all);
		return;
	}
	line_check_keys(l, VERB_WORD, "lose hold", c);
	if (l->count != KEYS_WORD)
		complain(c, "the wire takes lose=NUMBER, hold=NUMBER or release");
	all->wire.lose = (unsigned int)line_number(l, "lose", all->wire.lose, 1000, c);
	all->wire.hold = (unsigned int)line_number(l, "hold", all->wire.hold, HELD_MAX - all->wire.held_count, c);
}

void
event_run(struct nodes *all, const struct line *l, struct complaint *c)
{
	static const struct {
		const char *word;
		verb_fn *run;
	} verbs[] = {{"recv", receive},
		     {"attach", attach},
		     {"detach", detach},
		     {"link-local-taken", link_local_taken},
		     {"close", close_session},
		     {"fail", fail},
		     {"policy", policy},
		     {"sessions", sessions},
		     {"state", state},
		     {"stall", stall},
		     {"revoke", revoke},
		     {"notify", notify},
		     {"peer", peer},
		     {"move", move},
		     {"cut", cut},
		     {"flow-add", add_flow},
		     {"flow-move", move_flow},
		     {"flow-del", del_flow},
		     {"table", table},
		     {"aggregate", reload_aggregate}};
	const char *name = l->count > NODE_WORD ? l->word[NODE_WORD] : "";
	struct node *n = node_find(all, name);

	if (strcmp(name, "wire") == 0) {
		wire(all, l, c);
		return;
	}
	if (n == NULL) {
		complain(c, "\"%s\" is no node of this scenario", name);
		return;
	}
	for (unsigned int i = 0; l->count > VERB_WORD && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(l->word[VERB_WORD], verbs[i].word) == 0) {
			verbs[i].run(all, n, l, c);
			return;
		}
	complain(c, "\"%s\" is nothing that can happen to a node", l->count > VERB_WORD ? l->word[VERB_WORD] : "");
}
