/* SPDX-License-Identifier: BSD-3-Clause */
#include "peer.h"

#include <errno.h>
#include <stdlib.h>

#include "lru.h"

#define SKEW_TOLD_MS 10000 /* an event about a peer's clock, at most so often */

struct ctl_peers {
	struct index_pool ids;
	struct index_map by_addr;
	struct ctl_lru known, strangers;
	unsigned int bare; /* configured ones without protection, as was last told */
	struct ctl_peer list[CTL_PEERS];
	struct ctl_peer none; /* one that has no place */
};

static uint64_t
hash_of(const struct ctl *c, const struct addr6 *a)
{
	return hash_bytes(&c->s.secret, a, sizeof(*a));
}

static uint32_t
find(const struct ctl *c, const struct addr6 *a)
{
	uint32_t i = index_map_first(&c->peers->by_addr, hash_of(c, a));

	while (i != INDEX_NONE && !addr6_equal(&c->peers->list[i].addr, a))
		i = index_map_next(&c->peers->by_addr, i);
	return i;
}

const struct ctl_peer *
ctl_peer_find(const struct ctl *c, const struct addr6 *a)
{
	uint32_t i = find(c, a);

	return i != INDEX_NONE ? &c->peers->list[i] : NULL;
}

bool
ctl_peer_is_gateway(const struct ctl *c, const struct addr6 *a)
{
	const struct ctl_peer *p = ctl_peer_find(c, a);

	return p != NULL && p->count[CTL_PEER_RECEIVED][MH_PBU] > 0;
}

const struct pmip_peer_settings *
ctl_peer_settings(const struct ctl *c, const struct addr6 *a)
{
	return c->s.lma != NULL ? lma_peer(c->s.lma, a) : mag_peer(c->s.mag, a);
}

const struct ctl_peer *
ctl_peer_next(const struct ctl *c, uint32_t *at)
{
	for (; *at < CTL_PEERS; ++*at)
		if (index_pool_is_taken(&c->peers->ids, *at))
			return &c->peers->list[*at];
	return NULL;
}

static struct ctl_lru *
lru_of(struct ctl_peers *p, uint32_t i)
{
	return p->list[i].known ? &p->known : &p->strangers;
}

/* A free place, else that of the oldest stranger, else that of the oldest where this is none. INDEX_NONE: none. */
static uint32_t
place(struct ctl_peers *p, bool known)
{
	uint32_t i = p->strangers.oldest;

	if (index_pool_used(&p->ids) < CTL_PEERS)
		return index_pool_take(&p->ids);
	if (i == INDEX_NONE && known)
		i = p->known.oldest;
	if (i == INDEX_NONE)
		return INDEX_NONE;
	index_map_del(&p->by_addr, i);
	ctl_lru_del(lru_of(p, i), i);
	return i;
}

/* The peer of this address, as used now; known from now on where this node has asked something of it. */
static struct ctl_peer *
use(struct ctl *c, const struct addr6 *a, bool asked)
{
	struct ctl_peers *p = c->peers;
	uint32_t i = find(c, a);
	bool known = asked || (i != INDEX_NONE && p->list[i].known) || ctl_peer_settings(c, a) != NULL;

	if (i != INDEX_NONE) {
		ctl_lru_del(lru_of(p, i), i);
	} else {
		i = place(p, known);
		if (i == INDEX_NONE) {
			p->none = (struct ctl_peer){.addr = *a};
			return &p->none;
		}
		p->list[i] = (struct ctl_peer){.addr = *a};
		index_map_add(&p->by_addr, i, hash_of(c, a));
	}
	p->list[i].known = known;
	ctl_lru_add(lru_of(p, i), i);
	return &p->list[i];
}

static void
count(struct ctl_peer *p, enum ctl_peer_way way, const struct mh_msg *m)
{
	p->count[way][m->type]++;
	if (m->type == MH_PBA)
		p->status[way][CTL_PEER_PBA][m->pba.status]++;
	else if (m->type == MH_BRA)
		p->status[way][CTL_PEER_BRA][m->bra.status]++;
	else if (m->type == MH_UPA)
		p->status[way][CTL_PEER_UPA][m->upa.status]++;
}

/* An update carries its sender's time; an acknowledgement does where it says that the update's was wrong. */
static bool
tells_time(const struct mh_msg *m)
{
	return mh_has(m, MH_OPT_TIMESTAMP) &&
	       (m->type == MH_PBU ||
		(m->type == MH_PBA && (m->pba.status == MH_STATUS_TIMESTAMP_MISMATCH ||
				       m->pba.status == MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED)));
}

void
ctl_peer_received(struct ctl *c, const struct addr6 *from, const struct mh_msg *m)
{
	struct ctl_peer *p = use(c, from, false);
	char text[ADDR6_TEXT];

	count(p, CTL_PEER_RECEIVED, m);
	p->heard_ms = c->now.mono_ms;
	if (tells_time(m)) {
		p->skew_known = true;
		p->skew_ms = (int64_t)((m->opt.timestamp.wall - c->now.wall) * 1000) >> 16;
	}
	if (!p->lost)
		return;
	p->lost = false;
	addr6_format(from, text);
	ctl_event(c, CTL_EVENT_PEER_BACK, "ctl", json_pack("{s:s}", "peer", text), "peer answers again peer=%s", text);
}

