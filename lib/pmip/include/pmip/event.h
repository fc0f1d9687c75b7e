/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What goes into the engines and what comes out. An engine's step is a function of its own state and the event
 * alone: time and all else come in with the event, effects go out as a list of actions.
 *
 *	struct pmip_actions out = {0};
 *	lma_step(lma, &(struct pmip_event){.type = PMIP_EV_MESSAGE, .now = now, .message = {...}}, &out);
 *	for (unsigned int i = 0; i < out.count; i++)
 *		apply(&out.list[i]);
 *
 * A list is a transaction: it is applied in order, and when an action fails the rest is dropped and the engine is
 * stepped with PMIP_EV_EFFECT_FAILED. When `more` is set the engine wants to be stepped again with a tick at once.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/selector.h"
#include "mh/mh.h"
#include "stat/stat.h"

#define PMIP_ACTIONS_MAX  64
#define PMIP_SESSION_NONE UINT32_MAX
#define PMIP_NAME_MAX	  32 /* bytes of a pool's, peer's or service's name, NUL included */

/* A mobile node's identity: the bytes of its MN-ID option, compared byte by byte. */
struct pmip_mn_id {
	uint8_t subtype; /* 1: NAI */
	uint8_t len;
	uint8_t id[MH_MN_ID_MAX];
};

/* What policy says of a mobile node (RFC 5213 section 6.2). */
struct pmip_profile {
	struct pmip_mn_id mn_id;
	bool barred; /* anchor: not to be served (PROXY_REG_NOT_ENABLED, section 5.3.1 item 8) */
	bool lma_given;
	struct addr6 lma;	  /* anchor for this node, where lma_given; else the gateway's default */
	uint8_t access_tech;	  /* 0: the link's */
	char pool[PMIP_NAME_MAX]; /* anchor: the pool to take prefixes from; "" for the default */
	uint8_t prefix_count;	  /* anchor: fixed prefixes; 0: from the pool */
	struct addr_prefix prefix[MH_HNP_MAX];
	char service[MH_SERVICE_MAX + 1]; /* RFC 5149; "": the default one */
	uint64_t flow_policies;		  /* anchor: which of its settings' it has, a bit each */
	uint8_t prefixes_wanted; /* gateway: how many ALL_ZERO prefixes to ask for is always 1; anchor: how many to give
				    from the pool, 1..MH_HNP_MAX */
};

/* Where a mobile node is attached to a gateway: told by access, carried through, given back in actions. */
struct pmip_link {
	uint32_t host; /* the access room's id of the host */
	uint16_t port; /* access port */
	uint16_t vlan;
	struct addr_mac mac; /* the mobile node's: its link-layer identifier too */
	uint8_t access_tech; /* enum mh_access_tech */
};

enum pmip_event_type {
	PMIP_EV_TICK,		  /* time has come; also after `more` */
	PMIP_EV_MESSAGE,	  /* a decoded message that passed the wire checks */
	PMIP_EV_POLICY,		  /* the answer to PMIP_ACT_ASK_POLICY */
	PMIP_EV_ATTACH,		  /* gateway: a mobile node attached */
	PMIP_EV_DETACH,		  /* gateway: it left */
	PMIP_EV_LINK_LOCAL_TAKEN, /* gateway: it has the link-local address that the gateway has on its link */
	PMIP_EV_CLOSE,	       /* a command: end one session (session), or all of them (PMIP_SESSION_NONE): shutdown */
	PMIP_EV_EFFECT_FAILED, /* the action of this list that failed */
	PMIP_EV_PEER,	       /* what became of a peer */
	PMIP_EV_REVOKE,	       /* a command: tell peers that sessions are over, and end them (RFC 5846) */
	PMIP_EV_NOTIFY,	       /* a command: ask gateways to register sessions again, or another thing (RFC 7077) */
	PMIP_EV_MOVE,	       /* a command: prefixes of a mobile node to another of its sessions */
	PMIP_EV_FLOW,	       /* a command, anchor: a flow of a mobile node to one of its sessions */
	PMIP_EV_CUT,	       /* a command, gateway: more temporal prefixes for a session */
};

/* What the session that prefixes move from keeps of them. */
enum pmip_move {
	PMIP_MOVE_AWAY,	  /* nothing: a partial handoff */
	PMIP_MOVE_IDLE,	  /* them, without traffic, for the way back */
	PMIP_MOVE_SHARED, /* all: both sessions have them (RFC 7864) */
};

enum pmip_flow_change { PMIP_FLOW_ADD, PMIP_FLOW_MOVE, PMIP_FLOW_DEL };

enum pmip_peer_change {
	PMIP_PEER_FAILED,    /* it answers no heartbeats */
	PMIP_PEER_RETURNED,  /* it answers again, and kept its sessions as far as is known */
	PMIP_PEER_RESTARTED, /* it lost its sessions (RFC 5847 section 3.2) */
};

/* Which sessions a command is about. */
enum pmip_scope { PMIP_SCOPE_SESSION, PMIP_SCOPE_MN, PMIP_SCOPE_PEER, PMIP_SCOPE_ALL, PMIP_SCOPE_REALM };

