/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Mobile node 1 with two interfaces at one gateway, whose prefixes go from one session to another. */
#include "mh/vendor.h"
#include "world.h"

#define PARTS_NEW      0xf1
#define PARTS_EXISTING 0xf2
#define PARTS_VENDOR   WORLD_VENDOR

/* A list of prefixes, as two arguments. */
#define PARTS(...)                                                                                                     \
	sizeof((struct addr_prefix[]){__VA_ARGS__}) / sizeof(struct addr_prefix), (struct addr_prefix[])               \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}

extern const struct addr_prefix parts_p1, parts_p2, parts_p3;

/* All that a domain may let them do. */
struct pmip_multihoming parts_settings(void);
void parts_new(struct world *w);
/* Interface 0 has parts_p1; it has parts_p2 too, and interface 1 parts_p3. */
void parts_open(struct world *w);
void parts_open_two(struct world *w);
/* Interface 0 or 1: host 1 or 2, on a port of its own. */
struct pmip_link parts_interface(unsigned int i);
/* It attaches, and has these. */
void parts_serve(struct world *w, unsigned int i, unsigned int count, const struct addr_prefix *prefix);
/* The last update is accepted with these, and what it declares. */
struct mh_msg parts_granting(const struct world *w, unsigned int count, const struct addr_prefix *prefix);
bool parts_lists(const struct mh_msg *m, unsigned int count, const struct addr_prefix *prefix);
/* Whether the last message sent is an update with this handoff indicator and these. */
bool parts_asks(const struct world *w, uint8_t handoff, unsigned int count, const struct addr_prefix *prefix);
/* Whether an update says this of exactly these. */
bool parts_declares(const struct mh_msg *m, unsigned int count, const struct mh_vendor_prefix *expected);
bool parts_forwards(const struct pmip_action *a, uint32_t session, unsigned int count,
		    const struct addr_prefix *prefix);
bool parts_advertises(const struct pmip_action *a, uint32_t host, uint8_t deprecated, unsigned int count,
		      const struct addr_prefix *prefix);
/* The anchor revokes some of mobile node 1's prefixes. */
void parts_revoke(struct world *w, uint16_t sequence, unsigned int count, const struct addr_prefix *prefix);
/* The anchor notifies, of mobile node 1, and has an answer. */
void parts_notify(struct world *w, struct mh_msg upn);
