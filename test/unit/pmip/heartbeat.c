/* SPDX-License-Identifier: BSD-3-Clause */
/* Heartbeats: a node and peers that answer, are silent, restart, know none. */
#include "pmip/heartbeat.h"

#include <errno.h>
#include <string.h>

#include "cases.h"

#define COUNTER	    7
#define INTERVAL_MS 60000
#define EARLY_MS    (INTERVAL_MS / 8)

static const struct addr6 self = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static const struct addr6 mag = {{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};

struct rig {
	struct pmip_heartbeat *h;
	uint64_t now_ms;
	struct pmip_actions out;
};

static struct rig *
rig_new(uint32_t peers_max)
{
	static struct rig r;
	struct pmip_heartbeat_settings s = {.timers = pmip_timers_default(),
					    .peers_max = peers_max,
					    .restart_counter = COUNTER,
					    .secret = {{5, 6}}};

	r = (struct rig){.h = pmip_heartbeat_new(&s), .now_ms = 1000};
	CU_ASSERT_PTR_NOT_NULL_FATAL(r.h);
	return &r;
}

static void
step(struct rig *r, struct pmip_event e)
{
	e.now.mono_ms = r->now_ms;
	r->out.count = 0;
	r->out.more = false;
	pmip_heartbeat_step(r->h, &e, &r->out);
}

/* To the next thing that is due, at most until until_ms; false when nothing is, and it is until_ms. */
static bool
run(struct rig *r, uint64_t until_ms)
{
	uint64_t due = pmip_heartbeat_due(r->h);

	if (due > until_ms) {
		r->now_ms = until_ms;
		return false;
	}
	if (due > r->now_ms)
		r->now_ms = due;
	step(r, (struct pmip_event){.type = PMIP_EV_TICK});
	return true;
}

/* To the next request to the peer: its sequence number. */
static uint32_t
request(struct rig *r, uint64_t until_ms)
{
	while (run(r, until_ms))
		if (r->out.count > 0) {
			const struct pmip_action *a = &r->out.list[0];

			while (a->type != PMIP_ACT_SEND && a < &r->out.list[r->out.count - 1])
				a++;
			CU_ASSERT_EQUAL_FATAL(a->type, PMIP_ACT_SEND);
			CU_ASSERT(a->send.msg.type == MH_HEARTBEAT && a->send.msg.heartbeat.flags == 0);
			CU_ASSERT(addr6_equal(&a->send.src, &self) && addr6_equal(&a->send.dst, &mag));
			CU_ASSERT_EQUAL(a->send.msg.opt.present, 0);
			return a->send.msg.heartbeat.sequence;
		}
	CU_FAIL_FATAL("no heartbeat");
	return 0;
}

static void
receive(struct rig *r, const struct mh_msg *m)
{
	step(r, (struct pmip_event){.type = PMIP_EV_MESSAGE, .message = {.src = mag, .dst = self, .msg = m}});
}

static void
hear(struct rig *r, uint16_t flags, uint32_t sequence, const uint32_t *counter)
{
	struct mh_msg m = {.type = MH_HEARTBEAT, .heartbeat = {.flags = flags, .sequence = sequence}};

	if (counter != NULL) {
		mh_set(&m, MH_OPT_RESTART_COUNTER);
		m.opt.restart_counter.counter = *counter;
	}
	receive(r, &m);
}

static void
reply(struct rig *r, uint32_t sequence, uint32_t counter)
{
	hear(r, MH_HEARTBEAT_R, sequence, &counter);
}

static void
refuse(struct rig *r)
{
	receive(r, &(struct mh_msg){.type = MH_BE, .be.status = MH_BE_UNKNOWN_TYPE});
}

/* Whether the last step told of this change of the peer, and of nothing else. */
static bool
told(const struct rig *r, enum pmip_peer_change change)
{
	unsigned int changes = 0;
	bool found = false;

	for (unsigned int i = 0; i < r->out.count; i++) {
		const struct pmip_action *a = &r->out.list[i];

		if (a->type != PMIP_ACT_PEER)
			continue;
		changes++;
		found = a->peer.change == change && addr6_equal(&a->peer.peer, &mag) &&
			addr6_equal(&a->peer.local, &self);
	}
	return found && changes == 1;
}

static struct pmip_heartbeat_view
view(const struct rig *r)
{
	struct pmip_heartbeat_view v = {0};
	uint32_t at = 0;

	CU_ASSERT_TRUE_FATAL(pmip_heartbeat_next(r->h, &at, &v));
	return v;
}

static void
want(struct rig *r, bool on)
{
	CU_ASSERT_EQUAL(pmip_heartbeat_want(r->h, &self, &mag, on), 0);
}

/* shows: RFC5847-3-03: whether or not there are sessions */
static void
answers(void)
{
	struct rig *r = rig_new(4);
	struct pmip_heartbeat_view v;
	uint32_t at = 0;

	hear(r, 0, 0xdeadbeef, NULL);
	CU_ASSERT_EQUAL_FATAL(r->out.count, 1);
	CU_ASSERT(addr6_equal(&r->out.list[0].send.src, &self) && addr6_equal(&r->out.list[0].send.dst, &mag));
	CU_ASSERT_EQUAL(r->out.list[0].send.msg.heartbeat.flags, MH_HEARTBEAT_R);
	CU_ASSERT_EQUAL(r->out.list[0].send.msg.heartbeat.sequence, 0xdeadbeef);
	CU_ASSERT_TRUE(mh_has(&r->out.list[0].send.msg, MH_OPT_RESTART_COUNTER));
	CU_ASSERT_EQUAL(r->out.list[0].send.msg.opt.restart_counter.counter, COUNTER);
	CU_ASSERT_FALSE(pmip_heartbeat_next(r->h, &at, &v)); /* nothing is kept of it */
	for (unsigned int i = 1; i < pmip_timers_default().heartbeat_rate_per_s; i++)
		hear(r, 0, i, NULL);
	CU_ASSERT_EQUAL(r->out.count, 1);
	hear(r, 0, 1, NULL);
	CU_ASSERT_EQUAL(r->out.count, 0);
	CU_ASSERT_EQUAL(pmip_heartbeat_stat(r->h)->counter[STAT_HEARTBEAT_UNANSWERED], 1);
	/* Strangers do not use up what peers with sessions have. */
	want(r, true);
	hear(r, 0, 1, NULL);
	CU_ASSERT_EQUAL(r->out.count, 1);
	want(r, false);
	r->now_ms += 1000;
	hear(r, 0, 1, NULL);
	CU_ASSERT_EQUAL(r->out.count, 1);
	pmip_heartbeat_free(r->h);
}

/* shows: RFC5847-3-01 RFC5847-3-02 */
static void
sessions_alone(void)
{
	struct rig *r = rig_new(4);
	uint64_t start = r->now_ms, last;
	uint32_t sequence;

	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	want(r, true);
	sequence = request(r, UINT64_MAX - 1);
	CU_ASSERT_TRUE(r->now_ms - start < PMIP_HEARTBEAT_FIRST_MS);
	for (unsigned int i = 0; i < 20; i++) {
		last = r->now_ms;
		r->now_ms += 30;
		reply(r, sequence + i, 1);
		CU_ASSERT_EQUAL(r->out.count, 0);
		want(r, true); /* another session */
		CU_ASSERT_EQUAL(request(r, UINT64_MAX - 1), sequence + i + 1);
		CU_ASSERT_TRUE(r->now_ms - last <= INTERVAL_MS && r->now_ms - last >= INTERVAL_MS - EARLY_MS);
	}
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UP);
	CU_ASSERT(view(r).rtt_ms == 30 && view(r).answered == 20 && view(r).sent == 21);
	want(r, false);
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	pmip_heartbeat_free(r->h);
}

