/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A gateway and an anchor that authenticate each other's messages, and the message that is between them. */
#include "pmip/auth.h"

#define PAIR_WINDOW_MS 7000
#define PAIR_START_S   UINT64_C(1800000000)
#define PAIR_SPI       1000

extern const struct addr6 pair_gateway, pair_anchor;

/* They have one key. */
struct pair {
	struct pmip_auth *mag, *lma;
	struct pmip_peer_settings peer;
	uint8_t bytes[MH_LEN_MAX];
	size_t len;
	struct mh_msg got;
};

/* Time of both nodes, from when they were started. */
struct clock_now pair_at_ms(uint64_t ms);
struct pmip_key pair_key(uint32_t spi, enum pmip_key_algorithm algorithm, uint8_t octet);
struct pmip_peer_settings pair_protected_by(struct pmip_key first);
struct pmip_auth *pair_node(uint32_t windows_max, uint64_t start_ms);

struct pair pair_new(void);
void pair_free(struct pair *p);

struct mh_msg pair_message(enum mh_type type, uint16_t sequence);
/* What the gateway sends is in bytes, and what the anchor does. */
void pair_send_up(struct pair *p, const struct mh_msg *m, uint64_t ms);
void pair_send_down(struct pair *p, const struct mh_msg *m, uint64_t ms);
/* What the anchor makes of the bytes, and what the gateway does; the message is in got. */
enum pmip_auth_verdict pair_arrives_up(struct pair *p, uint64_t ms);
enum pmip_auth_verdict pair_arrives_down(struct pair *p, uint64_t ms);
