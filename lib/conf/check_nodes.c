/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobile nodes: there may be millions, so what must be unique is sorted, and neighbours are compared.
 */
#include <stdlib.h>
#include <string.h>

#include "row.h"

/* Something that one mobile node alone may have: bytes as they are packed, or with none of these an item of a list. */
struct owned {
	const uint8_t *name;
	uint32_t node;
	uint8_t len; /* of the name */
	uint8_t item[sizeof(struct addr_prefix)];
};

/* What must be unique. */
struct unique {
	const char *key;
	size_t offset, size; /* of the first item in a mobile node; size 0: the name */
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
check_prefixes(const struct conf *c, const struct conf_origin *o, uint32_t i, const struct conf_MOBILE_NODE *n)
{
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
check_policies(const struct conf *c, const struct conf_origin *o, uint32_t i, const struct conf_MOBILE_NODE *n)
{
	const char *name;
	size_t len;

	for (uint32_t k = 0; (len = conf_name_of(n->flow_policies, k, &name)) > 0; k++) {
		bool known = false;

		for (uint32_t p = 0; p < c->flow_policies_count; p++)
			known = known || (strncmp(c->flow_policies[p].name, name, len) == 0 &&
					  c->flow_policies[p].name[len] == '\0');
		if (!known)
			return REFUSE(i, "flow-policies", "no flow policy is called \"%.*s\"", (int)len, name);
	}
	return n->flow_policies[0] == '\0' || c->multihoming.flow_mobility ||
	       REFUSE(i, "flow-policies", "needs `multihoming.flow-mobility: yes`");
}

static bool
check_node(const struct conf *c, const struct conf_origin *o, uint32_t i)
{
	struct conf_MOBILE_NODE room;
	const struct conf_MOBILE_NODE *n = conf_mobile_node(c, i, &room);
	bool pool = n->pool[0] == '\0' || !(c->node.roles & CONF_ROLE_LMA);
	bool served = n->link_layer_count > 0 && (c->node.roles & CONF_ROLE_MAG);

	if (n->id[0] == '\0' || strlen(n->id) > ID_MAX)
		return REFUSE(i, "id", "expected 1 to %d bytes, got \"%s\"", ID_MAX, n->id);
	for (uint32_t k = 0; k < c->pools_count; k++)
		pool = pool || strcmp(n->pool, c->pools[k].name) == 0;
	if (!pool)
		return REFUSE(i, "pool", "no pool is called \"%s\"", n->pool);
	if ((c->node.roles & CONF_ROLE_LMA) && !check_policies(c, o, i, n))
		return false;
	if (!addr6_is_zero(&n->lma) && !conf_is_global(&n->lma))
		return REFUSE(i, "lma", "expected a global address");
	if (served && addr6_is_zero(&n->lma) && addr6_is_zero(&c->mag.lma))
		return REFUSE(i, "lma", "must be given where `mag.lma` is not");
	return check_prefixes(c, o, i, n);
}

static int
compare_what(const struct owned *a, const struct owned *b)
{
	int order;

	if (a->name == NULL)
		return memcmp(a->item, b->item, sizeof(a->item));
	order = memcmp(a->name, b->name, a->len < b->len ? a->len : b->len);
	return order != 0 ? order : a->len - b->len;
}

/* By what they are, then in the order of the files. */
static int
compare_owned(const void *a, const void *b)
{
	const struct owned *p = a, *q = b;
	int order = compare_what(p, q);

	return order != 0 ? order : (p->node > q->node) - (p->node < q->node);
}

static struct owned
name_of(const struct conf *c, uint32_t node)
{
	struct owned o = {.node = node};
	size_t len;

	o.name = conf_packed_name(&c->mobile_nodes, node, &len);
	o.len = (uint8_t)len;
	return o;
}

/* How many there are; put into `all` where that is given. */
static size_t
collect(const struct conf *c, const struct unique *u, struct owned *all)
{
	struct conf_MOBILE_NODE room;
	size_t n = 0;

	for (uint32_t i = 0; i < c->mobile_nodes_count; i++) {
		char *value = (char *)&room + u->offset;
		uint32_t count = 1;

		if (u->size > 0) {
			conf_mobile_node(c, i, &room);
			count = *conf_count(value);
		}
		for (uint32_t k = 0; all != NULL && k < count; k++) {
			all[n + k] = u->size == 0 ? name_of(c, i) : (struct owned){.node = i};
			memcpy(all[n + k].item, value + k * u->size, u->size);
		}
		n += count;
	}
	return n;
}

/* What b has, a had before it: both places are named. */
static bool
refuse_second(const struct conf *c, const struct conf_origin *o, const char *key, uint32_t a, uint32_t b)
{
	const struct conf_document *d = document_of(c, o, a);
	unsigned int line = conf_document_line(d, "mobile-nodes", place_of(c, a), key);
	struct conf_MOBILE_NODE room;

	return REFUSE(b, key, "mobile node \"%s\" has the same, %s:%u", conf_mobile_node(c, a, &room)->id,
		      conf_document_path(d), line);
}

static bool
check_unique(const struct conf *c, const struct conf_origin *o, const struct unique *u)
{
	size_t n = collect(c, u, NULL);
	struct owned *all = calloc(n + 1, sizeof(*all));
	bool good = true;

	if (all == NULL) {
		conf_error_set(o->error, conf_document_path(o->main), 0, "no memory");
		return false;
	}
	collect(c, u, all);
	qsort(all, n, sizeof(*all), compare_owned);
	for (size_t i = 1; i < n && good; i++)
		if (compare_what(&all[i - 1], &all[i]) == 0)
			good = refuse_second(c, o, u->key, all[i - 1].node, all[i].node);
	free(all);
	return good;
}

bool
conf_check_nodes(const struct conf *c, const struct conf_origin *o)
{
	static const struct unique unique[] = {
		{"id", 0, 0},
		{"link-layer", offsetof(struct conf_MOBILE_NODE, link_layer), sizeof(struct addr_mac)},
		{"prefixes", offsetof(struct conf_MOBILE_NODE, prefixes), sizeof(struct addr_prefix)},
	};

	for (uint32_t i = 0; i < c->mobile_nodes_count; i++)
		if (!check_node(c, o, i))
			return false;
	for (unsigned int i = 0; i < sizeof(unique) / sizeof(unique[0]); i++)
		if (!check_unique(c, o, &unique[i]))
			return false;
	return true;
}
