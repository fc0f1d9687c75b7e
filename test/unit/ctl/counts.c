/* SPDX-License-Identifier: BSD-3-Clause */
/* What sessions and tunnels have carried. */
#include "counts.h"
#include "ask.h"
#include "cases.h"
#include "rig.h"

static const struct wish anchor = {.lma = true};

static void
expect_traffic(struct rig *r, uint32_t session, unsigned int up, unsigned int down)
{
	json_t *t = ctl_counts_session_json(r->ctl, r->lma != NULL ? &r->ctl->lma : &r->ctl->mag, session);

	CU_ASSERT_EQUAL(ask_number(t, "up_packets"), up);
	CU_ASSERT_EQUAL(ask_number(t, "up_bytes"), up * RIG_LEN);
	CU_ASSERT_EQUAL(ask_number(t, "down_packets"), down);
	CU_ASSERT_EQUAL(ask_number(t, "down_bytes"), down * RIG_LEN);
	json_decref(t);
}

static uint32_t
only_session(struct rig *r)
{
	struct lma_view v;

	NEED(lma_next(r->lma, 0, &v));
	return v.session;
}

static void
session_counts(void)
{
	struct addr_prefix home;
	struct addr6 host;
	uint32_t first;
	struct rig r;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	home = rig_prefix_of_lma(&r);
	host = rig_host_in(&home);
	first = only_session(&r);
	expect_traffic(&r, first, 0, 0);
	rig_send_down(&r, &host, 3);
	rig_send_up(&r, &host, MAG1);
	expect_traffic(&r, first, 1, 3);
	rig_pbu(&r, &(struct update){.mag = MAG2, .handoff = 3, .hnp = &home});
	CU_ASSERT_EQUAL(only_session(&r), first);
	rig_send_down(&r, &host, 2);
	rig_send_up(&r, &host, MAG2);
	rig_send_up(&r, &host, MAG1); /* dropped: it is not the tunnel any more */
	expect_traffic(&r, first, 2, 5);
	/* De-registered, and back before the entry is deleted: the same session. */
	rig_pbu(&r, &(struct update){.mag = MAG2, .dereg = true, .hnp = &home});
	rig_send_down(&r, &host, 1);
	rig_pbu(&r, &(struct update){.mag = MAG1, .handoff = 3, .hnp = &home});
	rig_send_down(&r, &host, 1);
	expect_traffic(&r, first, 2, 6);
	/* Gone for good; another session takes its place in the tables. */
	rig_pbu(&r, &(struct update){.mag = MAG1, .dereg = true, .hnp = &home});
	rig_wait(&r, 20000);
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	for (unsigned int i = 0; i < 2 * RIG_SESSIONS; i++) {
		rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG1});
		home = rig_prefix_of_lma(&r);
		host = rig_host_in(&home);
		expect_traffic(&r, only_session(&r), 0, 0);
		rig_send_down(&r, &host, 1);
		expect_traffic(&r, only_session(&r), 0, 1);
		rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG1, .dereg = true, .hnp = &home});
		rig_wait(&r, 20000);
		rig_forget(&r);
	}
	rig_close(&r);
}

/* As the anchor says it anew when the session moves. */
static int
count_session(struct rig *r, const struct addr_prefix *home, bool counted)
{
	struct pmip_action a = {.type = PMIP_ACT_FORWARD_SET, .session = rig_session_of(r, home)};

	a.forward.local = ip6(NODE);
	a.forward.remote = ip6(MAG1);
	a.forward.uncounted = !counted;
	a.forward.prefix_count = 1;
	a.forward.prefix[0] = *home;
	return ctl_forward_set(r->ctl, &r->ctl->lma, &a);
}

static void
uncounted_by_service(void)
{
	struct addr_prefix home;
	struct addr6 host;
	struct rig r;
	json_t *t;

	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	home = rig_prefix_of_lma(&r);
	host = rig_host_in(&home);
	rig_send_down(&r, &host, 3);
	CU_ASSERT_EQUAL(count_session(&r, &home, false), 0);
	rig_send_down(&r, &host, 2);
	rig_send_up(&r, &host, MAG1);
	t = ctl_counts_session_json(r.ctl, &r.ctl->lma, only_session(&r));
	CU_ASSERT(json_is_null(t));
	json_decref(t);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_ENCAPSULATED), 5);
	CU_ASSERT_EQUAL(rig_count(&r, STAT_DECAPSULATED), 1);
	CU_ASSERT_EQUAL(count_session(&r, &home, true), 0);
	rig_send_down(&r, &host, 1);
	expect_traffic(&r, only_session(&r), 0, 4);
	rig_close(&r);
}

static void
uncounted(void)
{
	const struct wish off = {.lma = true, .uncounted = true};
	struct addr_prefix home;
	struct addr6 host;
	struct rig r;
	json_t *t;

	rig_open(&r, &off);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	home = rig_prefix_of_lma(&r);
	host = rig_host_in(&home);
	rig_send_down(&r, &host, 3);
	t = ctl_counts_session_json(r.ctl, &r.ctl->lma, only_session(&r));
	CU_ASSERT(json_is_null(t));
	CU_ASSERT_EQUAL(rig_count(&r, STAT_ENCAPSULATED), 3);
	json_decref(t);
	rig_close(&r);
}

static void
expect_tunnel(struct rig *r, const char *peer, unsigned int in, unsigned int out)
{
	struct addr6 addr = ip6(peer);
	json_t *t = ctl_counts_peer_json(r->ctl, &addr);

	CU_ASSERT_EQUAL(ask_number(t, "in_packets"), in);
	CU_ASSERT_EQUAL(ask_number(t, "in_bytes"), in * RIG_LEN);
	CU_ASSERT_EQUAL(ask_number(t, "out_packets"), out);
	CU_ASSERT_EQUAL(ask_number(t, "out_bytes"), out * RIG_LEN);
	json_decref(t);
}

static void
tunnel_counts(void)
{
	struct addr_prefix home;
	struct addr6 host;
	struct rig r;

	rig_open(&r, &anchor);
	expect_tunnel(&r, MAG1, 0, 0);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	home = rig_prefix_of_lma(&r);
	host = rig_host_in(&home);
	rig_send_down(&r, &host, 3);
	rig_send_up(&r, &host, MAG1);
	expect_tunnel(&r, MAG1, 1, 3);
	rig_pbu(&r, &(struct update){.mag = MAG2, .handoff = 3, .hnp = &home});
	rig_send_down(&r, &host, 2);
	expect_tunnel(&r, MAG2, 0, 2);
	/* The first gateway's tunnel went with its last session; the next one to it begins anew. */
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG1});
	expect_tunnel(&r, MAG1, 0, 0);
	rig_close(&r);
}

const struct unit_case counts_cases[] = {
	{"a session's packets and bytes are exact across handovers and when its place is used again", session_counts},
	{"where sessions are not counted, nothing is shown and packets go", uncounted},
	{"of a session whose service is not counted nothing is shown, and packets go", uncounted_by_service},
	{"a tunnel's packets and bytes are those since it was made", tunnel_counts},
};
const unsigned int counts_case_count = UNIT_COUNT(counts_cases);
