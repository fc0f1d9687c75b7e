/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The readers of the bucket table. One walk, four ways to compare the four keys of a line.
 *
 * A vector load of keys is not one atomic load; on x86 each of its aligned 64-bit lanes is, which is all that a
 * reader needs. Loads are not reordered with loads there, and that the value is loaded after the hit follows from
 * its address. For ThreadSanitizer, which knows neither, the vector compares are not instrumented.
 */
#include <immintrin.h>

#include <rte_branch_prediction.h>
#include <rte_cpuflags.h>
#include <rte_prefetch.h>

#include "fwd/fwd.h"
#include "table.h"

/* The bit instructions come with these CPUs, and a mask that leaves its register as a byte needs DQ. */
#define AVX2   "avx2,bmi,bmi2"
#define AVX512 "avx512f,avx512vl,avx512dq,bmi,bmi2"

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

VECTOR(AVX2)
static inline unsigned int
match_avx2(const struct fwd_table_line *line, uint64_t key)
{
	__m256i hits = _mm256_cmpeq_epi64(_mm256_load_si256((const __m256i *)line->key), _mm256_set1_epi64x(key));

	return _mm256_movemask_pd(_mm256_castsi256_pd(hits));
}

/* 256 bits are the four keys: the compare gives a mask, and no clock is lowered for wider registers. */
VECTOR(AVX512)
static inline unsigned int
match_avx512(const struct fwd_table_line *line, uint64_t key)
{
	return _mm256_cmpeq_epi64_mask(_mm256_load_si256((const __m256i *)line->key), _mm256_set1_epi64x(key));
}

static inline uint64_t
value_of(const struct fwd_table_line *line, unsigned int hits)
{
	return __atomic_load_n(&line->value[__builtin_ctz(hits)], __ATOMIC_ACQUIRE) & ~FWD_TABLE_MORE;
}

static inline bool
says_more(const struct fwd_table_line *line)
{
	return __atomic_load_n(&line->value[0], __ATOMIC_ACQUIRE) & FWD_TABLE_MORE;
}

/* An entry that its home line has not: in the lines behind it. */
static __rte_always_inline uint64_t
walk(const struct fwd_table *t, const struct fwd_table_line *home, uint64_t key, match_fn *match)
{
	const struct fwd_table_line *line = home;

	for (uint32_t i = 1; i < t->probes && says_more(line); i++) {
		unsigned int hits;

		line = &t->lines[((uint32_t)(home - t->lines) + i) & t->mask];
		hits = match(line, key);
		if (hits)
			return value_of(line, hits);
	}
	return FWD_TABLE_NONE;
}

static __rte_always_inline const struct fwd_table_line *
home_of(const struct fwd_table_line *lines, const struct hash_secret *secret, uint32_t mask, uint64_t key)
{
	return &lines[hash_u64(secret, key) & mask];
}

/*
 * Two passes over a burst, so that its misses overlap. What the table says of itself is read once: the compiler cannot
 * know that no store to the values changes it. Key 0 finds a free slot, whose value is that of a deleted entry.
 */
static __rte_always_inline void
find_near(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values, match_fn *match)
{
	const struct fwd_table_line *home[FWD_BURST_MAX], *lines = t->lines;
	const struct hash_secret secret = t->secret;
	const uint32_t mask = t->mask;

	for (unsigned int i = 0; i < n; i++) {
		home[i] = home_of(lines, &secret, mask, keys[i]);
		rte_prefetch0(home[i]);
	}
	for (unsigned int i = 0; i < n; i++) {
		unsigned int hits = match(home[i], keys[i]);
		uint64_t value = likely(hits) ? value_of(home[i], hits) : walk(t, home[i], keys[i], match);

		values[i] = keys[i] != 0 ? value : FWD_TABLE_NONE;
	}
}

/*
 * The same for a table that is too big for the caches: into L2, since more of such prefetches can be under way than of
 * those into L1; and a look-up that its home line does not end waits until those that can go on have.
 */
static __rte_always_inline void
find_far(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values, match_fn *match)
{
	const struct fwd_table_line *home[FWD_BURST_MAX], *lines = t->lines;
	const struct hash_secret secret = t->secret;
	const uint32_t mask = t->mask;
	uint8_t late[FWD_BURST_MAX];
	unsigned int late_n = 0;

	for (unsigned int i = 0; i < n; i++) {
		home[i] = home_of(lines, &secret, mask, keys[i]);
		rte_prefetch1(home[i]);
	}
	for (unsigned int i = 0; i < n; i++) {
		unsigned int hits = match(home[i], keys[i]);
		uint64_t value = FWD_TABLE_NONE;

		if (likely(hits)) {
			value = value_of(home[i], hits);
		} else if (says_more(home[i])) {
			rte_prefetch0(&lines[((uint32_t)(home[i] - lines) + 1) & mask]);
			late[late_n++] = i;
		}
		values[i] = keys[i] != 0 ? value : FWD_TABLE_NONE;
	}
	for (unsigned int i = 0; i < late_n; i++)
		if (keys[late[i]] != 0)
			values[late[i]] = walk(t, home[late[i]], keys[late[i]], match);
}

static __rte_always_inline void
find_bulk(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values, match_fn *match)
{
	if (t->far)
		find_far(t, keys, n, values, match);
	else
		find_near(t, keys, n, values, match);
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

__attribute__((target(AVX2))) static void
find_bulk_avx2(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	find_bulk(t, keys, n, values, match_avx2);
}

__attribute__((target(AVX512))) static void
find_bulk_avx512(const struct fwd_table *t, const uint64_t *keys, unsigned int n, uint64_t *values)
{
	find_bulk(t, keys, n, values, match_avx512);
}

static bool
cpu_has(enum rte_cpu_flag_t flag)
{
	return rte_cpu_get_flag_enabled(flag) > 0;
}

fwd_table_find_fn *
fwd_table_reader_fn(enum fwd_table_reader reader)
{
	switch (reader) {
	case FWD_TABLE_AVX512:
		return cpu_has(RTE_CPUFLAG_AVX512VL) && cpu_has(RTE_CPUFLAG_AVX512DQ) && cpu_has(RTE_CPUFLAG_BMI2)
			       ? find_bulk_avx512
			       : NULL;
	case FWD_TABLE_AVX2:
		return cpu_has(RTE_CPUFLAG_AVX2) && cpu_has(RTE_CPUFLAG_BMI2) ? find_bulk_avx2 : NULL;
	case FWD_TABLE_SSE41:
		return cpu_has(RTE_CPUFLAG_SSE4_1) ? find_bulk_sse41 : NULL;
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
