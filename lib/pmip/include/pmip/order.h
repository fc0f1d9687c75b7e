/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Whether an update was sent after the one that was accepted last: by its timestamp, or without one by its
 * sequence number (RFC 5213 section 5.5). Pure.
 *
 *	enum pmip_order o = pmip_order_check(&last, &this, now->wall, window_ms);
 *	if (o != PMIP_ORDER_LATER)
 *		reject(pmip_order_status(o));
 */
#include <stdbool.h>
#include <stdint.h>

#include "mh/mh.h"

#define PMIP_WINDOW_NONE UINT32_MAX /* of any time: the mobile nodes' clocks */

/* What an update says of its place in time. */
struct pmip_stamp {
	uint64_t timestamp; /* 0: none, the sequence number counts */
	uint16_t sequence;
};

enum pmip_order {
	PMIP_ORDER_LATER,    /* in order, or nothing to compare it with */
	PMIP_ORDER_REPEATED, /* timestamp and sequence number of the last accepted update: perhaps a duplicate */
	PMIP_ORDER_LOWER,    /* timestamp below the last accepted one */
	PMIP_ORDER_MISMATCH, /* timestamp outside the validity window, or equal to the last accepted one */
	PMIP_ORDER_SEQUENCE, /* sequence number not above the last accepted one, modulo 2^16 */
};

/*
 * The order of `this` after `last`, NULL when no update of the binding was accepted before. A sequence number is
 * compared with that of an update without a timestamp alone: with one, it is a counter of each gateway.
 */
enum pmip_order pmip_order_check(const struct pmip_stamp *last, const struct pmip_stamp *this, uint64_t now_wall,
				 uint32_t window_ms);

/* The status that answers an update of this order; a repeated one that is no duplicate is a mismatch. */
enum mh_status pmip_order_status(enum pmip_order o);

/* True when a stands behind b within 2^15 - 1 numbers (RFC 6275 section 9.5.1). */
bool pmip_sequence_later(uint16_t a, uint16_t b);
