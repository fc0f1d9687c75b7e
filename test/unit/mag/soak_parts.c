/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes with two interfaces at one gateway, whose prefixes move at random: to each other, to other gateways and
 * back. The anchor knows who has what, and says so over a wire that loses, doubles and reorders. After each step the
 * words of forwarding and what hosts are advertised are what the sessions have; at the end nothing is left.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cases.h"
#include "life.h"
#include "mh/vendor.h"
#include "parts.h"

#define NODES	   24
#define INTERFACES 2
#define EACH	   4 /* prefixes of a node, at the anchor */
#define ROUNDS	   6000
#define SESSIONS   (2 * NODES * INTERFACES)
#define WORDS	   (SESSIONS * MH_HNP_MAX)

/* As the forwarding plane has it. */
struct word {
	struct addr_prefix prefix; /* length 0: free */
	uint32_t session;
};

struct soak {
	struct life life;
	uint32_t host[NODES][INTERFACES]; /* of the attachment that stands, 0: none */
	uint32_t hosts;			  /* told so far */
	uint8_t owner[NODES][EACH];	  /* whose each prefix is: an interface + 1, or 0 where no link has it */
	bool open[NODES][INTERFACES];	  /* the anchor has a session */
	struct word word[WORDS];
	bool forwarded[SESSIONS];
	struct pmip_action set[SESSIONS]; /* the last of each */
	struct pmip_action access[SESSIONS];
	uint16_t sequence;
	unsigned int moved, idle, failures;
};

static uint32_t
below(struct soak *k, uint32_t n)
{
	return life_below(&k->life, n);
}

static void
fail(struct soak *k, const char *why)
{
	if (k->life.failures++ == 0)
		printf("%s\n", why);
}

static struct addr_prefix
prefix_of(unsigned int node, unsigned int i)
{
	struct addr_prefix p = world_prefix;

	p.addr.b[6] = (uint8_t)(1 + node);
	p.addr.b[7] = (uint8_t)i;
	return p;
}

/* Which of a node's it is, EACH where it is none. */
static unsigned int
index_of(unsigned int node, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < EACH; i++) {
		struct addr_prefix own = prefix_of(node, i);

		if (addr_prefix_equal(p, &own))
			return i;
	}
	return EACH;
}

static unsigned int
interface_of(const struct mh_msg *m)
{
	return m->opt.mn_ll_id.id[3] % INTERFACES;
}

/* Whether an update lists exactly what the anchor has for it. */
static bool
lists_its_set(struct soak *k, unsigned int n, unsigned int i, const struct mh_msg *u)
{
	unsigned int listed = 0, owned = 0;

	for (unsigned int j = 0; j < u->opt.hnp_count; j++) {
		unsigned int at = index_of(n, &u->opt.hnp[j].prefix);

		listed += at < EACH && k->owner[n][at] == i + 1;
	}
	for (unsigned int j = 0; j < EACH; j++)
		owned += k->owner[n][j] == i + 1;
	return owned > 0 && listed == owned && listed == u->opt.hnp_count;
}

static void
grant_set(struct soak *k, unsigned int n, unsigned int i, struct mh_msg *m)
{
	m->opt.hnp_count = 0;
	for (unsigned int j = 0; j < EACH; j++) {
		struct addr_prefix p = prefix_of(n, j);

		if (k->owner[n][j] == i + 1)
			mh_add_hnp(m, &p);
	}
}

/* What is listed becomes this interface's; false where it is none of the node's. */
static bool
take_listed(struct soak *k, unsigned int n, unsigned int i, const struct mh_msg *u)
{
	for (unsigned int j = 0; j < u->opt.hnp_count; j++)
		if (index_of(n, &u->opt.hnp[j].prefix) == EACH)
			return false;
	for (unsigned int j = 0; j < u->opt.hnp_count; j++)
		k->owner[n][index_of(n, &u->opt.hnp[j].prefix)] = (uint8_t)(i + 1);
	k->open[n][i] = true;
	return true;
}

/* One that no link has; false where there is none. */
static bool
take_any(struct soak *k, unsigned int n, unsigned int i)
{
	for (unsigned int j = 0; j < EACH; j++)
		if (k->owner[n][j] == 0) {
			k->owner[n][j] = (uint8_t)(i + 1);
			k->open[n][i] = true;
			return true;
		}
	return false;
}

static void
close_session(struct soak *k, unsigned int n, unsigned int i)
{
	k->open[n][i] = false;
	for (unsigned int j = 0; j < EACH; j++)
		if (k->owner[n][j] == i + 1)
			k->owner[n][j] = 0;
}