/* Sent for this node's own reasons, and not because somebody asked, who may have said that he is somebody else. */
static bool
asks(const struct mh_msg *m)
{
	return m->type == MH_PBU || m->type == MH_BRI || m->type == MH_UPN ||
	       (m->type == MH_HEARTBEAT && !(m->heartbeat.flags & MH_HEARTBEAT_R));
}

void
ctl_peer_sent(struct ctl *c, const struct addr6 *to, const struct mh_msg *m)
{
	if (asks(m) || find(c, to) != INDEX_NONE)
		count(use(c, to, asks(m)), CTL_PEER_SENT, m);
}

void
ctl_peer_lost(struct ctl *c, const struct addr6 *a)
{
	struct ctl_peer *p = use(c, a, false);
	char text[ADDR6_TEXT];

	if (p->lost)
		return;
	p->lost = true;
	addr6_format(a, text);
	ctl_event(c, CTL_EVENT_PEER_LOST, "ctl", json_pack("{s:s}", "peer", text),
		  "peer does not answer, however often it is asked peer=%s", text);
}

void
ctl_peer_skewed(struct ctl *c, const struct addr6 *a)
{
	struct ctl_peer *p = use(c, a, false);
	char text[ADDR6_TEXT];

	if (!p->skew_known || (p->skew_told_ms != 0 && c->now.mono_ms - p->skew_told_ms < SKEW_TOLD_MS))
		return;
	p->skew_told_ms = c->now.mono_ms;
	addr6_format(a, text);
	ctl_event(c, CTL_EVENT_CLOCK_SKEW, "ctl",
		  json_pack("{s:s, s:I}", "peer", text, "skew_ms", (json_int_t)p->skew_ms),
		  "the clocks of this node and its peer differ too much peer=%s skew_ms=%lld", text,
		  (long long)p->skew_ms);
}

void
ctl_peer_changed(struct ctl *c, const struct addr6 *a, enum pmip_peer_change change)
{
	static const struct {
		enum ctl_event_kind kind;
		const char *text;
	} say[] = {
		[PMIP_PEER_FAILED] = {CTL_EVENT_PEER_FAILED, "peer answers no heartbeats"},
		[PMIP_PEER_RETURNED] = {CTL_EVENT_PEER_RETURNED, "peer answers heartbeats again"},
		[PMIP_PEER_RESTARTED] = {CTL_EVENT_PEER_RESTARTED, "peer has restarted, and lost its sessions"},
	};
	struct ctl_peer *p = use(c, a, false);
	char text[ADDR6_TEXT];

	p->change[p->changes++ % CTL_PEER_CHANGES] = (struct ctl_peer_change){change, c->now.wall};
	addr6_format(a, text);
	ctl_event(c, say[change].kind, "ctl", json_pack("{s:s}", "peer", text), "%s peer=%s", say[change].text, text);
}

/* An anchor that is no peer of the configuration has no protection either. */
static bool
is_bare(const struct ctl *c, const struct addr6 *a)
{
	const struct pmip_peer_settings *s = ctl_peer_settings(c, a);

	return !addr6_is_zero(a) && !ctl_signalling_owns(c, a) && (s == NULL || s->protection == PMIP_PROTECT_NONE);
}

static bool
is_own(const struct ctl *c, const struct pmip_peer_settings *s)
{
	return s->address.len == 128 && ctl_signalling_owns(c, &s->address.addr);
}

void
ctl_peer_warn(struct ctl *c)
{
	const char *first = "";
	char text[ADDR6_TEXT];
	unsigned int bare = 0;

	for (unsigned int i = 0; i < c->s.peer_count; i++) {
		const struct pmip_peer_settings *s = &c->s.peers[i];

		if (s->protection != PMIP_PROTECT_NONE || is_own(c, s))
			continue;
		first = bare++ == 0 ? s->name : first;
	}
	if (c->s.mag != NULL && bare == 0 && is_bare(c, &c->s.mag_anchor)) {
		first = addr6_format(&c->s.mag_anchor, text);
		bare++;
	}
	if (bare != c->peers->bare && bare > 0)
		ctl_event(c, CTL_EVENT_UNPROTECTED, "ctl", json_pack("{s:i, s:s}", "peers", (int)bare, "first", first),
			  "nothing protects the messages of peers: who can send packets with their addresses can end "
			  "and take over sessions peers=%u first=%s",
			  bare, first);
	c->peers->bare = bare;
}

int
ctl_peer_init(struct ctl *c)
{
	struct ctl_peers *p = c->peers = calloc(1, sizeof(*p));

	if (p == NULL || index_pool_init(&p->ids, CTL_PEERS) < 0 || index_map_init(&p->by_addr, CTL_PEERS) < 0 ||
	    ctl_lru_init(&p->known, CTL_PEERS) < 0 || ctl_lru_init(&p->strangers, CTL_PEERS) < 0)
		return -ENOMEM;
	return 0;
}

void
ctl_peer_fini(struct ctl *c)
{
	if (c->peers == NULL)
		return;
	index_pool_fini(&c->peers->ids);
	index_map_fini(&c->peers->by_addr);
	ctl_lru_fini(&c->peers->known);
	ctl_lru_fini(&c->peers->strangers);
	free(c->peers);
}