/* RFC 5847 section 3.1: more than MISSING_HEARTBEATS_ALLOWED, once; and an answer sets all right. */
static void
failure(void)
{
	struct rig *r = rig_new(4);
	uint32_t sequence, first;

	want(r, true);
	first = request(r, UINT64_MAX - 1);
	reply(r, first, 1);
	for (unsigned int i = 1; i <= 4; i++) {
		CU_ASSERT_EQUAL(request(r, UINT64_MAX - 1), first + i);
		CU_ASSERT_EQUAL(r->out.count, 1);
		CU_ASSERT_EQUAL(view(r).missed, i - 1);
	}
	sequence = request(r, UINT64_MAX - 1);
	CU_ASSERT_TRUE(told(r, PMIP_PEER_FAILED));
	CU_ASSERT(view(r).state == PMIP_HEARTBEAT_FAILED && view(r).since_ms == r->now_ms && view(r).failures == 1);
	sequence = request(r, UINT64_MAX - 1);
	CU_ASSERT_EQUAL(r->out.count, 1); /* it is asked on, and has failed once */
	CU_ASSERT_EQUAL(pmip_heartbeat_stat(r->h)->counter[STAT_HEARTBEAT_MISSED], 5);
	reply(r, sequence, 1);
	CU_ASSERT_TRUE(told(r, PMIP_PEER_RETURNED));
	CU_ASSERT(view(r).state == PMIP_HEARTBEAT_UP && view(r).missed == 0);
	pmip_heartbeat_free(r->h);
}

