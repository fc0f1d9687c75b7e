/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * rte_ipsec writes and reads the packets and keeps the sequence numbers; the keys go to the crypto device.
 */
#include "association.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <rte_malloc.h>

#define ICV_LEN	     16 /* of all suites */
#define GCM_IV_LEN   12 /* salt, and the IV in the packet */
#define GCM_AAD_LEN  8
#define GCM_AAD_MORE 4 /* with extended sequence numbers */
#define WINDOW_MIN   64

/* What the crypto device does: one transform, or two in their order. */
struct transforms {
	struct rte_crypto_sym_xform cipher, auth;
	struct rte_crypto_sym_xform *first;
};

static const struct ipsec_suite_row *
suite_of(const struct ipsec_association *a)
{
	return ipsec_suite_row(a->suite);
}

static bool
is_gcm(const struct ipsec_association *a)
{
	return suite_of(a)->salt_len > 0;
}

static void
fill_gcm(struct transforms *t, const struct ipsec_association *a, const struct ipsec_key *key)
{
	t->cipher.type = RTE_CRYPTO_SYM_XFORM_AEAD;
	t->cipher.aead = (struct rte_crypto_aead_xform){
		.op = a->way == IPSEC_OUT ? RTE_CRYPTO_AEAD_OP_ENCRYPT : RTE_CRYPTO_AEAD_OP_DECRYPT,
		.algo = RTE_CRYPTO_AEAD_AES_GCM,
		.key = {.data = key->bytes, .length = suite_of(a)->key_len},
		.iv = {.offset = DEVICE_IV_AT, .length = GCM_IV_LEN},
		.digest_length = ICV_LEN,
		.aad_length = (uint16_t)(GCM_AAD_LEN + (a->esn ? GCM_AAD_MORE : 0)),
	};
	t->first = &t->cipher;
}

static void
fill_chain(struct transforms *t, const struct ipsec_association *a, const struct ipsec_key *key)
{
	const struct ipsec_suite_row *row = suite_of(a);
	bool out = a->way == IPSEC_OUT, plain = row->key_len == 0;

	t->cipher.type = RTE_CRYPTO_SYM_XFORM_CIPHER;
	t->cipher.cipher = (struct rte_crypto_cipher_xform){
		.op = out ? RTE_CRYPTO_CIPHER_OP_ENCRYPT : RTE_CRYPTO_CIPHER_OP_DECRYPT,
		.algo = plain ? RTE_CRYPTO_CIPHER_NULL : RTE_CRYPTO_CIPHER_AES_CBC,
		.key = {.data = key->bytes, .length = row->key_len},
		.iv = {.offset = DEVICE_IV_AT, .length = plain ? 0 : DEVICE_IV_MAX},
	};
	t->auth.type = RTE_CRYPTO_SYM_XFORM_AUTH;
	t->auth.auth = (struct rte_crypto_auth_xform){
		.op = out ? RTE_CRYPTO_AUTH_OP_GENERATE : RTE_CRYPTO_AUTH_OP_VERIFY,
		.algo = RTE_CRYPTO_AUTH_SHA256_HMAC,
		.key = {.data = key->bytes + row->key_len, .length = row->integrity_len},
		.digest_length = ICV_LEN,
	};
	t->first = out ? &t->cipher : &t->auth;
	t->first->next = out ? &t->auth : &t->cipher;
}

/* rte_ipsec's own part: the numbers, the window and the headers. */
static int
make_library(struct association *sa, const struct transforms *t, const struct ipsec_key *key)
{
	const struct ipsec_association *a = &sa->a;
	bool out = a->way == IPSEC_OUT;
	struct rte_ipsec_sa_prm prm = {
		.ipsec_xform = {.spi = a->spi,
				.options.esn = a->esn,
				.direction = out ? RTE_SECURITY_IPSEC_SA_DIR_EGRESS : RTE_SECURITY_IPSEC_SA_DIR_INGRESS,
				.proto = RTE_SECURITY_IPSEC_SA_PROTO_ESP,
				.mode = RTE_SECURITY_IPSEC_SA_MODE_TRANSPORT,
				.replay_win_sz = out || !a->esn ? 0 : a->window, /* see window.h */
				.esn.value = out ? a->sequence + 1 : a->sequence},
		.crypto_xform = t->first,
		.trs.proto = IPPROTO_IPV6,
	};
	int size;

	if (is_gcm(a))
		memcpy(&prm.ipsec_xform.salt, &key->bytes[suite_of(a)->key_len], sizeof(prm.ipsec_xform.salt));
	size = rte_ipsec_sa_size(&prm);
	if (size < 0)
		return size;
	sa->session.sa = rte_zmalloc(NULL, (size_t)size, RTE_CACHE_LINE_SIZE);
	if (sa->session.sa == NULL)
		return -ENOMEM;
	size = rte_ipsec_sa_init(sa->session.sa, &prm, (uint32_t)size);
	return size < 0 ? size : 0;
}

