/* SPDX-License-Identifier: BSD-3-Clause */
/* A gateway that asks its anchor for the aggregate that it cuts temporal prefixes from (RFC 7148). */
#include <errno.h>

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

/* shows: RFC7148-5.1.2-01 RFC7148-5.1.2-02 RFC7148-5.1.2-07 */
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

/*
 * What is no aggregate is a refusal as well: nothing is cut, and it is asked for again after a while.
 * shows: RFC7148-5.1.2-04
 */
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
	world_tick(&w, 1000);
	CU_ASSERT_EQUAL(w.out.count, 0);
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

/* The aggregate of another gateway, of a number. */
static struct addr_prefix
foreign(unsigned int i)
{
	return (struct addr_prefix){{{0x20, 2, 0, 3, (uint8_t)(i >> 8), (uint8_t)i}}, 48};
}

static bool
says(struct mh_msg *m, unsigned int i, uint32_t lifetime_s, bool more)
{
	struct mh_vendor_delegation d = {
		.more = more, .prefix = foreign(i), .lifetime_s = lifetime_s, .gateway = world_other_lma};

	return mh_vendor_add_delegation(m, PARTS_VENDOR, &d);
}

/* From one number on, to another; others follow behind that. */
static struct mh_msg
answer_with(const struct world *w, unsigned int from, unsigned int to, bool more)
{
	struct mh_msg m = answer(w, MH_STATUS_ACCEPTED, &aggregate);

	for (unsigned int i = from; i <= to; i++)
		CU_ASSERT(says(&m, i, 400, more && i == to));
	return m;
}

/* Behind which one the update asks, 0: for the list from its beginning. */
static unsigned int
asks_behind(const struct world *w)
{
	struct mh_vendor_delegation d;

	if (mh_vendor_delegations(&w->sent.send.msg, PARTS_VENDOR, &d, 1) == 0)
		return 0;
	CU_ASSERT(!d.more && d.lifetime_s == 0 && addr6_is_zero(&d.gateway));
	return (unsigned int)(d.prefix.addr.b[4] << 8 | d.prefix.addr.b[5]);
}

/* What it knows of others, as the sum of their numbers. */
static unsigned int
knows(const struct world *w)
{
	struct mag_aggregate_view v;
	unsigned int at = 0, sum = 0;

	while (mag_next_aggregate(w->g, &at, &v))
		if (!v.own) {
			sum += (unsigned int)(v.is.prefix.addr.b[4] << 8 | v.is.prefix.addr.b[5]);
			CU_ASSERT(v.state == MAG_AGGREGATE_KNOWN && v.told == (v.until_ms > 0));
			CU_ASSERT(!v.told || addr6_equal(&v.is.gateway, &world_other_lma));
		}
	return sum;
}

static struct mag_aggregate_view
own(const struct world *w)
{
	struct mag_aggregate_view v = {0};
	unsigned int at = 0;

	CU_ASSERT(mag_next_aggregate(w->g, &at, &v) && v.own);
	return v;
}

static void
notify(struct world *w, const struct addr6 *from, uint16_t sequence, struct mh_msg m)
{
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = *from, .dst = world_mag, .msg = &m}};

	m.type = MH_UPN;
	m.upn.sequence = sequence;
	m.upn.flags = MH_UPN_A;
	mag_put_mn_id(&w->s.id, &m);
	world_step(w, &e);
}

static int
acknowledged(const struct world *w)
{
	const struct mh_msg *m = &world_act(w, PMIP_ACT_SEND)->send.msg;

	return m->type == MH_UPA ? m->upa.status : -1;
}

/* What the anchor says of others is asked for to its end, and forgotten where it is not said any more. */
void
delegation_of_others(void)
{
	struct addr_prefix part = {foreign(9).addr, 64}, nobody = {{{0x20, 2, 0, 9}}, 64};
	struct mag_aggregate_view v;
	struct world w;

	new_that_asks(&w);
	CU_ASSERT(own(&w).state == MAG_AGGREGATE_ASKED && own(&w).is.prefix.len == 0);
	CU_ASSERT_EQUAL(asks_behind(&w), 0);
	world_answer(&w, answer_with(&w, 1, 8, true));
	v = own(&w);
	CU_ASSERT(v.state == MAG_AGGREGATE_USED && addr_prefix_equal(&v.is.prefix, &aggregate));
	CU_ASSERT_EQUAL(own(&w).until_ms, w.now.mono_ms + 400000);
	CU_ASSERT(own(&w).cut == 1 && own(&w).room == 65536);
	world_tick(&w, 0);
	CU_ASSERT(asks(&w, MH_HANDOFF_NO_CHANGE, &aggregate));
	CU_ASSERT_EQUAL(asks_behind(&w), 8);
	world_tick(&w, 1000); /* that was lost */
	CU_ASSERT_EQUAL(asks_behind(&w), 8);
	world_answer(&w, answer_with(&w, 9, 10, false));
	CU_ASSERT_EQUAL(knows(&w), 55);
	CU_ASSERT(mag_aggregate_is_foreign(w.g, &part));
	CU_ASSERT_FALSE(mag_aggregate_is_foreign(w.g, &nobody));
	world_tick(&w, 0);
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_pass(&w, 300000);
	CU_ASSERT_EQUAL(asks_behind(&w), 0);
	world_answer(&w, answer_with(&w, 4, 11, true));
	CU_ASSERT_EQUAL(knows(&w), 66);
	world_tick(&w, 0);
	world_answer(&w, answer_with(&w, 12, 12, false));
	CU_ASSERT_EQUAL(knows(&w), 72); /* 1, 2 and 3 are not said any more */
	world_pass(&w, 399000);
	CU_ASSERT_EQUAL(knows(&w), 72);
	world_pass(&w, 40000); /* no anchor any more */
	CU_ASSERT_EQUAL(knows(&w), 0);
	CU_ASSERT_FALSE(mag_aggregate_is_foreign(w.g, &part));
	world_free(&w);
}

