/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers that are no: service ends (RFC 5213 section 6.9.1.2, item 11), and answer.def says when the anchor is asked
 * again.
 */
#include "engine.h"

#define HOLD_DOUBLINGS 4   /* of the longest retransmission time, with rejections in a row */
#define AGAIN_MS       100 /* from the answer to the update before its time, and as much again by chance */

enum verdict {
	LATER,	  /* the cause may go by itself */
	AGAIN,	  /* the back-off of the exchange goes on */
	SOON,	  /* so it does, but for one update before its time */
	RENUMBER, /* with the sequence number that the anchor wants */
	ASK_ANY,  /* with an ALL_ZERO prefix instead of those asked for */
	ASK_GRE,  /* with a GRE key */
	DENY,	  /* not before the mobile node attaches anew */
	BAR,	  /* not before an administrative action */
};

static enum verdict
verdict_of(uint8_t status)
{
	static const uint8_t verdicts[256] = {
#define MAG_ANSWER(status, verdict, source) [MH_STATUS_##status] = verdict,
#include "answer.def"
#undef MAG_ANSWER
	};

	return verdicts[status];
}

/* Later means so much more than the time that grows with each rejection. */
static void
hold(struct mag *g, struct mag_session *s, enum verdict v, uint64_t more_ms)
{
	unsigned int doublings = s->rejections < HOLD_DOUBLINGS ? s->rejections : HOLD_DOUBLINGS;
	uint64_t hold_ms = (uint64_t)g->s.timers.max_bindack_timeout_ms << doublings;

	mag_session_await(g, s, false);
	mag_withdraw(g, s);
	mag_temporal_uncut(g, s);
	if (!mag_enter(g, s, MAG_HELD))
		return;
	s->barred = v == BAR;
	s->rejections += s->rejections < UINT8_MAX;
	deadline_set(&g->due, mag_session_index(g, s),
		     v == LATER ? g->now.mono_ms + hold_ms + more_ms + mag_jitter(g, hold_ms / 8) : DEADLINE_NEVER);
}

/* The exchange goes on, without service, as the registration that it is now. */
static void
fall_back(struct mag *g, struct mag_session *s)
{
	mag_session_await(g, s, false);
	mag_withdraw(g, s);
	mag_enter(g, s, MAG_REGISTERING);
	s->handoff = mag_handoff_again(s);
}

/*
 * A registration that crossed the late word of the gateway before wants to be repeated, not to wait while the mobile
 * node does. Only the first such answer of an exchange hastens it, lest two that disagree do so faster than the
 * back-off.
 */
static void
hasten(struct mag *g, struct mag_session *s)
{
	uint32_t i = mag_session_index(g, s);
	uint64_t due_ms = g->now.mono_ms + AGAIN_MS + mag_jitter(g, AGAIN_MS);

	if (s->hastened || deadline_of(&g->due, i) <= due_ms)
		return;
	s->hastened = true;
	deadline_set(&g->due, i, due_ms);
}

/*
 * Counting starts behind what the anchor has seen last. It did not refuse the session, so service goes on; and only the
 * first such answer of an exchange is followed at once, lest two nodes that disagree do so at the speed of their link.
 */
static void
renumber(struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	mag_session_await(g, s, false);
	s->by_sequence = true;
	s->sequence = m->pba.sequence;
	if (s->renumbered)
		return;
	s->renumbered = true;
	mag_repeat(g, s);
}

/* With the handoff that there was, but that prefixes which do not come along are not asked for again. */
static void
ask_any(struct mag *g, struct mag_session *s)
{
	fall_back(g, s);
	mag_prefixes_drop(&s->has, mag_prefixes_all(&s->has));
	mag_exchange(g, s, MAG_REGISTERING, s->pull != MAG_PULL_NONE ? MH_HANDOFF_NEW_INTERFACE : s->handoff);
}