/* A session that has lost all is over at the anchor. */
static void
sweep_up(struct soak *k, unsigned int n)
{
	for (unsigned int i = 0; i < INTERFACES; i++) {
		bool has = false;

		for (unsigned int j = 0; j < EACH; j++)
			has = has || k->owner[n][j] == i + 1;
		k->open[n][i] = k->open[n][i] && has;
	}
}

static uint8_t
judge(struct soak *k, unsigned int n, unsigned int i, const struct mh_msg *u, struct mh_msg *m)
{
	bool any = addr6_is_zero(&u->opt.hnp[0].prefix.addr);

	if (u->pbu.lifetime == 0) {
		close_session(k, n, i);
		return 0;
	}
	if (u->opt.handoff.value == PARTS_NEW || u->opt.handoff.value == PARTS_EXISTING) {
		if (below(k, 5) == 0 || !take_listed(k, n, i, u))
			return MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX;
		k->moved++;
		if (below(k, 3) == 0)
			grant_set(k, n, i, m);
		return 0;
	}
	if (any && (k->open[n][i] || take_any(k, n, i))) {
		grant_set(k, n, i, m);
		return 0;
	}
	if (any)
		return MH_STATUS_INSUFFICIENT_RESOURCES;
	if (!k->open[n][i])
		return take_listed(k, n, i, u) ? 0 : MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX;
	if (lists_its_set(k, n, i, u))
		return 0;
	if (u->opt.handoff.value == MH_HANDOFF_NO_CHANGE && below(k, 2) == 0 && take_listed(k, n, i, u)) {
		k->idle++;
		return 0;
	}
	return MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH;
}

static void
anchor(struct soak *k, const struct pmip_action *a)
{
	const struct mh_msg *u = &a->send.msg;
	struct mh_msg m = {.type = MH_PBA, .pba = {.sequence = u->pbu.sequence, .lifetime = u->pbu.lifetime}};
	unsigned int n;

	if (u->type != MH_PBU || below(k, 12) == 0)
		return;
	if (u->opt.hnp_count == 0) {
		fail(k, "an update without prefixes");
		return;
	}
	n = life_node(u);
	mh_copy(&m, u);
	m.type = MH_PBA;
	m.pba = (struct mh_pba){.sequence = u->pbu.sequence, .lifetime = u->pbu.lifetime};
	m.pba.status = judge(k, n, interface_of(u), u, &m);
	sweep_up(k, n);
	m.pba.lifetime /= 1 + below(k, 20);
	m.opt.vendor_count = 0;
	if (m.pba.status == 0 && below(k, 8) > 0)
		world_take_note(u, &m);
	if (m.pba.status == 0 && u->pbu.lifetime > 0 && below(k, 10) == 0 && m.opt.hnp_count < MH_HNP_MAX) {
		struct addr_prefix lent = prefix_of(n, 100);

		mh_add_hnp(&m, &lent);
		m.opt.hnp[m.opt.hnp_count - 1].off_link = true;
	}
	life_say(&k->life, &m);
}

static struct word *
word_of(struct soak *k, const struct addr_prefix *p)
{
	struct word *place = NULL;

	for (unsigned int i = 0; i < WORDS; i++) {
		if (addr_prefix_equal(&k->word[i].prefix, p))
			return &k->word[i];
		if (k->word[i].prefix.len == 0 && place == NULL)
			place = &k->word[i];
	}
	return place;
}

static bool
listed(const struct pmip_action *a, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < a->forward.prefix_count; i++)
		if (addr_prefix_equal(&a->forward.prefix[i], p))
			return true;
	return false;
}

/* All of the old list that is still the session's, but for what the new one has. */
static void
del_words(struct soak *k, const struct pmip_action *old, const struct pmip_action *new)
{
	for (unsigned int i = 0; i < old->forward.prefix_count; i++) {
		struct word *w = word_of(k, &old->forward.prefix[i]);

		if (w->prefix.len > 0 && w->session == old->session &&
		    (new == NULL || !listed(new, &old->forward.prefix[i])))
			*w = (struct word){0};
	}
}

static void
set_words(struct soak *k, const struct pmip_action *a)
{
	for (unsigned int i = 0; i < a->forward.prefix_count; i++)
		*word_of(k, &a->forward.prefix[i]) = (struct word){a->forward.prefix[i], a->session};
	if (k->forwarded[a->session])
		del_words(k, &k->set[a->session], a);
	k->forwarded[a->session] = true;
	k->set[a->session] = *a;
}

