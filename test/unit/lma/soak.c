/* SPDX-License-Identifier: BSD-3-Clause */
/* A seeded random life of many mobile nodes, with what must be true at every moment. */
#include <stdio.h>
#include <string.h>

#include "cases.h"
#include "engine.h"
#include "rig.h"

#define NODES	    200
#define EVENTS	    20000
#define SOUND_EVERY 50

static const struct pmip_service_settings services[] = {{.name = "internet"}, {.name = "voice", .sessions_max = 20}};

struct world {
	struct rig r;
	uint64_t random;
	unsigned int at[NODES]; /* the gateway that a node is at, 0: none */
	struct mh_msg last[NODES];
	unsigned int accepted;
};

static unsigned int
pick(struct world *w, unsigned int n)
{
	return (unsigned int)(random_next(&w->random) % n);
}

static int
send(struct world *w, unsigned int node, unsigned int mag, struct pbu p)
{
	char mn[16];
	struct addr6 src = rig_mag(mag);

	snprintf(mn, sizeof(mn), "mn%u@kedge", node);
	p.mn = mn;
	p.ll = node % 3 == 0 ? 0 : 1; /* some gateways do not know the interface */
	p.lifetime = (uint16_t)(1 + pick(w, 20));
	p.group = pick(w, 3);
	p.gre = pick(w, 3) == 0;
	p.gre_key = pick(w, 2);
	p.service = node % 5 == 0 ? services[pick(w, 2)].name : NULL;
	w->last[node] = rig_message(&w->r, &p);
	return rig_send_message(&w->r, &w->last[node], &src);
}

/* What operators, heartbeats and gateways do about many sessions, and what gateways say to that. */
static void
other_event(struct world *w)
{
	struct addr6 mag = rig_mag(1 + pick(w, RIG_MAGS));
	struct pmip_target what = {.scope = (enum pmip_scope)pick(w, 3), .session = pick(w, 260), .peer = mag};
	struct mh_msg m = {.type = MH_BRI, .bri = {.trigger = (uint8_t)pick(w, 9), .flags = MH_BR_P}};
	static const uint8_t statuses[] = {0, 0, 1, 128, 132, 134};
	char mn[16];

	snprintf(mn, sizeof(mn), "mn%u@kedge", pick(w, NODES));
	CU_ASSERT_FATAL(pmip_mn_id_parse(mn, &what.mn_id) == 0);
	switch (pick(w, 10)) {
	case 0:
		rig_step(&w->r, &(struct pmip_event){.type = PMIP_EV_REVOKE,
						     .revoke = {.what = what, .trigger = (uint8_t)pick(w, 9)}});
		break;
	case 1:
		rig_step(&w->r, &(struct pmip_event){.type = PMIP_EV_NOTIFY,
						     .notify = {.what = what, .reason = (uint16_t)(1 + pick(w, 3))}});
		break;
	case 2:
		if (pick(w, 20) == 0)
			rig_step(&w->r, &(struct pmip_event){
						.type = PMIP_EV_PEER,
						.peer = {.peer = mag, .change = (enum pmip_peer_change)pick(w, 3)}});
		break;
	case 3: /* a gateway revokes */
		lma_put_mn_id(&m, &what.mn_id);
		if (pick(w, 20) == 0)
			m.bri = (struct mh_bri){.trigger = MH_BRI_PER_PEER_POLICY, .flags = MH_BR_P | MH_BR_G};
		rig_send_message(&w->r, &m, &mag);
		break;
	case 4: /* a bulk update */
		rig_send(&w->r, &(struct pbu){.mag = 1 + pick(w, RIG_MAGS),
					      .group = 1 + pick(w, 3),
					      .no_bulk = true,
					      .lifetime = (uint16_t)(1 + pick(w, 20)),
					      .no_mn_id = true,
					      .no_hnp = true});
		break;
	case 5:
		m = (struct mh_msg){.type = MH_BE, .be = {.status = MH_BE_UNKNOWN_TYPE}};
		if (pick(w, 20) == 0)
			rig_send_message(&w->r, &m, &mag);
		break;
	default:
		if (w->r.told > 0)
			rig_acknowledge(&w->r, statuses[pick(w, 6)]);
		break;
	}
}

