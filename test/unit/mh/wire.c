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

bool
wire_equal(const struct mh_msg *a, const struct mh_msg *b)
{
	return memcmp(a, b, MH_MSG_HEAD) == 0 &&
	       memcmp(a->opt.vendor, b->opt.vendor, a->opt.vendor_count * sizeof(a->opt.vendor[0])) == 0 &&
	       memcmp(a->opt.flow, b->opt.flow, a->opt.flow_count * sizeof(a->opt.flow[0])) == 0;
}

void
wire_forget(struct mh_msg *m)
{
	m->opt.unknown = m->opt.repeated = 0;
	for (unsigned int i = 0; i < m->opt.flow_count; i++)
		m->opt.flow[i].fault = 0;
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
	uint8_t bytes[96], body[90] = {0, 1, 0x82, 0, 0, 10};

	memcpy(body + 6, options, len);
	return wire_decode(bytes, wire_build(bytes, 5, sizeof(bytes), body, 6 + len), m);
}
