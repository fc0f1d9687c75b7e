/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * This gateway revokes all that it has with an anchor by one message, and repeats it until it is answered (RFC 5846
 * sections 6.3 and 9.2). An anchor that does not know the message, does not allow it or does not answer is told of
 * each session by its de-registration instead; so it is of one session and of those of one mobile node.
 */
#include "engine.h"

static uint32_t
deadline_id(const struct mag *g, const struct mag_anchor *a)
{
	return MAG_RARE_REVOKE + (uint32_t)(a - g->anchor);
}

static void
publish(struct mag *g, const struct mag_anchor *a, enum pmip_publish what, uint8_t status)
{
	struct pmip_action *p = mag_act_for(g, PMIP_ACT_PUBLISH);

	p->publish.what = what;
	p->publish.status = status;
	p->publish.peer = a->address;
}

/* A repetition is the same message (RFC 5846 section 6.3). */
static void
send(struct mag *g, struct mag_anchor *a)
{
	struct pmip_action *p = mag_act_for(g, PMIP_ACT_SEND);
	struct mh_msg *m = &p->send.msg;

	p->send.src = g->s.address;
	p->send.dst = a->address;
	m->type = MH_BRI;
	m->bri.trigger = MH_BRI_PER_PEER_POLICY;
	m->bri.sequence = a->sequence;
	m->bri.flags = MH_BR_P | MH_BR_G;
	mag_put_mn_id(&g->s.id, m);
	g->stat.counter[STAT_BRI_TX]++;
	a->tries++;
	a->repeated_ms = g->now.mono_ms;
	deadline_set(&g->rare, deadline_id(g, a), g->now.mono_ms + a->timeout_ms);
}

/* The sessions that there were when the anchor was told; of those that it ended, the last time that it was. */
static void
end_sessions(struct mag *g, struct mag_anchor *a, enum mag_sweep_kind kind)
{
	a->revoking = false;
	deadline_clear(&g->rare, deadline_id(g, a));
	mag_sweep(g, &(struct mag_sweep){.kind = kind,
					 .anchor = a->address,
					 .since_ms = kind == MAG_SWEEP_FORGET ? a->repeated_ms : a->revoked_ms});
}

/*
 * What was updated between the first indication and the last one, the anchor may have or not, for it may have heard
 * either: one of before is ended there too, a new one is registered again.
 */
void
mag_sweep_forget(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	const struct mag_anchor *a = mag_anchor_find(g, &w->anchor);

	if (a == NULL || s->sent_ms <= a->revoked_ms || s->state == MAG_REFRESHING)
		mag_forget(g, s);
	else if (s->state == MAG_REGISTERING)
		mag_register_again(g, s);
	else if (s->state == MAG_ACTIVE && s->opened_ms > a->revoked_ms)
		mag_refresh_within(g, s, 1000ull * ++w->count / g->s.timers.peer_rate_per_s);
	else if (s->state == MAG_ACTIVE)
		mag_send_off(g, s);
}

/* False where nothing comes of it. */
static bool
revoke_all_of(struct mag *g, const struct addr6 *address)
{
	struct mag_anchor *a = mag_anchor_get(g, address);

	if (a == NULL || a->no_revocation || a->no_global || g->s.id.len == 0)
		return mag_sweep(g, &(struct mag_sweep){.kind = MAG_SWEEP_DEREGISTER,
							.anchor = *address,
							.since_ms = g->now.mono_ms});
	if (a->revoking)
		return true;
	a->revoking = true;
	a->tries = 0;
	a->timeout_ms = g->s.timers.revocation_timeout_ms;
	a->sequence = ++g->revocation;
	a->revoked_ms = g->now.mono_ms;
	send(g, a);
	return true;
}

void
mag_sweep_revoke(struct mag *g, struct mag_sweep *w, struct mag_session *s)
{
	(void)w;
	if (!revoke_all_of(g, &s->lma))
		mag_send_off(g, s);
}

