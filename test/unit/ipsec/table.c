/* SPDX-License-Identifier: BSD-3-Clause */
/* The table: what fits in, what is found, what is shown. */
#include <errno.h>

#include "rig.h"

static const uint8_t message[40] = {59, 4};

static int
add_changed(struct ipsec *i, enum ipsec_way way, void (*change)(struct ipsec_association *))
{
	struct ipsec_association a = rig_association(way, IPSEC_AES_GCM_128);
	struct ipsec_key key = rig_key(a.suite);
	int rc;

	change(&a);
	rc = ipsec_add(i, &a, &key);
	CU_ASSERT_EQUAL(ipsec_count(i), rc == 0);
	if (rc == 0)
		CU_ASSERT_EQUAL(ipsec_del(i, way, a.spi, &a.dst), 0);
	return rc;
}

#define CHANGE(name, what)                                                                                             \
	static void name(struct ipsec_association *a)                                                                  \
	{                                                                                                              \
		what;                                                                                                  \
	}
CHANGE(as_is, (void)a)
CHANGE(spi_reserved, a->spi = IPSEC_SPI_MIN - 1)
CHANGE(spi_least, a->spi = IPSEC_SPI_MIN)
CHANGE(spi_greatest, a->spi = UINT32_MAX)
CHANGE(no_source, a->src = (struct addr6){{0}})
CHANGE(to_many, a->dst.b[0] = 0xff)
CHANGE(from_many, a->src.b[0] = 0xff)
CHANGE(to_none, a->dst = (struct addr6){{0}})
CHANGE(no_suite, a->suite = IPSEC_SUITE_COUNT)
CHANGE(no_window, a->window = 0)
CHANGE(no_window_esn, a->window = 0; a->esn = true)
CHANGE(window_small, a->window = 63)
CHANGE(window_great, a->window = IPSEC_WINDOW_MAX)
CHANGE(window_too_great, a->window = IPSEC_WINDOW_MAX + 1)
CHANGE(used_up, a->sequence = UINT32_MAX - 1)
CHANGE(one_left, a->sequence = UINT32_MAX - 2)
CHANGE(used_up_esn, a->sequence = ESN_LAST; a->esn = true)
CHANGE(one_left_esn, a->sequence = ESN_LAST - 1; a->esn = true)

static void
ranges(void)
{
	static void (*const bad[])(struct ipsec_association *) = {spi_reserved, no_source, to_many, from_many,
								  to_none,	no_suite,  used_up, used_up_esn};
	static void (*const good[])(struct ipsec_association *) = {as_is,	 spi_least, spi_greatest, no_window,
								   window_great, one_left,  one_left_esn};
	struct ipsec *i = rig_new();

	for (unsigned int n = 0; n < UNIT_COUNT(bad); n++) {
		CU_ASSERT_EQUAL(add_changed(i, IPSEC_OUT, bad[n]), -EINVAL);
		CU_ASSERT_EQUAL(add_changed(i, IPSEC_IN, bad[n]), -EINVAL);
	}
	for (unsigned int n = 0; n < UNIT_COUNT(good); n++) {
		CU_ASSERT_EQUAL(add_changed(i, IPSEC_OUT, good[n]), 0);
		CU_ASSERT_EQUAL(add_changed(i, IPSEC_IN, good[n]), 0);
	}
	/* What is sent has no window. */
	CU_ASSERT_EQUAL(add_changed(i, IPSEC_IN, no_window_esn), -EINVAL);
	CU_ASSERT_EQUAL(add_changed(i, IPSEC_IN, window_small), -EINVAL);
	CU_ASSERT_EQUAL(add_changed(i, IPSEC_IN, window_too_great), -EINVAL);
	CU_ASSERT_EQUAL(add_changed(i, IPSEC_OUT, no_window_esn), 0);
	ipsec_free(i);
}

static void
key_lengths(void)
{
	struct ipsec *i = rig_new();

	for (enum ipsec_suite s = 0; s < IPSEC_SUITE_COUNT; s++) {
		struct ipsec_association a = rig_association(IPSEC_OUT, s);
		struct ipsec_key key = rig_key(s);

		key.len++;
		CU_ASSERT_EQUAL(ipsec_add(i, &a, &key), -EKEYREJECTED);
		key.len = (uint8_t)(key.len - 2);
		CU_ASSERT_EQUAL(ipsec_add(i, &a, &key), -EKEYREJECTED);
		key.len = 0;
		CU_ASSERT_EQUAL(ipsec_add(i, &a, &key), -EKEYREJECTED);
	}
	CU_ASSERT_EQUAL(ipsec_count(i), 0);
	ipsec_free(i);
}

static void
full(void)
{
	struct ipsec_association a = rig_association(IPSEC_OUT, IPSEC_NULL_SHA256);
	struct ipsec *i = rig_new();
	struct ipsec_packet p;

	for (unsigned int n = 0; n < TABLE; n++, a.spi++)
		CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL(rig_add(i, &a), -ENOSPC);
	CU_ASSERT_EQUAL(ipsec_count(i), TABLE);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, SPI, &anchor), 0);
	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
	CU_ASSERT_EQUAL(p.spi, a.spi);
	ipsec_free(i);
}

