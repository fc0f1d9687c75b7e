/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What LMA and MAG share of their configuration: timers, peers and prefix pools. Filled in once by the
 * composition root from the configuration; engines copy what they keep.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "base/selector.h"
#include "pmip/event.h"

/* Values of the rows of base/timer.def, in their order. */
struct pmip_timers {
#define TIMER(field, key, unit, def, min, max, source, help) uint32_t field;
#include "base/timer.def"
#undef TIMER
};

/* All at their defaults. */
struct pmip_timers pmip_timers_default(void);

/* What keeps the messages of two nodes from others' hands. */
enum pmip_protection {
	PMIP_PROTECT_NONE,
	PMIP_PROTECT_AUTH, /* the authentication option (RFC 4285) */
	PMIP_PROTECT_ESP,  /* IPsec */
};

enum pmip_key_algorithm {
	PMIP_KEY_HMAC_SHA1,   /* its first 96 bits (RFC 4285 section 5.1) */
	PMIP_KEY_HMAC_SHA256, /* its first 128 bits: Kedge's own, told apart by the SPI alone */
};

#define PMIP_KEYS_MAX 2
#define PMIP_KEY_LEN  64
#define PMIP_SPI_MIN  256 /* lower ones are reserved (RFC 4285 section 5.1) */

struct pmip_key {
	uint32_t spi; /* PMIP_SPI_MIN.. */
	enum pmip_key_algorithm algorithm;
	uint8_t len; /* 16..PMIP_KEY_LEN */
	uint8_t bytes[PMIP_KEY_LEN];
};

/* Whether packets of sessions go in GRE (RFC 5845). */
enum pmip_gre {
	PMIP_GRE_OFF,
	PMIP_GRE_OFFERED, /* where the other side wants it too */
	PMIP_GRE_REQUIRED,
};

/* Peculiarities of others' nodes that a peer is forgiven, or met with: bits of the rows of base/compat.def. */
enum pmip_compat_row {
#define COMPAT(NAME, key, help) PMIP_COMPAT_ROW_##NAME,
#include "base/compat.def"
#undef COMPAT
};
enum pmip_compat {
#define COMPAT(NAME, key, help) PMIP_COMPAT_##NAME = 1u << PMIP_COMPAT_ROW_##NAME,
#include "base/compat.def"
#undef COMPAT
};

/* A node that this one speaks PMIPv6 with; on an anchor, an authorised gateway. */
struct pmip_peer_settings {
	char name[PMIP_NAME_MAX];
	struct addr_prefix address;   /* one (/128) or all of a prefix */
	uint32_t timestamp_window_ms; /* 0: the timer's value */
	enum pmip_protection protection;
	uint8_t key_count;		    /* 0..PMIP_KEYS_MAX */
	struct pmip_key key[PMIP_KEYS_MAX]; /* the first signs, all are accepted */
	enum pmip_gre gre;
	uint32_t compat;    /* enum pmip_compat */
	bool revokes_all;   /* anchor: it may revoke all its sessions by one message (RFC 5846 section 13) */
	bool partial_given; /* the two below are this peer's own, in place of the domain's */
	uint8_t partial_new, partial_existing;
};

/*
 * What a domain lets mobile nodes with several interfaces do beyond RFC 5213. The handoff indicators of a partial
 * handoff were never assigned a number; 0: there is none.
 */
struct pmip_multihoming {
	bool flow_mobility;	  /* sessions that share prefixes, and flows that move among them (RFC 7864) */
	uint8_t partial_new;	  /* handoff indicator: of some prefixes, to an interface that has no session yet */
	uint8_t partial_existing; /* to one that has */
	bool hi5_flow_handover;	  /* indicator 5 of another gateway than the one that serves moves prefixes, too */
	bool lenient;		  /* anchor: the two indicators of a partial handoff mean the same */
	bool full_set;		  /* anchor: answers to a partial handoff list all that the session has by now */
	uint32_t vendor;	  /* enterprise number of vendor options; 0: none are sent or understood */
};

/* The most of what policy says of flows, by bits of struct pmip_profile. */
#define PMIP_FLOW_POLICIES_MAX 64

/* Flows that shall take an access technology while the mobile node is on one. */
struct pmip_flow_policy {
	char name[PMIP_NAME_MAX];
	struct selector selector;
	uint16_t priority;   /* 1..65535, the lowest first */
	uint8_t access_tech; /* enum mh_access_tech */
};

/* Of a domain. */
#define PMIP_AGGREGATES_MAX 256

/* Temporal prefixes that a gateway cuts prefixes of sessions from. */
struct pmip_aggregate {
	struct addr6 gateway;
	struct addr_prefix prefix; /* of 48 to 63 bits; its first /64 stays unused */
};

/* A service that mobile nodes ask for by its name (RFC 5149). */
struct pmip_service_settings {
	char name[MH_SERVICE_MAX + 1];
	char pool[PMIP_NAME_MAX]; /* where its prefixes come from; "": the default */
	uint32_t sessions_max;	  /* 0: as many as the node has */
	bool uncounted;		  /* the packets of its sessions are not counted one by one */
};

/* A block of addresses that prefixes of length `len` are given from. */
struct pmip_pool_settings {
	char name[PMIP_NAME_MAX];
	struct addr_prefix block;
	uint8_t len; /* block.len..64 */
};