/* An anchor that says more than there may be, without an end, or nonsense. */
void
delegation_without_end(void)
{
	struct mh_msg m;
	struct world w;

	new_that_asks(&w);
	for (unsigned int page = 0; page < PMIP_AGGREGATES_MAX; page++) {
		CU_ASSERT_EQUAL(asks_behind(&w), 4 * page);
		world_answer(&w, answer_with(&w, 4 * page + 1, 4 * page + 4, true));
		world_tick(&w, 0);
	}
	CU_ASSERT_EQUAL(w.out.count, 0);
	CU_ASSERT_EQUAL(knows(&w), 256 * 257 / 2);
	world_free(&w);

	new_that_asks(&w);
	m = answer(&w, MH_STATUS_ACCEPTED, &aggregate);
	for (uint8_t len = 47; len <= 64; len += 17) {
		struct mh_vendor_delegation d = {.prefix = {foreign(1).addr, len}, .lifetime_s = 1};

		mh_vendor_add_delegation(&m, PARTS_VENDOR, &d);
	}
	mh_vendor_add_delegation(
		&m, PARTS_VENDOR,
		&(struct mh_vendor_delegation){.prefix = foreign(1), .lifetime_s = 9, .gateway = world_mag});
	mh_vendor_add_delegation(&m, PARTS_VENDOR + 1,
				 &(struct mh_vendor_delegation){.prefix = foreign(2), .lifetime_s = 9});
	says(&m, 3, 0, false);
	world_answer(&w, m);
	CU_ASSERT_EQUAL(knows(&w), 0);
	world_free(&w);
}

/*
 * The anchor's settings changed: what it says is taken at once, and asked for again, with the own one.
 * shows: RFC7148-5.1.2-05 RFC7148-5.1.2-06
 */
void
delegation_notified(void)
{
	struct mh_msg m = {.upn.reason = MH_UPN_VENDOR_SPECIFIC};
	struct mag_settings s = settings();
	struct world w;

	new_that_asks(&w);
	world_answer(&w, answer_with(&w, 1, 3, false));
	says(&m, 1, 0, false);
	says(&m, 7, 400, false);
	notify(&w, &world_other_lma, 1, m);
	CU_ASSERT_EQUAL(acknowledged(&w), MH_UPA_NOT_ATTACHED);
	CU_ASSERT_EQUAL(knows(&w), 6);
	notify(&w, &world_lma, 2, m);
	CU_ASSERT_EQUAL(acknowledged(&w), MH_UPA_ACCEPTED);
	CU_ASSERT(world_published(&w, PMIP_PUB_NOTIFIED));
	CU_ASSERT_EQUAL(knows(&w), 12);
	world_tick(&w, 0);
	CU_ASSERT(asks(&w, MH_HANDOFF_NO_CHANGE, &aggregate) && asks_behind(&w) == 0);
	notify(&w, &world_lma, 2, m); /* once more, as the network may do */
	CU_ASSERT_EQUAL(acknowledged(&w), MH_UPA_ACCEPTED);
	CU_ASSERT(w.g->delegation.outstanding);
	world_answer(&w, answer_with(&w, 7, 7, false));
	CU_ASSERT_EQUAL(knows(&w), 7);
	m = (struct mh_msg){.upn.reason = MH_UPN_FORCE_REREGISTRATION};
	notify(&w, &world_lma, 3, m);
	CU_ASSERT_EQUAL(acknowledged(&w), MH_UPA_ACCEPTED);
	world_tick(&w, 0);
	CU_ASSERT(asks(&w, MH_HANDOFF_NO_CHANGE, &aggregate));
	/* It has another for this gateway, which asks for it at once, and then has none. */
	world_answer(&w, answer(&w, MH_STATUS_REQUESTED_DMNP_IN_USE, NULL));
	CU_ASSERT_EQUAL(w.g->temporal.total, 0);
	world_tick(&w, 0);
	CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
	world_answer(&w, answer(&w, MH_STATUS_REQUESTED_DMNP_IN_USE, NULL));
	CU_ASSERT_EQUAL(own(&w).state, MAG_AGGREGATE_REFUSED);
	world_tick(&w, 1000);
	CU_ASSERT_EQUAL(w.out.count, 0);
	m.upn.reason = MH_UPN_UPDATE_SESSION_PARAMETERS;
	notify(&w, &world_lma, 4, m);
	CU_ASSERT_EQUAL(acknowledged(&w), MH_UPA_NOT_ATTACHED);
	s.temporal_prefixes = 0;
	change(&w, &s);
	m.upn.reason = MH_UPN_FORCE_REREGISTRATION;
	notify(&w, &world_lma, 5, m);
	CU_ASSERT_EQUAL(acknowledged(&w), MH_UPA_NOT_ATTACHED);
	world_free(&w);
}

