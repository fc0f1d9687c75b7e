/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "temporary.h"

static const char anchor[] = "node: {name: lma, roles: [lma]}\n"
			     "ports:\n"
			     "  - {name: core, device: net_null0, addresses: ['2001:db8:100::1/64']}\n"
			     "lma: {address: '2001:db8:100::1'}\n";

/* Load these bytes; of an error what stands behind the file's name. */
static struct conf *
load(const char *bytes, size_t len, struct conf_error *error)
{
	struct temporary t;
	struct conf *c;

	temporary_open(&t);
	temporary_write(&t, "odd.yaml", bytes, len);
	c = conf_load(temporary_path(&t, "odd.yaml"), error);
	if (c == NULL) {
		size_t name = strlen(t.path);

		CU_ASSERT_EQUAL_FATAL(strncmp(error->text, t.path, name), 0);
		memmove(error->text, error->text + name, strlen(error->text + name) + 1);
	}
	temporary_close(&t);
	return c;
}

static void
expect_refused(const char *text, const char *expected)
{
	struct conf_error error;
	struct conf *c = load(text, strlen(text), &error);

	CU_ASSERT_PTR_NULL(c);
	if (c == NULL)
		CU_ASSERT_STRING_EQUAL(error.text, expected);
	conf_free(c);
}

void
odd_problem_line(void)
{
	expect_refused("node:\n  name: a\n  # caf\xe9\n  roles: [lma]\n", ":3: not YAML: invalid trailing UTF-8 octet");
	expect_refused("node:\n  name: a\n  roles: \x01\n", ":3: not YAML: control characters are not allowed");
	expect_refused("\xff", ":1: not YAML: invalid leading UTF-8 octet");
	expect_refused("node:\n\tname: a\n", ":2: not YAML: found character that cannot start any token");
}

void
odd_aliases(void)
{
	static const char text[] = "node: {name: lma, roles: [lma]}\n"
				   "ports:\n"
				   "  - {name: core, device: net_null0, addresses: &a ['2001:db8:100::1/64']}\n"
				   "  - &p {name: &n net, device: net_null1}\n"
				   "routes:\n"
				   "  - {prefix: '::/0', via: &v 'fe80::1', port: *n}\n"
				   "  - {prefix: '2001:db8:7::/48', via: *v, port: *n}\n"
				   "lma: {address: '2001:db8:100::1'}\n";
	struct conf_error error;
	struct conf *c = load(text, sizeof(text) - 1, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_STRING_EQUAL(c->routes[1].port, "net");
	CU_ASSERT(addr6_equal(&c->routes[0].via, &c->routes[1].via));
	conf_free(c);
	expect_refused("mobile-nodes: &a [*a]\n", ":1: mobile-nodes: expected keys with values");
	expect_refused("node: &a {name: *a}\n", ":1: node.name: expected a single value");
	expect_refused("\nnode: *a\n", ":2: not YAML: found undefined alias");
}

/* The text in another encoding, or with other line ends, is the same configuration. */
static void
expect_same(const char *bytes, size_t len)
{
	struct conf_error error;
	struct conf *c = load(anchor, strlen(anchor), &error), *other = load(bytes, len, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	CU_ASSERT_PTR_NOT_NULL(other);
	if (other != NULL) {
		char *first = printed(c), *second = printed(other);

		CU_ASSERT_STRING_EQUAL(first, second);
		free(first);
		free(second);
	}
	conf_free(other);
	conf_free(c);
}

void
odd_encodings(void)
{
	char bytes[4 * sizeof(anchor)] = "\xef\xbb\xbf", *at = bytes;

	strcat(bytes, anchor);
	expect_same(bytes, strlen(bytes));
	for (const char *c = anchor; *c != '\0'; c++) {
		if (*c == '\n')
			*at++ = '\r';
		*at++ = *c;
	}
	expect_same(bytes, (size_t)(at - bytes));
	at = bytes;
	*at++ = (char)0xff;
	*at++ = (char)0xfe;
	for (const char *c = anchor; *c != '\0'; c++) {
		*at++ = *c;
		*at++ = '\0';
	}
	expect_same(bytes, (size_t)(at - bytes));
}

void
odd_long(void)
{
	enum { LONG = 1000000 };
	static const char *const before[] = {"node: {name: ", "node: {", "{", "log: {level: \"\\n\\e[2J"};
	char *text = malloc(LONG + 64);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	for (unsigned int i = 0; i < UNIT_COUNT(before); i++) {
		struct conf_error error;
		size_t len = strlen(before[i]);

		memcpy(text, before[i], len);
		memset(text + len, 'x', LONG);
		/* A key of YAML itself is 1024 characters at most; what is longer is no key. */
		memcpy(text + len + (i == 1 || i == 2 ? 900 : LONG), i == 3 ? "\"}" : ": 1}", i == 3 ? 2 : 4);
		len += (i == 1 || i == 2 ? 900 : LONG) + (i == 3 ? 2 : 4);
		CU_ASSERT_PTR_NULL(load(text, len, &error));
		CU_ASSERT(strlen(error.text) < sizeof(error.text) && strlen(error.text) > 10);
		for (const char *c = error.text; *c != '\0'; c++)
			CU_ASSERT((unsigned char)*c >= ' ' && *c != 0x7f);
	}
	free(text);
}

void
odd_lcores(void)
{
	static const char *const good[] = {"0,1",	 "3-4", " 1 , 0 ", "1,2@(5-7),(3-5)@(0,2),(0,6),7-8",
					   "( 0, 1 )@0", "0-64"};
	static const char *const bad[] = {
		"",	   " ",	   "0",	   "0,0",   "0-65",   "1-0",	  "0,",
		"0,1,",	   "0 1",  "0,1@", "0,1@)", "(0,1",   "0,1)",	  "()",
		"((0,1))", "0-,1", "0,-1", "0,0x1", "0,1024", "0,1@1024", "0,18446744073709551617"};
	char text[512];

	for (unsigned int i = 0; i < UNIT_COUNT(good) + UNIT_COUNT(bad); i++) {
		const char *lcores = i < UNIT_COUNT(good) ? good[i] : bad[i - UNIT_COUNT(good)];
		struct conf_error error;
		struct conf *c;

		snprintf(text, sizeof(text), "%seal: {lcores: '%s'}\n", anchor, lcores);
		c = load(text, strlen(text), &error);
		if ((c != NULL) != (i < UNIT_COUNT(good)))
			fprintf(stderr, "\nlcores \"%s\"\n", lcores);
		CU_ASSERT_EQUAL(c != NULL, i < UNIT_COUNT(good));
		conf_free(c);
	}
}
