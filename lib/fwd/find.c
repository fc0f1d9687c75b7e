/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The readers of the bucket table. One walk, three ways to compare the four keys of a line.
 *
 * A vector load of keys is not one atomic load; on x86 each of its aligned 64-bit lanes is, which is all that a
 * reader needs. Loads are not reordered with loads there, and that the value is loaded after the hit follows from
 * its address. For ThreadSanitizer, which knows neither, the vector compares are not instrumented.
 */
#include <immintrin.h>

#include <rte_cpuflags.h>
#include <rte_prefetch.h>

#include "fwd/fwd.h"
#include "table.h"

#define VECTOR(isa) __attribute__((target(isa), no_sanitize("thread")))

/* A bit for each slot that holds key. */
typedef unsigned int match_fn(const struct fwd_table_line *line, uint64_t key);

static inline unsigned int
match_scalar(const struct fwd_table_line *line, uint64_t key)
{
	unsigned int hits = 0;

	for (unsigned int i = 0; i < FWD_TABLE_SLOTS; i++)
		hits |= (unsigned int)(__atomic_load_n(&line->key[i], __ATOMIC_ACQUIRE) == key) << i;
	return hits;
}

VECTOR("sse4.1")
static inline unsigned int
match_sse41(const struct fwd_table_line *line, uint64_t key)
{
	const __m128i *keys = (const __m128i *)line->key;
	__m128i k = _mm_set1_epi64x(key);
	__m128i low = _mm_cmpeq_epi64(_mm_load_si128(keys), k);
	__m128i high = _mm_cmpeq_epi64(_mm_load_si128(keys + 1), k);

	return _mm_movemask_pd(_mm_castsi128_pd(low)) | _mm_movemask_pd(_mm_castsi128_pd(high)) << 2;
}

VECTOR("avx2")
static inline unsigned int
match_avx2(const struct fwd_table_line *line, uint64_t key)
{
	__m256i hits = _mm256_cmpeq_epi64(_mm256_load_si256((const __m256i *)line->key), _mm256_set1_epi64x(key));

	return _mm256_movemask_pd(_mm256_castsi256_pd(hits));
}

static __rte_always_inline uint64_t
walk(const struct fwd_table *t, uint32_t at, uint64_t key, match_fn *match)
{
	for (uint32_t i = 0; i < t->probes; i++) {
		const struct fwd_table_line *line = &t->lines[at];
		unsigned int hits = match(line, key);

		if (hits)
			return __atomic_load_n(&line->value[__builtin_ctz(hits)], __ATOMIC_ACQUIRE) & ~FWD_TABLE_MORE;
		if (!(__atomic_load_n(&line->value[0], __ATOMIC_ACQUIRE) & FWD_TABLE_MORE))
			break;
		at = (at + 1) & t->mask;
	}
	return FWD_TABLE_NONE;
}

static __rte_always_inline void
find_bulk(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values, match_fn *match)
{
	uint32_t home[FWD_BURST_MAX];

	for (unsigned int i = 0; i < n; i++) {
		home[i] = fwd_table_home(t, keys[i]);
		rte_prefetch0(&t->lines[home[i]]);
	}
	/* Key 0 would match the free slots, whose values are those of deleted entries. */
	for (unsigned int i = 0; i < n; i++)
		values[i] = keys[i] != 0 ? walk(t, home[i], keys[i], match) : FWD_TABLE_NONE;
}

static void
find_bulk_scalar(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	find_bulk(t, keys, n, values, match_scalar);
}

__attribute__((target("sse4.1"))) static void
find_bulk_sse41(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	find_bulk(t, keys, n, values, match_sse41);
}

__attribute__((target("avx2"))) static void
find_bulk_avx2(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	find_bulk(t, keys, n, values, match_avx2);
}

fwd_table_find_fn *
fwd_table_reader_fn(enum fwd_table_reader reader)
{
	switch (reader) {
	case FWD_TABLE_AVX2:
		return rte_cpu_get_flag_enabled(RTE_CPUFLAG_AVX2) > 0 ? find_bulk_avx2 : NULL;
	case FWD_TABLE_SSE41:
		return rte_cpu_get_flag_enabled(RTE_CPUFLAG_SSE4_1) > 0 ? find_bulk_sse41 : NULL;
	default:
		return find_bulk_scalar;
	}
}

enum fwd_table_reader
fwd_table_reader_best(void)
{
	for (enum fwd_table_reader r = FWD_TABLE_READERS - 1; r > FWD_TABLE_SCALAR; r--)
		if (fwd_table_reader_fn(r) != NULL)
			return r;
	return FWD_TABLE_SCALAR;
}
