/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes that come, go and move at random, an anchor that now and then says no, and a wire that loses, doubles,
 * delays and reorders what it says. After each step what was asked of forwarding is what the sessions say.
 */
#include <stdlib.h>

#include "cases.h"
#include "life.h"

#define NODES	 200
#define ROUNDS	 20000
#define SESSIONS 256

struct soak {
	struct life life;
	uint32_t host[NODES]; /* of the attachment that stands, 0: none */
	uint32_t hosts;	      /* told so far */
	uint8_t port[NODES];
	bool forwarded[SESSIONS];
	uint8_t prefix_node[SESSIONS]; /* whose prefix is forwarded */
	unsigned int accepted, failures;
};

static uint32_t
below(struct soak *k, uint32_t n)
{
	return life_below(&k->life, n);
}

static struct addr_prefix
prefix_of(unsigned int node)
{
	struct addr_prefix p = world_prefix;

	p.addr.b[7] = (uint8_t)node;
	return p;
}

/* The gateway revokes all: one of the answers that there are, or none. */
static void
answer_other(struct soak *k, const struct mh_msg *u)
{
	static const uint8_t answers[] = {0, 1, 128, 130, 134};
	struct mh_msg m = {.type = MH_BRA, .bra = {.sequence = u->bri.sequence, .flags = u->bri.flags}};

	if (u->type != MH_BRI)
		return;
	m.bra.status = answers[below(k, UNIT_COUNT(answers))];
	if (below(k, 8) == 0)
		m = (struct mh_msg){.type = MH_BE, .be = {.status = MH_BE_UNKNOWN_TYPE}};
	life_say(&k->life, &m);
}

/* Which group it is put into, where it may be; now and then that is not said, and now and then GRE is not granted. */
static void
group_of(struct soak *k, const struct mh_msg *u, struct mh_msg *m)
{
	if (u->pbu.flags & MH_PBU_B && below(k, 4) > 0) {
		m->pba.flags |= MH_PBA_B;
		m->opt.group.id = 1 + below(k, 3);
	}
	if (below(k, 30) == 0)
		m->opt.present &= ~(1u << MH_OPT_MN_GROUP_ID);
	if (below(k, 4) == 0)
		m->opt.present &= ~(1u << MH_OPT_GRE_KEY);
}

/* The anchor: takes nearly everything, says no with any status it knows, and sometimes takes it for no time. */
static void
anchor(struct soak *k, const struct pmip_action *a)
{
	static const uint8_t no[] = {128, 129, 130, 135, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 255};
	const struct mh_msg *u = &a->send.msg;
	struct mh_msg m = {
		.type = MH_PBA, .pba = {.sequence = u->pbu.sequence, .lifetime = u->pbu.lifetime}, .opt = u->opt};

	if (below(k, 12) == 0)
		return; /* lost on its way here */
	if (u->type != MH_PBU) {
		answer_other(k, u);
		return;
	}
	group_of(k, u, &m);
	if (below(k, 12) == 0)
		m.pba.status = no[below(k, UNIT_COUNT(no))];
	if (m.pba.status == 135)
		m.pba.sequence = (uint16_t)below(k, 65536);
	m.pba.lifetime /= 1 + below(k, 40);
	m.opt.hnp_count = mh_has(u, MH_OPT_MN_ID);
	if (mh_has(u, MH_OPT_MN_ID))
		m.opt.hnp[0].prefix = prefix_of(life_node(u));
	life_say(&k->life, &m);
}

static void
set_forwarded(struct soak *k, const struct pmip_action *a, bool on)
{
	if (a->session >= SESSIONS || a->forward.prefix_count != 1 || (!on && !k->forwarded[a->session])) {
		k->life.failures++;
		return;
	}
	k->forwarded[a->session] = on;
	k->prefix_node[a->session] = a->forward.prefix[0].addr.b[7];
	k->accepted += on;
}

static void
clear_host(struct soak *k, uint32_t host)
{
	for (unsigned int i = 0; i < NODES; i++)
		if (k->host[i] == host)
			k->host[i] = 0;
}

/* Carry out the last step's list; once in a while forwarding cannot be set, and the rest of the list is dropped. */
static void
apply(struct life *life)
{
	struct soak *k = (struct soak *)life;
	struct pmip_actions list = k->life.w.out;

	for (unsigned int i = 0; i < list.count; i++) {
		const struct pmip_action *a = &list.list[i];

		if (a->type == PMIP_ACT_FORWARD_SET && below(k, 100) == 0) {
			if (a->session < SESSIONS)
				k->forwarded[a->session] = true; /* as it was, or not at all: it may be cleared */
			world_fail(&k->life.w, a);
			apply(&k->life);
			return;
		}
		if (a->type == PMIP_ACT_SEND)
			anchor(k, a);
		else if (a->type == PMIP_ACT_FORWARD_SET || a->type == PMIP_ACT_FORWARD_CLEAR)
			set_forwarded(k, a, a->type == PMIP_ACT_FORWARD_SET);
		else if (a->type == PMIP_ACT_ACCESS_CLEAR)
			clear_host(k, a->access.host);
	}
}

static void
check(struct life *life)
{
	struct soak *k = (struct soak *)life;
	bool node_seen[256] = {false};
	struct mag_view v;

	for (uint32_t i = 0; i < SESSIONS; i++) {
		bool serves = mag_find(k->life.w.g, i, &v) && (v.state == MAG_ACTIVE || v.state == MAG_REFRESHING);

		k->life.failures += serves != k->forwarded[i];
		if (!serves)
			continue;
		k->life.failures += v.prefix_count != 1 || v.prefix[0].addr.b[7] != k->prefix_node[i];
		k->life.failures += node_seen[k->prefix_node[i]]; /* a prefix is forwarded once */
		node_seen[k->prefix_node[i]] = true;
		k->life.failures += v.expires_ms + 1 < k->life.w.now.mono_ms;
	}
}