/* A late answer says as well that the peer is there; one to nothing says nothing. */
static void
late_and_wrong(void)
{
	struct rig *r = rig_new(4);
	uint32_t sequence;

	want(r, true);
	reply(r, 0, 1);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNKNOWN);
	sequence = request(r, UINT64_MAX - 1);
	reply(r, sequence + 1, 1);
	reply(r, sequence - 1, 1);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNKNOWN);
	CU_ASSERT_EQUAL(pmip_heartbeat_stat(r->h)->counter[STAT_HEARTBEAT_IGNORED], 3);
	request(r, UINT64_MAX - 1);
	reply(r, sequence, 1);
	CU_ASSERT(view(r).state == PMIP_HEARTBEAT_UP && view(r).missed == 0 && view(r).rtt_ms == 0);
	reply(r, sequence, 9); /* again */
	reply(r, sequence + 1, 1);
	CU_ASSERT_EQUAL(view(r).answered, 2);
	reply(r, sequence + 1, 9);
	CU_ASSERT_EQUAL(r->out.count, 0);
	CU_ASSERT_EQUAL(view(r).counter, 1);
	pmip_heartbeat_free(r->h);
}

/* shows: RFC5847-3.2-04; a counter that is another, not one that is larger. */
static void
restart(void)
{
	struct rig *r = rig_new(4);

	want(r, true);
	hear(r, MH_HEARTBEAT_R, request(r, UINT64_MAX - 1), NULL); /* without one */
	CU_ASSERT_FALSE(view(r).counter_known);
	reply(r, request(r, UINT64_MAX - 1), 5);
	CU_ASSERT_EQUAL(r->out.count, 0);
	reply(r, request(r, UINT64_MAX - 1), 5);
	CU_ASSERT_EQUAL(r->out.count, 0);
	reply(r, request(r, UINT64_MAX - 1), 4);
	CU_ASSERT_TRUE(told(r, PMIP_PEER_RESTARTED));
	hear(r, MH_HEARTBEAT_R, request(r, UINT64_MAX - 1), NULL);
	CU_ASSERT_EQUAL(r->out.count, 0);
	while (view(r).state != PMIP_HEARTBEAT_FAILED)
		request(r, UINT64_MAX - 1);
	reply(r, request(r, UINT64_MAX - 1), 6);
	CU_ASSERT_TRUE(told(r, PMIP_PEER_RESTARTED)); /* and not that it returned */
	CU_ASSERT_EQUAL(view(r).restarts, 2);
	want(r, false); /* what happens between its sessions concerns none of them */
	want(r, true);
	reply(r, request(r, UINT64_MAX - 1), 8);
	CU_ASSERT_EQUAL(r->out.count, 0);
	pmip_heartbeat_free(r->h);
}

static void
unsolicited(void)
{
	struct rig *r = rig_new(4);
	uint32_t counter = 9, sequence;
	uint64_t asked;

	hear(r, MH_HEARTBEAT_U | MH_HEARTBEAT_R, 0, &counter); /* of nobody with sessions */
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	want(r, true);
	sequence = request(r, UINT64_MAX - 1);
	reply(r, sequence, 8);
	asked = r->now_ms;
	counter = 8;
	hear(r, MH_HEARTBEAT_U | MH_HEARTBEAT_R, 0, &counter); /* as known */
	CU_ASSERT_TRUE(pmip_heartbeat_due(r->h) > asked + 40000);
	counter = 9;
	for (unsigned int i = 0; i < 5; i++) {
		hear(r, MH_HEARTBEAT_U | MH_HEARTBEAT_R, sequence + 1, &counter);
		CU_ASSERT_EQUAL(r->out.count, 0); /* anyone can say so */
	}
	CU_ASSERT_EQUAL(view(r).counter, 8);
	CU_ASSERT_EQUAL(request(r, UINT64_MAX - 1), sequence + 1);
	CU_ASSERT_EQUAL(r->now_ms, asked + 1000);
	hear(r, MH_HEARTBEAT_U | MH_HEARTBEAT_R, 0, &counter);
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), r->now_ms + 1000);
	reply(r, sequence + 1, 9);
	CU_ASSERT_TRUE(told(r, PMIP_PEER_RESTARTED));
	pmip_heartbeat_free(r->h);
}

