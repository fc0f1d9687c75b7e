/* SPDX-License-Identifier: BSD-3-Clause */
#include "mh/mh.h"

#define CHECKSUM_AT 4

/* Network-order words summed with their carries kept; an odd last byte counts as if a zero followed. */
static uint32_t
sum_words(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (; len > 1; bytes += 2, len -= 2)
		sum += (uint32_t)bytes[0] << 8 | bytes[1];
	return len > 0 ? sum + ((uint32_t)bytes[0] << 8) : sum;
}

uint16_t
mh_checksum(const uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst)
{
	uint32_t sum = (uint32_t)len + MH_PROTOCOL; /* the rest of the pseudo-header: len fits 16 bits */

	sum = sum_words(sum, src->b, sizeof(src->b));
	sum = sum_words(sum, dst->b, sizeof(dst->b));
	sum = sum_words(sum, bytes, CHECKSUM_AT);
	sum = sum_words(sum, bytes + CHECKSUM_AT + 2, len - CHECKSUM_AT - 2);
	while (sum > UINT16_MAX)
		sum = (sum >> 16) + (sum & UINT16_MAX);
	return (uint16_t)~sum;
}
