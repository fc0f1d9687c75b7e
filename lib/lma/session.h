/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Who is served: a mobile node, its sessions and their prefixes, and what sessions are counted by: the group that one
 * update of their gateway extends, and the service that they are of.
 */
#include "base/index.h"
#include "lma/lma.h"
#include "pmip/id.h"
#include "pmip/order.h"

#define LMA_SESSIONS_MAX    (1u << 24)
#define LMA_NODE_MAX	    16 /* sessions of a mobile node, and parked updates of it */
#define LMA_GROUPS_MAX	    4096
#define LMA_GATEWAY_GROUPS  64 /* of one gateway */
#define LMA_SERVICES_MAX    64
#define LMA_SERVICE_UNKNOWN 255

struct lma_update;

enum lma_gre { LMA_GRE_NONE, LMA_GRE_PLAIN, LMA_GRE_KEYS };

/* The values of the last accepted update: replaced as a whole, and put back when its effects fail. */
struct lma_binding {
	struct addr6 proxy_coa;
	struct addr6 link_local;
	struct mh_opt_mn_ll_id ll_id;
	uint8_t access_tech;
	uint8_t handoff;
	uint8_t gre;	    /* enum lma_gre */
	uint8_t service;    /* its number, 0: the default; set by lma_service_set */
	bool service_named; /* updates of this session name it */
	uint16_t group;	    /* its number, 0: none; set by lma_group_set */
	struct pmip_stamp stamp;
	uint16_t lifetime_asked; /* units of 4 s */
	uint16_t lifetime;	 /* granted */
	uint32_t key_out;	 /* of GRE, to the gateway */
	uint64_t expires_ms;
};

/*
 * A binding cache entry. Its index is its deadline's id too, and that of its first prefix in by_prefix; prefix i has id
 * index * MH_HNP_MAX + i in by_further.
 */
struct lma_session {
	enum lma_state state;
	uint32_t node;
	uint32_t next; /* session of the node */
	uint32_t handovers;
	struct lma_binding binding;
	uint64_t opened_ms;
	uint16_t multi;		   /* number of its node's rows and flows, 0: there are none */
	uint8_t bid;		   /* among its node's, from 1 */
	uint8_t prefix_count;	   /* 0 only where prefixes moved away */
	struct addr_prefix prefix; /* where it is the only one: lma_session_prefixes */
	uint8_t said;		   /* a bit for each that its gateway has said to have cut */
};

/* A mobile node: what its sessions and parked updates hang on. Lives as long as it has one of them. */
struct lma_node {
	struct pmip_id_head id;
	uint32_t session; /* the first, or INDEX_NONE */
	uint32_t request; /* the first, or INDEX_NONE */
};

/* Sessions of a gateway that one update extends. */
struct lma_group {
	struct addr6 gateway; /* their care-of address */
	uint32_t id;
	uint32_t sessions;
	uint64_t updated_ms; /* by the last bulk update, 0: none */
	uint64_t lost_ms;    /* until then its gateway may think that one that is over is in it */
	struct pmip_stamp stamp;
	uint16_t lifetime, longest; /* granted by it, and to any of its sessions */
};

struct lma_service {
	struct pmip_service_settings s;
	bool offered;
	uint32_t sessions;
};

/* state.c: go to `next` if the table allows it; else count, and stay. */
bool lma_enter(struct lma *l, enum lma_state *state, enum lma_state next);

/* node.c */
struct lma_node *lma_node_find(struct lma *l, const struct pmip_mn_id *id);
/* The node of this identifier, made if need be; NULL when there is no room. */
struct lma_node *lma_node_take(struct lma *l, const struct pmip_mn_id *id);
/* Forget a node that has no session and no request left. */
void lma_node_put(struct lma *l, struct lma_node *n);
uint32_t lma_node_index(const struct lma *l, const struct lma_node *n);
bool lma_node_is(const struct lma *l, uint32_t node, const struct pmip_mn_id *id);
void lma_node_id(const struct lma *l, uint32_t node, struct pmip_mn_id *out);

