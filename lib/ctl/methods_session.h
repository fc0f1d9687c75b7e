/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* What methods about sessions and those about mobile nodes share: the filters, and what is shown of a session. */
#include "base/words.h"
#include "methods.h"
#include "state.h"

#define METHODS_MN                                                                                                     \
	{                                                                                                              \
		"mn", RPC_STRING, false, "Of this mobile node alone", 0, 0, NULL                                       \
	}
#define METHODS_PREFIX                                                                                                 \
	{                                                                                                              \
		"prefix", RPC_STRING, false, "With a prefix that overlaps this prefix, or holds this address", 0, 0,   \
			NULL                                                                                           \
	}
#define METHODS_PEER                                                                                                   \
	{                                                                                                              \
		"peer", RPC_STRING, false, "Of the gateway or anchor with this address alone", 0, 0, NULL              \
	}

/* Which sessions are wanted; zero: all. */
struct ctl_methods_filter {
	bool lma, mag; /* of these roles */
	bool has_mn, has_prefix, has_peer;
	struct pmip_mn_id mn;
	struct addr_prefix prefix;
	struct addr6 peer;
	const char *state; /* NULL: any */
};

/* From the parameters role, mn, prefix, peer and state, as far as they are there. 0, or -1 with *err. */
int ctl_methods_filter(const struct ctl *c, const json_t *params, struct ctl_methods_filter *f, struct rpc_error *err);
bool ctl_methods_lma_passes(const struct ctl_methods_filter *f, const struct lma_view *v);
bool ctl_methods_mag_passes(const struct ctl_methods_filter *f, const struct mag_view *v);
/* An identifier of a parameter that is there; 0, or -1 with *err. */
int ctl_methods_mn_of(const json_t *params, struct pmip_mn_id *id, struct rpc_error *err);

/*
 * The engine of the session that is asked for by the parameters session and role, and in *shown (may be NULL) what is
 * shown of it; NULL with *err.
 */
struct ctl_engine *ctl_methods_find_session(struct ctl *c, const json_t *params, json_t **shown, struct rpc_error *err);

json_t *ctl_methods_lma(const struct ctl *c, const struct lma_view *v);
json_t *ctl_methods_mag(const struct ctl *c, const struct mag_view *v);
json_t *ctl_methods_mn_id(const struct pmip_mn_id *id);

/* methods_move.c: of a mobile node with several interfaces. */
#define METHODS_TARGET                                                                                                 \
	{"session", RPC_INTEGER, false, "To this session of it: its number, of session.list", 0, UINT32_MAX, NULL},    \
		{"gateway", RPC_STRING, false, "To its session at the gateway of this address", 0, 0, NULL},           \
	{                                                                                                              \
		"access", RPC_STRING, false, "To its session of this access technology", 0, 0, words_technology        \
	}
/*
 * The active session of the mobile node that the parameters session, gateway and access leave, which has to be one; 0,
 * or -1 with *err.
 */
int ctl_methods_target(const struct ctl *c, const struct ctl_engine *engine, const struct pmip_mn_id *mn,
		       const json_t *params, uint32_t *session, struct rpc_error *err);
/* Of the parameter prefixes; 0 or -1 with *err. */
int ctl_methods_prefixes_of(const json_t *params, struct addr_prefix prefix[static MH_HNP_MAX], uint8_t *count,
			    struct rpc_error *err);
/* Whether the parameter given_up says so; 0 or -1 with *err. */
int ctl_methods_given_up(const json_t *params, struct rpc_error *err);
/* Refuse because of what an engine's check of a move said; -1. */
int ctl_methods_refuse_move(int rc, struct rpc_error *err);
/* What its sessions of both roles have of its prefixes. */
json_t *ctl_methods_rows(const struct ctl *c, const struct pmip_mn_id *mn);
/* methods_flow.c: its flows. */
json_t *ctl_methods_flows(const struct ctl *c, const struct pmip_mn_id *mn);

/* Texts that many sessions of a page have: each is made once. */
#define METHODS_TEXTS 16
struct ctl_methods_texts {
	unsigned int count;
	struct {
		const char *word; /* NULL: the address */
		struct addr6 addr;
		json_t *json;
	} kept[METHODS_TEXTS];
};

/*
 * A page over the sessions of both roles, the gateway's behind the anchor's: `each` gives what is shown of one that
 * passes the filter, or NULL when nothing is.
 */
struct ctl_methods_each {
	json_t *(*lma)(const struct ctl *c, const struct lma_view *v, struct ctl_methods_texts *texts);
	json_t *(*mag)(const struct ctl *c, const struct mag_view *v, struct ctl_methods_texts *texts);
};
int ctl_methods_sessions(struct ctl *c, const json_t *params, const struct ctl_methods_each *each, json_t **result,
			 struct rpc_error *err);