struct pmip_target {
	enum pmip_scope scope;
	uint32_t session;	 /* SESSION */
	struct pmip_mn_id mn_id; /* MN; REALM: an "@" and the realm (RFC 5846 section 8.1) */
	struct addr6 peer;	 /* PEER */
};

struct pmip_event {
	enum pmip_event_type type;
	struct clock_now now;
	union {
		struct {
			struct addr6 src, dst;	  /* outer addresses */
			const struct mh_msg *msg; /* the caller's, for the length of the step */
		} message;
		struct {
			uint32_t token; /* as in the question */
			bool found;
			struct pmip_profile profile;
		} policy;
		struct {
			struct pmip_link link;
			struct pmip_mn_id mn_id;
			uint8_t handoff; /* enum mh_handoff that the access link knows of, MH_HANDOFF_UNKNOWN if nothing
					  */
			struct pmip_profile profile;
			uint8_t prefix_count; /* a partial handoff: these move here, and the mobile node has given them
						 up elsewhere; 0: it is none */
			struct addr_prefix prefix[MH_HNP_MAX];
		} attach;
		struct {
			struct pmip_mn_id mn_id;
			uint32_t host; /* as in the link of its attachment; a later attachment elsewhere is not ended */
		} detach;
		struct {
			uint32_t host; /* as in the link of its attachment */
		} taken;
		struct {
			uint32_t session;
		} close;
		struct {
			const struct pmip_action *action; /* the caller's, for the length of the step */
			int error;			  /* negative errno */
		} failed;
		struct {
			struct addr6 peer;
			enum pmip_peer_change change;
			uint64_t since_ms; /* mono: what the peer updated later is no part of it; 0: now */
		} peer;
		struct {
			struct pmip_target what;
			uint8_t trigger; /* enum mh_bri_trigger */
		} revoke;
		struct {
			struct pmip_target what;
			uint16_t reason;		    /* enum mh_upn_reason */
			const struct mh_opt_vendor *vendor; /* of VENDOR_SPECIFIC, else NULL; the caller's, for the
							       length of the step */
		} notify;
		struct {
			struct pmip_mn_id mn_id;
			uint32_t session; /* of the node, that they move to */
			enum pmip_move how;
			uint8_t prefix_count; /* 0: all of the node's other sessions */
			struct addr_prefix prefix[MH_HNP_MAX];
		} move;
		struct {
			struct pmip_mn_id mn_id;
			uint32_t session; /* of the node */
			uint8_t count;	  /* so many more */
		} cut;
		struct {
			enum pmip_flow_change change;
			struct pmip_mn_id mn_id;
			uint16_t id;			 /* 1..; ADD: 0 for one of the engine's choice */
			uint16_t priority;		 /* ADD: 1..65535, the lowest first */
			uint32_t session;		 /* ADD, MOVE: of the node, that the flow takes */
			const struct selector *selector; /* ADD; the caller's, for the length of the step */
		} flow;
	};
};

enum pmip_action_type {
	PMIP_ACT_SEND,		/* a message, before anything behind it in the list */
	PMIP_ACT_FORWARD_SET,	/* make or replace the forwarding of a session */
	PMIP_ACT_FORWARD_HOLD,	/* anchor: its prefixes lead nowhere, until it is set again or taken away */
	PMIP_ACT_FORWARD_CLEAR, /* take it away */
	PMIP_ACT_ASK_POLICY,	/* anchor: what policy says of mn_id; answered by PMIP_EV_POLICY */
	PMIP_ACT_ACCESS_SET,	/* gateway: what the host shall be advertised */
	PMIP_ACT_ACCESS_CLEAR,	/* gateway: advertise nothing to it any more */
	PMIP_ACT_PUBLISH,	/* something that an operator may want to know */
	PMIP_ACT_PEER,		/* heartbeats: what became of a peer, for the engines (PMIP_EV_PEER) */
	PMIP_ACT_FLOWS,		/* anchor: how a session shares its prefixes, behind its FORWARD_SET */
	PMIP_ACT_AGGREGATE_SET, /* anchor: what lies in this prefix and is nobody's in particular is the gateway's */
	PMIP_ACT_AGGREGATE_CLEAR,
};

#define PMIP_SHARES_MAX 16
#define PMIP_FLOWS_MAX	16 /* of a mobile node */

/* A prefix of one session that another session of the mobile node has too. */
struct pmip_share {
	struct addr_prefix prefix;
	uint32_t session;
	bool idle; /* it has no traffic there */
};

/* Packets to any prefix of a session that take the way of another. */
struct pmip_flow_rule {
	struct selector selector;
	uint32_t session;
};

/* How packets of a session's prefixes may go and come beyond its own tunnel; the rules in the order of their priority.
 */
struct pmip_flows {
	uint8_t share_count, rule_count;
	struct pmip_share share[PMIP_SHARES_MAX];
	struct pmip_flow_rule rule[PMIP_FLOWS_MAX];
};

