/* SPDX-License-Identifier: BSD-3-Clause */
/* A seeded random life of mobile nodes with several interfaces: prefixes and flows go back and forth among them. */
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "multi.h"
#include "rig.h"

#define NODES	    12
#define INTERFACES  4
#define EVENTS	    20000
#define SOUND_EVERY 10

static const struct pmip_flow_policy policies[] = {
	{.name = "video",
	 .priority = 10,
	 .access_tech = 4,
	 .selector = {.fields = SELECTOR_PROTOCOL, .protocol = {17, 17}}},
	{.name = "voice",
	 .priority = 5,
	 .access_tech = 5,
	 .selector = {.fields = SELECTOR_DST_PORT, .dst_port = {5060, 5061}}},
};

static struct pmip_aggregate aggregates[3];

struct world {
	struct rig r;
	uint64_t random;
	unsigned int several; /* mobile nodes with several sessions, over all looks */
};

static unsigned int
pick(struct world *w, unsigned int n)
{
	return (unsigned int)(random_next(&w->random) % n);
}

static struct pmip_mn_id
name(unsigned int node)
{
	struct pmip_mn_id id;
	char mn[16];

	snprintf(mn, sizeof(mn), "mn%u@kedge", node);
	CU_ASSERT_FATAL(pmip_mn_id_parse(mn, &id) == 0);
	return id;
}

/* One of the node's rows, or a prefix of nobody. */
static struct addr_prefix
some_prefix(struct world *w, unsigned int node)
{
	struct pmip_mn_id id = name(node);
	struct lma_row_at at = {0};
	struct lma_row_view row;
	unsigned int count = 0;

	while (lma_next_row(w->r.l, &id, &at, &row))
		count++;
	if (count > 0 && pick(w, 20) != 0) {
		at = (struct lma_row_at){0};
		for (unsigned int i = pick(w, count) + 1; i > 0; i--)
			lma_next_row(w->r.l, &id, &at, &row);
		return row.prefix;
	}
	return rig_prefix(pick(w, 2) ? "2002:2:1:77::/64" : "2001:db8:9:9::/64");
}

static uint32_t
some_session(struct world *w, unsigned int node)
{
	struct pmip_mn_id id = name(node);
	uint32_t at = PMIP_SESSION_NONE;
	struct lma_view v;

	for (unsigned int i = pick(w, 4); lma_next_of(w->r.l, &id, at, &v); at = v.session)
		if (i-- == 0)
			return v.session;
	return at;
}

/* Of two gateways, and of a block that comes and goes. */
static const char *const temporal[] = {"2002:2:1:1::/64", "2002:2:1:2::/64",  "2002:2:1:3::/64",  "2002:2:2:3::/64",
				       "2002:2:2:4::/64", "-2002:2:2:3::/64", "-2002:2:1:1::/64", "2002:2:3:1::/64",
				       "2002:2:3:2::/64", "2002:2:3:3::/64"};

static void
send(struct world *w, unsigned int node, uint8_t handoff, bool dereg, unsigned int prefixes)
{
	unsigned int interface = 1 + pick(w, INTERFACES), mag = pick(w, 5) ? interface : 1 + pick(w, RIG_MAGS);
	char mn[16], text[MH_HNP_MAX][ADDR_PREFIX_TEXT];
	struct pbu p = {.mn = mn,
			.mag = mag,
			.ll = pick(w, 4) ? (uint8_t)interface : 0,
			.access_tech = (uint8_t)(2 + interface),
			.handoff = handoff,
			.dereg = dereg,
			.lifetime = (uint16_t)(1 + pick(w, 40)),
			.timestamp_ms = pick(w, 20) ? 0 : -(int)pick(w, 100)};

	snprintf(mn, sizeof(mn), "mn%u@kedge", node);
	for (unsigned int i = 0; i < prefixes; i++) {
		struct addr_prefix prefix = some_prefix(w, node);

		p.hnp[i] = addr_prefix_format(&prefix, text[i]);
	}
	for (unsigned int i = 0; pick(w, 2) == 0 && i < MH_VENDOR_MAX; i++)
		p.temporal[i] = temporal[pick(w, UNIT_COUNT(temporal))];
	rig_send(&w->r, &p);
}

