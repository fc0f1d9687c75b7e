/* SPDX-License-Identifier: BSD-3-Clause */
/* Packets: what others sealed is opened, what was altered, cut, replayed or is not meant is not. */
#include "rig.h"
#include "table.h"

#define WRAP 0x100000000u

/* A table that receives by this suite. */
static struct ipsec *
receiver(struct ipsec_association a)
{
	struct ipsec *i = rig_new();

	a.way = IPSEC_IN;
	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	return i;
}

static struct ipsec_association
received(enum ipsec_suite suite)
{
	return rig_association(IPSEC_IN, suite);
}

/* shows: RFC5213-4-02 */
static void
of_others(void)
{
	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		struct ipsec_association a = received(s);
		struct ipsec *i = receiver(a);
		struct ipsec_packet p;
		const struct vector *udp = rig_vector(s, "udp");

		CU_ASSERT_EQUAL(rig_in(i, udp->bytes, udp->len, &p), IPSEC_OK);
		CU_ASSERT_EQUAL(p.next_header, 17);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "2")), IPSEC_OK);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "70")), IPSEC_OK);
		/* With the low half of its number alone, it was made for another kind of association. */
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-before")), STAT_DROP_ESP_INTEGRITY);
		CU_ASSERT_EQUAL(rig_view(i, IPSEC_IN).packets, 3);
		ipsec_free(i);

		a.esn = true;
		i = receiver(a);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "1")), STAT_DROP_ESP_INTEGRITY);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-1")), IPSEC_OK);
		ipsec_free(i);
	}
}

static void
extended_numbers_wrap(void)
{
	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		struct ipsec_association a = received(s);
		struct ipsec *i;

		a.esn = true;
		a.sequence = WRAP - 2;
		i = receiver(a);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-before")), IPSEC_OK);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-wrapped")), IPSEC_OK);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-wrapped")), STAT_DROP_ESP_REPLAY);
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-before")), STAT_DROP_ESP_REPLAY);
		/* Behind the wrap a 1 is 1 + 2^32. */
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "esn-1")), STAT_DROP_ESP_INTEGRITY);
		ipsec_free(i);
	}
}

/* From one to the other, by this driver: messages of all lengths, across the wrap where there is one. */
static void
there_and_back(const char *driver, enum ipsec_suite suite, bool esn)
{
	struct ipsec_association a = rig_association(IPSEC_OUT, suite);
	struct ipsec *i = rig_new_on(driver);
	struct ipsec_packet p;

	a.esn = esn;
	a.sequence = esn ? WRAP - 100 : 0;
	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	a.way = IPSEC_IN;
	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	for (size_t len = 1; len <= IPSEC_PACKET_MAX; len += len < 300 ? 1 : 83) {
		uint8_t message[IPSEC_PACKET_MAX], sealed[IPSEC_PACKET_MAX + IPSEC_OVERHEAD];
		size_t sealed_len;

		for (size_t at = 0; at < len; at++)
			message[at] = (uint8_t)(at * 7 + len);
		CU_ASSERT_EQUAL_FATAL(rig_out(i, message, len, &p), IPSEC_OK);
		CU_ASSERT_EQUAL(p.spi, SPI);
		CU_ASSERT_EQUAL(p.next_header, IPSEC_PROTOCOL);
		CU_ASSERT_FATAL(p.len > len && p.len <= len + IPSEC_OVERHEAD);
		sealed_len = p.len;
		memcpy(sealed, p.bytes, sealed_len);
		CU_ASSERT_EQUAL_FATAL(rig_in(i, sealed, sealed_len, &p), IPSEC_OK);
		CU_ASSERT_EQUAL(p.next_header, MOBILITY);
		CU_ASSERT_EQUAL_FATAL(p.len, len);
		CU_ASSERT_EQUAL(memcmp(p.bytes, message, len), 0);
		CU_ASSERT_EQUAL(rig_in(i, sealed, sealed_len, &p), STAT_DROP_ESP_REPLAY);
	}
	CU_ASSERT_EQUAL(rig_view(i, IPSEC_IN).packets, rig_view(i, IPSEC_OUT).packets);
	CU_ASSERT(!esn || rig_view(i, IPSEC_OUT).a.sequence > WRAP);
	ipsec_free(i);
}

static void
all_drivers(void)
{
	for (unsigned int d = 0; rig_drivers[d] != NULL; d++)
		for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
			there_and_back(rig_drivers[d], s, false);
			there_and_back(rig_drivers[d], s, true);
		}
}

