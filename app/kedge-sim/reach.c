/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a gateway does for those who are there: whom it serves, for how long, and that it serves them at all. The bound
 * and what excuses it are told in docs/simulator.md.
 */
#include <string.h>

#include "world.h"

#define HOLDS_MAX 18 /* of the longest retransmission time: sixteen, and an eighth more by chance */

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The interface that is known by this host id at a gateway, or SIM_IFS_MAX. */
static unsigned int
if_of_host(const struct sim_world *w, uint32_t host, int *spot)
{
	for (unsigned int i = 0; i < sim_ifs(w); i++)
		for (*spot = 0; *spot < SIM_SPOTS_MAX; ++*spot)
			if (w->iface[i].host[*spot] == host)
				return i;
	return SIM_IFS_MAX;
}

/* Until when the anchor lets a gateway serve this interface, or the one whose session it has taken over. */
static uint64_t
granted_ms(const struct sim_world *w, unsigned int i, const struct sim_node *n)
{
	unsigned int mag = n->index - w->plan.lmas;

	return later(w->iface[i].granted_ms[mag], w->iface[i ^ 1].granted_ms[mag]);
}

/* What it shows but for what is off link, idle prefixes as those that are not to be used for anything new. */
static bool
is_advertised(const struct sim_world *w, const struct sim_node *n, uint32_t session, unsigned int who, int spot)
{
	const struct sim_if *f = &w->iface[who];
	unsigned int count = 0;
	struct mag_view v;

	if (!mag_find(n->mag, session, &v))
		return false;
	for (unsigned int i = 0; i < v.prefix_count; i++) {
		if (v.off_link >> i & 1)
			continue;
		if (count == f->advertised[spot] || !addr_prefix_equal(&f->prefix[spot][count], &v.prefix[i]) ||
		    (f->deprecated[spot] >> count & 1) != (v.idle >> i & 1))
			return false;
		count++;
	}
	return count == f->advertised[spot];
}

void
sim_check_service(struct sim_world *w, struct sim_node *n)
{
	if (n->mag == NULL)
		return;
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++) {
		const struct sim_forward *f = &n->forward[i];
		unsigned int who;
		int spot;

		if (!f->set)
			continue;
		w->coverage.judged[SIM_INV_SERVICE]++;
		who = if_of_host(w, f->host, &spot);
		if (who == SIM_IFS_MAX) {
			sim_fault(w, SIM_INV_SERVICE, "%s serves a host that has left", sim_node_name(w, n->index));
			return;
		}
		if (granted_ms(w, who, n) <= n->ticked_ms && !n->more)
			sim_fault(w, SIM_INV_SERVICE, "%s serves mn%u for longer than its anchor lets it",
				  sim_node_name(w, n->index), who / 2);
		if (!is_advertised(w, n, i, who, spot))
			sim_fault(w, SIM_INV_SERVICE, "%s advertises other prefixes to mn%u than it forwards",
				  sim_node_name(w, n->index), who / 2);
	}
}

void
sim_check_begin(struct sim_world *w, struct sim_node *mag, uint32_t host)
{
	int spot;
	unsigned int who = if_of_host(w, host, &spot);

	if (who != SIM_IFS_MAX && granted_ms(w, who, mag) <= w->now_ms && !(w->ignored >> SIM_INV_SERVICE & 1))
		sim_fault(w, SIM_INV_SERVICE, "%s begins to serve mn%u when the time it was given is over",
			  sim_node_name(w, mag->index), who / 2);
}

/* What it takes to be served anew: a last retransmission, a wait at the anchor, a clock that was ahead, one more try.
 */
static uint64_t
rounds_ms(const struct sim_world *w, bool put_off)
{
	const struct sim_plan *p = &w->h->plan;
	uint64_t ms = 2 * (uint64_t)p->bindack_max_ms + p->new_bce_ms + 2 * p->window_ms + 10 * p->delay_ms;

	return ms + SIM_NOTICED_MS + (put_off ? HOLDS_MAX * (uint64_t)p->bindack_max_ms : 0);
}

/* A gateway learns that its anchor has lost a session when it extends it. */
static uint64_t
refresh_ms(const struct sim_world *w)
{
	return 10 * (uint64_t)w->h->plan.lifetime_s * w->plan.refresh_percent;
}

static bool
clock_is_near(const struct sim_world *w, const struct sim_node *mag, const struct sim_node *lma)
{
	int64_t off_ms = clock_wall_ms_between(sim_now(w, mag).wall, sim_now(w, lma).wall);
	int64_t slack_ms = (int64_t)w->plan.window_ms - 2 * (int64_t)w->plan.delay_ms - 2;

	return off_ms < slack_ms && off_ms > -slack_ms;
}