/* The session was not refused, whatever becomes of what it asked for. */
static void
reject_pull(struct mag *g, struct mag_session *s, enum verdict v, uint8_t status)
{
	if (v == AGAIN || v == SOON) {
		mag_session_await(g, s, false);
		if (v == SOON)
			hasten(g, s);
	} else if (v == ASK_GRE && mag_gre_need(g, s)) {
		mag_exchange_again(g, s);
	} else {
		mag_pull_refused(g, s, status);
	}
}

/*
 * The answer to a timestamp out of the window carries the anchor's own time (RFC 5213 section 5.5): where that is this
 * node's time too, the clocks are synchronised, and the update was only long on its way.
 */
static bool
clocks_agree(const struct mag *g, const struct mh_msg *m)
{
	int64_t gap_ms = clock_wall_ms_between(m->opt.timestamp.wall, g->now.wall);

	return mh_has(m, MH_OPT_TIMESTAMP) && gap_ms < g->s.timers.timestamp_validity_window_ms &&
	       gap_ms > -(int64_t)g->s.timers.timestamp_validity_window_ms;
}

void
mag_reject(struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	enum verdict v = verdict_of(m->pba.status);

	if (m->pba.status == MH_STATUS_TIMESTAMP_MISMATCH && clocks_agree(g, m))
		v = AGAIN;
	if (v == RENUMBER) {
		renumber(g, s, m);
		return;
	}
	if (s->has.pulled > 0) {
		reject_pull(g, s, v, m->pba.status);
		return;
	}
	if (m->pba.status == MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH && s->state == MAG_REFRESHING &&
	    mag_parts(g, &s->lma) && mag_exchange_any(g, s, s->handoff))
		return; /* some moved, and this gateway has not heard of it yet */
	mag_publish(g, s, s->pull != MAG_PULL_NONE ? PMIP_PUB_MOVE_REFUSED : PMIP_PUB_REJECTED, m->pba.status);
	if (v == AGAIN || v == SOON) {
		fall_back(g, s);
		if (v == SOON)
			hasten(g, s);
	} else if ((v == ASK_ANY && s->has.count > 0) || (v == LATER && s->pull != MAG_PULL_NONE)) {
		ask_any(g, s);
	} else if (v == ASK_GRE && mag_gre_need(g, s)) {
		fall_back(g, s);
		mag_exchange_again(g, s);
	} else {
		if (m->pba.status == MH_STATUS_SERVICE_AUTHORIZATION_FAILED)
			s->registered = false; /* nor has the anchor the session any more (RFC 5149 section 4.2) */
		hold(g, s, v == ASK_ANY ? DENY : v == ASK_GRE ? LATER : v, 0);
	}
}

void
mag_register_anew(struct mag *g, struct mag_session *s)
{
	bool again = s->displaced;

	fall_back(g, s);
	s->handoff = MH_HANDOFF_UNKNOWN;
	s->registered = false;
	s->moved = false;
	s->displaced = true;
	mag_prefixes_drop(&s->has, mag_prefixes_all(&s->has));
	if (again)
		hold(g, s, LATER, 0);
	else
		mag_exchange(g, s, MAG_REGISTERING, MH_HANDOFF_UNKNOWN);
}

void
mag_hold_for_later(struct mag *g, struct mag_session *s, uint8_t why)
{
	mag_publish(g, s, PMIP_PUB_REJECTED, why);
	hold(g, s, LATER, 0);
}

void
mag_hold_mismatch(struct mag *g, struct mag_session *s)
{
	if (s->has.pulled > 0) {
		mag_pull_refused(g, s, MH_STATUS_REASON_UNSPECIFIED);
		return;
	}
	mag_publish(g, s, PMIP_PUB_NO_ANSWER, s->status);
	if (s->state != MAG_REFRESHING) {
		hold(g, s, DENY, 0);
		return;
	}
	mag_session_await(g, s, false);
	s->mistaken = true;
	deadline_set(&g->due, mag_session_index(g, s), s->expires_ms);
}

void
mag_deny(struct mag *g, struct mag_session *s)
{
	hold(g, s, DENY, 0);
}

void
mag_postpone(struct mag *g, struct mag_session *s, uint64_t more_ms)
{
	hold(g, s, LATER, more_ms);
}
