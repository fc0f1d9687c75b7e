/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/hash.h"

#include <stdio.h>
#include <string.h>

#include "cases.h"

void
hash_vectors(void)
{
	const struct hash_secret key = {{0x0706050403020100u, 0x0f0e0d0c0b0a0908u}};
	FILE *file = fopen(TEST_DIR "/vectors/siphash.txt", "r");
	uint8_t message[64];
	unsigned int n = 0;
	char line[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	for (unsigned int i = 0; i < sizeof(message); i++)
		message[i] = (uint8_t)i;
	while (fgets(line, sizeof(line), file) != NULL) {
		unsigned long long expected; /* the file has the bytes, the lowest first */

		if (line[0] == '#')
			continue;
		CU_ASSERT_EQUAL_FATAL(sscanf(line, "%16llx", &expected), 1);
		CU_ASSERT_FATAL(n < sizeof(message));
		CU_ASSERT_EQUAL(hash_bytes(&key, message, n), __builtin_bswap64(expected));
		n++;
	}
	CU_ASSERT_EQUAL(n, 64);
	fclose(file);
}

void
hash_empty(void)
{
	const struct hash_secret key = {{1, 2}};

	CU_ASSERT_EQUAL(hash_bytes(&key, NULL, 0), hash_bytes(&key, "", 0));
	CU_ASSERT_NOT_EQUAL(hash_bytes(&key, "", 0), hash_bytes(&key, "", 1));
}

void
hash_secrets(void)
{
	const struct hash_secret s = {{0x0123456789abcdefu, 0xfedcba9876543210u}};
	const uint64_t key = 0x20010db800010002u, h = hash_u64(&s, key);

	for (unsigned int bit = 0; bit < 64; bit++) {
		const struct hash_secret first = {{s.k[0] ^ 1ull << bit, s.k[1]}},
					 second = {{s.k[0], s.k[1] ^ 1ull << bit}};

		CU_ASSERT_NOT_EQUAL(hash_u64(&s, key ^ 1ull << bit), h);
		CU_ASSERT_NOT_EQUAL(hash_u64(&first, key), h);
		CU_ASSERT_NOT_EQUAL(hash_u64(&second, key), h);
		CU_ASSERT_NOT_EQUAL(hash_bytes(&first, "mn", 2), hash_bytes(&s, "mn", 2));
		CU_ASSERT_NOT_EQUAL(hash_bytes(&second, "mn", 2), hash_bytes(&s, "mn", 2));
	}
}