/* Attach, move to another port, come with the other interface, or leave. */
static void
act(struct soak *k, unsigned int n)
{
	struct pmip_link link = world_link(n);
	uint32_t what = below(k, 10);

	if (k->host[n] != 0 && what < 5) {
		uint32_t host = k->host[n];

		k->host[n] = 0;
		world_detach(&k->life.w, n, host);
	} else {
		if (k->host[n] == 0 || what < 8)
			k->port[n] = (uint8_t)below(k, 4);
		link.port = k->port[n];
		link.mac.b[2] = below(k, 8) == 0;
		link.host = ++k->hosts;
		k->host[n] = link.host;
		world_attach_link(&k->life.w, n, &link, (uint8_t)(1 + below(k, 4)));
	}
	apply(&k->life);
	check(&k->life);
}

static void
put_id(struct mh_msg *m, const struct pmip_mn_id *id)
{
	mh_set(m, MH_OPT_MN_ID);
	m->opt.mn_id.subtype = id->subtype;
	m->opt.mn_id.len = id->len;
	memcpy(m->opt.mn_id.id, id->id, id->len);
}

/* The anchor has something to say by itself, whatever it is about. */
static void
nag(struct soak *k)
{
	static const uint8_t triggers[] = {0, 1, 2, 3, 4, 5, 6, 7, 7, 128, 129, 200};
	unsigned int n = below(k, NODES);
	struct mh_msg m = {.type = below(k, 2) ? MH_BRI : MH_UPN};
	struct pmip_mn_id id = world_mn_id(n);
	struct addr_prefix p = prefix_of(n);

	if (m.type == MH_BRI) {
		m.bri.sequence = (uint16_t)below(k, 65536);
		m.bri.trigger = triggers[below(k, UNIT_COUNT(triggers))];
		m.bri.flags = (uint16_t)(MH_BR_P | (m.bri.trigger >= MH_BRI_GLOBAL_MIN ? MH_BR_G : 0));
	} else {
		m.upn.sequence = (uint16_t)below(k, 65536);
		m.upn.reason = (uint16_t)below(k, 5);
		m.upn.flags = below(k, 2) ? MH_UPN_A : 0;
		mh_set(&m, MH_OPT_BINDING_REFRESH_ADVICE);
		m.opt.refresh_advice.interval = (uint16_t)below(k, 20);
	}
	if (m.type == MH_UPN || m.bri.trigger != MH_BRI_PER_PEER_POLICY)
		put_id(&m, &id);
	if (below(k, 2) && m.type == MH_BRI && m.bri.trigger < MH_BRI_GLOBAL_MIN)
		mh_add_hnp(&m, &p);
	life_say(&k->life, &m);
}

/* What heartbeats would find out, and what an operator would say. */
static void
upset(struct soak *k)
{
	struct pmip_target what = {
		.scope = (enum pmip_scope)below(k, 4), .session = below(k, SESSIONS), .peer = world_lma};

	what.mn_id = world_mn_id(below(k, NODES));
	if (below(k, 2) == 0)
		world_peer(&k->life.w, &world_lma, (enum pmip_peer_change)below(k, 3));
	else
		world_revoke(&k->life.w, &what);
	apply(&k->life);
	check(&k->life);
}

static void
everyone_leaves(struct soak *k)
{
	for (unsigned int n = 0; n < NODES; n++)
		if (k->host[n] != 0) {
			world_detach(&k->life.w, n, k->host[n]);
			apply(&k->life);
		}
}

static void
soak(bool timestamps, bool all_else, uint64_t seed)
{
	struct pmip_peer_settings peer = {.address = {world_lma, 128}, .gre = PMIP_GRE_OFFERED};
	struct mag_settings s = world_settings();
	struct soak *k = calloc(1, sizeof(*k));

	if (k == NULL)
		exit(1);
	s.timestamps = timestamps;
	s.sessions_max = SESSIONS;
	s.jitter_seed = seed;
	s.bulk = all_else;
	s.peers = &peer;
	s.peer_count = all_else;
	s.id = world_mn_id(1000);
	s.timers.peer_rate_per_s = 1000;
	world_new_with(&k->life.w, &s);
	k->life.random = seed;
	k->life.carry_out = apply;
	k->life.check = check;
	k->life.late_ms = 5000;
	for (unsigned int i = 0; i < ROUNDS && k->life.failures == 0; i++) {
		act(k, below(k, NODES));
		life_pass(&k->life, below(k, 100));
		if (below(k, 200) == 0) {
			world_close(&k->life.w, below(k, SESSIONS));
			apply(&k->life);
		}
		if (all_else && below(k, 10) == 0)
			nag(k);
		if (all_else && below(k, 500) == 0)
			upset(k);
	}
	everyone_leaves(k);
	life_end(&k->life, seed);
	CU_ASSERT(k->accepted > ROUNDS / 4);
	free(k);
}

void
soak_with_timestamps(void)
{
	for (uint64_t seed = 1; seed <= 2; seed++)
		soak(true, false, seed);
}

void
soak_without_timestamps(void)
{
	soak(false, false, 3);
}

void
soak_with_all_else(void)
{
	for (uint64_t seed = 4; seed <= 5; seed++)
		soak(seed & 1, true, seed);
}
