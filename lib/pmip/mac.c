/* SPDX-License-Identifier: BSD-3-Clause */
/* HMAC by nettle, which keeps no state and needs no locks. */
#include "mac.h"

#include <nettle/hmac.h>
#include <nettle/memops.h>

_Static_assert(SHA1_DIGEST_SIZE <= MH_AUTH_MAX && SHA256_DIGEST_SIZE <= MH_AUTH_MAX, "a whole code has room");

bool
pmip_mac_available(void)
{
	return true;
}

static void
with_sha1(const struct pmip_key *k, const struct pmip_mac_part *part, unsigned int n, uint8_t *out)
{
	struct hmac_sha1_ctx c;

	hmac_sha1_set_key(&c, k->len, k->bytes);
	for (unsigned int i = 0; i < n; i++)
		hmac_sha1_update(&c, part[i].len, part[i].bytes);
	hmac_sha1_digest(&c, pmip_mac_len(k->algorithm), out);
}

static void
with_sha256(const struct pmip_key *k, const struct pmip_mac_part *part, unsigned int n, uint8_t *out)
{
	struct hmac_sha256_ctx c;

	hmac_sha256_set_key(&c, k->len, k->bytes);
	for (unsigned int i = 0; i < n; i++)
		hmac_sha256_update(&c, part[i].len, part[i].bytes);
	hmac_sha256_digest(&c, pmip_mac_len(k->algorithm), out);
}

void
pmip_mac(const struct pmip_key *k, const struct pmip_mac_part *part, unsigned int n, uint8_t out[MH_AUTH_MAX])
{
	memset(out, 0, MH_AUTH_MAX);
	if (k->algorithm == PMIP_KEY_HMAC_SHA1)
		with_sha1(k, part, n, out);
	else
		with_sha256(k, part, n, out);
}

bool
pmip_mac_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
	return memeql_sec(a, b, len) != 0;
}
