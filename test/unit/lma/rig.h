/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * An anchor's engine with all that stands around it: a clock, a policy store, a forwarding plane that may fail,
 * and the gateways that it answers.
 *
 *	struct rig r;
 *	rig_open(&r);
 *	CU_ASSERT_EQUAL(rig_send(&r, &(struct pbu){.mag = 1, .ll = 0xaa}), MH_STATUS_ACCEPTED);
 *	... r.pba is the answer ...
 *	rig_close(&r);
 */
#include "lma/lma.h"
#include "mh/mh.h"
#include "unit.h"

#define RIG_MAGS     4
#define RIG_SILENCE  (-1) /* rig_send: no answer */
#define RIG_SESSIONS 2048
#define RIG_VENDOR   32473

/* An update as a test wants it; what is zero is usual. */
struct pbu {
	const char *mn;	     /* "mn1@example.com" */
	unsigned int mag;    /* 1..RIG_MAGS, 1; from 2001:db8:100::<mag + 1> */
	const char *src;     /* another source than the gateway's */
	uint8_t handoff;     /* new interface */
	uint8_t access_tech; /* WLAN */
	uint8_t ll;	     /* last byte of the link-layer identifier, 0: no option */
	bool dereg;
	uint16_t lifetime; /* 900 units */
	uint16_t sequence; /* the next */
	bool no_timestamp;
	int64_t timestamp_ms;		 /* off the anchor's clock by so much */
	uint64_t timestamp;		 /* this one, whatever the time */
	const char *hnp[MH_HNP_MAX + 1]; /* ALL_ZERO */
	const char *alt_coa;
	const char *link_local;
	bool no_mn_id, no_hnp, no_handoff, no_access_tech;
	const char *service;
	uint32_t group; /* 0: none; with the flag B unless no_bulk */
	bool no_bulk;
	bool gre; /* with key gre_key */
	uint32_t gre_key;
	const char *temporal[MH_VENDOR_MAX]; /* said to be the gateway's own; idle where it begins with '-' */
};

/* What the forwarding plane has of a session. */
struct rig_forward {
	bool set;
	bool held; /* set, and its prefixes lead nowhere */
	struct addr6 remote;
	bool gre;
	uint32_t key_in, key_out;
	uint8_t prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX];
};

struct rig {
	struct lma *l;
	struct lma_settings s;
	struct pmip_peer_settings peer[1];
	struct pmip_pool_settings pool[2];
	struct clock_now now;
	uint16_t sequence;

	bool policy_silent; /* questions stay unanswered */
	bool policy_fails;
	bool policy_unknown;
	struct pmip_profile profile; /* what it answers, with the right identifier */
	unsigned int questions;
	uint32_t token; /* of the last */

	int forward_error;
	unsigned int forward_fails; /* of the FORWARD_SETs to come only this one fails, with -ENOSPC; 0: none */
	struct rig_forward forward[RIG_SESSIONS];
	struct pmip_flows flows[RIG_SESSIONS];
	unsigned int flows_fail; /* as forward_fails, of FLOWS */
	uint32_t flows_never;	 /* a bit for each session that there is no room for them */
	unsigned int aggregates; /* blocks that lead to their gateways */
	struct pmip_aggregate aggregate[PMIP_AGGREGATES_MAX];

	unsigned int list_most; /* the longest list so far */
	unsigned int lists;
	char trace[64]; /* the actions of the last event, a letter each: S F H C A P, W of FLOWS, G of aggregates, g of
			   those that go */
	unsigned int answers;
	struct mh_msg pba;
	struct addr6 pba_src, pba_dst;
	unsigned int published[PMIP_PUB_COUNT];
	uint16_t flow;	   /* of the last publication of one */
	unsigned int told; /* messages to gateways that answer nothing, and the last of them */
	struct mh_msg said;
	struct addr6 said_to;
};

/* Usual settings, in r->s for a test to change before rig_start. */
void rig_settings(struct rig *r);
void rig_start(struct rig *r);
void rig_open(struct rig *r); /* both */
/* These settings from now on; 0, or what stands against them. */
int rig_change(struct rig *r, const struct lma_settings *s, struct lma_change_refusal *why);
/* Checks that nothing was refused by the table of states, and that forwarding is as the sessions say. */
void rig_close(struct rig *r);

/* Step and carry out; true when the engine wants more at once. */
bool rig_step_once(struct rig *r, struct pmip_event *e);
/* The same, and `more` is served. */
void rig_step(struct rig *r, struct pmip_event *e);
/* Let time pass, with a tick whenever one is due. */
void rig_wait(struct rig *r, uint64_t ms);
struct mh_msg rig_message(struct rig *r, const struct pbu *p);
struct addr6 rig_source(const struct pbu *p);
/* The status of the answer, or RIG_SILENCE. 10 ms pass first. */
int rig_send(struct rig *r, const struct pbu *p);
/* A gateway acknowledges what it was told last. */
void rig_acknowledge(struct rig *r, uint8_t status);
/* The same message once more, as the network may do. */
int rig_send_message(struct rig *r, const struct mh_msg *m, const struct addr6 *src);
void rig_answer_policy(struct rig *r);

struct addr6 rig_addr(const char *text);
struct addr_prefix rig_prefix(const char *text);
struct addr6 rig_mag(unsigned int mag);
/* The only session, until the next call; fails the case if there is none or more. */
const struct lma_view *rig_only(struct rig *r);
/*
 * Every ACTIVE session is forwarded to its gateway with its prefixes, every LINGERing one is held, nothing else has
 * forwarding; no prefix has two owners.
 */
bool rig_sound(struct rig *r);
