/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Seeded hashes for keys that a peer chooses. The secret comes from the caller: rooms here have no
 * source of randomness.
 */
#include <stddef.h>
#include <stdint.h>

/* 128 secret bits. */
struct hash_secret {
	uint64_t k[2];
};

/* SipHash-1-3 (Aumasson and Bernstein), for strings and other byte keys of tables: nobody sees what it gives, so it
 * needs fewer rounds than a message's code. bytes may be NULL when len is 0. */
uint64_t hash_bytes(const struct hash_secret *s, const void *bytes, size_t len);

/* A 64-bit key: the two halves of a 64x64->128 multiply folded, both factors hidden by the secret. */
static inline uint64_t
hash_u64(const struct hash_secret *s, uint64_t key)
{
	unsigned __int128 m = (unsigned __int128)(key ^ s->k[0]) * (s->k[1] ^ 0x9e3779b97f4a7c15u);

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}
