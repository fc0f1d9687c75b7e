/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk over extension headers, in exactly the bytes that there are. */
#include <stdlib.h>
#include <string.h>

#include "stage.h"
#include "world.h"

#define HEADERS_MAX 6
#define LEN_MAX	    (IP6 + HEADERS_MAX * 16)

/* Where the walk ends in the first len bytes of a packet. */
static struct path_upper
walk(const uint8_t *packet, uint32_t len)
{
	struct path_upper u = {packet[6], IP6};
	uint8_t *copy = malloc(len);

	CU_ASSERT_FATAL(copy != NULL);
	memcpy(copy, packet, len);
	path_upper_walk((const struct wire_ip6 *)copy, len, &u);
	free(copy);
	return u;
}

/* Headers of 8 and 16 bytes in turns, the last of which carries TCP: the packet's length. */
static uint32_t
build(uint8_t *packet, unsigned int headers)
{
	static const uint8_t kinds[] = {WIRE_HOP_BY_HOP, WIRE_DESTINATION, WIRE_ROUTING};
	uint32_t at = IP6;

	memset(packet, 0, LEN_MAX);
	packet[6] = headers > 0 ? kinds[0] : WIRE_TCP;
	for (unsigned int i = 0; i < headers; i++) {
		packet[at] = i + 1 < headers ? kinds[(i + 1) % UNIT_COUNT(kinds)] : WIRE_TCP;
		packet[at + 1] = i % 2;
		at += 8 + 8 * (i % 2);
	}
	return at;
}

static void
walked(void)
{
	uint8_t packet[LEN_MAX];

	for (unsigned int headers = 0; headers <= 4; headers++) {
		uint32_t len = build(packet, headers);
		struct path_upper u = walk(packet, len);

		CU_ASSERT(u.next_header == WIRE_TCP && u.at == len);
	}
	for (unsigned int headers = 5; headers <= HEADERS_MAX; headers++) {
		struct path_upper u = walk(packet, build(packet, headers));

		CU_ASSERT(u.next_header != WIRE_TCP && u.at == IP6 + 8 + 16 + 8 + 16);
	}
}

static void
cut(void)
{
	static const uint32_t ends[] = {IP6, IP6 + 8, IP6 + 24, IP6 + 32, IP6 + 48};
	uint8_t packet[LEN_MAX];
	uint32_t whole = build(packet, 4);

	for (uint32_t len = IP6; len < whole; len++) {
		struct path_upper u = walk(packet, len);
		unsigned int passed = 0;

		while (ends[passed + 1] <= len)
			passed++;
		CU_ASSERT(u.at == ends[passed] && u.next_header != WIRE_TCP);
	}
}

const struct unit_case extension_cases[] = {
	{"RFC 8200 4: up to four extension headers are passed, and no more", walked},
	{"a header that does not end in the packet is not passed, and nothing behind the packet is read", cut},
};
const unsigned int extension_case_count = UNIT_COUNT(extension_cases);
