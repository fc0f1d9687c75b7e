/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cases.h"
#include "temporary.h"

#define KEY "000102030405060708090a0b0c0d0e0f"

static const char anchor[] = "node: {name: lma, roles: [lma]}\n"
			     "ports:\n"
			     "  - {name: core, device: net_null0, addresses: ['2001:db8:100::1/64']}\n"
			     "peers:\n"
			     "  - {name: mag1, address: '2001:db8:100::2'}\n"
			     "security: {secrets: secrets.yaml}\n"
			     "lma: {address: '2001:db8:100::1'}\n";

/* The anchor with these secrets in a file of this mode; of an error what stands behind the folder's name. */
static struct conf *
load(const char *main_text, const char *secrets, mode_t mode, struct conf_error *error)
{
	struct temporary t;
	struct conf *c;

	temporary_open(&t);
	temporary_write(&t, "main.yaml", main_text, strlen(main_text));
	temporary_write(&t, "secrets.yaml", secrets, strlen(secrets));
	CU_ASSERT_EQUAL(chmod(temporary_path(&t, "secrets.yaml"), mode), 0);
	c = conf_load(temporary_path(&t, "main.yaml"), error);
	if (c == NULL) {
		size_t folder = strlen(t.folder) + 1;

		memmove(error->text, error->text + folder, strlen(error->text + folder) + 1);
	}
	temporary_close(&t);
	return c;
}

static void
expect_refused(const char *main_text, const char *secrets, mode_t mode, const char *expected)
{
	struct conf_error error;
	struct conf *c = load(main_text, secrets, mode, &error);

	CU_ASSERT_PTR_NULL(c);
	if (c == NULL)
		CU_ASSERT_STRING_EQUAL(error.text, expected);
	conf_free(c);
}