enum pmip_publish {
	PMIP_PUB_SESSION_OPENED,
	PMIP_PUB_SESSION_MOVED, /* handover */
	PMIP_PUB_SESSION_REFRESHED,
	PMIP_PUB_SESSION_CLOSED,
	PMIP_PUB_SESSION_EXPIRED,
	PMIP_PUB_REJECTED,		    /* status: why */
	PMIP_PUB_NO_ANSWER,		    /* a peer did not answer all retransmissions */
	PMIP_PUB_DEREGISTRATION_UNANSWERED, /* as of a mobile node that another gateway has registered by now */
	PMIP_PUB_LINK_LOCAL_TAKEN, /* the mobile node has the address that its gateway was to have on its link */
	PMIP_PUB_POOL_EMPTY,
	PMIP_PUB_REVOKED,
	PMIP_PUB_REVOCATION_REFUSED, /* status: the peer's, enum mh_bra_status */
	PMIP_PUB_REVOCATION_UNANSWERED,
	PMIP_PUB_NOTIFIED,
	PMIP_PUB_NOTIFICATION_REFUSED, /* status: the peer's, enum mh_upa_status */
	PMIP_PUB_NOTIFICATION_UNANSWERED,
	PMIP_PUB_PEER_FAILED,
	PMIP_PUB_PEER_RETURNED,
	PMIP_PUB_PEER_RESTARTED,
	PMIP_PUB_PREFIXES_MOVED, /* to the session */
	PMIP_PUB_MOVE_REFUSED,	 /* status: the gateway's, enum mh_upa_status */
	PMIP_PUB_FLOW_MOVED,	 /* to the session */
	PMIP_PUB_FLOW_REFUSED,
};
#define PMIP_PUB_COUNT (PMIP_PUB_FLOW_REFUSED + 1)

struct pmip_action {
	enum pmip_action_type type;
	uint32_t session; /* the engine's index of the session that it is about, or PMIP_SESSION_NONE */
	union {
		struct {
			struct addr6 src, dst;
			struct mh_msg msg;
		} send;
		struct {
			bool access;		    /* gateway: the host is on link; anchor: false */
			struct addr6 local, remote; /* the tunnel's ends; equal when anchor and gateway are one node */
			struct pmip_link link;	    /* where access */
			bool uncounted;		    /* anchor: its packets are not counted as this session's */
			bool gre;		    /* in GRE, with the keys that are given (RFC 5845) */
			bool key_in_given, key_out_given;
			uint32_t key_in, key_out; /* in: of packets that come to this node */
			uint8_t prefix_count;
			struct addr_prefix prefix[MH_HNP_MAX];
		} forward; /* CLEAR: the same prefixes as were set, or were to be */
		struct {
			uint32_t token;
			struct pmip_mn_id mn_id;
			struct addr6 peer;	       /* the gateway that asks */
			struct mh_opt_service service; /* len 0: none was asked for */
			uint8_t vendor_count;
			struct mh_opt_vendor vendor[MH_VENDOR_MAX];
		} ask;
		struct {
			uint32_t host;		 /* of the link */
			struct addr6 link_local; /* the gateway's on this link, zero: the configured one */
			uint32_t lifetime_s;
			uint8_t prefix_count;
			uint8_t deprecated; /* a bit for each prefix that the host shall not use for anything new */
			struct addr_prefix prefix[MH_HNP_MAX];
		} access; /* CLEAR: host alone */
		struct {
			enum pmip_publish what;
			uint8_t status; /* enum mh_status */
			uint16_t flow;	/* FLOW_MOVED, FLOW_REFUSED: which */
			struct pmip_mn_id mn_id;
			struct addr6 peer;
			uint8_t vendor_count; /* gateway, NOTIFIED: what a vendor's notification said */
			struct mh_opt_vendor vendor[MH_VENDOR_MAX];
		} publish;
		struct {
			struct addr6 peer, local;
			enum pmip_peer_change change;
			uint64_t since_ms; /* as in the event */
		} peer;
		const struct pmip_flows *flows; /* FLOWS: the engine's until its next step; NULL: it shares nothing */
		struct {
			struct addr_prefix prefix;
			struct addr6 local, remote;
		} aggregate;
	};
};

/* One step's effects; cleared by the caller. */
struct pmip_actions {
	unsigned int count;
	bool more; /* step again with a tick at once */
	struct pmip_action list[PMIP_ACTIONS_MAX];
};

/* The next free action of this type, cleared, or NULL when the list is full. */
struct pmip_action *pmip_act(struct pmip_actions *out, enum pmip_action_type type, uint32_t session);

bool pmip_mn_id_equal(const struct pmip_mn_id *a, const struct pmip_mn_id *b);
/* An NAI from text; -EINVAL when it is empty or longer than MH_MN_ID_MAX. */
int pmip_mn_id_parse(const char *text, struct pmip_mn_id *out);
/* As text, bytes that do not print as \xNN; buf holds any identifier. */
#define PMIP_MN_ID_TEXT (4 * MH_MN_ID_MAX + 1)
char *pmip_mn_id_format(const struct pmip_mn_id *id, char buf[static PMIP_MN_ID_TEXT]);
const char *pmip_publish_name(enum pmip_publish p);
const char *pmip_peer_change_name(enum pmip_peer_change c);
