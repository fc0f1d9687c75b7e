/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/hash.h"

#include <endian.h>
#include <string.h>

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline __attribute__((always_inline)) void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static inline void
sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

uint64_t
hash_bytes(const struct hash_secret *secret, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	uint64_t word;
	size_t done = 0;
	struct sip s = {
		.v0 = secret->k[0] ^ 0x736f6d6570736575u,
		.v1 = secret->k[1] ^ 0x646f72616e646f6du,
		.v2 = secret->k[0] ^ 0x6c7967656e657261u,
		.v3 = secret->k[1] ^ 0x7465646279746573u,
	};

	for (; len - done >= sizeof(word); done += sizeof(word)) {
		memcpy(&word, at + done, sizeof(word));
		sip_word(&s, le64toh(word));
	}
	word = 0;
	if (done < len)
		memcpy(&word, at + done, len - done);
	sip_word(&s, le64toh(word) | (uint64_t)len << 56);
	s.v2 ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