/* The packet that a fresh association sends with this number; one that is not encrypted is what scapy makes. */
static size_t
seal(enum ipsec_suite suite, uint64_t number, uint8_t *sealed)
{
	const struct vector *message = vectors_get(&vectors, "message");
	struct ipsec_association a = rig_association(IPSEC_OUT, suite);
	struct ipsec *i = rig_new();
	struct ipsec_packet p;

	a.sequence = number - 1;
	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL_FATAL(rig_out(i, message->bytes, message->len, &p), IPSEC_OK);
	memcpy(sealed, p.bytes, p.len);
	ipsec_free(i);
	return p.len;
}

static void
as_others_seal(void)
{
	uint8_t sealed[VECTOR_LEN];
	const struct vector *want = rig_vector(IPSEC_NULL_SHA256, "1");

	CU_ASSERT_EQUAL_FATAL(seal(IPSEC_NULL_SHA256, 1, sealed), want->len);
	CU_ASSERT_EQUAL(memcmp(sealed, want->bytes, want->len), 0);
	want = rig_vector(IPSEC_NULL_SHA256, "70");
	CU_ASSERT_EQUAL_FATAL(seal(IPSEC_NULL_SHA256, 70, sealed), want->len);
	CU_ASSERT_EQUAL(memcmp(sealed, want->bytes, want->len), 0);
}

/* No message is shown that was encrypted, and no two packets of one are alike. */
static void
encrypted(void)
{
	const struct vector *message = vectors_get(&vectors, "message");

	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		uint8_t one[VECTOR_LEN], two[VECTOR_LEN];
		size_t len = seal(s, 1, one);

		CU_ASSERT_EQUAL(seal(s, 2, two), len);
		CU_ASSERT_EQUAL(memmem(one, len, message->bytes, 16) == NULL, s != IPSEC_NULL_SHA256);
		CU_ASSERT_NOT_EQUAL(memcmp(one + len - 16, two + len - 16, 16), 0);
		if (s != IPSEC_NULL_SHA256)
			CU_ASSERT_EQUAL(memmem(one, len, two + len - 32, 16), NULL);
	}
}

/* shows: RFC5213-4-03 */
static void
altered(void)
{
	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		const struct vector *v = rig_vector(s, "1");
		struct ipsec *i = receiver(received(s));

		for (size_t at = 0; at < v->len; at++)
			for (uint8_t bit = 1; bit != 0; bit = (uint8_t)(bit << 1)) {
				enum stat_drop want = at < 4 ? STAT_DROP_ESP_UNKNOWN_SPI : STAT_DROP_ESP_INTEGRITY;
				struct vector bad = *v;

				bad.bytes[at] ^= bit;
				if (at == 7 && bit == 1)
					want = STAT_DROP_ESP_REPLAY; /* a number 0 is never sent */
				CU_ASSERT_EQUAL(rig_take(i, &bad), want);
			}
		/* None of these moved the window. */
		CU_ASSERT_EQUAL(rig_take(i, v), IPSEC_OK);
		CU_ASSERT_EQUAL(rig_view(i, IPSEC_IN).refused, (v->len - 4) * 8);
		ipsec_free(i);
	}
}

static void
cut_or_longer(void)
{
	static uint8_t jumbo[UINT16_MAX];

	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		const struct vector *v = rig_vector(s, "1");
		uint8_t longest[IPSEC_PACKET_MAX + IPSEC_OVERHEAD + 1] = {0};
		struct ipsec *i = receiver(received(s));
		struct ipsec_packet p;

		for (size_t len = 0; len < v->len; len++) {
			enum stat_drop why = rig_in(i, v->bytes, len, &p);

			CU_ASSERT(why == STAT_DROP_ESP_MALFORMED || (len >= 24 && why == STAT_DROP_ESP_INTEGRITY));
			CU_ASSERT_PTR_NULL(p.bytes);
		}
		memcpy(longest, v->bytes, v->len);
		for (size_t len = v->len + 1; len <= sizeof(longest); len++) {
			enum stat_drop why = rig_in(i, longest, len, &p);

			CU_ASSERT(why == STAT_DROP_ESP_MALFORMED || why == STAT_DROP_ESP_INTEGRITY);
		}
		CU_ASSERT_EQUAL(rig_in(i, longest, sizeof(longest), &p), STAT_DROP_ESP_MALFORMED);
		memcpy(jumbo, v->bytes, v->len);
		CU_ASSERT_EQUAL(rig_in(i, jumbo, sizeof(jumbo), &p), STAT_DROP_ESP_MALFORMED);
		CU_ASSERT_EQUAL(rig_take(i, v), IPSEC_OK);
		ipsec_free(i);
	}
}

