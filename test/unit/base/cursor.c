/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/cursor.h"

#include "cases.h"

static const uint8_t bytes[] = {1,  2,	3,  4,	5,  6,	7,  8,	9,  10, 11, 12, 13, 14, 15, 16,
				17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

void
cursor_reads(void)
{
	struct cursor c = cursor_on(bytes, sizeof(bytes));
	struct addr6 a;

	CU_ASSERT_EQUAL(cursor_u8(&c), 0x01);
	CU_ASSERT_EQUAL(cursor_u16(&c), 0x0203);
	CU_ASSERT_EQUAL(cursor_u32(&c), 0x04050607);
	CU_ASSERT_EQUAL(cursor_u64(&c), 0x08090a0b0c0d0e0f);
	a = cursor_addr6(&c);
	CU_ASSERT_EQUAL(memcmp(&a, bytes + 15, 16), 0);
	CU_ASSERT_EQUAL(cursor_left(&c), 0);
	CU_ASSERT(!c.failed);
}

/* Each way of reading, from a message that is a byte too short for it. */
void
cursor_fails_once(void)
{
	static const size_t needs[] = {1, 2, 4, 8, 16, 3};

	for (unsigned int i = 0; i < UNIT_COUNT(needs); i++) {
		struct cursor c = cursor_on(bytes, needs[i] - 1);
		uint8_t copy[16] = {[0 ... 15] = 0xee};
		struct addr6 a = {{1}};

		switch (i) {
		case 0:
			CU_ASSERT_EQUAL(cursor_u8(&c), 0);
			break;
		case 1:
			CU_ASSERT_EQUAL(cursor_u16(&c), 0);
			break;
		case 2:
			CU_ASSERT_EQUAL(cursor_u32(&c), 0);
			break;
		case 3:
			CU_ASSERT_EQUAL(cursor_u64(&c), 0);
			break;
		case 4:
			a = cursor_addr6(&c);
			CU_ASSERT(addr6_is_zero(&a));
			break;
		default:
			cursor_copy(&c, copy, 3);
			CU_ASSERT(copy[0] == 0 && copy[2] == 0 && copy[3] == 0xee);
		}
		CU_ASSERT(c.failed);
		CU_ASSERT_EQUAL(cursor_left(&c), 0);
		CU_ASSERT_EQUAL(cursor_u8(&c), 0);
		CU_ASSERT_PTR_NULL(cursor_bytes(&c, 0));
	}
}

void
cursor_subs(void)
{
	struct cursor c = cursor_on(bytes, 8), sub = cursor_sub(&c, 3), none;

	CU_ASSERT_EQUAL(cursor_left(&sub), 3);
	CU_ASSERT_EQUAL(cursor_left(&c), 5);
	CU_ASSERT_EQUAL(cursor_u16(&sub), 0x0102);
	CU_ASSERT_EQUAL(cursor_u16(&sub), 0);
	CU_ASSERT(sub.failed && !c.failed);
	CU_ASSERT_EQUAL(cursor_u8(&c), 4);
	none = cursor_sub(&c, 0);
	CU_ASSERT(!none.failed && cursor_left(&none) == 0);
	none = cursor_sub(&c, 5);
	CU_ASSERT(none.failed && c.failed && cursor_left(&none) == 0);
}

void
cursor_empty(void)
{
	struct cursor c = cursor_on(NULL, 0), sub = cursor_sub(&c, 0);
	uint8_t none;

	cursor_copy(&c, &none, 0);
	CU_ASSERT(!c.failed && !sub.failed);
	CU_ASSERT_EQUAL(cursor_left(&c), 0);
	CU_ASSERT_EQUAL(cursor_u32(&c), 0);
	CU_ASSERT(c.failed);
}

void
writer_writes(void)
{
	uint8_t out[sizeof(bytes)] = {0};
	struct writer w = writer_on(out, sizeof(out));
	struct addr6 a;

	memcpy(&a, bytes + 15, sizeof(a));
	writer_u8(&w, 0x01);
	writer_u16(&w, 0x0203);
	writer_u32(&w, 0x04050607);
	writer_u64(&w, 0x08090a0b0c0d0e0f);
	writer_copy(&w, NULL, 0);
	writer_addr6(&w, &a);
	CU_ASSERT(!w.failed);
	CU_ASSERT_EQUAL(writer_len(&w), sizeof(bytes));
	CU_ASSERT_EQUAL(memcmp(out, bytes, sizeof(bytes)), 0);
}

void
writer_fails_once(void)
{
	uint8_t out[6] = {[0 ... 5] = 0xee};
	struct writer w = writer_on(out, 4);

	writer_zero(&w, 1);
	writer_u32(&w, 0x01020304);
	CU_ASSERT(w.failed);
	writer_u8(&w, 0x03); /* it would fit, but the message is spoilt */
	CU_ASSERT_PTR_NULL(writer_bytes(&w, 1));
	CU_ASSERT_EQUAL(writer_len(&w), 1);
	for (unsigned int i = 0; i < sizeof(out); i++)
		CU_ASSERT_EQUAL(out[i], i == 0 ? 0 : 0xee);
}