static void
one_event(struct world *w)
{
	unsigned int node = pick(w, NODES), mag = 1 + pick(w, RIG_MAGS), old = w->at[node];
	static const uint8_t handoffs[] = {2, 3, 4};
	int status;

	rig_wait(&w->r, pick(w, 40));
	w->r.forward_error = pick(w, 50) == 0 ? -28 : 0;
	w->r.policy_fails = pick(w, 50) == 0;
	if (pick(w, 4) == 0)
		other_event(w);
	switch (pick(w, 8)) {
	case 0:
	case 1: /* attach, or move as if for the first time */
		status = send(w, node, mag, (struct pbu){.handoff = 1});
		break;
	case 2: /* refresh */
		status = send(w, node, old != 0 ? old : mag, (struct pbu){.handoff = 5});
		break;
	case 3:
	case 4: /* move */
		status = send(w, node, mag, (struct pbu){.handoff = handoffs[pick(w, 3)]});
		break;
	case 5: /* the old gateway notices, in time or late */
		status = send(w, node, old != 0 ? old : mag, (struct pbu){.handoff = 4, .dereg = true});
		mag = 0;
		break;
	case 6: { /* the network repeats itself, perhaps from another gateway's side */
		struct addr6 src = rig_mag(mag);

		status = w->last[node].type == MH_PBU ? rig_send_message(&w->r, &w->last[node], &src) : RIG_SILENCE;
		mag = old;
		break;
	}
	default: /* a clock that is off */
		status = send(w, node, mag, (struct pbu){.handoff = 3, .timestamp_ms = (int)pick(w, 800) - 400});
		break;
	}
	if (status == 0) {
		w->accepted++;
		w->at[node] = mag;
	}
}

static void
soak_run(uint64_t seed)
{
	static struct world w;
	struct lma_pool_view pool;
	const uint64_t *c;

	memset(&w, 0, sizeof(w));
	w.random = seed;
	rig_settings(&w.r);
	w.r.s.sessions_max = 260;
	w.r.s.revocation = w.r.s.revoke_after_handover = w.r.s.bulk = true;
	w.r.s.services = services;
	w.r.s.service_count = UNIT_COUNT(services);
	w.r.s.timers.peer_grace_ms = 500;
	w.r.peer[0].revokes_all = true;
	w.r.peer[0].gre = PMIP_GRE_OFFERED;
	rig_start(&w.r);
	c = lma_stat(w.r.l)->counter;
	for (unsigned int i = 0; i < EVENTS; i++) {
		one_event(&w);
		if (i % SOUND_EVERY == 0 && !rig_sound(&w.r)) {
			CU_FAIL_FATAL("forwarding or prefixes do not fit the sessions");
		}
	}
	CU_ASSERT(w.accepted > EVENTS / 5);
	CU_ASSERT(c[STAT_HANDOVERS] > 100);
	CU_ASSERT(c[STAT_SESSIONS_EXPIRED] > 10);
	CU_ASSERT(w.r.list_most <= PMIP_ACTIONS_MAX);
	/* All leave; time passes. */
	rig_wait(&w.r, 100000);
	CU_ASSERT_EQUAL(lma_session_count(w.r.l), 0);
	CU_ASSERT_EQUAL(lma_waiting_count(w.r.l), 0);
	CU_ASSERT_EQUAL(lma_due(w.r.l), UINT64_MAX);
	CU_ASSERT_EQUAL(c[STAT_SESSIONS_OPENED], c[STAT_SESSIONS_CLOSED]);
	CU_ASSERT_EQUAL(lma_demand_count(w.r.l), 0);
	for (unsigned int i = 0; i < LMA_GROUPS_MAX; i++)
		CU_ASSERT_EQUAL(w.r.l->group[i].sessions, 0);
	for (unsigned int i = 0; i < LMA_SERVICES_MAX; i++)
		CU_ASSERT_EQUAL(w.r.l->service[i].sessions, 0);
	CU_ASSERT(w.r.published[PMIP_PUB_REVOKED] > 20);
	CU_ASSERT(w.r.published[PMIP_PUB_REVOCATION_REFUSED] > 20);
	CU_ASSERT(w.r.published[PMIP_PUB_REVOCATION_UNANSWERED] > 20);
	CU_ASSERT(w.r.published[PMIP_PUB_NOTIFIED] > 5);
	for (unsigned int i = 0; lma_pool(w.r.l, i, &pool); i++)
		CU_ASSERT_EQUAL(pool.used, 0);
	CU_ASSERT_EQUAL(w.r.answers, c[STAT_PBA_ACCEPTED_TX] + c[STAT_PBA_REJECTED_TX]);
	rig_close(&w.r);
}

static void
soak(void)
{
	for (uint64_t seed = 1; seed <= 3; seed++)
		soak_run(seed);
}

static const struct unit_case cases[] = {
	{"200 nodes at 4 gateways for 20000 events: no prefix has two owners, forwarding is as the sessions say", soak},
};

const struct case_table soak_cases = {cases, UNIT_COUNT(cases)};