static void
clear_words(struct soak *k, const struct pmip_action *a)
{
	if (!k->forwarded[a->session])
		fail(k, "cleared and never set");
	del_words(k, &k->set[a->session], NULL);
	k->forwarded[a->session] = false;
}

static void
clear_host(struct soak *k, uint32_t host)
{
	for (unsigned int n = 0; n < NODES; n++)
		for (unsigned int i = 0; i < INTERFACES; i++)
			if (k->host[n][i] == host)
				k->host[n][i] = 0;
}

/* Once in a while forwarding cannot be set, and the rest of the list is dropped. */
static void
apply(struct life *life)
{
	struct soak *k = (struct soak *)life;
	struct pmip_actions list = k->life.w.out;

	k->life.w.out.count = 0;
	for (unsigned int i = 0; i < list.count; i++) {
		const struct pmip_action *a = &list.list[i];

		if (a->type == PMIP_ACT_FORWARD_SET && below(k, 200) == 0) {
			if (!k->forwarded[a->session])
				set_words(k, a); /* nothing of it: it may be cleared */
			del_words(k, &k->set[a->session], NULL);
			world_fail(&k->life.w, a);
			apply(&k->life);
			return;
		}
		if (a->type == PMIP_ACT_SEND)
			anchor(k, a);
		else if (a->type == PMIP_ACT_FORWARD_SET)
			set_words(k, a);
		else if (a->type == PMIP_ACT_FORWARD_CLEAR)
			clear_words(k, a);
		else if (a->type == PMIP_ACT_ACCESS_SET)
			k->access[a->session] = *a;
		else if (a->type == PMIP_ACT_ACCESS_CLEAR)
			clear_host(k, a->access.host);
	}
}

/* What a host is advertised is what its session has on its link, and idle is deprecated. */
static void
check_access(struct soak *k, const struct mag_view *v)
{
	const struct pmip_action *a = &k->access[v->session];
	unsigned int n = 0;

	for (unsigned int i = 0; i < v->prefix_count; i++) {
		if (v->off_link & 1u << i)
			continue;
		if (n >= a->access.prefix_count || !addr_prefix_equal(&a->access.prefix[n], &v->prefix[i]) ||
		    (a->access.deprecated >> n & 1) != (v->idle >> i & 1))
			fail(k, "advertised otherwise");
		n++;
	}
	if (n != a->access.prefix_count || a->access.host != v->link.host)
		fail(k, "something else is advertised");
}

static unsigned int
check_words(struct soak *k, const struct mag_view *v)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < v->prefix_count; i++) {
		const struct word *w = word_of(k, &v->prefix[i]);
		bool here = w->prefix.len > 0 && w->session == v->session;

		if (here != !(v->idle & 1u << i))
			fail(k, "a word that leads elsewhere");
		n += here;
	}
	return n;
}

static void
check(struct life *life)
{
	struct soak *k = (struct soak *)life;
	unsigned int words = 0, found = 0, temporal = 0;
	struct mag_view v;

	for (uint32_t s = 0; s < SESSIONS; s++) {
		bool is = mag_find(k->life.w.g, s, &v),
		     serves = is && (v.state == MAG_ACTIVE || v.state == MAG_REFRESHING);

		temporal += is ? k->life.w.g->session[s].has.cut : 0;
		if (serves != k->forwarded[s])
			fail(k, "forwarded and not served, or the other way round");
		if (!serves)
			continue;
		words += check_words(k, &v);
		check_access(k, &v);
		temporal += (unsigned int)__builtin_popcount(v.temporal);
		if (v.off_link & v.idle || v.off_link & v.temporal)
			fail(k, "off link and more");
	}
	for (unsigned int i = 0; i < WORDS; i++)
		found += k->word[i].prefix.len > 0;
	if (found != words)
		fail(k, "a word that nobody has");
	if (k->life.w.g->temporal.used != temporal + 1)
		fail(k, "temporal prefixes leak");
}

/* Attach, with a prefix of another interface's or without; or leave. */
static void
come_or_go(struct soak *k, unsigned int n, unsigned int i)
{
	struct pmip_link link = world_link(n);
	struct addr_prefix p = prefix_of(n, below(k, EACH));

	if (k->host[n][i] != 0 && below(k, 3) > 0) {
		world_detach(&k->life.w, n, k->host[n][i]);
		k->host[n][i] = 0;
		return;
	}
	link.mac.b[3] = (uint8_t)i;
	link.port = (uint16_t)below(k, 3);
	link.host = k->host[n][i] != 0 && below(k, 2) ? k->host[n][i] : ++k->hosts;
	k->host[n][i] = link.host;
	if (below(k, 2))
		world_attach_with(&k->life.w, n, &link, 1, &p);
	else
		world_attach_link(&k->life.w, n, &link, (uint8_t)(1 + below(k, 4)));
}

