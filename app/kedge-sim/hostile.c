/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Somebody on the wire who has no key: he keeps what was sent, and sends it again, as it was or changed. Where messages
 * are authenticated nothing comes of it: the node shows and counts what it did before.
 */
#include <string.h>

#include "world.h"

enum how { ALTERED, REPLAYED, WRONG_KEY, NO_KEY };

/* The n-th last message that was sent to a node, counted round. */
static const struct sim_flight *
pick(const struct sim_world *w, const struct sim_node *n, unsigned int which)
{
	const struct sim_flight *found[SIM_RECORDED];
	unsigned int count = 0;

	for (uint32_t i = 0; i < SIM_RECORDED && i < w->recorded_count; i++) {
		const struct sim_flight *m = &w->recorded[(w->recorded_count - 1 - i) % SIM_RECORDED];

		if (m->to == n->index)
			found[count++] = m;
	}
	return count > 0 ? found[which % count] : NULL;
}

/* What came before a restart, but is stamped later than that, is of a clock that is ahead: pmip/auth.h says so. */
static bool
is_of_ahead(const struct sim_node *n, const struct sim_flight *m, const struct mh_msg *msg)
{
	return m->came_ms <= n->started_ms && msg->opt.replay.stamp >= sim_stamp(n->started_wall);
}

/* One bit of what is authenticated. */
static void
alter(struct sim_flight *m, const struct addr6 *src, const struct addr6 *dst, unsigned int which)
{
	size_t covers = mh_auth_covers(m->bytes, m->len), at;

	if (covers == 0)
		return;
	at = (37 * (size_t)which + 6) % covers;
	m->bytes[at == 4 || at == 5 ? 3 : at] ^= (uint8_t)(1u << which % 8);
	mh_seal(m->bytes, m->len, src, dst);
}

/* The same anew; an acknowledgement keeps its update's stamp. */
static int
make_anew(struct sim_world *w, struct sim_node *n, enum how how, unsigned int which, struct mh_msg *msg,
	  struct sim_flight *m)
{
	const struct sim_node *from = &w->node[m->from];
	const struct pmip_auth_settings s = {.windows_max = 1, .window_ms = 1000};
	struct pmip_peer_settings peer = {.protection = PMIP_PROTECT_AUTH, .key_count = 1};
	struct clock_now now = sim_now(w, from);
	struct pmip_auth *auth = pmip_auth_new(&s, &now);
	int len;

	msg->opt.present &= ~(1u << MH_OPT_AUTHENTICATION);
	if (msg->type != MH_PBA || how == NO_KEY)
		msg->opt.present &= ~(1u << MH_OPT_MESSAGE_REPLAY);
	peer.key[0] = sim_key(w, m->from, n->index, n->keys / 3);
	peer.key[0].bytes[which % peer.key[0].len] ^= 1;
	peer.key[0].spi += which % 4 == 3 ? 128 : 0;
	len = auth == NULL ? -1
			   : pmip_auth_encode(auth, how == WRONG_KEY ? &peer : NULL, msg, &from->address, &n->address,
					      &now, m->bytes, sizeof(m->bytes));
	pmip_auth_free(auth);
	return len;
}

void
sim_hostile(struct sim_world *w, struct sim_node *n, int how, int which)
{
	const struct sim_flight *recorded = pick(w, n, (unsigned int)which);
	struct sim_shown before, after;
	enum pmip_auth_verdict v;
	struct pmip_peer_settings peer;
	struct sim_flight m;
	struct mh_msg msg;

	if (recorded == NULL || !sim_peer_settings(w, n, recorded->from, &peer) || w->plan.authentication == 0 ||
	    w->now_ms < n->stalled_until_ms || how < 0 || how >= SIM_HOWS)
		return;
	m = *recorded;
	if (mh_decode(m.bytes, m.len, &w->node[m.from].address, &n->address, &msg) != MH_OK ||
	    !mh_has(&msg, MH_OPT_AUTHENTICATION) || (how == REPLAYED && (m.came_ms == 0 || is_of_ahead(n, &m, &msg))))
		return;
	if (how == ALTERED)
		alter(&m, &w->node[m.from].address, &n->address, (unsigned int)which);
	else if (how != REPLAYED)
		m.len = (uint16_t)make_anew(w, n, (enum how)how, (unsigned int)which, &msg, &m);
	sim_say(w, "somebody sends to %s what %s might have", sim_node_name(w, n->index), sim_node_name(w, m.from));
	before = sim_show_all(n);
	w->hostile = true;
	v = sim_deliver(w, m.from, n->index, m.bytes, m.len);
	w->hostile = false;
	after = sim_show_all(n);
	w->coverage.judged[SIM_INV_FORGED]++;
	w->coverage.forged[how][msg.type]++;
	if (v == PMIP_AUTH_OK || memcmp(&before, &after, sizeof(before)) != 0)
		sim_fault(w, SIM_INV_FORGED, "%s takes a %s that %s did not send", sim_node_name(w, n->index),
			  mh_type_name(msg.type), sim_node_name(w, m.from));
}