static int
make(struct device *d, struct association *sa, struct transforms *t, const struct ipsec_key *key)
{
	int rc;

	if (is_gcm(&sa->a))
		fill_gcm(t, &sa->a, key);
	else
		fill_chain(t, &sa->a, key);
	rc = make_library(sa, t, key);
	if (rc < 0)
		return rc;
	/* rte_ipsec wants to see the cipher that does nothing, and not every device has one. */
	if (suite_of(&sa->a)->key_len == 0) {
		t->first = &t->auth;
		t->auth.next = NULL;
	}
	sa->session.type = RTE_SECURITY_ACTION_TYPE_NONE;
	sa->session.crypto.dev_id = d->id;
	sa->session.crypto.ses = rte_cryptodev_sym_session_create(d->id, t->first, d->sessions);
	return sa->session.crypto.ses != NULL ? rte_ipsec_session_prepare(&sa->session) : -ENOTSUP;
}

/* As many packets as there are numbers that none had before; rte_ipsec counts a little past each. */
static uint64_t
numbers(const struct ipsec_association *a)
{
	uint64_t last = a->esn ? UINT64_MAX - 2 * IPSEC_WINDOW_MAX : UINT32_MAX - 1;

	return a->sequence < last ? last - a->sequence : 0;
}

static int
check(const struct ipsec_association *a, const struct ipsec_key *key)
{
	if (a->suite >= IPSEC_SUITE_COUNT || a->spi < IPSEC_SPI_MIN || addr6_is_zero(&a->src) ||
	    addr6_is_multicast(&a->src) || addr6_is_zero(&a->dst) || addr6_is_multicast(&a->dst) || numbers(a) == 0)
		return -EINVAL;
	if (a->way == IPSEC_IN &&
	    ((a->window == 0 && a->esn) || (a->window != 0 && a->window < WINDOW_MIN) || a->window > IPSEC_WINDOW_MAX))
		return -EINVAL;
	return key->len == ipsec_suite_key_len(a->suite) ? 0 : -EKEYREJECTED;
}

struct association *
ipsec_association_new(struct device *d, const struct ipsec_association *a, const struct ipsec_key *key, int *error)
{
	struct transforms t = {.first = NULL};
	struct ipsec_key copy; /* a transform's is not const */
	struct association *sa;

	*error = check(a, key);
	if (*error < 0)
		return NULL;
	sa = rte_zmalloc(NULL, sizeof(*sa), RTE_CACHE_LINE_SIZE);
	*error = -ENOMEM;
	if (sa != NULL) {
		sa->a = *a;
		ipsec_window_init(&sa->window, a->window, a->sequence);
		sa->packets_max = numbers(a);
		if (a->packets_max != 0 && a->packets_max < sa->packets_max)
			sa->packets_max = a->packets_max;
		copy = *key;
		*error = make(d, sa, &t, &copy);
		explicit_bzero(&copy, sizeof(copy));
	}
	if (*error == 0)
		return sa;
	ipsec_association_free(d, sa);
	return NULL;
}

void
ipsec_association_free(struct device *d, struct association *sa)
{
	if (sa == NULL)
		return;
	if (sa->session.crypto.ses != NULL)
		rte_cryptodev_sym_session_free(d->id, sa->session.crypto.ses);
	if (sa->session.sa != NULL)
		rte_ipsec_sa_fini(sa->session.sa); /* its salt */
	rte_free(sa->session.sa);
	rte_free(sa);
}

bool
ipsec_association_ended(const struct association *sa)
{
	return sa->packets >= sa->packets_max;
}

bool
ipsec_association_is_low(const struct association *sa)
{
	return sa->packets >= sa->packets_max - sa->packets_max / IPSEC_LOW_PART;
}
