/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "temporary.h"

static const char gateway[] = "node: {name: mag, roles: [mag]}\n"
			      "ports:\n"
			      "  - {name: core, device: net_null0, addresses: ['2001:db8:101::1/64']}\n"
			      "  - {name: access, device: net_null1, role: access}\n"
			      "mag: {address: '2001:db8:101::1', lma: '2001:db8:100::1'}\n"
			      "policy: {file: policy.yaml}\n"; /* six lines: the mobile nodes begin in the eighth */

/* n mobile nodes from the first on, one a line behind the line of the section. */
static void
write_nodes(FILE *out, uint32_t first, uint32_t n)
{
	fputs("mobile-nodes:\n", out);
	for (uint32_t i = first; i < first + n; i++)
		fprintf(out,
			"  - {id: mn%u@example.com, link-layer: ['02:00:00:%02x:%02x:%02x'], prefixes: "
			"['2001:db8:2000:%x::/64']}\n",
			i, i >> 16 & 0xff, i >> 8 & 0xff, i & 0xff, i);
}

/* A gateway with mobile nodes 0 to n-1, and a policy file with as many more and then this line. */
static void
write_files(struct temporary *t, uint32_t n, const char *last)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	fputs(gateway, out);
	write_nodes(out, 0, n);
	fclose(out);
	temporary_write(t, "mag.yaml", text, len);
	free(text);
	out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	write_nodes(out, n, n);
	fputs(last, out);
	fclose(out);
	temporary_write(t, "policy.yaml", text, len);
	free(text);
}

void
nodes_many(void)
{
	enum { NODES = 10000 };
	struct temporary t;
	struct conf_MOBILE_NODE n;
	struct conf *c;

	temporary_open(&t);
	write_files(&t, NODES, "");
	c = loaded(temporary_path(&t, "mag.yaml"));
	CU_ASSERT_EQUAL(c->mobile_nodes_count, 2 * NODES);
	CU_ASSERT_EQUAL(c->inline_nodes, NODES);
	CU_ASSERT_STRING_EQUAL(conf_mobile_node(c, NODES - 1, &n)->id, "mn9999@example.com");
	CU_ASSERT_STRING_EQUAL(conf_mobile_node(c, 2 * NODES - 1, &n)->id, "mn19999@example.com");
	conf_free(c);
	temporary_close(&t);
}

void
nodes_both_places(void)
{
	/* Against node 5, which is in line 13 of the configuration, and node 17, in line 9 of the policy file. */
	static const struct {
		const char *node, *key, *other, *place;
	} rows[] = {
		{"id: mn5@example.com", "id", "mn5@example.com", "mag.yaml:13"},
		{"id: x, link-layer: ['02-00-00-00-00-05']", "link-layer", "mn5@example.com", "mag.yaml:13"},
		{"id: x, prefixes: ['2001:0db8:2000:5::/64']", "prefixes", "mn5@example.com", "mag.yaml:13"},
		{"id: mn17@example.com", "id", "mn17@example.com", "policy.yaml:9"},
		{"id: x, link-layer: ['02:00:00:aa:aa:aa', '02:00:00:aa:aa:aa']", "link-layer", "x", "policy.yaml:12"},
	};
	struct temporary t;

	temporary_open(&t);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		char last[128], expected[512];
		struct conf_error error;

		snprintf(last, sizeof(last), "  - {%s}\n", rows[i].node);
		write_files(&t, 10, last);
		CU_ASSERT_PTR_NULL(conf_load(temporary_path(&t, "mag.yaml"), &error));
		snprintf(expected, sizeof(expected),
			 "%s/policy.yaml:12: mobile-nodes.%s: mobile node \"%s\" has the same, %s/%s", t.folder,
			 rows[i].key, rows[i].other, t.folder, rows[i].place);
		CU_ASSERT_STRING_EQUAL(error.text, expected);
	}
	temporary_close(&t);
}
