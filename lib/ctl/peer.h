/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The nodes that this one exchanges Mobility Header messages with, as far as an operator wants to know: at most
 * CTL_PEERS, of which the one that was heard and spoken to longest ago goes when there are more. Strangers, who may be
 * anyone, make room first, and none but a stranger makes room for one.
 */
#include "mh/mh.h"
#include "state.h"

#define CTL_PEERS 1024

enum {
	CTL_PEER_TYPES = 1
#define MH_MSG(NAME, field, type, subtype, fixed_len, first, source) +1
#include "mh/msg.def"
#undef MH_MSG
};

/* What has a status. */
enum ctl_peer_answer { CTL_PEER_PBA, CTL_PEER_BRA, CTL_PEER_UPA, CTL_PEER_ANSWERS };

enum ctl_peer_way { CTL_PEER_RECEIVED, CTL_PEER_SENT, CTL_PEER_WAYS };

#define CTL_PEER_CHANGES 8 /* that are remembered */

struct ctl_peer_change {
	enum pmip_peer_change change;
	uint64_t wall;
};

struct ctl_peer {
	struct addr6 addr;
	uint64_t count[CTL_PEER_WAYS][CTL_PEER_TYPES]; /* messages, by enum mh_type */
	uint32_t status[CTL_PEER_WAYS][CTL_PEER_ANSWERS][UINT8_MAX + 1];
	bool known;	   /* configured, or this node has asked something of it */
	uint64_t heard_ms; /* 0: never */
	int64_t skew_ms;   /* its clock before this node's, at its last timestamp */
	bool skew_known;
	bool lost; /* it left an update without an answer, and was not heard since */
	uint64_t skew_told_ms;
	uint32_t changes; /* so far; the last of them: */
	struct ctl_peer_change change[CTL_PEER_CHANGES];
};

/* Peer number `at` or the next one in use, with *at its number; NULL behind the last. */
const struct ctl_peer *ctl_peer_next(const struct ctl *c, uint32_t *at);
const struct ctl_peer *ctl_peer_find(const struct ctl *c, const struct addr6 *a);
/* It has sent updates. */
bool ctl_peer_is_gateway(const struct ctl *c, const struct addr6 *a);
/* What the configuration says of it, by its longest prefix; NULL: nothing. */
const struct pmip_peer_settings *ctl_peer_settings(const struct ctl *c, const struct addr6 *a);