/* What the session has, as its gateway would list it. */
static void
refresh(struct world *w, unsigned int node, bool dereg)
{
	char text[MH_HNP_MAX][ADDR_PREFIX_TEXT], mn[16];
	uint32_t session = some_session(w, node);
	struct pbu p = {.mn = mn, .handoff = dereg ? 4 : 5, .dereg = dereg, .lifetime = (uint16_t)(1 + pick(w, 40))};
	struct lma_view v;

	if (!lma_find(w->r.l, session, &v))
		return;
	snprintf(mn, sizeof(mn), "mn%u@kedge", node);
	p.mag = v.proxy_coa.b[15] - 1u;
	p.access_tech = v.access_tech;
	p.ll = v.mn_ll_id->id[5];
	for (unsigned int i = 0; i < v.prefix_count; i++)
		p.hnp[i] = addr_prefix_format(&v.prefix[i], text[i]);
	rig_send(&w->r, &p);
}

static void
command(struct world *w, unsigned int node)
{
	static const char *const selectors[] = {"protocol=udp", "destination-port=443", "any", "protocol=tcp"};
	struct pmip_event e = {.type = PMIP_EV_MOVE, .move = {.mn_id = name(node), .session = some_session(w, node)}};
	struct selector s;
	const char *why;

	if (pick(w, 2)) {
		e.move.how = (enum pmip_move)pick(w, 3);
		e.move.prefix_count = (uint8_t)pick(w, 3);
		for (unsigned int i = 0; i < e.move.prefix_count; i++)
			e.move.prefix[i] = some_prefix(w, node);
	} else {
		CU_ASSERT_FATAL(selector_parse(selectors[pick(w, 4)], &s, &why) == 0);
		e = (struct pmip_event){.type = PMIP_EV_FLOW,
					.flow = {.change = (enum pmip_flow_change)pick(w, 3),
						 .mn_id = name(node),
						 .id = (uint16_t)pick(w, 6),
						 .priority = (uint16_t)pick(w, 9),
						 .session = some_session(w, node),
						 .selector = &s}};
	}
	rig_step(&w->r, &e);
}

static void
other_event(struct world *w, unsigned int node)
{
	static const uint8_t statuses[] = {0, 0, 0, 1, 128, 131, 132};
	struct pmip_target what = {.scope = PMIP_SCOPE_SESSION, .session = some_session(w, node)};
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = 1, .flags = MH_BR_P}};
	struct pmip_mn_id id = name(node);
	struct addr6 mag = rig_mag(1 + pick(w, RIG_MAGS));
	struct addr_prefix p = some_prefix(w, node);

	switch (pick(w, 12)) {
	case 0:
		rig_step(&w->r, &(struct pmip_event){.type = PMIP_EV_REVOKE, .revoke = {.what = what, .trigger = 1}});
		break;
	case 1:
		rig_step(&w->r, &(struct pmip_event){.type = PMIP_EV_CLOSE, .close = {.session = what.session}});
		break;
	case 2: /* a gateway revokes */
		lma_put_mn_id(&m, &id);
		mh_add_hnp(&m, &p);
		rig_send_message(&w->r, &m, &mag);
		break;
	case 3:
		if (pick(w, 30) == 0)
			rig_step(&w->r, &(struct pmip_event){.type = PMIP_EV_PEER,
							     .peer = {.peer = mag, .change = PMIP_PEER_RESTARTED}});
		break;
	default:
		if (w->r.told > 0)
			rig_acknowledge(&w->r, statuses[pick(w, UNIT_COUNT(statuses))]);
		break;
	}
}

/* Other policies, and a block that is a gateway's, another's or nobody's, where no session has anything of it. */
static void
change(struct world *w)
{
	struct lma_settings s = w->r.s;
	struct lma_change_refusal why;

	s.flow_policy_count = pick(w, UNIT_COUNT(policies) + 1);
	s.aggregate_count = 2 + pick(w, 2);
	aggregates[2].gateway = rig_mag(1 + pick(w, 3));
	s.multihoming.flow_mobility = pick(w, 8) != 0;
	s.multihoming.hi5_flow_handover = pick(w, 8) != 0;
	s.multihoming.vendor = pick(w, 4) ? RIG_VENDOR : 0;
	s.temporal_prefixes = pick(w, LMA_TEMPORAL_MAX + 1);
	rig_change(&w->r, &s, &why);
}

