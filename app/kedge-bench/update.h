/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The Proxy Binding Updates of gateways that are played here; session n is of the mobile node "mnN@example.com". */
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "mh/mh.h"

#define UPDATE_MAX     128 /* bytes of one */
#define UPDATE_OF_NONE UINT32_MAX

struct update {
	uint32_t session;
	uint16_t sequence, lifetime; /* units of 4 s; 0: de-registration */
	uint8_t handoff;	     /* enum mh_handoff */
	struct addr_prefix prefix;   /* zero: one is asked for */
	uint64_t wall;
};

/* Its length, or a negative errno. */
int update_encode(const struct update *u, const struct addr6 *src, const struct addr6 *dst, uint8_t *out, size_t size);
/* A mobile node's identifier; its length. */
unsigned int update_name(uint32_t session, char *out, size_t size);
/* The session that an identifier is of, or UPDATE_OF_NONE. */
uint32_t update_session_of(const uint8_t *id, uint8_t len);
uint64_t update_wall_now(void);