static void
wrong_inside(void)
{
	static const char *const names[] = {"padding", "padding-past-packet", "no-trailer", "odd"};
	struct ipsec *i = receiver(received(IPSEC_NULL_SHA256));

	for (unsigned int n = 0; n < UNIT_COUNT(names); n++)
		CU_ASSERT_EQUAL(rig_take(i, rig_vector(IPSEC_NULL_SHA256, names[n])), STAT_DROP_ESP_MALFORMED);
	ipsec_free(i);
	i = receiver(received(IPSEC_NULL_SHA256));
	CU_ASSERT_EQUAL(rig_take(i, rig_vector(IPSEC_NULL_SHA256, "by-hand")), IPSEC_OK);
	ipsec_free(i);
}

static void
not_meant(void)
{
	const struct vector *v = rig_vector(IPSEC_AES_GCM_128, "1");
	struct ipsec *i = receiver(received(IPSEC_AES_GCM_128));
	struct ipsec_association a = rig_association(IPSEC_OUT, IPSEC_AES_GCM_128);
	struct ipsec_packet p;

	CU_ASSERT_EQUAL(ipsec_in(i, &stranger, &anchor, v->bytes, v->len, &p), STAT_DROP_ESP_SELECTOR);
	CU_ASSERT_EQUAL(p.spi, SPI);
	CU_ASSERT_EQUAL(ipsec_in(i, &gateway, &stranger, v->bytes, v->len, &p), STAT_DROP_ESP_UNKNOWN_SPI);
	CU_ASSERT_EQUAL(p.spi, 0);
	/* What is for sending receives nothing. */
	a.dst = stranger;
	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL(ipsec_in(i, &gateway, &stranger, v->bytes, v->len, &p), STAT_DROP_ESP_UNKNOWN_SPI);
	CU_ASSERT_EQUAL(rig_take(i, v), IPSEC_OK);
	ipsec_free(i);
}

/* Each byte counts, but for those of an encryption key where integrity has its own. */
static void
other_keys(void)
{
	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		const struct ipsec_suite_row *row = ipsec_suite_row(s);

		for (unsigned int at = row->integrity_len > 0 ? row->key_len : 0; at < ipsec_suite_key_len(s); at++) {
			struct ipsec_association a = received(s);
			struct ipsec_key key = rig_key(s);
			struct ipsec *i = rig_new();

			key.bytes[at] ^= 1;
			CU_ASSERT_EQUAL_FATAL(ipsec_add(i, &a, &key), 0);
			CU_ASSERT_EQUAL(rig_take(i, rig_vector(s, "1")), STAT_DROP_ESP_INTEGRITY);
			ipsec_free(i);
		}
	}
}

/* Numbers in some order, of which each is told whether it is new: the window holds 64. */
static void
window(void)
{
	static const struct {
		uint64_t number;
		bool taken;
	} order[] = {{5, true},	   {3, true},	 {5, false},	 {4, true},	{3, false},
		     {100, true},  {101, true},	 {38, true},	 {38, false},	{36, false},
		     {1, false},   {1000, true}, {937, true},	 {935, false},	{1000, false},
		     {100, false}, {999, true},	 {100000, true}, {99999, true}, {1000, false}};

	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		struct ipsec *i = NULL;
		uint8_t sealed[UNIT_COUNT(order)][VECTOR_LEN];
		size_t len[UNIT_COUNT(order)];

		for (unsigned int n = 0; n < UNIT_COUNT(order); n++)
			len[n] = seal(s, order[n].number, sealed[n]);
		i = receiver(received(s));
		for (unsigned int n = 0; n < UNIT_COUNT(order); n++) {
			struct ipsec_packet p;

			CU_ASSERT_EQUAL(rig_in(i, sealed[n], len[n], &p),
					order[n].taken ? IPSEC_OK : STAT_DROP_ESP_REPLAY);
		}
		ipsec_free(i);
	}
}

static void
no_window(void)
{
	struct ipsec_association a = received(IPSEC_AES_CBC_128_SHA256);
	struct ipsec *i;

	a.window = 0;
	i = receiver(a);
	CU_ASSERT_EQUAL(rig_take(i, rig_vector(a.suite, "70")), IPSEC_OK);
	CU_ASSERT_EQUAL(rig_take(i, rig_vector(a.suite, "1")), IPSEC_OK);
	CU_ASSERT_EQUAL(rig_take(i, rig_vector(a.suite, "1")), IPSEC_OK);
	ipsec_free(i);
}

