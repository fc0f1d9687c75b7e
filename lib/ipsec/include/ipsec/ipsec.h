/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * ESP in transport mode (RFC 4303) for what the control lcore says to other nodes and hears from them: a bounded table
 * of security associations, and packets one by one through a crypto device of DPDK that is made in software.
 *
 *	struct ipsec *i = ipsec_new(&(struct ipsec_settings){.device = "crypto_openssl", .associations_max = 64,
 *							     .secret = secret}, &error);
 *	ipsec_add(i, &association, &key);
 *	why = ipsec_out(i, &src, &dst, 135, message, len, &packet);	packet.bytes go behind an IPv6 header with
 *									next header IPSEC_PROTOCOL
 *	why = ipsec_in(i, &src, &dst, payload, len, &packet);		packet.next_header says what packet.bytes are
 *
 * An association has one direction. One that is received on is found by its SPI and destination, one that is sent on
 * by source and destination: the one that was added last, so that a new one takes an old one's place at once and the
 * old one still receives. Extension headers in front of ESP are the caller's affair.
 *
 * All functions are for one thread; keys are kept by the crypto device alone. Needs a running EAL.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "stat/stat.h"

#define IPSEC_PROTOCOL	      50   /* IPv6 next header */
#define IPSEC_PACKET_MAX      2048 /* bytes of what is protected */
#define IPSEC_OVERHEAD	      64   /* more than ESP adds to it */
#define IPSEC_SPI_MIN	      256  /* those below are reserved (RFC 4303 section 2.1) */
#define IPSEC_WINDOW_MAX      1024
#define IPSEC_KEY_MAX	      64 /* bytes */
#define IPSEC_LOW_PART	      10 /* a tenth of its packets is left, and an association is low */
#define IPSEC_OK	      STAT_DROP_COUNT
#define IPSEC_DEVICE_NAME_MAX 64 /* NUL included */

enum ipsec_way { IPSEC_IN, IPSEC_OUT };

enum ipsec_suite {
#define SUITE(id, name, key, salt, integrity, fresh, help) IPSEC_##id,
#include "base/suite.def"
#undef SUITE
	IPSEC_SUITE_COUNT
};

/* A row of base/suite.def; lengths are in bytes. */
struct ipsec_suite_row {
	const char *name;
	uint8_t key_len, salt_len, integrity_len;
	bool fresh;
	const char *help;
};

/* Encryption key, salt and integrity key, those that the suite has: as IKEv2 takes them (RFC 7296 section 2.17). */
struct ipsec_key {
	uint8_t len;
	uint8_t bytes[IPSEC_KEY_MAX];
};

/* What an association is made of, and what of it is shown. */
struct ipsec_association {
	enum ipsec_way way;
	struct addr6 src, dst; /* of the packets */
	uint32_t spi;
	enum ipsec_suite suite;
	bool esn;	 /* extended sequence numbers */
	uint32_t window; /* of received numbers: 0: replays are not found, else 64..IPSEC_WINDOW_MAX; with esn not 0 */
	uint64_t sequence;    /* the greatest number that was sent, or received, before; 0: none */
	uint64_t packets_max; /* as many, and it ends; 0: as many as there are sequence numbers */
};

/* The same in the table. */
struct ipsec_view {
	struct ipsec_association a; /* sequence: the greatest by now */
	uint64_t packets;
	uint64_t refused; /* that came for it, or wanted to leave */
	bool ended;	  /* they are used up */
	bool low;	  /* one part in IPSEC_LOW_PART of its packets is left */
};

/* What became of a packet; bytes are the room's until the next packet. */
struct ipsec_packet {
	uint8_t next_header; /* of what was protected */
	const uint8_t *bytes;
	size_t len;
	uint32_t spi; /* of the association; 0: none was found */
	bool low;     /* it became so by this packet */
};

struct ipsec_settings {
	const char *device; /* "crypto_openssl", "crypto_aesni_mb": a driver of DPDK that makes virtual devices */
	uint32_t associations_max;
	struct hash_secret secret;
};

struct ipsec;

/*
 * The table and its device. NULL with a negative errno in *error: -ENODEV there is no such driver, -ENOTSUP it was
 * built without this, -ENOMEM.
 */
struct ipsec *ipsec_new(const struct ipsec_settings *s, int *error);
void ipsec_free(struct ipsec *i); /* may be NULL */

/*
 * Add an association. 0 or a negative errno: -EINVAL something is out of its range, -EKEYREJECTED the key has another
 * length than its suite wants, -EEXIST the SPI is another's of
 * this way and destination, -ENOSPC the table is full, -ENOTSUP the device has not the algorithm.
 */
int ipsec_add(struct ipsec *i, const struct ipsec_association *a, const struct ipsec_key *key);
/* 0 or -ENOENT. */
int ipsec_del(struct ipsec *i, enum ipsec_way way, uint32_t spi, const struct addr6 *dst);
/* Association number *at or the next one in use, with *at its number; false behind the last. */
bool ipsec_next(const struct ipsec *i, uint32_t *at, struct ipsec_view *out);
uint32_t ipsec_count(const struct ipsec *i);

/*
 * What lies in an ESP packet (from its SPI on) that came from src to dst: IPSEC_OK, or why it is dropped. Nothing of a
 * packet that is dropped is given, and of it the association keeps a count alone.
 */
enum stat_drop ipsec_in(struct ipsec *i, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes,
			size_t len, struct ipsec_packet *out);
/* The ESP packet for len (1..IPSEC_PACKET_MAX) bytes of protocol next_header. */
enum stat_drop ipsec_out(struct ipsec *i, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
			 const uint8_t *bytes, size_t len, struct ipsec_packet *out);

/* Pure. */
const struct ipsec_suite_row *ipsec_suite_row(enum ipsec_suite suite);
/* The bytes of its key. */
unsigned int ipsec_suite_key_len(enum ipsec_suite suite);
/* The suite of a name, or IPSEC_SUITE_COUNT. */
enum ipsec_suite ipsec_suite_parse(const char *name);
