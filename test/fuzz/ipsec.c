/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ESP packets from anyone: as they come, in every suite; and what this room seals itself, with bytes of it changed, is
 * opened where nothing was changed, and there alone. A suite without encryption shows the trailer to the mutations.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>

#include "ipsec/ipsec.h"

#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			abort();                                                                                       \
	} while (0)

#define SPI	 256
#define MOBILITY 135
#define PATCH	 3 /* bytes of the input that change one of a packet: where, and by what */

static const struct addr6 src = {{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};
static const struct addr6 dst = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
static struct ipsec *table;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char prefix[32];
	const char *args[] = {(*argv)[0],    "--no-huge",      "-m",   "64", "--no-pci",
			      "--no-shconf", "--no-telemetry", "-l",   "0",  "--file-prefix",
			      prefix,	     "--log-level",    "error"};
	const struct ipsec_settings s = {.device = "crypto_openssl", .associations_max = 2, .secret = {{1, 2}}};
	int error;

	snprintf(prefix, sizeof(prefix), "fuzz-ipsec-%d", (int)getpid());
	CHECK(rte_eal_init(sizeof(args) / sizeof(args[0]), (char **)(uintptr_t)args) >= 0);
	table = ipsec_new(&s, &error);
	CHECK(table != NULL);
	return 0;
}

/* Associations of both directions, which have carried nothing yet. */
static void
add(enum ipsec_suite suite, bool esn)
{
	struct ipsec_association a = {.src = src, .dst = dst, .spi = SPI, .suite = suite, .esn = esn, .window = 64};
	const struct ipsec_key key = {.len = (uint8_t)ipsec_suite_key_len(suite), .bytes = {1, 2, 3}};

	for (a.way = IPSEC_IN; a.way <= IPSEC_OUT; a.way++)
		CHECK(ipsec_add(table, &a, &key) == 0);
}

/* OpenSSL's part of them lies where a search for leaks does not look. */
static void
forget(void)
{
	CHECK(ipsec_del(table, IPSEC_IN, SPI, &dst) == 0 && ipsec_del(table, IPSEC_OUT, SPI, &dst) == 0);
}

static void
receive(const uint8_t *bytes, size_t len, bool good, const uint8_t *message, size_t message_len)
{
	uint8_t *copy = malloc(len);
	struct ipsec_packet p;
	enum stat_drop why;

	CHECK(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, bytes, len);
	why = ipsec_in(table, &src, &dst, copy, len, &p);
	CHECK((why == IPSEC_OK) == good && (p.bytes != NULL) == good);
	CHECK(!good || (p.next_header == MOBILITY && p.len == message_len && memcmp(p.bytes, message, p.len) == 0));
	free(copy);
}

/* What this room seals, with a byte changed, or cut there; then as it is, and again. */
static void
round_trip(const uint8_t *patch, const uint8_t *message, size_t len)
{
	uint8_t sealed[IPSEC_PACKET_MAX + IPSEC_OVERHEAD], change = patch[2] != 0 ? patch[2] : 1;
	struct ipsec_packet p;
	size_t sealed_len;

	if (ipsec_out(table, &src, &dst, MOBILITY, message, len, &p) != IPSEC_OK)
		return;
	sealed_len = p.len;
	CHECK(sealed_len > len && sealed_len <= len + IPSEC_OVERHEAD);
	memcpy(sealed, p.bytes, sealed_len);
	for (unsigned int i = 1; i <= 4; i++) {
		size_t at = (size_t)(patch[0] << 8 | patch[1]) * i % sealed_len;

		sealed[at] ^= change;
		receive(sealed, sealed_len, false, NULL, 0);
		receive(sealed, at, false, NULL, 0);
		sealed[at] ^= change;
	}
	receive(sealed, sealed_len, true, message, len);
	receive(sealed, sealed_len, false, NULL, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len < 1 + PATCH)
		return 0;
	add(bytes[0] % IPSEC_SUITE_COUNT, bytes[0] & 0x80);
	receive(bytes + 1, len - 1, false, NULL, 0); /* nobody finds an integrity check value */
	round_trip(bytes + 1, bytes + 1 + PATCH, len - 1 - PATCH);
	forget();
	return 0;
}
