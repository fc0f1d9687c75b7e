/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Proxy Binding Update, first and again. Each transmission has a new sequence number and, where timestamps are
 * in use, the latest timestamp (RFC 5213 section 6.9.4, item 4; RFC 6275 section 11.8), so an answer tells
 * which transmission it is for and the granted lifetime can be counted from that one.
 */
#include "engine.h"

#define WALL_SECOND (1u << 16)

static bool
is_peculiar(const struct mag *g, const struct addr6 *anchor, enum pmip_compat how)
{
	const struct pmip_peer_settings *p = pmip_peers_find(&g->peers, anchor);

	return p != NULL && p->compat & how;
}

bool
mag_stamps(const struct mag *g, const struct addr6 *anchor)
{
	return g->s.timestamps && !is_peculiar(g, anchor, PMIP_COMPAT_NO_TIMESTAMP);
}

/* Whether there is one that the anchor is to be told. */
static bool
has_link_layer_id(const struct mag *g, const struct mag_session *s)
{
	static const struct addr_mac unknown;

	return !addr_mac_equal(&s->link.mac, &unknown) && !is_peculiar(g, &s->lma, PMIP_COMPAT_NO_LINK_LAYER_ID);
}

/*
 * What an update lists: what it is to bring here, else the session's own; where these have all gone, what the anchor
 * has of it still.
 */
static uint8_t
listed(const struct mag *g, const struct mag_session *s, struct addr_prefix out[static MH_HNP_MAX])
{
	uint8_t own = mag_prefixes_own(&s->has);
	uint8_t rest = mag_prefixes_all(&s->has) & (uint8_t)~s->has.off_link;

	if (s->asks_any)
		return 0;
	if (s->has.pulled == 0)
		return mag_prefixes_copy(&s->has, own != 0 ? own : rest, out);
	memcpy(out, &s->has.prefix[s->has.count], s->has.pulled * sizeof(*out));
	return s->has.pulled;
}

/*
 * The repetition of an update that names neither a prefix nor an interface: where its first was accepted, nothing but
 * the number tells the anchor that it is not of another interface. Its timestamp tells it from the first.
 */
static bool
keeps_number(const struct mag *g, const struct mag_session *s)
{
	return s->tries > 0 && s->stamp != 0 && s->has.count == 0 && !has_link_layer_id(g, s);
}

static uint16_t
next_sequence(struct mag *g, const struct mag_session *s)
{
	uint16_t next = (uint16_t)(s->sequence + 1);

	if (mag_stamps(g, &s->lma) && !s->by_sequence)
		return keeps_number(g, s) ? s->sequence : ++g->sequence;
	if (pmip_sequence_later(next, g->sequence))
		g->sequence = next;
	return next;
}

/*
 * Greater than all before it, even when two updates fall into one moment: an anchor takes an equal timestamp for a
 * wrong one. A clock that was set back by more than a second is followed all the same.
 */
static uint64_t
next_stamp(struct mag *g)
{
	if (g->now.wall <= g->stamp && g->stamp - g->now.wall < WALL_SECOND)
		g->stamp++;
	else
		g->stamp = g->now.wall;
	return g->stamp;
}

uint64_t
mag_put_timestamp(struct mag *g, const struct addr6 *anchor, struct mh_msg *m)
{
	if (!mag_stamps(g, anchor))
		return 0;
	mh_set(m, MH_OPT_TIMESTAMP);
	m->opt.timestamp.wall = next_stamp(g);
	return m->opt.timestamp.wall;
}

void
mag_put_mn_id(const struct pmip_mn_id *id, struct mh_msg *m)
{
	mh_set(m, MH_OPT_MN_ID);
	m->opt.mn_id.subtype = id->subtype;
	m->opt.mn_id.len = id->len;
	memcpy(m->opt.mn_id.id, id->id, id->len);
}

static void
put_prefixes(const struct mag *g, const struct mag_session *s, struct mh_msg *m)
{
	static const struct addr_prefix all_zero;
	struct addr_prefix prefix[MH_HNP_MAX];
	uint8_t count = listed(g, s, prefix);

	for (unsigned int i = 0; i < count; i++)
		mh_add_hnp(m, &prefix[i]);
	if (count == 0)
		mh_add_hnp(m, &all_zero);
}

static void
put_link(const struct mag *g, const struct mag_session *s, struct mh_msg *m)
{
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = s->link.access_tech;
	if (has_link_layer_id(g, s)) {
		mh_set(m, MH_OPT_MN_LINK_LAYER_ID);
		m->opt.mn_ll_id.len = sizeof(s->link.mac.b);
		memcpy(m->opt.mn_ll_id.id, s->link.mac.b, sizeof(s->link.mac.b));
	}
	if (addr6_is_zero(&g->s.link_local)) {
		mh_set(m, MH_OPT_LINK_LOCAL_ADDRESS);
		m->opt.link_local.addr = s->link_local;
	}
}

