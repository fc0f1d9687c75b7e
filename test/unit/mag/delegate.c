/* SPDX-License-Identifier: BSD-3-Clause */
/* A gateway that asks its anchor for the aggregate that it cuts temporal prefixes from (RFC 7148). */
#include "cases.h"
#include "parts.h"

static const struct addr_prefix aggregate = {{{0x20, 2, 0, 2, 0, 1}}, 48}, other = {{{0x20, 2, 0, 2, 0, 7}}, 60};
static const struct addr_prefix none;

static struct mag_settings
settings(void)
{
	struct mag_settings s = world_settings();

	s.multihoming = parts_settings();
	s.temporal_prefixes = 1;
	s.id = (struct pmip_mn_id){.subtype = 1, .len = 4, .id = "mag1"};
	return s;
}

/* It has begun, and has asked. */
static void
new_that_asks(struct world *w)
{
	struct mag_settings s = settings();

	world_new_with(w, &s);
	world_tick(w, 0);
}

static bool
asks(const struct world *w, uint8_t handoff, const struct addr_prefix *p)
{
	const struct mh_msg *m = &world_act(w, PMIP_ACT_SEND)->send.msg;

	return m->type == MH_PBU && m->opt.mn_id.len == 4 && memcmp(m->opt.mn_id.id, "mag1", 4) == 0 &&
	       m->opt.handoff.value == handoff && m->pbu.lifetime > 0 && mh_has(m, MH_OPT_DELEGATED_PREFIX) &&
	       !m->opt.dmnp.ipv4 && addr_prefix_equal(&m->opt.dmnp.prefix, p) && !mh_has(m, MH_OPT_HOME_NETWORK_PREFIX);
}

static struct mh_msg
answer(const struct world *w, uint8_t status, const struct addr_prefix *p)
{
	struct mh_msg m = {.type = MH_PBA,
			   .pba = {.status = status, .flags = MH_PBA_P, .sequence = w->sent.send.msg.pbu.sequence}};

	m.pba.lifetime = status == MH_STATUS_ACCEPTED ? 100 : 0;
	mag_put_mn_id(&w->s.id, &m);
	if (p != NULL) {
		mh_set(&m, MH_OPT_DELEGATED_PREFIX);
		m.opt.dmnp.prefix = *p;
	}
	return m;
}

/* What the next mobile node gets beside its own. */
static bool
cuts(struct world *w, unsigned int n, const struct addr_prefix *from)
{
	struct mag_view v;

	world_serve(w, n);
	v = world_view(w, n);
	return from->len > 0 ? v.temporal == 2 && addr_prefix_holds(from, &v.prefix[1].addr) : v.prefix_count == 1;
}

void
delegation_granted(void)
{
	struct world w;

	new_that_asks(&w);
	CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(mag_due(w.g), w.now.mono_ms + 300000);
	world_pass(&w, 300000);
	CU_ASSERT(asks(&w, MH_HANDOFF_NO_CHANGE, &aggregate));
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT(cuts(&w, 6, &aggregate));
	CU_ASSERT(cuts(&w, 7, &aggregate));
	CU_ASSERT_EQUAL(w.g->temporal.used, 3);
	world_free(&w);
}