static void
move(struct soak *k, unsigned int n)
{
	struct addr_prefix p = prefix_of(n, below(k, EACH));
	struct pmip_mn_id id = world_mn_id(n);
	struct mag_view v;

	if (mag_next_of(k->life.w.g, &id, PMIP_SESSION_NONE, &v) &&
	    (below(k, 2) || mag_next_of(k->life.w.g, &id, v.session, &v)))
		world_move(&k->life.w, n, v.session, below(k, 2) ? PMIP_MOVE_AWAY : PMIP_MOVE_IDLE, 1, &p);
}

/* The anchor moves a prefix to another gateway, or back; or lends one; now and then for nothing. */
static void
nag(struct soak *k, unsigned int n)
{
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = MH_BRI_ADMINISTRATIVE, .flags = MH_BR_P}};
	unsigned int at = below(k, EACH);
	struct addr_prefix p = prefix_of(n, at);
	struct pmip_mn_id id = world_mn_id(n);

	if (below(k, 2)) {
		k->owner[n][at] = 0;
		sweep_up(k, n);
		m.bri.sequence = ++k->sequence;
		mh_add_hnp(&m, &p);
	} else if (below(k, 2)) {
		m = (struct mh_msg){.type = MH_UPN, .upn = {.reason = MH_UPN_FLOW_MOBILITY, .flags = MH_UPN_A}};
		m.upn.sequence = ++k->sequence;
		if (below(k, 2))
			p = prefix_of(n, 100 + below(k, 2));
		mh_add_hnp(&m, &p);
		m.opt.hnp[0].off_link = below(k, 4) > 0;
	} else {
		m = (struct mh_msg){.type = MH_UPN, .upn = {.flags = MH_UPN_A}};
		m.upn.sequence = ++k->sequence;
		m.upn.reason = below(k, 2) ? MH_UPN_FORCE_REREGISTRATION : MH_UPN_VENDOR_SPECIFIC;
		if (below(k, 2)) {
			p = k->life.w.s.aggregate;
			p.len = 64;
			p.addr.b[7] = (uint8_t)below(k, 128);
		}
		mh_vendor_add_prefix(&m, PARTS_VENDOR,
				     &(struct mh_vendor_prefix){.flags = below(k, 2) ? 0xd0 : 0xc0, .prefix = p});
	}
	mag_put_mn_id(&id, &m);
	life_say(&k->life, &m);
}

static void
everyone_leaves(struct soak *k)
{
	for (unsigned int n = 0; n < NODES; n++)
		for (unsigned int i = 0; i < INTERFACES; i++)
			if (k->host[n][i] != 0) {
				world_detach(&k->life.w, n, k->host[n][i]);
				apply(&k->life);
			}
}

static void
soak(bool timestamps, uint64_t seed)
{
	struct mag_settings s = world_settings();
	struct soak *k = calloc(1, sizeof(*k));

	if (k == NULL)
		exit(1);
	s.multihoming = parts_settings();
	s.aggregate = (struct addr_prefix){{{0x20, 2, 0, 2, 0, 1}}, 57};
	s.temporal_prefixes = 2;
	s.timestamps = timestamps;
	s.sessions_max = SESSIONS;
	s.jitter_seed = seed;
	world_new_with(&k->life.w, &s);
	k->life.random = seed;
	k->life.carry_out = apply;
	k->life.check = check;
	k->life.late_ms = 3000;
	for (unsigned int r = 0; r < ROUNDS && k->life.failures == 0; r++) {
		unsigned int n = below(k, NODES), what = below(k, 10);

		if (what < 3)
			come_or_go(k, n, below(k, INTERFACES));
		else if (what < 7)
			move(k, n);
		if (what < 7) {
			apply(&k->life);
			check(&k->life);
		} else {
			nag(k, n);
		}
		life_pass(&k->life, below(k, 60));
	}
	everyone_leaves(k);
	life_end(&k->life, seed);
	CU_ASSERT(k->moved > ROUNDS / 12 && k->idle > ROUNDS / 50);
	free(k);
}

void
soak_of_parts(void)
{
	for (uint64_t seed = 1; seed <= 2; seed++)
		soak(seed & 1, seed);
}