static void
send(struct mag *g, struct mag_session *s)
{
	struct pmip_action *a = mag_act(g, PMIP_ACT_SEND, s);
	struct mh_msg *m = &a->send.msg;

	if (s->state == MAG_REGISTERING)
		mag_temporal_cut(g, s, g->s.temporal_prefixes);
	s->sequence = next_sequence(g, s);
	s->sent_ms = g->now.mono_ms;
	s->tries++;
	mag_session_await(g, s, true);

	a->send.src = g->s.address;
	a->send.dst = s->lma;
	m->type = MH_PBU;
	m->pbu.sequence = s->sequence;
	m->pbu.flags = MH_PBU_A | MH_PBU_P;
	m->pbu.lifetime = s->state == MAG_LEAVING ? 0 : (uint16_t)(g->s.lifetime_s / MH_LIFETIME_UNIT_S);
	mag_put_mn_id(&s->mn_id, m);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = s->handoff;
	put_prefixes(g, s, m);
	put_link(g, s, m);
	mag_service_put_option(g, s, m);
	mag_gre_ask(g, s, m);
	mag_bulk_ask(g, s, m);
	mag_temporal_declare(g, s, m);
	s->stamp = mag_put_timestamp(g, &s->lma, m);
	g->stat.counter[STAT_PBU_TX]++;
}

/* Until the answer is given up; a session that lives on the old registration meanwhile ends with it at the latest. */
static void
wait_for_answer(struct mag *g, const struct mag_session *s)
{
	uint64_t due_ms = g->now.mono_ms + s->timeout_ms;

	if (s->state == MAG_REFRESHING && s->expires_ms < due_ms)
		due_ms = s->expires_ms;
	deadline_set(&g->due, mag_session_index(g, s), due_ms);
}

uint8_t
mag_handoff_again(const struct mag_session *s)
{
	return s->handoff == MH_HANDOFF_NO_CHANGE ? MH_HANDOFF_UNKNOWN : s->handoff;
}

static void
exchange(struct mag *g, struct mag_session *s, enum mag_state state, uint8_t handoff)
{
	if (!mag_enter(g, s, state))
		return;
	s->handoff = handoff;
	s->tries = 0;
	s->renumbered = false;
	s->hastened = false;
	s->mistaken = false;
	s->timeout_ms = g->s.timers.initial_bindack_timeout_ms;
	send(g, s);
	wait_for_answer(g, s);
}

void
mag_exchange(struct mag *g, struct mag_session *s, enum mag_state state, uint8_t handoff)
{
	s->pull = MAG_PULL_NONE;
	s->has.pulled = 0;
	s->asks_any = false;
	exchange(g, s, state, handoff);
}

/* Not by the indicator of a refresh where all is idle: with that one a gateway asks for prefixes to become active. */
void
mag_exchange_refresh(struct mag *g, struct mag_session *s)
{
	bool idle = s->has.idle != 0 && mag_prefixes_own(&s->has) == 0;

	mag_exchange(g, s, MAG_REFRESHING, idle ? MH_HANDOFF_UNKNOWN : MH_HANDOFF_NO_CHANGE);
}

/* By its interface: without a link-layer identifier an anchor would take it for another. */
bool
mag_exchange_any(struct mag *g, struct mag_session *s, uint8_t handoff)
{
	if (s->asks_any || !has_link_layer_id(g, s))
		return false;
	s->pull = MAG_PULL_NONE;
	s->has.pulled = 0;
	s->asks_any = true;
	exchange(g, s, MAG_REFRESHING, handoff);
	return true;
}

void
mag_exchange_pull(struct mag *g, struct mag_session *s, enum mag_state state, uint8_t handoff, enum mag_pull pull)
{
	s->pull = (uint8_t)pull;
	s->asks_any = false;
	exchange(g, s, state, handoff);
}

void
mag_exchange_again(struct mag *g, struct mag_session *s)
{
	exchange(g, s, (enum mag_state)s->state, s->handoff);
}

void
mag_repeat(struct mag *g, struct mag_session *s)
{
	send(g, s);
	wait_for_answer(g, s);
	g->stat.counter[STAT_PBU_RETRANSMITTED]++;
}

/* splitmix64 (Steele, Lea and Flood) */
uint64_t
mag_jitter(struct mag *g, uint64_t most)
{
	uint64_t z;

	if (g->s.jitter_seed == 0)
		return 0;
	z = g->jitter += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % (most + 1);
}

struct mh_msg *
mag_update_of_many(struct mag *g, const struct addr6 *anchor, uint8_t handoff, uint8_t access_tech)
{
	struct pmip_action *a = mag_act_for(g, PMIP_ACT_SEND);
	struct mh_msg *m = &a->send.msg;

	a->send.src = g->s.address;
	a->send.dst = *anchor;
	m->type = MH_PBU;
	m->pbu.sequence = ++g->sequence;
	m->pbu.flags = MH_PBU_A | MH_PBU_P;
	m->pbu.lifetime = (uint16_t)(g->s.lifetime_s / MH_LIFETIME_UNIT_S);
	mh_set(m, MH_OPT_HANDOFF_INDICATOR);
	m->opt.handoff.value = handoff;
	mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
	m->opt.access_tech.value = access_tech;
	return m;
}
