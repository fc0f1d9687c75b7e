/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What happened to each mobile node: its last CTL_NOTES messages, transitions and events. control.history says how many
 * mobile nodes are remembered; of them the one that nothing happened to for longest goes when there are more. Those
 * that the policy store does not know have an eighth of the places, so that a stranger's messages push out strangers
 * alone. Memory: sizeof(struct ctl_history_node), 2.3 kB, each, taken when it is first used.
 */
#include "mh/mh.h"
#include "state.h"

#define CTL_NOTES 32

enum ctl_note_what { CTL_NOTE_SENT, CTL_NOTE_RECEIVED, CTL_NOTE_TRANSITION, CTL_NOTE_EVENT };

struct ctl_note {
	uint64_t at_ms; /* mono */
	uint64_t wall;
	uint32_t session;
	uint16_t sequence; /* of a message */
	uint16_t value;	   /* of an update or its acknowledgement the lifetime, else why: trigger or reason; of an
			      event the flow, 0: none */
	uint8_t what;	   /* enum ctl_note_what */
	uint8_t kind;	   /* of a message enum mh_type, of an event enum ctl_event_kind */
	uint8_t status;	   /* of an acknowledgement or event */
	uint8_t from, to;  /* states */
	bool gateway;	   /* states and events: the gateway's, else the anchor's */
	struct addr6 peer;
};

struct ctl_history_node {
	struct pmip_mn_id id;
	bool known;	/* to policy */
	uint32_t noted; /* so far; the last CTL_NOTES are there */
	struct ctl_note note[CTL_NOTES];
};

/* NULL: nothing is remembered of it. */
const struct ctl_history_node *ctl_history_find(const struct ctl *c, const struct pmip_mn_id *id);