/* shows: RFC5847-3-05 */
static void
unsupported(void)
{
	struct rig *r = rig_new(4);

	want(r, true);
	refuse(r); /* of another message: nothing was asked yet */
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNKNOWN);
	request(r, UINT64_MAX - 1);
	receive(r, &(struct mh_msg){.type = MH_BE, .be.status = MH_BE_NO_BINDING});
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNKNOWN);
	refuse(r);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNSUPPORTED);
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	want(r, false);
	want(r, true); /* never again */
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNSUPPORTED);
	pmip_heartbeat_free(r->h);
	r = rig_new(4);
	want(r, true);
	reply(r, request(r, UINT64_MAX - 1), 1);
	request(r, UINT64_MAX - 1);
	refuse(r); /* it answers heartbeats: what it does not know is another message */
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UP);
	pmip_heartbeat_free(r->h);
}

/* Two messages are out, and the error about the other one comes before the answer to the heartbeat. */
static void
not_meant(void)
{
	struct rig *r = rig_new(4);
	uint32_t sequence;

	want(r, true);
	sequence = request(r, UINT64_MAX - 1);
	refuse(r);
	reply(r, sequence, 1);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UP);
	CU_ASSERT_EQUAL(r->out.count, 0);
	CU_ASSERT_EQUAL(request(r, r->now_ms + INTERVAL_MS), sequence + 1);
	pmip_heartbeat_free(r->h);
	r = rig_new(4);
	want(r, true);
	request(r, UINT64_MAX - 1);
	refuse(r);
	hear(r, 0, 77, NULL); /* or it asks by itself */
	CU_ASSERT_EQUAL(r->out.count, 1);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNKNOWN);
	request(r, r->now_ms + INTERVAL_MS);
	refuse(r);
	CU_ASSERT_EQUAL(view(r).state, PMIP_HEARTBEAT_UNKNOWN);
	pmip_heartbeat_free(r->h);
}

static void
announcement(void)
{
	struct rig *r = rig_new(4);

	CU_ASSERT_EQUAL(pmip_heartbeat_announce(r->h, &self, &mag), 0);
	CU_ASSERT_TRUE(run(r, r->now_ms));
	CU_ASSERT_EQUAL_FATAL(r->out.count, 1);
	CU_ASSERT_EQUAL(r->out.list[0].send.msg.heartbeat.flags, MH_HEARTBEAT_U | MH_HEARTBEAT_R);
	CU_ASSERT_EQUAL(r->out.list[0].send.msg.opt.restart_counter.counter, COUNTER);
	CU_ASSERT_TRUE(addr6_equal(&r->out.list[0].send.dst, &mag));
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	want(r, true);
	CU_ASSERT_EQUAL(pmip_heartbeat_announce(r->h, &self, &mag), 0);
	CU_ASSERT_TRUE(run(r, r->now_ms));
	CU_ASSERT_EQUAL(r->out.count, 1);
	request(r, r->now_ms + PMIP_HEARTBEAT_FIRST_MS);
	pmip_heartbeat_free(r->h);
}

static struct addr6
peer_number(unsigned int n)
{
	return (struct addr6){{0x20, 0x01, 0x0d, 0xb8, 1, [14] = (uint8_t)(n >> 8), [15] = (uint8_t)n}};
}

static void
bounded(void)
{
	struct rig *r = rig_new(2);
	struct addr6 peer;
	uint32_t at = 0;
	struct pmip_heartbeat_view v;

	for (unsigned int i = 0; i < 2; i++) {
		peer = peer_number(i);
		CU_ASSERT_EQUAL(pmip_heartbeat_want(r->h, &self, &peer, true), 0);
	}
	CU_ASSERT_EQUAL(pmip_heartbeat_want(r->h, &self, &mag, true), -ENOSPC);
	CU_ASSERT_EQUAL(pmip_heartbeat_announce(r->h, &self, &mag), -ENOSPC);
	CU_ASSERT_EQUAL(pmip_heartbeat_want(r->h, &self, &mag, false), 0);
	pmip_heartbeat_want(r->h, &self, &peer, false);
	want(r, true);
	want(r, false);
	CU_ASSERT_EQUAL(pmip_heartbeat_want(r->h, &self, &peer, true), 0); /* in its place */
	CU_ASSERT_TRUE(pmip_heartbeat_next(r->h, &at, &v) && v.wanted);
	CU_ASSERT_TRUE(pmip_heartbeat_next(r->h, &at, &v) && v.wanted);
	CU_ASSERT_FALSE(pmip_heartbeat_next(r->h, &at, &v));
	pmip_heartbeat_free(r->h);
	CU_ASSERT_PTR_NULL(pmip_heartbeat_new(&(struct pmip_heartbeat_settings){.timers = pmip_timers_default()}));
}

