/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

/* RFC 1071 in its plainest form, over the pseudo-header of RFC 8200 section 8.1 laid out in full. */
static uint16_t
reference(const struct addr6 *src, const struct addr6 *dst, uint8_t next_header, const uint8_t *bytes, size_t len)
{
	static uint8_t all[40 + 4096];
	uint32_t sum = 0;

	memset(all, 0, sizeof(all));
	memcpy(all, src, 16);
	memcpy(all + 16, dst, 16);
	all[34] = (uint8_t)(len >> 8);
	all[35] = (uint8_t)len;
	all[39] = next_header;
	memcpy(all + 40, bytes, len);
	for (size_t i = 0; i < 40 + len; i += 2) {
		sum += (uint32_t)(all[i] << 8 | all[i + 1]);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

void
checksum_matches_reference(void)
{
	uint8_t bytes[2048 + 8];
	uint32_t state = 1;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = i < 600 ? (uint8_t)(state >> 24) : 0xff; /* a tail that carries at every step */
	}
	for (size_t align = 0; align < 8; align++)
		for (size_t len = 0; len <= 2048; len += len < 64 ? 1 : 61) {
			uint8_t *copy = vector_copy(bytes + align, len);

			CU_ASSERT_EQUAL(nd_checksum(&addr_a, &addr_b, 135, bytes + align, len),
					reference(&addr_a, &addr_b, 135, bytes + align, len));
			CU_ASSERT_EQUAL(nd_checksum(&addr_a, &addr_b, 135, copy, len),
					reference(&addr_a, &addr_b, 135, bytes + align, len));
			free(copy);
		}
}

void
checksum_of_vectors(void)
{
	unsigned int odd = 0;

	for (size_t i = 0; i < nd_vectors.count; i++) {
		struct vector v = nd_vectors.row[i];
		struct nd_frame f;
		size_t at;

		if (strcmp(v.verdict, "ok") != 0 || nd_frame_decode(v.bytes, v.len, &f) != 0 || f.next_header != 58)
			continue;
		at = (size_t)(f.payload - v.bytes);
		CU_ASSERT_EQUAL(nd_checksum(&f.ip_src, &f.ip_dst, 58, f.payload, f.payload_len), 0);
		v.bytes[at + f.payload_len - 1] ^= 1;
		CU_ASSERT_NOT_EQUAL(nd_checksum(&f.ip_src, &f.ip_dst, 58, f.payload, f.payload_len), 0);
		v.bytes[at + f.payload_len - 1] ^= 1;
		v.bytes[at + 2] = v.bytes[at + 3] = 0; /* and as a sender takes it, over a field of zero */
		CU_ASSERT_EQUAL(nd_checksum(&f.ip_src, &f.ip_dst, 58, f.payload, f.payload_len),
				nd_vectors.row[i].bytes[at + 2] << 8 | nd_vectors.row[i].bytes[at + 3]);
		odd += f.payload_len & 1;
	}
	CU_ASSERT(odd >= 3);
}