/* Where the anchor takes any time, a gateway that is ahead keeps the others from winning until theirs has come. */
static bool
clock_fits(const struct sim_world *w, const struct sim_node *mag, const struct sim_node *lma)
{
	if (w->plan.lma_sequences || (w->plan.no_timestamps >> (mag->index - w->plan.lmas) & 1))
		return true;
	for (unsigned int i = w->plan.lmas; w->plan.mn_timestamps && i < w->nodes; i++)
		if (!clock_is_near(w, &w->node[i], lma))
			return false;
	return clock_is_near(w, mag, lma);
}

/* Nothing that is promised can be kept for it here. */
static bool
cannot_be_served(const struct sim_world *w, unsigned int i, const struct sim_node *mag, const struct sim_node *lma)
{
	const struct sim_plan *p = &w->plan;
	unsigned int prefixes = 2 * p->mns * p->wanted * 2;

	return (1u << p->pool_bits) < prefixes || p->lma_sessions < 4 * p->mns || p->mag_sessions < 4 * p->mns ||
	       (p->lma_gre == PMIP_GRE_REQUIRED && p->mag_gre == PMIP_GRE_OFF) ||
	       (p->mag_gre == PMIP_GRE_REQUIRED && p->lma_gre == PMIP_GRE_OFF) ||
	       (lma->strangers >> (mag->index - p->lmas) & 1) || (p->disabled && lma->index + 1 == p->lmas);
}

/* A gateway that it is not at holds it for its own, and may take it back (RFC 5213 section 6.13). */
static bool
is_elsewhere(const struct sim_world *w, unsigned int i)
{
	const struct sim_if *f = &w->iface[i];

	for (int spot = 0; spot < SIM_SPOTS_MAX; spot++)
		if (f->host[spot] != 0 && (f->spot == SIM_NOBODY || spot / SIM_PORTS != f->spot / SIM_PORTS))
			return true;
	return false;
}

static bool
is_put_off(uint8_t status)
{
	return status == MH_STATUS_TIMESTAMP_MISMATCH || status == MH_STATUS_INSUFFICIENT_RESOURCES ||
	       status == MH_STATUS_REASON_UNSPECIFIED || status == MH_STATUS_GRE_KEY_OPTION_REQUIRED ||
	       status == MH_STATUS_ID_MISMATCH || status == MH_STATUS_MESSAGE_ID_REQUIRED ||
	       status == MH_STATUS_AUTHENTICATION_FAILED;
}

/*
 * When interface i has to be reachable, if nothing happens any more. Where updates are not all told apart by their
 * timestamps, a late one of another gateway may win; this one learns of it when it extends the session.
 */
static uint64_t
due_ms(struct sim_world *w, unsigned int i, const struct sim_node *mag, const struct sim_node *lma)
{
	struct sim_if *f = &w->iface[i];
	unsigned int at = (unsigned int)f->spot / SIM_PORTS;
	bool put_off = is_put_off(f->refused[at]);
	bool mixed = w->plan.no_timestamps != 0 || w->plan.lma_sequences;
	uint64_t wire_ms = w->mn[i / 2].disturbed_ms + (mixed ? refresh_ms(w) : 0);
	uint64_t told_ms, lost_ms;

	/* Its session is nobody's that it could be told from, and holds the fixed prefix. */
	if (w->plan.no_link_layer_id && i / 2 < w->plan.fixed && (mixed || w->mn[i / 2].orphaned))
		wire_ms += 1000 * (uint64_t)w->h->plan.lifetime_s;
	told_ms = later(f->told_ms, later(wire_ms, mag->disturbed_ms));
	if (mag->put_off_ms > 0)
		told_ms = later(told_ms, mag->put_off_ms + HOLDS_MAX * (uint64_t)w->h->plan.bindack_max_ms);

	if (is_elsewhere(w, i) || is_elsewhere(w, i ^ 1) || !clock_fits(w, mag, lma))
		f->calm_ms = w->now_ms;
	lost_ms = later(f->calm_ms, lma->disturbed_ms);
	/* An update for many does not say that the anchor has lost one of them. */
	if (f->grouped[at] && f->registered_ms[at] <= later(lost_ms, mixed ? w->mn[i / 2].disturbed_ms : 0))
		return UINT64_MAX;
	/* Where its gateway has learnt since that the anchor was away, it has asked for all its sessions at once. */
	if (mag->renewed_ms[lma->index] <= lost_ms)
		lost_ms += refresh_ms(w);
	return later(told_ms, lost_ms) + rounds_ms(w, put_off);
}

bool
sim_are_other_keys(const struct sim_forward *at_lma, const struct sim_forward *at_mag)
{
	return at_lma->gre != at_mag->gre || at_lma->key_in_given != at_mag->key_out_given ||
	       at_lma->key_out_given != at_mag->key_in_given || at_lma->key_in != at_mag->key_out ||
	       at_lma->key_out != at_mag->key_in;
}