/* A gateway asks for its block. */
static void
ask_for_block(struct world *w)
{
	struct pbu p = {.mn = "mag@kedge", .mag = 1 + pick(w, RIG_MAGS), .no_hnp = true, .lifetime = 10};
	struct addr6 src = rig_source(&p);
	struct mh_msg m = rig_message(&w->r, &p);

	mh_set(&m, MH_OPT_DELEGATED_PREFIX);
	m.pbu.lifetime = (uint16_t)(10 * pick(w, 3));
	rig_send_message(&w->r, &m, &src);
}

static void
one_event(struct world *w)
{
	unsigned int node = pick(w, NODES);

	rig_wait(&w->r, pick(w, 8) ? pick(w, 300) : pick(w, 4000));
	w->r.forward_fails = pick(w, 30) ? 0 : 1 + pick(w, 4);
	w->r.flows_fail = pick(w, 30) ? 0 : 1 + pick(w, 4);
	w->r.profile.flow_policies = node % 3;
	w->r.policy_silent = pick(w, 4) == 0;
	if (w->r.policy_silent == 0 && w->r.questions > 0)
		rig_answer_policy(&w->r);
	if (pick(w, 50) == 0)
		change(w);
	if (pick(w, 50) == 0)
		ask_for_block(w);
	switch (pick(w, 10)) {
	case 0:
	case 1:
		send(w, node, 1, false, 0);
		break;
	case 2:
		send(w, node, (uint8_t)(241 + pick(w, 2)), false, 1 + pick(w, 3));
		break;
	case 3:
		send(w, node, (uint8_t)(5 + pick(w, 2)), false, 1 + pick(w, 2));
		break;
	case 4:
		send(w, node, (uint8_t)(1 + pick(w, 6)), pick(w, 4) == 0, pick(w, 4));
		break;
	case 5:
		refresh(w, node, pick(w, 4) == 0);
		break;
	case 6:
	case 7:
		command(w, node);
		break;
	default:
		other_event(w, node);
		break;
	}
}

/* What is lent is its owner's by somebody of the node who is de-registered, and who has that or more. */
static bool
lent_right(const struct lma *l)
{
	for (uint32_t i = 0; i < l->multi_ids.capacity; i++)
		for (unsigned int k = 0; index_pool_is_taken(&l->multi_ids, i) && k < l->multi[i].row_count; k++) {
			const struct lma_row *row = &l->multi[i].row[k];

			if (row->lender == INDEX_NONE)
				continue;
			if (l->session[row->lender].state != LMA_LINGER ||
			    l->session[row->lender].node != l->multi[i].node ||
			    !lma_session_owns(l, &l->session[row->session], &row->prefix))
				return false;
		}
	for (uint32_t i = 0; i < l->s.sessions_max; i++)
		if (l->session[i].state == LMA_LINGER && lma_session_is_empty(l, &l->session[i]))
			return false;
	return true;
}

/* A row is of a session of its node that does not have the prefix twice; there is room for all; nothing is kept empty.
 */
static bool
rows_right(struct lma *l)
{
	for (uint32_t i = 0; i < l->multi_ids.capacity; i++) {
		struct lma_multi *m = &l->multi[i];

		if (!index_pool_is_taken(&l->multi_ids, i))
			continue;
		for (unsigned int k = 0; k < m->row_count; k++)
			if (l->session[m->row[k].session].state == LMA_FREE ||
			    l->session[m->row[k].session].node != m->node ||
			    lma_row_find(m, &m->row[k].prefix, m->row[k].session) != &m->row[k])
				return false;
		for (unsigned int k = 0; k < m->flow_count; k++)
			if (m->flow[k].said && (m->flow[k].bid == 0 || m->flow[k].left))
				return false;
		if (m->row_count + m->flow_count == 0 && m->policies == 0 && m->moving.session == INDEX_NONE)
			return false;
	}
	for (uint32_t i = 0; i < l->s.sessions_max; i++) {
		const struct lma_session *s = &l->session[i];
		unsigned int lent = 0;

		if (s->state == LMA_FREE)
			continue;
		for (unsigned int k = 0; s->multi != 0 && k < lma_multi_of(l, s)->row_count; k++) {
			const struct lma_row *r = &lma_multi_of(l, s)->row[k];

			lent += r->lender == i && !lma_session_has(l, s, &r->prefix);
		}
		if (s->prefix_count + lma_rows_beside(l, s) + lent > MH_HNP_MAX)
			return false;
	}
	return true;
}