/* What comes from another gateway's is temporal as well, but asked for like the session's own. */
void
delegation_configured(void)
{
	struct pmip_aggregate list[] = {{world_mag, aggregate}, {world_other_lma, foreign(5)}};
	struct addr_prefix flow = {foreign(5).addr, 64};
	struct mag_settings s = settings();
	struct world w;

	flow.addr.b[7] = 2;
	s.aggregate = aggregate;
	s.aggregates = list;
	s.aggregate_count = 2;
	world_new_with(&w, &s);
	CU_ASSERT_EQUAL(knows(&w), 5);
	CU_ASSERT(own(&w).state == MAG_AGGREGATE_USED && !own(&w).told && own(&w).until_ms == 0);
	world_serve(&w, 1);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	world_move(&w, 1, 0, PMIP_MOVE_IDLE, PARTS(flow));
	world_accept(&w);
	CU_ASSERT_EQUAL(world_view(&w, 1).prefix_count, 3);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 6);
	CU_ASSERT_EQUAL(world_view(&w, 1).idle, 0);
	world_pass(&w, 500000);
	CU_ASSERT(parts_asks(&w, MH_HANDOFF_NO_CHANGE, PARTS(world_prefix, flow)));
	s.aggregate_count = 1;
	change(&w, &s);
	CU_ASSERT_EQUAL(knows(&w), 0);
	CU_ASSERT_EQUAL(world_view(&w, 1).temporal, 2);
	s.aggregate_count = PMIP_AGGREGATES_MAX + 1;
	CU_ASSERT_PTR_NULL(mag_change_new(&s));
	world_free(&w);
}

/* Who asks no more cuts nothing of what it was left, nor does one that is refused know of others. */
void
delegation_forgotten(void)
{
	struct mag_settings s = settings(), off[2] = {s, s};
	struct pmip_event e = {.type = PMIP_EV_CUT, .cut = {.count = 1}};
	struct world w;

	off[0].temporal_prefixes = 0;
	off[1].id.len = 0;
	for (unsigned int i = 0; i < 2; i++) {
		new_that_asks(&w);
		world_answer(&w, answer_with(&w, 1, 3, false));
		CU_ASSERT(cuts(&w, 6, &aggregate));
		e.cut.mn_id = world_mn_id(6);
		e.cut.session = world_view(&w, 6).session;
		CU_ASSERT_EQUAL(mag_cut_check(w.g, &e), 0);
		change(&w, &off[i]);
		CU_ASSERT_EQUAL(mag_cut_check(w.g, &e), -EOPNOTSUPP);
		CU_ASSERT_EQUAL(knows(&w), 0);
		CU_ASSERT(cuts(&w, 7, &none));
		change(&w, &s);
		CU_ASSERT(asks(&w, MH_HANDOFF_NEW_INTERFACE, &none));
		world_answer(&w, answer_with(&w, 2, 2, false));
		CU_ASSERT_EQUAL(w.g->temporal.used, 2); /* the session has its own still */
		CU_ASSERT_EQUAL(knows(&w), 2);
		world_pass(&w, 300000);
		world_answer(&w, answer(&w, MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP, NULL));
		CU_ASSERT_EQUAL(knows(&w), 0);
		world_free(&w);
	}
}

/* A refresh that falls due while all sessions are being closed is sent when they are. */
void
delegation_while_closing(void)
{
	struct world w;

	new_that_asks(&w);
	world_answer(&w, answer(&w, MH_STATUS_ACCEPTED, &aggregate));
	world_pass(&w, 299500);
	world_serve(&w, 6);
	world_step(&w, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}});
	world_tick(&w, 500); /* the de-registration is not answered yet */
	CU_ASSERT_EQUAL(w.out.count, 0);
	world_tick(&w, 500);
	world_tick(&w, 500);
	CU_ASSERT(asks(&w, MH_HANDOFF_NO_CHANGE, &aggregate));
	world_free(&w);
}