void
mag_revocation_due(struct mag *g, struct mag_anchor *a)
{
	const struct pmip_timers *t = &g->s.timers;

	if (a->tries > t->revocation_retransmissions_max) {
		publish(g, a, PMIP_PUB_REVOCATION_UNANSWERED, MH_BRA_ACCEPTED);
		end_sessions(g, a, MAG_SWEEP_DEREGISTER);
		return;
	}
	a->timeout_ms *= 2;
	if (a->timeout_ms > t->revocation_timeout_max_ms)
		a->timeout_ms = t->revocation_timeout_max_ms;
	send(g, a);
}

void
mag_revocation_answered(struct mag *g, const struct pmip_event *e)
{
	const struct mh_bra *bra = &e->message.msg->bra;
	struct mag_anchor *a = mag_anchor_find(g, &e->message.src);

	g->stat.counter[STAT_BRA_RX]++;
	if (a == NULL || !a->revoking || a->sequence != bra->sequence) {
		g->stat.counter[STAT_BRA_IGNORED]++;
		return;
	}
	if (bra->status < MH_BRA_NO_BINDING) {
		publish(g, a, PMIP_PUB_REVOKED, bra->status);
		end_sessions(g, a, MAG_SWEEP_FORGET);
		return;
	}
	a->no_global = bra->status == MH_BRA_GLOBAL_NOT_AUTHORIZED;
	publish(g, a, PMIP_PUB_REVOCATION_REFUSED, bra->status);
	end_sessions(g, a, MAG_SWEEP_DEREGISTER);
}

/* It does not say of which message; of this gateway's there is no other that is likely to be unknown. */
void
mag_binding_error(struct mag *g, const struct pmip_event *e)
{
	struct mag_anchor *a = mag_anchor_find(g, &e->message.src);

	if (a == NULL || !a->revoking || e->message.msg->be.status != MH_BE_UNKNOWN_TYPE)
		return;
	a->no_revocation = true;
	publish(g, a, PMIP_PUB_REVOCATION_REFUSED, MH_BRA_FUNCTION_UNSUPPORTED);
	end_sessions(g, a, MAG_SWEEP_DEREGISTER);
}

/* At once, as far as a list holds them. */
static void
revoke_node(struct mag *g, const struct pmip_mn_id *id)
{
	struct mag_session *s, *next;

	for (s = mag_session_of(g, id, NULL); s != NULL; s = next) {
		next = mag_session_of(g, id, s);
		if (g->out->count + MAG_SESSION_ACTIONS <= PMIP_ACTIONS_MAX) {
			mag_send_off(g, s);
			continue;
		}
		mag_sweep(g, &(struct mag_sweep){.kind = MAG_SWEEP_DEREGISTER,
						 .who = mag_mn_id_hash(g, id),
						 .since_ms = g->now.mono_ms});
		return;
	}
}

static void
revoke_realm(struct mag *g, const struct pmip_mn_id *realm)
{
	struct mag_sweep w = {
		.kind = MAG_SWEEP_DEREGISTER, .realm = mag_realm_hash(g, realm), .since_ms = g->now.mono_ms};

	if (w.realm != 0)
		mag_sweep(g, &w);
}

/* Whatever the operator's reason: of all of an anchor's there is but one to be given (RFC 5846 section 9.2). */
void
mag_revoke(struct mag *g, const struct pmip_event *e)
{
	const struct pmip_target *what = &e->revoke.what;

	switch (what->scope) {
	case PMIP_SCOPE_SESSION:
		if (index_pool_is_taken(&g->ids, what->session))
			mag_send_off(g, &g->session[what->session]);
		break;
	case PMIP_SCOPE_MN:
		revoke_node(g, &what->mn_id);
		break;
	case PMIP_SCOPE_REALM:
		revoke_realm(g, &what->mn_id);
		break;
	case PMIP_SCOPE_PEER:
		revoke_all_of(g, &what->peer);
		break;
	case PMIP_SCOPE_ALL:
		mag_sweep(g, &(struct mag_sweep){.kind = MAG_SWEEP_REVOKE, .since_ms = g->now.mono_ms});
		break;
	}
}
