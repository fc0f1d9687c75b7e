/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * How often each value came, in a bounded place: values below 64 exactly, others with an error of at most one in 32.
 *
 *	histogram_add(&h, cycles);
 *	p99 = histogram_percentile(&h, 99);
 */
#include <stdint.h>

#define HISTOGRAM_BITS	5 /* of a value behind its highest */
#define HISTOGRAM_CELLS ((64 - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS)

struct histogram {
	uint64_t count, sum, least, greatest;
	uint64_t cell[HISTOGRAM_CELLS];
};

static inline uint32_t
histogram_cell(uint64_t v)
{
	uint32_t shift = 63 - HISTOGRAM_BITS - (uint32_t)__builtin_clzll(v | 1u << HISTOGRAM_BITS);

	return (shift << HISTOGRAM_BITS) + (uint32_t)(v >> shift);
}

static inline void
histogram_add(struct histogram *h, uint64_t v)
{
	h->least = h->count == 0 || v < h->least ? v : h->least;
	h->greatest = v > h->greatest ? v : h->greatest;
	h->count++;
	h->sum += v;
	h->cell[histogram_cell(v)]++;
}

/* The greatest value of those cells in which the lowest `percent` of all values are; 0 of none. */
uint64_t histogram_percentile(const struct histogram *h, double percent);
double histogram_mean(const struct histogram *h); /* 0 of none */
