/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the anchor's engine share: all that it keeps. What is in it is told by session.h (who is served),
 * update.h (what an update does) and demand.h (what gateways are asked); multi.h adds mobile nodes with several
 * interfaces.
 *
 * A list of actions holds one exchange at most, so that a failed effect is about nothing else.
 */
#include "base/deadline.h"
#include "base/pace.h"
#include "base/rate.h"
#include "demand.h"
#include "pmip/peer.h"
#include "pmip/pool.h"
#include "update.h"

#define LMA_EXCHANGE_ACTIONS 40			 /* the most that one exchange adds to a list */
#define LMA_ASKERS_MAX	     PMIP_AGGREGATES_MAX /* those that are given one */
#define LMA_MULTI_MAX	     65535		 /* mobile nodes with rows or flows */
#define LMA_MULTI_ACTIONS    56			 /* the most that one of them adds to a list */

/* A gateway that has asked for its block, and hears of it when settings change. */
struct lma_asker {
	struct addr6 address; /* zero: a free place */
	uint64_t until_ms;    /* it has it so long */
	struct pmip_mn_id id; /* its own */
};

struct lma {
	struct lma_settings s;	   /* its peers and pools are the tables below */
	struct lma_change *change; /* that is being checked, NULL: none */
	struct pmip_peers peers;
	struct pmip_pool *pool;
	unsigned int pool_count;
	struct stat_block stat;
	uint64_t transitions[LMA_STATE_COUNT][LMA_STATE_COUNT]; /* taken, from and to */
	uint64_t transitions_refused;

	struct lma_session *session;
	struct addr_prefix (*prefixes)[MH_HNP_MAX]; /* by session, of those with several: not touched by others */
	struct index_pool session_ids;
	struct index_map by_prefix, by_further;
	struct deadline_queue session_due;

	struct lma_node *node;
	struct pmip_id_tail *node_tail;
	struct index_pool node_ids;
	struct index_map by_mn_id;

	struct lma_request *request;
	struct index_pool request_ids;
	struct deadline_queue request_due;
	uint32_t requests_max;
	uint32_t questions; /* asked so far: makes tokens differ */

	struct lma_demand *demand;
	struct index_pool demand_ids;
	struct index_map demand_by_sequence, demand_by_session, demand_by_peer;
	struct deadline_queue demand_due;
	uint16_t bri_sequence, upn_sequence; /* the last ones */

	struct lma_detail detail[LMA_DETAILS_MAX];

	struct lma_gateway *gateway;
	struct index_map by_gateway;
	uint32_t gateway_next; /* the place that is taken next */
	struct rate strangers; /* answers to who is no peer */

	struct lma_walk walk[LMA_WALKS_MAX];
	unsigned int walk_count;
	uint64_t walk_due_ms;
	struct pace walk_pace;

	struct lma_group *group;
	struct index_pool group_ids;
	struct index_map by_group; /* by gateway */

	struct lma_service service[LMA_SERVICES_MAX];
	uint64_t rejected[256]; /* by status */

	struct lma_undo undo;
	struct lma_before *before; /* part of it, and seldom used */

	struct lma_multi *multi;
	struct index_pool multi_ids;
	struct deadline_queue multi_due;
	struct pmip_flows *flows; /* of the actions of this step */
	struct pmip_flow_policy *flow_policy;
	struct pmip_aggregate *aggregate;
	uint32_t cut;					      /* counts what was looked at for temporal prefixes */
	struct pmip_aggregate forwarded[PMIP_AGGREGATES_MAX]; /* what forwarding knows of them */
	unsigned int forwarded_count;
	bool aggregates_due; /* it has to hear of others */
	struct lma_asker *asker;
	unsigned int asker_at; /* the next that has to, LMA_ASKERS_MAX: none */
	uint32_t close_at;     /* next session that closing all looks at, INDEX_NONE when not closing */
	uint64_t close_ms;     /* sessions opened later stay */
};

/* lma.c */
bool lma_settings_in_range(const struct lma_settings *s);
/* Make the pools; *count (0 at first) is how many were. A prefix has one owner, so no two pools may give it. */
bool lma_pools_init(struct pmip_pool **pool, unsigned int *count, const struct lma_settings *s);

/* apply.c: where a change is being checked, of prefixes that a session has by now, and of one that is nobody's again.
 */
void lma_change_keep(struct lma *l, const struct addr_prefix *prefix, uint8_t count);
void lma_change_release(struct lma *l, const struct addr_prefix *p);
void lma_change_abandon(struct lma *l); /* before the engine goes */

/* act.c: actions about a session. */
void lma_act_forward(struct lma *l, enum pmip_action_type type, const struct lma_session *s, struct pmip_actions *out);
/* As its state says: set, and held where it is not ACTIVE. */
void lma_act_forward_as(struct lma *l, const struct lma_session *s, struct pmip_actions *out);
void lma_act_publish_status(struct lma *l, enum pmip_publish what, const struct lma_session *s, uint8_t status,
			    struct pmip_actions *out);
void lma_act_publish(struct lma *l, enum pmip_publish what, const struct lma_session *s, struct pmip_actions *out);

void lma_put_mn_id(struct mh_msg *m, const struct pmip_mn_id *id);

/* expire.c */
/* End a session, its forwarding too; `why` is published, and that it is closed where that says something else. */
void lma_end(struct lma *l, struct lma_session *s, enum pmip_publish why, const struct clock_now *now,
	     struct pmip_actions *out);
/* The same of one whose gateway is not told, or did not hear. */
void lma_end_alone(struct lma *l, struct lma_session *s, enum pmip_publish why, const struct clock_now *now,
		   struct pmip_actions *out);
void lma_tick(struct lma *l, const struct clock_now *now, struct pmip_actions *out);
void lma_close(struct lma *l, uint32_t session, const struct clock_now *now, struct pmip_actions *out);