void
secrets_loaded(void)
{
	static const char text[] = "keys:\n"
				   "  - {peer: mag1, spi: 256, key: " KEY "}\n"
				   "  - {peer: mag1, spi: 4294967295, algorithm: hmac-sha256, key: " KEY KEY "}\n";
	struct conf_error error;
	struct conf *c = load(anchor, text, 0600, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL_FATAL(c->keys_count, 2);
	CU_ASSERT_STRING_EQUAL(c->keys[0].peer, "mag1");
	CU_ASSERT_EQUAL(c->keys[0].spi, 256);
	CU_ASSERT_EQUAL(c->keys[0].algorithm, CONF_KEY_HMAC_SHA1);
	CU_ASSERT_EQUAL(c->keys[0].key.len, 16);
	for (uint8_t i = 0; i < 16; i++)
		CU_ASSERT_EQUAL(c->keys[0].key.bytes[i], i);
	CU_ASSERT_EQUAL(c->keys[1].spi, UINT32_MAX);
	CU_ASSERT_EQUAL(c->keys[1].algorithm, CONF_KEY_HMAC_SHA256);
	CU_ASSERT_EQUAL(c->keys[1].key.len, 32);
	conf_free(c);
}

void
secrets_never_shown(void)
{
	struct conf_error error;
	struct conf *before = load(anchor, "keys:\n  - {peer: mag1, spi: 256, key: " KEY "}\n", 0600, &error);
	struct conf *after = load(anchor, "keys:\n  - {peer: mag1, spi: 256, key: f" KEY "f}\n", 0400, &error);
	struct conf_differences *d;
	char *text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(before);
	CU_ASSERT_PTR_NOT_NULL_FATAL(after);
	text = printed(before);
	CU_ASSERT_PTR_NULL(strstr(text, "keys:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "secrets: \"secrets.yaml\""));
	free(text);
	d = conf_diff(before, after);
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_EQUAL_FATAL(d->count, 1);
	CU_ASSERT_STRING_EQUAL(d->list[0].key, "keys[mag1].key");
	CU_ASSERT_STRING_EQUAL(d->list[0].from, "(secret)");
	CU_ASSERT_STRING_EQUAL(d->list[0].to, "(secret)");
	conf_differences_free(d);
	conf_free(before);
	conf_free(after);
}

void
secrets_refused(void)
{
	static const char good[] = "keys:\n  - {peer: mag1, spi: 256, key: " KEY "}\n";

	expect_refused(anchor, good, 0640,
		       "secrets.yaml: holds secrets and is open to others than its owner; chmod 600 closes it");
	expect_refused(anchor, good, 0604,
		       "secrets.yaml: holds secrets and is open to others than its owner; chmod 600 closes it");
	expect_refused(anchor, "peers: []\n", 0600, "secrets.yaml:1: peers: no such section in a file of secrets");
	expect_refused(anchor, "keys:\n  - {peer: mag1, spi: 256, key: 0123}\n", 0600,
		       "secrets.yaml:2: keys.key: expected 16 to 64 bytes, each as two hexadecimal digits");
	expect_refused(anchor, "keys:\n  - {peer: mag1, spi: 255, key: " KEY "}\n", 0600,
		       "secrets.yaml:2: keys.spi: expected a number from 256 to 4294967295, got \"255\"");
	expect_refused(anchor, "keys:\n  - {peer: mag2, spi: 256, key: " KEY "}\n", 0600,
		       "secrets.yaml:2: keys.peer: no peer is called \"mag2\"");
	expect_refused(anchor,
		       "keys:\n  - {peer: mag1, spi: 256, key: " KEY "}\n  - {peer: mag1, spi: 256, key: " KEY KEY
		       "}\n",
		       0600, "secrets.yaml:3: keys.spi: peer \"mag1\" has another key of the number 256");
	expect_refused(anchor,
		       "keys:\n  - {peer: mag1, spi: 256, key: " KEY "}\n  - {peer: mag1, spi: 257, key: " KEY
		       "}\n  - {peer: mag1, spi: 258, key: " KEY "}\n",
		       0600, "secrets.yaml:4: keys.peer: peer \"mag1\" has 2 keys already");
}

void
secrets_elsewhere(void)
{
	static const char in_main[] = "keys: []\n";
	static const char keyless[] = "node: {name: lma, roles: [lma]}\n"
				      "ports:\n"
				      "  - {name: core, device: net_null0, addresses: ['2001:db8:100::1/64']}\n"
				      "peers:\n"
				      "  - {name: mag1, address: '2001:db8:100::2', protection: authentication}\n"
				      "lma: {address: '2001:db8:100::1'}\n";

	expect_refused(in_main, "", 0600, "main.yaml:1: keys: no such section");
	expect_refused(keyless, "", 0600, "main.yaml:5: peers.protection: peer \"mag1\" has no key in `keys`");
}

static const char esp[] = "node: {name: lma, roles: [lma]}\n"
			  "ports:\n"
			  "  - {name: core, device: net_null0, addresses: ['2001:db8:100::1/64']}\n"
			  "peers:\n"
			  "  - {name: mag1, address: '2001:db8:101::1', protection: esp}\n"
			  "security: {secrets: secrets.yaml, associations: 2}\n"
			  "lma: {address: '2001:db8:100::1'}\n";

#define FROM_MAG1 "source: '2001:db8:101::1', destination: '2001:db8:100::1'"
#define TO_MAG1	  "source: '2001:db8:100::1', destination: '2001:db8:101::1'"
#define NO_CIPHER "algorithm: null-hmac-sha256, key: " KEY KEY
#define IN_ESP(x) "security-associations:\n  - {name: in, " x "}\n"
#define REFUSED	  "secrets.yaml:2: security-associations."

void
associations_loaded(void)
{
	static const char text[] =
		IN_ESP(FROM_MAG1 ", spi: 256, extended-sequence-numbers: yes, replay-window: 1024, "
				 "key: " KEY KEY KEY KEY) "  - {name: out, " TO_MAG1 ", spi: 256, " NO_CIPHER "}\n";
	struct conf_error error;
	struct conf *c = load(esp, text, 0400, &error);
	char *shown;

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_EQUAL_FATAL(c->associations_count, 2);
	CU_ASSERT(c->associations[0].extended && c->associations[0].window == 1024);
	CU_ASSERT_EQUAL(c->associations[0].key.len, 64);
	CU_ASSERT_EQUAL(c->associations[1].window, 64);
	CU_ASSERT_EQUAL(c->associations[1].key.len, 32);
	shown = printed(c);
	CU_ASSERT_PTR_NULL(strstr(shown, KEY));
	free(shown);
	conf_free(c);
}

void
associations_refused(void)
{
	static const struct {
		const char *text, *error;
	} wrong[] = {
		{IN_ESP(FROM_MAG1 ", spi: 256, key: " KEY),
		 REFUSED "key: aes-cbc-256-hmac-sha256 takes a key of 64 bytes"},
		{IN_ESP(FROM_MAG1 ", spi: 256, algorithm: aes-gcm-128, key: " KEY "00112233"),
		 REFUSED "algorithm: aes-gcm-128 needs fresh keys, and a file has none (RFC 4106 section 2)"},
		{IN_ESP("source: '2001:db8:101::1', destination: '2001:db8:102::1', spi: 256, " NO_CIPHER),
		 REFUSED "source: expected the source or the destination to be this node's, and the other a peer's"},
		{IN_ESP(FROM_MAG1 ", spi: 256, replay-window: 63, " NO_CIPHER),
		 REFUSED "replay-window: expected 0 or a number from 64 to 1024"},
		{IN_ESP(FROM_MAG1 ", spi: 256, replay-window: 0, extended-sequence-numbers: yes, " NO_CIPHER),
		 REFUSED "replay-window: extended sequence numbers need a window"},
		{IN_ESP(FROM_MAG1 ", spi: 256, " NO_CIPHER) "  - {name: in, " TO_MAG1 ", spi: 256, " NO_CIPHER "}\n",
		 "secrets.yaml:3: security-associations.name: two associations are called \"in\""},
		{IN_ESP(FROM_MAG1 ", spi: 256, " NO_CIPHER) "  - {name: more, " FROM_MAG1 ", spi: 256, " NO_CIPHER
							    "}\n",
		 "secrets.yaml:3: security-associations.spi: association \"in\" has the number 256 at this "
		 "destination"},
		{IN_ESP(FROM_MAG1 ", spi: 256, " NO_CIPHER) "  - {name: b, " FROM_MAG1 ", spi: 257, " NO_CIPHER "}\n"
							    "  - {name: c, " FROM_MAG1 ", spi: 258, " NO_CIPHER "}\n",
		 "main.yaml:6: security.associations: the file of secrets has 3 security associations"},
	};
	static const char none[] = "node: {name: lma, roles: [lma]}\n"
				   "ports:\n"
				   "  - {name: core, device: net_null0, addresses: ['2001:db8:100::1/64']}\n"
				   "peers:\n"
				   "  - {name: mag1, address: '2001:db8:101::1', protection: esp}\n"
				   "lma: {address: '2001:db8:100::1'}\n";

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect_refused(esp, wrong[i].text, 0600, wrong[i].error);
	expect_refused(
		none, "", 0600,
		"main.yaml:5: peers.protection: `esp` needs security associations, and `security.associations` is 0");
}
