/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The edge where messages become bytes and bytes messages: authentication of messages by the keys of a peer, with
 * replay protection (RFC 4285), and the peculiarities of a peer (base/compat.def), so that engines see ordinary
 * messages. Everything that a node sends and receives passes here.
 *
 *	v = pmip_auth_decode(auth, peer, &in, &now, &m, &error);
 *	if (v == PMIP_AUTH_OK)
 *		step the engine;
 *	else if (v == PMIP_AUTH_MALFORMED)
 *		as mh_decode's error wants it;
 *	else if (count pmip_auth_drop(v), pmip_auth_answer(auth, v, &m, &now, &answer))
 *		send the answer, at a bounded rate;
 *
 *	len = pmip_auth_encode(auth, peer, &m, &src, &dst, &now, bytes, sizeof(bytes));
 *
 * What is authenticated: care-of address, home address, and the message up to the option's SPI with its checksum as
 * zero. RFC 4285 is of mobile nodes; between a gateway and an anchor the care-of address is the proxy care-of
 * address: an update's Alternate Care-of Address or else its source, an acknowledgement's destination; of all other
 * messages it is the source, so that none can be sent back to who made it. The home address is zero: there is none. The
 * destination is not covered: a key is for two nodes, and must not be given to a third.
 *
 * Every message of such a peer has both options, whatever its type. Its stamp must be within the window of
 * this node's time of day and not have been seen before (pmip/window.h). An acknowledgement has its update's stamp:
 * it must be one of this node's own. A restart forgets what was seen, so what is stamped before it is refused; a
 * message of a peer whose clock is ahead could be brought again after a restart that follows it by less than
 * that. Where a clock is set back, messages may be refused until it is again what it was.
 *
 * Pure, bounded: nothing is remembered of a message whose code is wrong. Not thread safe. Memory is allocated by new
 * alone.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/hash.h"
#include "mh/mh.h"
#include "pmip/settings.h"
#include "stat/stat.h"

enum pmip_auth_verdict {
	PMIP_AUTH_OK,
#define AUTH_VERDICT(NAME, drop, status, source) PMIP_AUTH_##NAME,
#include "pmip/auth.def"
#undef AUTH_VERDICT
	PMIP_AUTH_COUNT
};

struct pmip_auth_settings {
	uint32_t windows_max; /* sources with an SPI that are told apart at once, two for a peer that is spoken to both
				 ways */
	uint32_t window_ms;   /* timers.authentication_window_ms */
	struct hash_secret secret;
};

/* What came. */
struct pmip_wire {
	const uint8_t *bytes; /* from the Mobility Header to the end of the packet */
	size_t len;
	struct addr6 src, dst;
	bool esp; /* out of an IPsec association with its source */
};

struct pmip_auth;

/* Messages that are older than now are refused. NULL: no memory, or settings of 0. */
struct pmip_auth *pmip_auth_new(const struct pmip_auth_settings *s, const struct clock_now *now);
void pmip_auth_free(struct pmip_auth *a);
void pmip_auth_set_window(struct pmip_auth *a, uint32_t window_ms);

/* 0; -EINVAL: a length or an SPI that is not allowed; -ENOTSUP: this build has no authentication. */
int pmip_key_check(const struct pmip_key *k);

/*
 * *out and *error as of mh_decode; the verdict is OK or MALFORMED where nothing protects the peer's messages. peer is
 * NULL for who is no peer. *out has what the message says even where the verdict is bad, but for MALFORMED.
 */
enum pmip_auth_verdict pmip_auth_decode(struct pmip_auth *a, const struct pmip_peer_settings *peer,
					const struct pmip_wire *in, const struct clock_now *now, struct mh_msg *out,
					enum mh_error *error);

/*
 * As mh_encode. A stamp that m has is kept: an acknowledgement repeats its update's. -EACCES where the peer's messages
 * are to be authenticated and there is no key.
 */
int pmip_auth_encode(struct pmip_auth *a, const struct pmip_peer_settings *peer, const struct mh_msg *m,
		     const struct addr6 *src, const struct addr6 *dst, const struct clock_now *now, uint8_t *bytes,
		     size_t size);

/* The acknowledgement that answers m, which had this verdict; false where none is due. */
bool pmip_auth_answer(const struct pmip_auth *a, enum pmip_auth_verdict v, const struct mh_msg *m,
		      const struct clock_now *now, struct mh_msg *out);

enum stat_drop pmip_auth_drop(enum pmip_auth_verdict v);
