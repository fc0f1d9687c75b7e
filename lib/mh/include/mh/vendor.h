/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What Kedges say to each other in vendor specific options (RFC 5094), where no standard has a place for it. They are
 * of the enterprise that the domain's configuration names; 0 is none: nothing is written or understood.
 *
 * All functions are pure.
 */
#include "mh/mh.h"

/* Sub-types of the options. */
enum mh_vendor_subtype { MH_VENDOR_PREFIX = 1, MH_VENDOR_DELEGATION = 4 };

/* What kind of prefix it is, as on the wire. */
enum mh_vendor_prefix_flag {
	MH_VENDOR_TEMPORAL = 0x80,  /* the gateway's choice, for as long as the session */
	MH_VENDOR_LEVEL2 = 0x40,    /* cut from an aggregate */
	MH_VENDOR_AGGREGATE = 0x20, /* an aggregate that the gateway may cut prefixes from */
	MH_VENDOR_IDLE = 0x10,	    /* its traffic goes to another session of the mobile node */
};

struct mh_vendor_prefix {
	uint8_t flags; /* enum mh_vendor_prefix_flag, others are reserved */
	struct addr_prefix prefix;
};

/* Say what a prefix is; false when the message is full or vendor is 0. */
bool mh_vendor_add_prefix(struct mh_msg *m, uint32_t vendor, const struct mh_vendor_prefix *p);
/* What m says of prefixes, at most max of them; malformed options are passed over. */
unsigned int mh_vendor_prefixes(const struct mh_msg *m, uint32_t vendor, struct mh_vendor_prefix *out,
				unsigned int max);

/*
 * An aggregate that an anchor has left to a gateway, one of a list: as many as a message has room for, and behind which
 * of them the list goes on. In an update, the one behind which it is to go on.
 */
struct mh_vendor_delegation {
	bool more; /* others stand behind it in the list, and not in this message */
	struct addr_prefix prefix;
	uint32_t lifetime_s;  /* 0: it is nobody's any more */
	struct addr6 gateway; /* zero: not said */
};

/* The same of aggregates; of these the options are kept in their order. */
bool mh_vendor_add_delegation(struct mh_msg *m, uint32_t vendor, const struct mh_vendor_delegation *d);
unsigned int mh_vendor_delegations(const struct mh_msg *m, uint32_t vendor, struct mh_vendor_delegation *out,
				   unsigned int max);
