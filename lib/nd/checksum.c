/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "nd/nd.h"

/*
 * The one's complement sum may be taken in any word size and in either byte order (RFC 1071 section 2): eight bytes
 * at a time as they lie in memory, the carries kept in the upper half of the accumulator until the end.
 */
static uint64_t
sum_bytes(uint64_t sum, const uint8_t *bytes, size_t len)
{
	uint64_t word;

	for (; len >= sizeof(word); bytes += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum += (word & UINT32_MAX) + (word >> 32);
	}
	if (len > 0) {
		word = 0; /* an odd message is summed as if a zero byte followed */
		memcpy(&word, bytes, len);
		sum += (word & UINT32_MAX) + (word >> 32);
	}
	return sum;
}

uint16_t
nd_checksum(const struct addr6 *src, const struct addr6 *dst, uint8_t next_header, const uint8_t *bytes, size_t len)
{
	const uint8_t tail[8] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
				 (uint8_t)len, [7] = next_header};
	uint64_t sum = 0;
	uint8_t folded[2];
	uint16_t word;

	sum = sum_bytes(sum, src->b, sizeof(src->b));
	sum = sum_bytes(sum, dst->b, sizeof(dst->b));
	sum = sum_bytes(sum, tail, sizeof(tail));
	sum = sum_bytes(sum, bytes, len);
	while (sum >> 16 != 0)
		sum = (sum & UINT16_MAX) + (sum >> 16);
	word = (uint16_t)~sum;
	memcpy(folded, &word, sizeof(folded));
	return (uint16_t)(folded[0] << 8 | folded[1]);
}
