/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes: there may be millions, so what must be unique is sorted, and neighbours are compared.
 */
#include <stdlib.h>
#include <string.h>

#include "row.h"

/* Something that one mobile node alone may have. */
struct owned {
	const void *what;
	uint32_t node;
};

/* What must be unique: where it lies in a mobile node, and how two are compared. */
struct unique {
	const char *key;
	size_t offset, size;
	bool list;
	int (*compare)(const void *a, const void *b);
};

/* The document that a mobile node stands in, and its place there. */
static const struct conf_document *
document_of(const struct conf *c, const struct conf_origin *o, uint32_t node)
{
	return node < c->inline_nodes ? o->main : o->policy;
}

static uint32_t
place_of(const struct conf *c, uint32_t node)
{
	return node < c->inline_nodes ? node : node - c->inline_nodes;
}

#define REFUSE(node, key, ...)                                                                                         \
	conf_refuse(o, document_of(c, o, node), "mobile-nodes", place_of(c, node), key, __VA_ARGS__)

static bool
check_prefixes(const struct conf *c, const struct conf_origin *o, uint32_t i)
{
	const struct conf_MOBILE_NODE *n = &c->mobile_nodes[i];

	for (uint32_t k = 0; k < n->prefixes_count; k++) {
		char text[ADDR_PREFIX_TEXT];

		addr_prefix_format(&n->prefixes[k], text);
		if (n->prefixes[k].len != 64 || !conf_is_global(&n->prefixes[k].addr))
			return REFUSE(i, "prefixes", "expected global prefixes of length 64, got \"%s\"", text);
		if (conf_port_of_link(c, &n->prefixes[k].addr) != CONF_NO_PORT)
			return REFUSE(i, "prefixes", "%s is the link of a port", text);
	}
	return true;
}

static bool
check_node(const struct conf *c, const struct conf_origin *o, uint32_t i)
{
	const struct conf_MOBILE_NODE *n = &c->mobile_nodes[i];
	bool pool = n->pool[0] == '\0' || !(c->node.roles & CONF_ROLE_LMA);
	bool served = n->link_layer_count > 0 && (c->node.roles & CONF_ROLE_MAG);

	if (n->id[0] == '\0' || strlen(n->id) > ID_MAX)
		return REFUSE(i, "id", "expected 1 to %d bytes, got \"%s\"", ID_MAX, n->id);
	for (uint32_t k = 0; k < c->pools_count; k++)
		pool = pool || strcmp(n->pool, c->pools[k].name) == 0;
	if (!pool)
		return REFUSE(i, "pool", "no pool is called \"%s\"", n->pool);
	if (!addr6_is_zero(&n->lma) && !conf_is_global(&n->lma))
		return REFUSE(i, "lma", "expected a global address");
	if (served && addr6_is_zero(&n->lma) && addr6_is_zero(&c->mag.lma))
		return REFUSE(i, "lma", "must be given where `mag.lma` is not");
	return check_prefixes(c, o, i);
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int
compare_macs(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct addr_mac));
}

static int
compare_prefixes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct addr_prefix));
}

/* By what they are, then in the order of the files. */
static int
compare_owned(const void *a, const void *b, void *unique)
{
	const struct owned *p = a, *q = b;
	int order = ((const struct unique *)unique)->compare(p->what, q->what);

	return order != 0 ? order : (p->node > q->node) - (p->node < q->node);
}

static size_t
collect(const struct conf *c, const struct unique *u, struct owned *all)
{
	size_t n = 0;

	for (uint32_t i = 0; i < c->mobile_nodes_count; i++) {
		char *value = (char *)&c->mobile_nodes[i] + u->offset;
		uint32_t count = u->list ? *conf_count(value) : 1;

		for (uint32_t k = 0; k < count; k++)
			all[n++] = (struct owned){value + k * u->size, i};
	}
	return n;
}

/* What b has, a had before it: both places are named. */
static bool
refuse_second(const struct conf *c, const struct conf_origin *o, const char *key, uint32_t a, uint32_t b)
{
	const struct conf_document *d = document_of(c, o, a);
	unsigned int line = conf_document_line(d, "mobile-nodes", place_of(c, a), key);

	return REFUSE(b, key, "mobile node \"%s\" has the same, %s:%u", c->mobile_nodes[a].id, conf_document_path(d),
		      line);
}

static bool
check_unique(const struct conf *c, const struct conf_origin *o, const struct unique *u)
{
	struct owned *all = calloc((size_t)c->mobile_nodes_count * CONF_ITEMS_MAX + 1, sizeof(*all));
	size_t n;
	bool good = true;

	if (all == NULL) {
		conf_error_set(o->error, conf_document_path(o->main), 0, "no memory");
		return false;
	}
	n = collect(c, u, all);
	qsort_r(all, n, sizeof(*all), compare_owned, (void *)u);
	for (size_t i = 1; i < n && good; i++)
		if (u->compare(all[i - 1].what, all[i].what) == 0)
			good = refuse_second(c, o, u->key, all[i - 1].node, all[i].node);
	free(all);
	return good;
}

bool
conf_check_nodes(const struct conf *c, const struct conf_origin *o)
{
	static const struct unique unique[] = {
		{"id", offsetof(struct conf_MOBILE_NODE, id), 0, false, compare_texts},
		{"link-layer", offsetof(struct conf_MOBILE_NODE, link_layer), sizeof(struct addr_mac), true,
		 compare_macs},
		{"prefixes", offsetof(struct conf_MOBILE_NODE, prefixes), sizeof(struct addr_prefix), true,
		 compare_prefixes},
	};

	for (uint32_t i = 0; i < c->mobile_nodes_count; i++)
		if (!check_node(c, o, i))
			return false;
	for (unsigned int i = 0; i < sizeof(unique) / sizeof(unique[0]); i++)
		if (!check_unique(c, o, &unique[i]))
			return false;
	return true;
}
