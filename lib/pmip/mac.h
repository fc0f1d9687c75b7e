/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Message authentication codes with the keys of peers: HMAC (RFC 2104), cut to what its algorithm sends. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pmip/settings.h"

struct pmip_mac_part {
	const void *bytes;
	size_t len;
};

/* Whether there are any in this build. */
bool pmip_mac_available(void);
/* Bytes of one, never more than MH_AUTH_MAX. */
static inline uint8_t
pmip_mac_len(enum pmip_key_algorithm a)
{
	return a == PMIP_KEY_HMAC_SHA1 ? 12 : 16;
}

/* That of the parts in a row; zeros where there are none in this build. */
void pmip_mac(const struct pmip_key *k, const struct pmip_mac_part *part, unsigned int n, uint8_t out[MH_AUTH_MAX]);
/* Takes the same time wherever they differ. */
bool pmip_mac_equal(const uint8_t *a, const uint8_t *b, size_t len);