/* What could not be set is tried again within a second. */
static void
look(struct world *w)
{
	w->r.forward_fails = w->r.flows_fail = 0;
	rig_wait(&w->r, 1001);
	if (!rig_sound(&w->r) || !lent_right(w->r.l) || !rows_right(w->r.l))
		CU_FAIL_FATAL("forwarding does not fit the rows");
	for (unsigned int node = 0; node < NODES; node++) {
		struct pmip_mn_id id = name(node);
		struct lma_view v;

		w->several +=
			lma_next_of(w->r.l, &id, PMIP_SESSION_NONE, &v) && lma_next_of(w->r.l, &id, v.session, &v);
	}
}

static void
soak_run(uint64_t seed)
{
	static struct world w;
	struct lma_pool_view pool;

	memset(&w, 0, sizeof(w));
	w.random = seed;
	rig_settings(&w.r);
	aggregates[0] = (struct pmip_aggregate){rig_mag(1), rig_prefix("2002:2:1::/48")};
	aggregates[1] = (struct pmip_aggregate){rig_mag(2), rig_prefix("2002:2:2::/48")};
	w.r.s.sessions_max = 80;
	w.r.s.revocation = seed % 2;
	w.r.s.multihoming = (struct pmip_multihoming){.flow_mobility = true,
						      .partial_new = 241,
						      .partial_existing = 242,
						      .hi5_flow_handover = true,
						      .lenient = seed % 3 == 0,
						      .vendor = seed % 4 ? RIG_VENDOR : 0};
	w.r.s.flow_policies = policies;
	w.r.s.flow_policy_count = UNIT_COUNT(policies);
	aggregates[2] = (struct pmip_aggregate){rig_mag(3), rig_prefix("2002:2:3::/48")};
	w.r.s.multihoming.full_set = seed % 5 == 0;
	w.r.s.temporal_prefixes = seed % 3;
	w.r.s.aggregates = aggregates;
	w.r.s.aggregate_count = 3;
	w.r.profile.prefixes_wanted = 2;
	rig_start(&w.r);
	for (unsigned int i = 0; i < EVENTS; i++) {
		one_event(&w);
		if (i % SOUND_EVERY == 0)
			look(&w);
		CU_ASSERT_FATAL(w.r.list_most <= PMIP_ACTIONS_MAX);
	}
	CU_ASSERT(w.several > EVENTS / SOUND_EVERY * 4);
	CU_ASSERT(w.r.published[PMIP_PUB_PREFIXES_MOVED] > 400);
	CU_ASSERT(w.r.published[PMIP_PUB_FLOW_MOVED] > 150);
	CU_ASSERT(w.r.published[PMIP_PUB_FLOW_REFUSED] > 500);
	CU_ASSERT(w.r.published[PMIP_PUB_MOVE_REFUSED] > 100);
	/* All leave; time passes. */
	w.r.forward_fails = w.r.flows_fail = 0;
	w.r.policy_silent = false;
	rig_wait(&w.r, 400000);
	CU_ASSERT_EQUAL(lma_session_count(w.r.l), 0);
	CU_ASSERT_EQUAL(index_pool_used(&w.r.l->multi_ids), 0);
	CU_ASSERT_EQUAL(lma_demand_count(w.r.l), 0);
	CU_ASSERT_EQUAL(lma_due(w.r.l), UINT64_MAX);
	CU_ASSERT_EQUAL(w.r.l->by_prefix.count, 0);
	CU_ASSERT_EQUAL(w.r.l->by_further.count, 0);
	for (unsigned int i = 0; lma_pool(w.r.l, i, &pool); i++)
		CU_ASSERT_EQUAL(pool.used, 0);
	rig_close(&w.r);
}

static void
soak(void)
{
	for (uint64_t seed = 1; seed <= 6; seed++)
		soak_run(seed);
}

static const struct unit_case cases[] = {
	{"prefixes and flows among 4 interfaces of 12 nodes: one owner each, and forwarding is as the rows say", soak},
};

const struct case_table soak_multi_cases = {cases, UNIT_COUNT(cases)};
