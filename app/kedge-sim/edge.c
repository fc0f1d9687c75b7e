/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a node's messages become bytes and bytes messages, as in the daemon (lib/ctl/signalling.c). */
#include <string.h>

#include "world.h"

#define KEY_LEN	       32
#define NEAR_MS	       1000		    /* a stamp that nobody could take for a late one */
#define NTP_1970       UINT64_C(2208988800) /* seconds from 1900 to 1970 */
#define ANSWERS_A_S    10		    /* what is refused is answered no faster: timer binding-error-rate */
#define SPI(pair, key) (PMIP_SPI_MIN + 256 * (pair) + (key))

/* The keys of a pair of nodes: one has the number of the anchor, and of the gateway behind it. */
struct pmip_key
sim_key(const struct sim_world *w, unsigned int a, unsigned int b, unsigned int number)
{
	unsigned int pair = a < b ? a * SIM_NODES_MAX + b : b * SIM_NODES_MAX + a;
	struct pmip_key k = {.spi = SPI(pair, number % 256),
			     .algorithm = w->plan.authentication == 1 ? PMIP_KEY_HMAC_SHA1 : PMIP_KEY_HMAC_SHA256,
			     .len = KEY_LEN};

	memset(k.bytes, (int)(1 + pair + 31 * number), k.len);
	return k;
}

/* A change of keys as an operator makes it: the next is taken, then signs, then the old one goes. */
static void
put_keys(const struct sim_world *w, const struct sim_node *n, unsigned int peer, struct pmip_peer_settings *out)
{
	unsigned int key = n->keys / 3, step = n->keys % 3;

	out->protection = PMIP_PROTECT_AUTH;
	out->key_count = step == 0 ? 1 : 2;
	out->key[0] = sim_key(w, n->index, peer, step == 2 ? key + 1 : key);
	out->key[1] = sim_key(w, n->index, peer, step == 2 ? key : key + 1);
}

bool
sim_peer_settings(const struct sim_world *w, const struct sim_node *n, unsigned int peer,
		  struct pmip_peer_settings *out)
{
	bool anchor = n->index < w->plan.lmas;

	if (anchor == (peer < w->plan.lmas) || (anchor && n->strangers >> (peer - w->plan.lmas) & 1))
		return false;
	*out = (struct pmip_peer_settings){.address = {w->node[peer].address, 128},
					   .gre = (enum pmip_gre)(anchor ? w->plan.lma_gre : w->plan.mag_gre),
					   .revokes_all = anchor && w->plan.revokes_all};
	if (w->plan.authentication != 0)
		put_keys(w, n, peer, out);
	return true;
}

int
sim_encode(struct sim_world *w, struct sim_node *n, unsigned int to, const struct mh_msg *m,
	   uint8_t bytes[static SIM_MESSAGE_MAX])
{
	struct clock_now now = sim_now(w, n);
	struct pmip_peer_settings peer;
	bool known = sim_peer_settings(w, n, to, &peer);

	return pmip_auth_encode(n->auth, known ? &peer : NULL, m, &n->address, &w->node[to].address, &now, bytes,
				SIM_MESSAGE_MAX);
}

/* Which messages each of a node's engines hears. */
static bool
is_for(const struct sim_node *n, enum mh_type type)
{
	if (type == MH_BRI || type == MH_BRA)
		return true;
	return n->lma != NULL ? type == MH_PBU || type == MH_UPA : type == MH_PBA || type == MH_UPN;
}

static void
hear(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	struct pmip_event e = {
		.type = PMIP_EV_MESSAGE,
		.message = {.src = w->node[from].address, .dst = n->address, .msg = m},
	};

	if (m->type == MH_HEARTBEAT) {
		if (m->heartbeat.flags == MH_HEARTBEAT_R)
			n->heard_ms[from] = w->now_ms;
		sim_step_heartbeat(w, n, &e);
		return;
	}
	if (!is_for(n, m->type))
		return;
	sim_ledger_heard(w, n, from, m);
	sim_step(w, n, &e);
	if (m->type == MH_BRI && n->mag != NULL)
		sim_ending_obeyed(w, n, from, m);
}

uint64_t
sim_stamp(uint64_t wall)
{
	return (((wall >> 16) + NTP_1970) << 32) | (wall & UINT16_MAX) << 16;
}

/* Whether it is of now, by clocks that were never set, and later than the node's start. */
static bool
is_in_time(const struct sim_world *w, const struct sim_node *n, unsigned int from, const struct mh_msg *m)
{
	uint64_t wall = sim_now(w, n).wall, stamp = m->opt.replay.stamp;

	return stamp > sim_stamp(n->started_wall + 1) && stamp < sim_stamp(wall + clock_wall_of_ms(NEAR_MS)) &&
	       stamp > sim_stamp(wall - clock_wall_of_ms(NEAR_MS)) && n->set_ms == 0 && w->node[from].set_ms == 0;
}

/* Whether there is no reason why a message that a peer has sent is refused. */
static bool
ought_to_pass(const struct sim_world *w, const struct sim_node *n, unsigned int from, enum pmip_auth_verdict v,
	      const struct mh_msg *m)
{
	struct pmip_peer_settings peer;
	bool accepted = false;

	if (w->hostile || !sim_peer_settings(w, n, from, &peer) || v == PMIP_AUTH_REPLAYED)
		return false;
	for (unsigned int i = 0; i < peer.key_count; i++)
		accepted = accepted || (mh_has(m, MH_OPT_AUTHENTICATION) && peer.key[i].spi == m->opt.auth.spi);
	return accepted && (v != PMIP_AUTH_STALE || (m->type != MH_PBA && is_in_time(w, n, from, m)));
}

/* One whose sender keeps to its keys is as one that was lost; an update is answered. */
static void
refuse(struct sim_world *w, struct sim_node *n, unsigned int from, enum pmip_auth_verdict v, const struct mh_msg *m)
{
	struct clock_now now = sim_now(w, n);
	struct mh_msg answer;

	if (ought_to_pass(w, n, from, v, m))
		sim_fault(w, SIM_INV_FORGED, "%s refuses what %s has signed", sim_node_name(w, n->index),
			  sim_node_name(w, from));
	sim_disturb(w, m, &w->node[from], n, w->now_ms);
	if (!pmip_auth_answer(n->auth, v, m, &now, &answer) || !rate_take(&n->answers, now.mono_ms, ANSWERS_A_S))
		return;
	w->coverage.status[answer.pba.status]++;
	sim_carry(w, n, &w->node[from], &answer);
}

enum pmip_auth_verdict
sim_deliver(struct sim_world *w, unsigned int from, unsigned int to, const uint8_t *bytes, size_t len)
{
	struct sim_node *n = &w->node[to];
	const struct pmip_wire in = {.bytes = bytes, .len = len, .src = w->node[from].address, .dst = n->address};
	struct clock_now now = sim_now(w, n);
	struct pmip_peer_settings peer;
	enum pmip_auth_verdict v;
	enum mh_error error;
	struct mh_msg m;

	if (w->now_ms < n->stalled_until_ms)
		return PMIP_AUTH_MALFORMED;
	v = pmip_auth_decode(n->auth, sim_peer_settings(w, n, from, &peer) ? &peer : NULL, &in, &now, &m, &error);
	if (v == PMIP_AUTH_MALFORMED)
		return v;
	w->coverage.verdict[v]++;
	sim_say_message(w, from, to, &m, v == PMIP_AUTH_OK ? "arrives" : "is refused");
	if (v == PMIP_AUTH_OK)
		hear(w, n, from, &m);
	else
		refuse(w, n, from, v, &m);
	return v;
}