/* Sessions and memory come back: more come and go than there is room for at once. */
static void
come_and_go(void)
{
	struct ipsec *i = rig_new();
	struct ipsec_packet p;

	for (unsigned int n = 0; n < 4000; n++) {
		struct ipsec_association a = rig_association(n % 2, n % IPSEC_SUITE_COUNT);

		CU_ASSERT_EQUAL_FATAL(rig_add(i, &a), 0);
		if (a.way == IPSEC_OUT)
			CU_ASSERT_EQUAL_FATAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
		CU_ASSERT_EQUAL_FATAL(ipsec_del(i, a.way, SPI, &anchor), 0);
	}
	CU_ASSERT_EQUAL(ipsec_count(i), 0);
	ipsec_free(i);
	/* And so does the device. */
	for (unsigned int n = 0; n < 10; n++)
		ipsec_free(rig_new());
}

static void
spi_twice(void)
{
	struct ipsec_association a = rig_association(IPSEC_IN, IPSEC_NULL_SHA256);
	struct ipsec *i = rig_new();

	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	a.src = stranger;
	CU_ASSERT_EQUAL(rig_add(i, &a), -EEXIST);
	a.way = IPSEC_OUT;
	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	a.dst = stranger;
	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_IN, SPI, &stranger), -ENOENT);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, SPI + 1, &stranger), -ENOENT);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, SPI, &stranger), 0);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, SPI, &stranger), -ENOENT);
	CU_ASSERT_EQUAL(ipsec_count(i), 2);
	ipsec_free(i);
}

static void
newest_first(void)
{
	struct ipsec_association a = rig_association(IPSEC_OUT, IPSEC_AES_GCM_256);
	struct ipsec *i = rig_new();
	struct ipsec_packet p;

	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), STAT_DROP_ESP_NO_ASSOCIATION);
	CU_ASSERT_EQUAL(p.spi, 0);
	for (a.spi = 1000; a.spi < 1003; a.spi++)
		CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	a.spi = 2000;
	a.dst = stranger;
	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
	CU_ASSERT_EQUAL(p.spi, 1002);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, 1002, &anchor), 0);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, 1000, &anchor), 0);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
	CU_ASSERT_EQUAL(p.spi, 1001);
	CU_ASSERT_EQUAL(ipsec_del(i, IPSEC_OUT, 1001, &anchor), 0);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), STAT_DROP_ESP_NO_ASSOCIATION);
	ipsec_free(i);
}

static void
shown(void)
{
	struct ipsec_association a = rig_association(IPSEC_OUT, IPSEC_AES_CBC_256_SHA256);
	struct ipsec *i = rig_new();
	struct ipsec_packet p;
	struct ipsec_view view;
	uint32_t at = 0;

	CU_ASSERT_FALSE(ipsec_next(i, &at, &view));
	a.sequence = 100;
	CU_ASSERT_EQUAL(rig_add(i, &a), 0);
	CU_ASSERT_EQUAL(rig_out(i, message, sizeof(message), &p), IPSEC_OK);
	CU_ASSERT_EQUAL(ipsec_out(i, &gateway, &anchor, MOBILITY, message, IPSEC_PACKET_MAX + 1, &p),
			STAT_DROP_TOO_BIG);
	view = rig_view(i, IPSEC_OUT);
	CU_ASSERT_EQUAL(view.a.spi, SPI);
	CU_ASSERT_EQUAL(view.a.suite, IPSEC_AES_CBC_256_SHA256);
	CU_ASSERT(addr6_equal(&view.a.src, &gateway) && addr6_equal(&view.a.dst, &anchor));
	CU_ASSERT_EQUAL(view.packets, 1);
	CU_ASSERT_EQUAL(view.refused, 1);
	CU_ASSERT_EQUAL(view.a.sequence, 101);
	at = UINT32_MAX;
	CU_ASSERT_FALSE(ipsec_next(i, &at, &view));
	ipsec_free(i);
}

static void
no_driver(void)
{
	struct ipsec_settings s = {.device = "crypto_none_such", .associations_max = 1};
	int error = 0;

	CU_ASSERT_PTR_NULL(ipsec_new(&s, &error));
	CU_ASSERT_EQUAL(error, -ENODEV);
	s.device = "a name that is longer than that of any virtual device of DPDK could ever be, and so is none";
	CU_ASSERT_PTR_NULL(ipsec_new(&s, &error));
	CU_ASSERT_EQUAL(error, -ENODEV);
	s.device = "net_null"; /* a device, but none for this */
	CU_ASSERT_PTR_NULL(ipsec_new(&s, &error));
	CU_ASSERT_EQUAL(error, -ENODEV);
}

const struct unit_case table_cases[] = {
	{"an association with a reserved SPI, no address or a window out of range is refused (RFC 4303)", ranges},
	{"a key of another length than its suite's is refused", key_lengths},
	{"a full table refuses what is new and keeps what it has", full},
	{"associations come and go without a leak", come_and_go},
	{"an SPI is one association's at a destination (RFC 4301 section 4.1)", spi_twice},
	{"packets leave by the association that was added last, and by the one before when it goes", newest_first},
	{"an association shows what it carried, and no key", shown},
	{"a driver that is not there is said", no_driver},
};
const unsigned int table_cases_n = UNIT_COUNT(table_cases);
