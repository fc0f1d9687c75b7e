/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

struct vectors all;
const struct addr6 local = {{0x20, 1, 0xd, 0xb8, 0xff, 0xff, [15] = 1}};
const struct addr6 remote = {{0x20, 1, 0xd, 0xb8, 0xff, 0xff, [15] = 2}};

uint8_t *
encap(const struct tun_template *t, const struct vector *inner)
{
	uint8_t *packet = malloc(t->len + inner->len);

	if (packet == NULL)
		exit(1);
	memcpy(packet + t->len, inner->bytes, inner->len);
	tun_encap6(t, packet, packet + t->len, (uint16_t)inner->len);
	return packet;
}

int
main(void)
{
#define SUITE(name) {name##_cases, name##_case_count},
	const struct unit_table suites[] = {SUITES(SUITE)};
#undef SUITE

	if (vectors_load(TEST_DIR "/vectors/tun.txt", &all) != 0)
		return 1;
	return unit_main_tables("tun", suites, UNIT_COUNT(suites));
}
