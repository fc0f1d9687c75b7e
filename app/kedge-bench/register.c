/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gateways that are played, or the mobile nodes: a bounded number of updates or solicitations at once, each sent
 * again until it is answered.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>

#include "mh/mh.h"
#include "nd/nd.h"
#include "tester.h"
#include "update.h"

#define AT_ONCE	 64
#define AGAIN_MS 500
#define TRIES	 60  /* a gateway may have lost its own update, and waits longer every time */
#define LIFETIME 900 /* units of 4 s */

struct slot {
	bool waits;
	uint32_t session, tries;
	uint64_t sent;
};

struct registration {
	bool open;
	int refused; /* a status, -1: none */
	struct slot slot[AT_ONCE];
};

/* The sequence number of an update is the place of its slot. */
static void
update_send(struct tester *t, struct registration *r, unsigned int at)
{
	const struct slot *s = &r->slot[at];
	const struct link *l = t->side[TUNNEL];
	const struct nd_link link = {.src_mac = l->mac, .dst_mac = l->node_mac};
	struct addr6 src = plan_gateway(&t->plan, s->session % t->o->tunnels);
	struct update u = {.session = s->session,
			   .sequence = at,
			   .lifetime = r->open ? LIFETIME : 0,
			   .handoff = r->open ? MH_HANDOFF_NEW_INTERFACE : MH_HANDOFF_NO_CHANGE,
			   .wall = update_wall_now()};
	uint8_t bytes[UPDATE_MAX], frame[ND_FRAME_MAX];
	int len;

	if (!r->open)
		u.prefix = t->home[s->session];
	len = update_encode(&u, &src, &t->plan.node, bytes, sizeof(bytes));
	if (len > 0)
		len = nd_ip6_encode(&link, &src, &t->plan.node, MH_PROTOCOL, 64, bytes, (size_t)len, frame,
				    sizeof(frame));
	if (len > 0)
		link_send(t, l, frame, (size_t)len);
}

static void
heard(struct tester *t, const uint8_t *frame, size_t len)
{
	struct registration *r = t->heard_user;
	struct nd_frame f;
	struct mh_msg m;
	struct slot *s;

	if (nd_frame_decode(frame, len, &f) < 0 ||
	    mh_decode(f.payload, f.payload_len, &f.ip_src, &f.ip_dst, &m) != MH_OK || m.type != MH_PBA ||
	    m.pba.sequence >= AT_ONCE)
		return;
	s = &r->slot[m.pba.sequence];
	if (!s->waits || update_session_of(m.opt.mn_id.id, m.opt.mn_id.len) != s->session)
		return;
	s->waits = false;
	if (m.pba.status >= 128)
		r->refused = m.pba.status;
	else if (r->open)
		t->home[s->session] = m.opt.hnp[0].prefix;
}

static void
advertised(struct tester *t, const struct addr_mac *to)
{
	struct registration *r = t->heard_user;

	for (unsigned int i = 0; i < AT_ONCE; i++) {
		const struct addr_mac mac = mac_of_session(r->slot[i].session);

		if (addr_mac_equal(&mac, to))
			r->slot[i].waits = false;
	}
}

static void
ask(struct tester *t, struct registration *r, unsigned int at)
{
	r->slot[at].sent = rte_rdtsc();
	r->slot[at].tries++;
	if (t->gateway)
		anchor_attach(t, r->slot[at].session);
	else
		update_send(t, r, at);
}

/* Those that were never opened need not be closed. */
static void
pass_over(const struct tester *t, const struct registration *r, uint32_t *next)
{
	while (!r->open && *next < t->o->sessions && t->home[*next].len == 0)
		++*next;
}

/* No more are begun after a refusal or a signal, but those that were are waited for: what is open is closed. */
static bool
begins(const struct tester *t, const struct registration *r, uint32_t next)
{
	return next < t->o->sessions && !(r->open && (r->refused >= 0 || bench_ended()));
}

static bool
is_over(const struct tester *t, const struct registration *r, uint32_t next)
{
	bool waits = false;

	for (unsigned int i = 0; i < AT_ONCE; i++)
		waits = waits || r->slot[i].waits;
	return !waits && !begins(t, r, next);
}

/* False when all that was asked for a session was in vain. */
static bool
turn(struct tester *t, struct registration *r, uint32_t *next)
{
	const uint64_t again = rte_get_tsc_hz() / 1000 * AGAIN_MS;

	for (unsigned int i = 0; i < AT_ONCE; i++) {
		struct slot *s = &r->slot[i];

		pass_over(t, r, next);
		if (!s->waits && begins(t, r, *next)) {
			*s = (struct slot){.waits = true, .session = (*next)++};
			ask(t, r, i);
		} else if (s->waits && rte_rdtsc() - s->sent > again) {
			if (s->tries == TRIES)
				return false;
			ask(t, r, i);
		}
	}
	link_poll(t);
	return true;
}

bool
register_sessions(struct tester *t, bool open)
{
	struct registration r = {.open = open, .refused = -1};
	uint32_t next = 0;
	bool answered = true;

	if (t->gateway && !open)
		return true;
	t->heard = t->gateway ? anchor_heard : heard;
	t->advertised = t->gateway ? advertised : NULL;
	t->heard_user = &r;
	do
		answered = turn(t, &r, &next);
	while (answered && !is_over(t, &r, next));
	t->heard = t->gateway ? anchor_heard : NULL; /* which refreshes its sessions */
	t->advertised = NULL;
	if (r.refused >= 0)
		fprintf(stderr, "kedge-bench: the node refuses a session with status %d, %s\n", r.refused,
			mh_status_name((unsigned int)r.refused));
	else if (!answered)
		fprintf(stderr, "kedge-bench: the node does not %s\n",
			t->gateway ? "advertise to a mobile node" : "answer updates");
	if (open && next < t->o->sessions && answered && r.refused < 0)
		return bench_interrupted();
	return answered && r.refused < 0;
}