static const char *
why_unreachable(struct sim_world *w, unsigned int i, const struct sim_node *mag, const struct sim_node *lma)
{
	const struct sim_if *f = &w->iface[i];
	const struct sim_forward *at_mag = NULL, *at_lma = NULL;
	struct lma_view v;

	for (unsigned int k = 0; k < SIM_SESSIONS_MAX; k++)
		if (mag->forward[k].set && mag->forward[k].host == f->host[f->spot])
			at_mag = &mag->forward[k];
	if (at_mag == NULL)
		return "its gateway does not serve it";
	for (unsigned int k = 0; k < SIM_SESSIONS_MAX; k++)
		if (lma->forward[k].set && !lma->forward[k].held &&
		    addr_prefix_equal(&lma->forward[k].prefix[0], &at_mag->prefix[0]) && lma_find(lma->lma, k, &v))
			at_lma = &lma->forward[k];
	if (at_lma == NULL)
		return "its anchor does not know its prefix";
	if (!addr6_equal(&at_lma->remote, &mag->address))
		return "its anchor sends its packets elsewhere";
	if (!pmip_mn_id_equal(&v.mn_id, &w->mn_id[i / 2]))
		return "its anchor takes it for another";
	if (sim_are_other_keys(at_lma, at_mag))
		return "its anchor and its gateway have other GRE keys";
	return at_lma->prefix_count == at_mag->prefix_count ? NULL : "it has not all its prefixes";
}

/*
 * Where prefixes move, what goes wrong with one message may take two to be noticed by both gateways, the anchor asks
 * for so long, and the other interface has to be where it stays as well.
 */
static uint64_t
moved_ms(struct sim_world *w, unsigned int i, uint64_t due)
{
	const struct sim_mn *mn = &w->mn[i / 2];
	const struct sim_if *other = &w->iface[i ^ 1];
	uint64_t wrong_ms = later(mn->lost_ms, sim_lma_of(w, (int)(i / 2))->disturbed_ms);

	if (!sim_is_multi(w, (int)(i / 2)) || due == UINT64_MAX)
		return due;
	/* The gateway that prefixes have left is not told. */
	if (!w->plan.revocation)
		wrong_ms = later(wrong_ms, mn->moved_ms);
	for (unsigned int k = w->plan.lmas; k < w->nodes; k++)
		wrong_ms = later(wrong_ms, w->node[k].disturbed_ms);
	wrong_ms = later(wrong_ms, later(w->iface[i].calm_ms, other->calm_ms));
	if (other->spot != SIM_NOBODY && other->host[other->spot] != 0)
		due = later(due, due_ms(w, i ^ 1, sim_mag_at(w, other->spot), sim_lma_of(w, (int)(i / 2))));
	if (wrong_ms == 0 || due == UINT64_MAX)
		return due;
	return later(due, wrong_ms + sim_revocation_ms(w) + 2 * refresh_ms(w) + 2 * rounds_ms(w, true));
}

static void
check_interface(struct sim_world *w, unsigned int i)
{
	struct sim_if *f = &w->iface[i];
	struct sim_node *mag = sim_mag_at(w, f->spot), *lma = sim_lma_of(w, (int)(i / 2));
	uint8_t refused = f->refused[f->spot / SIM_PORTS];
	bool denied = refused == MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG || refused == SIM_REVOKED ||
		      refused == MH_STATUS_ADMINISTRATIVELY_PROHIBITED ||
		      (refused == MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE && w->mn[i / 2].denied);
	const char *why;

	if (w->now_ms <= moved_ms(w, i, due_ms(w, i, mag, lma)) || sim_is_barred(w, (int)(i / 2)) ||
	    cannot_be_served(w, i, mag, lma) || denied)
		return;
	w->coverage.judged[SIM_INV_REACH]++;
	w->coverage.stays += !f->judged;
	f->judged = true;
	why = sim_is_multi(w, (int)(i / 2)) || w->plan.temporal > 0 ? sim_why_apart(w, i, mag, lma)
								    : why_unreachable(w, i, mag, lma);
	if (why != NULL)
		sim_fault(w, SIM_INV_REACH, "interface %u of mn%u has been at %s for %.3f s, and %s", i % 2, i / 2,
			  sim_node_name(w, mag->index), (double)(w->now_ms - f->told_ms) / 1000, why);
}

void
sim_check_reach(struct sim_world *w, struct sim_node *n)
{
	if (w->leaving)
		return;
	for (unsigned int i = 0; i < sim_ifs(w) && !w->result.failed; i++)
		if (w->iface[i].spot != SIM_NOBODY && w->iface[i].host[w->iface[i].spot] != 0)
			check_interface(w, i);
}