/* It is repeated with the back-off of any update, and what is granted for a time is not used for longer. */
void
delegation_unanswered(void)
{
	static const unsigned int waits_ms[] = {1000, 2000, 4000, 8000, 16000, 32000, 32000};
	struct mh_msg late;
	struct world w;

	new_that_asks(&w);
	for (unsigned int i = 0; i < sizeof(waits_ms) / sizeof(waits_ms[0]); i++) {
		late = answer(&w, MH_STATUS_ACCEPTED, &aggregate);
		world_tick(&w, waits_ms[i] - 1);
		CU_ASSERT_EQUAL(w.out.count, 0);
		world_tick(&w, 1);
		CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
	}
	world_answer(&w, late); /* to the last but one */
	CU_ASSERT_EQUAL(w.g->temporal.total, 0);
	world_answer_from(&w, &world_other_lma, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT_EQUAL(w.g->temporal.total, 0);
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT_EQUAL(w.g->temporal.total, 65536);
	world_pass(&w, 399000);
	CU_ASSERT_EQUAL(w.g->temporal.total, 65536);
	world_pass(&w, 40000);
	CU_ASSERT_EQUAL(w.g->temporal.total, 0);
	CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
	world_free(&w);
}

/* What is no aggregate is a refusal as well: nothing is cut, and it is asked for again after a while. */
void
delegation_refused(void)
{
	static const struct addr_prefix narrow = {{{0x20, 2, 0, 2, 0, 1}}, 64}, wide = {{{0x20, 2, 0, 2}}, 47},
					local = {{{0xfe, 0x80}}, 48};
	struct world w;
	struct mh_msg m[7];

	new_that_asks(&w);
	for (unsigned int i = 0; i < sizeof(m) / sizeof(m[0]); i++) {
		m[0] = answer(&w, MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP, NULL);
		m[1] = answer(&w, MH_STATUS_ACCEPTED, NULL);
		m[2] = answer(&w, MH_STATUS_ACCEPTED, &narrow);
		m[3] = answer(&w, MH_STATUS_ACCEPTED, &wide);
		m[4] = answer(&w, MH_STATUS_ACCEPTED, &local);
		m[5] = answer(&w, MH_STATUS_ACCEPTED, &aggregate);
		m[5].opt.dmnp.ipv4 = true;
		m[6] = answer(&w, MH_STATUS_ACCEPTED, &aggregate);
		m[6].pba.lifetime = 0;
		world_answer(&w, m[i]);
		CU_ASSERT(world_published(&w, PMIP_PUB_REJECTED));
		CU_ASSERT_EQUAL(w.g->temporal.total, 0);
		world_tick(&w, 511999);
		CU_ASSERT_EQUAL(w.out.count, 0);
		world_tick(&w, 1);
		CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
	}
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT(cuts(&w, 6, &aggregate));
	world_pass(&w, 300000);
	world_answer(&w, answer(&w, MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP, NULL)); /* not any more */
	CU_ASSERT(cuts(&w, 7, &none));
	CU_ASSERT_EQUAL(world_view(&w, 6).prefix_count, 2);
	world_free(&w);
}

/* Sessions keep what they have of the one before, and give it back to it when it comes again. */
void
delegation_of_another(void)
{
	struct world w;

	new_that_asks(&w);
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT(cuts(&w, 6, &aggregate));
	world_peer(&w, &world_other_lma, PMIP_PEER_RESTARTED);
	world_tick(&w, 0);
	CU_ASSERT(!w.g->delegation.outstanding);
	world_peer(&w, &world_lma, PMIP_PEER_RESTARTED);
	world_tick(&w, 0);
	CU_ASSERT(w.g->delegation.outstanding);
	w.sent.send.msg.pbu.sequence = w.g->delegation.sequence;
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &other));
	CU_ASSERT_EQUAL(w.g->temporal.total, 16);
	CU_ASSERT(cuts(&w, 7, &other));
	CU_ASSERT_EQUAL(world_view(&w, 6).prefix_count, 2);
	world_peer(&w, &world_lma, PMIP_PEER_RETURNED);
	world_tick(&w, 0);
	w.sent.send.msg.pbu.sequence = w.g->delegation.sequence;
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	CU_ASSERT_EQUAL(w.g->temporal.used, 2);
	CU_ASSERT(cuts(&w, 8, &aggregate));
	CU_ASSERT(!addr_prefix_equal(&world_view(&w, 8).prefix[1], &world_view(&w, 6).prefix[1]));
	world_free(&w);
}

static void
change(struct world *w, const struct mag_settings *s)
{
	struct mag_change *c = mag_change_new(s);

	CU_ASSERT_FATAL(c != NULL && mag_change_check(c, w->g) == 0);
	mag_change_apply(w->g, c);
	mag_change_free(c);
	w->s = *s;
	world_tick(w, 0);
}

void
delegation_and_settings(void)
{
	struct mag_settings s = settings(), off[4] = {s, s, s, s};
	struct world w;

	off[0].temporal_prefixes = 0;
	off[1].logical_interface = true;
	off[2].id.len = 0;
	off[3].aggregate = other;
	for (unsigned int i = 0; i < sizeof(off) / sizeof(off[0]); i++) {
		world_new_with(&w, &off[i]);
		world_tick(&w, 100000);
		CU_ASSERT_EQUAL(w.out.count, 0);
		change(&w, &s);
		CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
		world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
		CU_ASSERT(cuts(&w, 6, &aggregate));
		change(&w, &s); /* with nothing changed */
		CU_ASSERT(asks(&w, MH_HANDOFF_NO_CHANGE, &aggregate));
		CU_ASSERT(cuts(&w, 7, &aggregate));
		change(&w, &off[i]);
		CU_ASSERT_EQUAL(world_acted(&w, PMIP_ACT_SEND), 0);
		world_free(&w);
	}
}
