/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

const struct addr6 gateway = {{0x20, 1, 0xd, 0xb8, 1, 1, [15] = 1}};
const struct addr6 anchor = {{0x20, 1, 0xd, 0xb8, 1, 0, [15] = 1}};
const struct addr6 stranger = {{0x20, 1, 0xd, 0xb8, 6, 6, [15] = 6}};
const char *const rig_drivers[] = {"crypto_openssl", "crypto_aesni_mb", NULL};

struct ipsec *
rig_new_on(const char *driver)
{
	const struct ipsec_settings s = {.device = driver, .associations_max = TABLE, .secret = {{1, 2}}};
	struct ipsec *i;
	int error;

	i = ipsec_new(&s, &error);
	if (i == NULL) {
		fprintf(stderr, "%s: %s\n", driver, strerror(-error));
		exit(1);
	}
	return i;
}

struct ipsec *
rig_new(void)
{
	return rig_new_on(rig_drivers[0]);
}

struct ipsec_association
rig_association(enum ipsec_way way, enum ipsec_suite suite)
{
	return (struct ipsec_association){
		.way = way, .src = gateway, .dst = anchor, .spi = SPI, .suite = suite, .window = 64};
}

struct ipsec_key
rig_key(enum ipsec_suite suite)
{
	const struct ipsec_suite_row *row = ipsec_suite_row(suite);
	struct ipsec_key key = {.len = (uint8_t)ipsec_suite_key_len(suite)};
	unsigned int first = row->key_len + row->salt_len;

	for (unsigned int at = 0; at < key.len; at++)
		key.bytes[at] = (uint8_t)(at < first ? at : 0x40 + at - first);
	return key;
}

int
rig_add(struct ipsec *i, const struct ipsec_association *a)
{
	struct ipsec_key key = rig_key(a->suite);

	return ipsec_add(i, a, &key);
}

enum stat_drop
rig_in(struct ipsec *i, const uint8_t *bytes, size_t len, struct ipsec_packet *out)
{
	uint8_t *copy = vector_copy(bytes, len);
	enum stat_drop why = ipsec_in(i, &gateway, &anchor, copy, len, out);

	free(copy);
	return why;
}

enum stat_drop
rig_out(struct ipsec *i, const uint8_t *bytes, size_t len, struct ipsec_packet *out)
{
	uint8_t *copy = vector_copy(bytes, len);
	enum stat_drop why = ipsec_out(i, &gateway, &anchor, MOBILITY, copy, len, out);

	free(copy);
	return why;
}

enum stat_drop
rig_take(struct ipsec *i, const struct vector *v)
{
	const struct vector *message = vectors_get(&vectors, "message");
	struct ipsec_packet p;
	enum stat_drop why = rig_in(i, v->bytes, v->len, &p);

	if (why == IPSEC_OK) {
		CU_ASSERT_EQUAL_FATAL(p.len, message->len);
		CU_ASSERT_EQUAL(memcmp(p.bytes, message->bytes, p.len), 0);
	} else {
		CU_ASSERT_PTR_NULL(p.bytes);
	}
	return why;
}

struct ipsec_view
rig_view(const struct ipsec *i, enum ipsec_way way)
{
	struct ipsec_view view = {.packets = 0}, one;
	unsigned int found = 0;

	for (uint32_t at = 0; ipsec_next(i, &at, &one); at++)
		if (one.a.way == way) {
			view = one;
			found++;
		}
	CU_ASSERT_EQUAL(found, 1);
	return view;
}

const struct vector *
rig_vector(enum ipsec_suite suite, const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), "%s/%s", ipsec_suite_row(suite)->name, name);
	return vectors_get(&vectors, text);
}
