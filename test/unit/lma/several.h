/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A mobile node with several interfaces: interface 1 is on ATT1 at gateway 1, interface 2 on ATT2 at gateway 2, each
 * with a session whose BID is the same number.
 */
#include <errno.h>

#include "rig.h"

#define P1   "2001:db8:a:1::/64"
#define P2   "2001:db8:a:2::/64"
#define P3   "2001:db8:a:3::/64"
#define T1_1 "2002:2:1:1::/64"
#define T1_2 "2002:2:1:2::/64"
#define T2_1 "2002:2:2:1::/64"
#define ATT1 5
#define ATT2 4

struct pmip_mn_id multi_mn(void);
/* Flow mobility and handover are on, in r->s. */
void multi_settings(struct rig *r);
/* An update of the interface of this number, with one prefix or ALL_ZERO. */
struct pbu multi_at(unsigned int mag, uint8_t handoff, const char *prefix);
/* Start, with P1 at gateway 1; with P2 at gateway 2 too. */
void multi_open_one(struct rig *r);
void multi_open_two(struct rig *r);
void multi_open(struct rig *r); /* the settings, and two */
/* And flow 1, of UDP with priority 10, takes interface 2. */
void multi_open_flow(struct rig *r);
/* Start, with P1 at gateway 1, and nothing at gateway 2 but its share of it. */
void multi_open_sharing(struct rig *r);
/* The same with aggregates: 2002:2:1::/48 is gateway 1's, 2002:2:2::/48 gateway 2's. */
void multi_aggregates(struct rig *r);
/* A refresh of P1 at gateway 1 that says that it has cut this, idle with "-", and that too where not NULL. */
struct pbu multi_cut(const char *first, const char *second);
/* A third interface, with P3. */
void multi_open_third(struct rig *r);
/* The rows as text: BID, prefix's third and last group, then o(wner), i(dle), a(ctive), and l where off link. */
const char *multi_rows(struct rig *r);
/* A command, NULL: of all prefixes; what the check of it says. */
int multi_move(struct rig *r, unsigned int bid, enum pmip_move how, const char *prefix);
/* One that can be, and the gateway agrees. */
void multi_moved(struct rig *r, unsigned int bid, enum pmip_move how, const char *prefix);
/* The same of a flow. */
int multi_flow(struct rig *r, enum pmip_flow_change change, uint16_t id, uint16_t priority, unsigned int bid,
	       const char *selector);
/* The rules of a session as text: protocol or 0, and the BID that it goes to. */
const char *multi_rules(struct rig *r, unsigned int bid);
uint32_t multi_session(struct rig *r, unsigned int bid);
/* The interface is de-registered, with this prefix or ALL_ZERO; the answer's status. */
int multi_leave(struct rig *r, unsigned int interface, const char *prefix);
/* The operator closes it. */
void multi_close(struct rig *r, unsigned int bid);
/* A third interface too, with so many prefixes of the pool. */
void multi_open_full(struct rig *r, uint8_t prefixes);
/* The rows of one session. */
unsigned int multi_count(struct rig *r, unsigned int bid);
