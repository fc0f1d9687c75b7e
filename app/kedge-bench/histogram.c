/* SPDX-License-Identifier: BSD-3-Clause */
#include "histogram.h"

#define SUB (1u << HISTOGRAM_BITS)

/* The greatest value of a cell. */
static uint64_t
upper(uint32_t cell)
{
	uint32_t shift = cell < 2 * SUB ? 0 : (cell >> HISTOGRAM_BITS) - 1;
	uint64_t first = cell - (shift << HISTOGRAM_BITS);

	return (first << shift) + (((uint64_t)1 << shift) - 1);
}

uint64_t
histogram_percentile(const struct histogram *h, double percent)
{
	double wanted = (double)h->count * percent / 100;
	uint64_t below = 0;

	for (uint32_t i = 0; i < HISTOGRAM_CELLS; i++) {
		below += h->cell[i];
		if (below > 0 && (double)below >= wanted) {
			uint64_t v = upper(i);

			return v < h->greatest ? v : h->greatest;
		}
	}
	return 0;
}

double
histogram_mean(const struct histogram *h)
{
	return h->count > 0 ? (double)h->sum / (double)h->count : 0;
}