/* session.c */
uint32_t lma_session_index(const struct lma *l, const struct lma_session *s);
struct lma_session *lma_session_find_prefix(struct lma *l, const struct addr_prefix *p);
/* The node's sessions: first with s NULL, then the next; NULL past the last. */
struct lma_session *lma_session_of(struct lma *l, const struct lma_node *n, const struct lma_session *s);
/* The one of this BID; NULL: none. */
struct lma_session *lma_session_numbered(struct lma *l, const struct lma_node *n, unsigned int bid);
/* Its prefixes, prefix_count of them. */
const struct addr_prefix *lma_session_prefixes(const struct lma *l, const struct lma_session *s);
/* A new session in state FREE with these prefixes, or NULL when all are in use. */
struct lma_session *lma_session_open(struct lma *l, const struct pmip_mn_id *id, const struct addr_prefix *prefix,
				     uint8_t count, uint64_t now_ms);
bool lma_session_owns(const struct lma *l, const struct lma_session *s, const struct addr_prefix *p);
/* Other prefixes in place of those that it has; whether they are taken from a pool stays as it is. */
void lma_session_replace_prefixes(struct lma *l, struct lma_session *s, const struct addr_prefix *prefix,
				  uint8_t count);
/* When its gateway last updated it. */
uint64_t lma_binding_updated_ms(const struct lma_binding *b);
/* Give back a session, its prefixes and, if it was the last, its node. */
void lma_session_drop(struct lma *l, struct lma_session *s);

/* prefix.c: the prefixes of a new session (RFC 5213 section 5.3.2); taken from their pools on success. */
enum mh_status lma_prefix_assign(struct lma *l, const struct lma_update *u, struct addr_prefix out[static MH_HNP_MAX],
				 uint8_t *count);
void lma_prefix_release(struct lma *l, const struct addr_prefix *prefix, uint8_t count);

/* bulk.c */
/* The group that an update puts its session into, 0: none. */
uint16_t lma_group_wanted(struct lma *l, const struct lma_update *u);
void lma_group_set(struct lma *l, struct lma_session *s, uint16_t group);
/* Take over what extended its group since. */
void lma_group_settle(const struct lma *l, struct lma_binding *b);
/* s, which was in this group or is (0: in none), ends without its gateway. */
void lma_group_lost(struct lma *l, uint16_t group, struct lma_session *s);
uint32_t lma_group_id(const struct lma *l, uint16_t group);
bool lma_bulk_is_one(const struct mh_msg *m);
bool lma_bulk_names_session(const struct mh_msg *m);
void lma_bulk_update(struct lma *l, struct lma_update *u, const struct clock_now *now, struct pmip_actions *out);
/* All of them end: RFC 6602 section 5.2.3. False where there is none; *refused where there is no room to do it. */
bool lma_bulk_remove(struct lma *l, const struct addr6 *gateway, uint32_t id, const struct clock_now *now,
		     bool *refused);

/* service.c */
/* Which service u is about, as far as is known. */
void lma_service_note(const struct lma *l, struct lma_update *u);
bool lma_service_is_of(const struct lma_session *s, const struct lma_update *u);
bool lma_service_changes(const struct lma_session *s, const struct lma_update *u);
enum mh_status lma_service_check(const struct lma_update *u);
bool lma_service_has_room(const struct lma *l, uint8_t service);
const char *lma_service_pool(const struct lma *l, uint8_t service);
const char *lma_service_name(const struct lma *l, uint8_t service);
bool lma_service_is_uncounted(const struct lma *l, uint8_t service);
void lma_service_set(struct lma *l, struct lma_session *s, uint8_t service);
/* Other settings in a list of LMA_SERVICES_MAX; 0, or -EBUSY: one twice, or sessions have what has to make room. */
int lma_services_replace(struct lma_service *list, const struct pmip_service_settings *s, unsigned int count);
