/* SPDX-License-Identifier: BSD-3-Clause */
#include "methods.h"

#include <stdlib.h>
#include <string.h>

#include "state.h"

#define METHODS_LIST(name) ctl_methods_##name,
const struct rpc_method *const ctl_methods_lists[] = {METHODS(METHODS_LIST) NULL};
#undef METHODS_LIST

struct ctl_methods_page
ctl_methods_page_of(const json_t *params)
{
	json_int_t after = rpc_param_integer(params, "after", 0);

	return (struct ctl_methods_page){.at = after < UINT32_MAX ? (uint32_t)after : UINT32_MAX,
					 .limit = (size_t)rpc_param_integer(params, "limit", METHODS_PAGE)};
}

int
ctl_methods_page(json_t *items, json_int_t next, json_t **result)
{
	*result = json_pack("{s:o, s:o}", "items", items, "next", next < 0 ? json_null() : json_integer(next));
	return *result != NULL ? 0 : -1;
}

/* Whether two texts are the same, or the same address. */
static bool
same(const char *a, const char *b)
{
	struct addr6 x, y;

	return strcmp(a, b) == 0 || (addr6_parse(a, &x) == 0 && addr6_parse(b, &y) == 0 && addr6_equal(&x, &y));
}

bool
ctl_methods_passes(const json_t *params, const json_t *item)
{
	json_t *object = (json_t *)params; /* json_object_foreach changes nothing, but asks for it */
	const char *name;
	json_t *wanted;

	json_object_foreach(object, name, wanted)
	{
		const json_t *value = json_object_get(item, name);

		if (strcmp(name, "after") == 0 || strcmp(name, "limit") == 0)
			continue;
		if (!json_is_string(wanted) || !json_is_string(value)
			    ? !json_equal(wanted, value)
			    : !same(json_string_value(wanted), json_string_value(value)))
			return false;
	}
	return true;
}

void
ctl_methods_add(json_t *items, const json_t *params, json_t *item)
{
	if (ctl_methods_passes(params, item))
		json_array_append_new(items, item);
	else
		json_decref(item);
}

json_t *
ctl_methods_addr6(const struct addr6 *a)
{
	char text[ADDR6_TEXT];

	return json_string(addr6_format(a, text));
}

json_t *
ctl_methods_prefix(const struct addr_prefix *p)
{
	char text[ADDR_PREFIX_TEXT];

	return json_string(addr_prefix_format(p, text));
}

json_t *
ctl_methods_prefixes(const struct addr_prefix *p, unsigned int n)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < n; i++)
		json_array_append_new(list, ctl_methods_prefix(&p[i]));
	return list;
}

json_t *
ctl_methods_mac(const struct addr_mac *m)
{
	char text[ADDR_MAC_TEXT];

	return json_string(addr_mac_format(m, text));
}

static const char digits[] = "0123456789abcdef";

json_t *
ctl_methods_bytes(const uint8_t *bytes, size_t len)
{
	char *text = malloc(2 * len + 1);
	json_t *json;

	if (text == NULL)
		return NULL;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	json = json_stringn(text, 2 * len);
	free(text);
	return json;
}

static int
digit(char c)
{
	const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

int
ctl_methods_hex(const char *text, uint8_t *out, size_t size)
{
	size_t len = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || len > size)
		return -1;
	for (size_t at = 0; at < len; at++) {
		int high = digit(text[2 * at]), low = digit(text[2 * at + 1]);

		if (high < 0 || low < 0)
			return -1;
		out[at] = (uint8_t)(high << 4 | low);
	}
	return (int)len;
}

int
ctl_methods_open(struct ctl *c)
{
	const struct rpc_settings settings = {
		.path = c->s.socket_path,
		.mode = c->s.socket_mode,
		.group = c->s.socket_group,
		.read_only_path = c->s.read_only_path,
		.read_only_mode = c->s.read_only_mode,
		.read_only_group = c->s.read_only_group,
		.clients = c->s.socket_clients,
		.requests_per_s = c->s.requests_per_s,
		.title = "Kedge",
		.version = c->s.version,
	};

	return rpc_server_new(&c->rpc, &settings, ctl_methods_lists, c);
}