/* Both sides of an association that may carry so many packets: it ends, and says so before. */
static void
ends(uint64_t sequence, bool esn, uint64_t packets_max, unsigned int packets, unsigned int low_at)
{
	struct ipsec_association a = rig_association(IPSEC_OUT, IPSEC_AES_GCM_128);
	struct ipsec *i = rig_new();
	uint8_t message[40] = {0}, sealed[VECTOR_LEN];
	struct ipsec_packet p;
	size_t len = 0;

	a.sequence = sequence;
	a.esn = esn;
	a.packets_max = packets_max;
	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	a.way = IPSEC_IN;
	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	for (unsigned int n = 1; n <= packets; n++) {
		CU_ASSERT_EQUAL_FATAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
		CU_ASSERT_EQUAL(p.low, n == low_at);
		len = p.len;
		memcpy(sealed, p.bytes, len);
		CU_ASSERT_EQUAL_FATAL(rig_in(i, sealed, len, &p), IPSEC_OK);
		CU_ASSERT_EQUAL(p.low, n == low_at);
	}
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), STAT_DROP_ESP_ENDED);
	CU_ASSERT_EQUAL(p.spi, SPI);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), STAT_DROP_ESP_ENDED);
	CU_ASSERT_EQUAL(rig_in(i, sealed, len, &p), STAT_DROP_ESP_ENDED);
	CU_ASSERT(rig_view(i, IPSEC_OUT).low);
	CU_ASSERT_EQUAL(rig_view(i, IPSEC_OUT).packets, packets);
	ipsec_free(i);
}

static void
lifetimes(void)
{
	ends(0, false, 20, 20, 18);
	ends(0, true, 20, 20, 18);
	ends(0, false, 1, 1, 1);
	ends(UINT32_MAX - 6, false, 0, 5, 5);
	ends(UINT32_MAX - 6, false, 3, 3, 3);
	ends(ESN_LAST - 5, true, 0, 5, 5);
}

/* A packet that the device did not take was not received, nor one that left. */
static void
device_stops(void)
{
	struct ipsec_association a = rig_association(IPSEC_OUT, IPSEC_AES_GCM_128);
	const struct vector *v = rig_vector(a.suite, "1");
	struct ipsec *i = receiver(received(a.suite));
	uint8_t message[40] = {0};
	struct ipsec_packet p;

	CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
	rte_cryptodev_stop(i->device.id);
	CU_ASSERT_EQUAL(rig_take(i, v), STAT_DROP_ESP_DEVICE);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), STAT_DROP_ESP_DEVICE);
	CU_ASSERT_PTR_NULL(p.bytes);
	CU_ASSERT(rig_view(i, IPSEC_IN).refused == 1 && rig_view(i, IPSEC_OUT).refused == 1);
	CU_ASSERT_EQUAL_FATAL(rte_cryptodev_start(i->device.id), 0);
	CU_ASSERT_EQUAL(rig_take(i, v), IPSEC_OK);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
	ipsec_free(i);
}

const struct unit_case packet_cases[] = {
	{"packets that others sealed are opened, in every suite, with extended numbers and without", of_others},
	{"extended sequence numbers go past 2^32 (RFC 4303 section 2.2.1)", extended_numbers_wrap},
	{"what is sent is received, of every length, by each driver and in every suite", all_drivers},
	{"what is sent is what others would send", as_others_seal},
	{"an encrypted message is not seen, and no two packets of it are alike", encrypted},
	{"a packet with any bit altered is dropped by name, and moves no window", altered},
	{"a packet that was cut, or is longer, is dropped by name", cut_or_longer},
	{"a packet with wrong padding or trailer is malformed, though its integrity is right", wrong_inside},
	{"a packet of another source or to another destination is dropped by name (RFC 4301 section 5.2)", not_meant},
	{"a packet made with another key or salt is dropped by name", other_keys},
	{"replays, and what is older than the window, are dropped by name (RFC 4303 section 3.4.3)", window},
	{"without a window replays are not found", no_window},
	{"what the crypto device does not take is dropped by name, and the window stays", device_stops},
	{"an association that is used up refuses, and tells before (RFC 4303 section 3.3.3)", lifetimes},
};
const unsigned int packet_cases_n = UNIT_COUNT(packet_cases);
