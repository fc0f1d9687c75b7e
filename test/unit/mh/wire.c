/* SPDX-License-Identifier: BSD-3-Clause */
#include "wire.h"

#include <stdlib.h>

#include "unit.h"

const struct addr6 wire_src = {{0x20, 0x01, 0x0d, 0xb8, 0x01, [15] = 2}};
const struct addr6 wire_dst = {{0x20, 0x01, 0x0d, 0xb8, 0x01, [15] = 1}};

enum mh_error
wire_decode(const uint8_t *bytes, size_t len, struct mh_msg *m)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	enum mh_error e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, bytes, len);
	e = mh_decode(len > 0 ? copy : copy + 1, len, &wire_src, &wire_dst, m);
	free(copy);
	return e;
}

void
wire_seal(uint8_t *bytes, size_t len)
{
	uint16_t sum = mh_checksum(bytes, len, &wire_src, &wire_dst);

	bytes[4] = (uint8_t)(sum >> 8);
	bytes[5] = (uint8_t)sum;
}

size_t
wire_build(uint8_t *bytes, uint8_t type, size_t len, const uint8_t *data, size_t data_len)
{
	memset(bytes, 0, len);
	bytes[0] = 59;
	bytes[1] = (uint8_t)(len / 8 - 1);
	bytes[2] = type;
	memcpy(bytes + 6, data, data_len);
	wire_seal(bytes, len);
	return len;
}

enum mh_error
wire_decode_options(const uint8_t *options, size_t len, struct mh_msg *m)
{
	uint8_t bytes[48], body[42] = {0, 1, 0x82, 0, 0, 10};

	memcpy(body + 6, options, len);
	return wire_decode(bytes, wire_build(bytes, 5, sizeof(bytes), body, 6 + len), m);
}