/* Thousands of peers that get sessions in one moment: never many in one second, first or later. */
static void
spread(void)
{
	enum { PEERS = 2000, SECONDS = 400, RATE = 200 };
	static unsigned int in_second[SECONDS];
	struct rig *r = rig_new(PEERS);
	struct pmip_timers t = pmip_timers_default();
	unsigned int most_late = 0, sent = 0;

	t.heartbeat_rate_per_s = RATE;
	pmip_heartbeat_set_timers(r->h, &t);
	memset(in_second, 0, sizeof(in_second));
	for (unsigned int i = 0; i < PEERS; i++) {
		struct addr6 peer = peer_number(i);

		CU_ASSERT_EQUAL(pmip_heartbeat_want(r->h, &self, &peer, true), 0);
	}
	while (run(r, (SECONDS - 1) * 1000))
		for (unsigned int i = 0; i < r->out.count; i++) {
			in_second[r->now_ms / 1000] += r->out.list[i].type == PMIP_ACT_SEND;
			sent += r->out.list[i].type == PMIP_ACT_SEND;
		}
	for (unsigned int s = 0; s < SECONDS; s++) {
		CU_ASSERT_TRUE(in_second[s] <= RATE + 10);
		if (s > 200 && in_second[s] > most_late)
			most_late = in_second[s];
	}
	CU_ASSERT_TRUE(sent > PEERS * 6 && sent < PEERS * 8);
	CU_ASSERT_TRUE(most_late < PEERS / 10);
	pmip_heartbeat_free(r->h);
}

static void
switched(void)
{
	struct rig *r = rig_new(4);
	struct pmip_timers t = pmip_timers_default();

	t.heartbeat_interval_ms = 0;
	pmip_heartbeat_set_timers(r->h, &t);
	want(r, true);
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	hear(r, 0, 1, NULL);
	CU_ASSERT_EQUAL(r->out.count, 1); /* others are answered all the same */
	t.heartbeat_interval_ms = 100;
	pmip_heartbeat_set_timers(r->h, &t);
	request(r, r->now_ms + 100);
	request(r, r->now_ms + 100);
	t.heartbeat_interval_ms = 0;
	pmip_heartbeat_set_timers(r->h, &t);
	CU_ASSERT_EQUAL(pmip_heartbeat_due(r->h), UINT64_MAX);
	pmip_heartbeat_free(r->h);
}

static void
state_names(void)
{
	CU_ASSERT_STRING_EQUAL(pmip_heartbeat_state_name(PMIP_HEARTBEAT_UNSUPPORTED), "unsupported");
	CU_ASSERT_STRING_EQUAL(pmip_heartbeat_state_name(PMIP_HEARTBEAT_UP), "up");
	CU_ASSERT_STRING_EQUAL(pmip_peer_change_name(PMIP_PEER_RESTARTED), "restarted");
	CU_ASSERT_STRING_EQUAL(pmip_peer_change_name((enum pmip_peer_change)9), "unknown");
}

const struct unit_case heartbeat_cases[HEARTBEAT_CASES] = {
	{"a request is answered whoever sends it, so many a second", answers},
	{"peers with sessions are asked each interval, others are not", sessions_alone},
	{"a peer that misses more than its allowance has failed, until it answers", failure},
	{"late answers count, wrong ones do not", late_and_wrong},
	{"another restart counter is a restart, within the life of sessions", restart},
	{"an unsolicited answer is a reason to ask", unsolicited},
	{"a peer that knows no heartbeats is not asked again, and does not fail", unsupported},
	{"an error about another message does not end heartbeats", not_meant},
	{"a peer of before is told of a restart", announcement},
	{"peers are bounded; one without sessions makes room", bounded},
	{"thousands of peers do not beat together", spread},
	{"the interval can be changed, and 0 is off", switched},
	{"states and changes have names", state_names},
};
