/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Security associations: looked at, and given and taken away by an operator or by what negotiates their keys.
 */
#include <errno.h>
#include <string.h>

#include "base/words.h"
#include "ipsec/ipsec.h"
#include "methods.h"
#include "state.h"

#define WINDOW 64 /* RFC 4303 section 3.4.3 */

static const char *const ways[] = {[IPSEC_IN] = "in", [IPSEC_OUT] = "out"};

static int
need_table(const struct ctl *c, struct rpc_error *err)
{
	if (c->s.ipsec != NULL)
		return 0;
	return rpc_refuse(err, "esp-off",
			  "this node has no table of security associations: "
			  "`security.associations` is 0");
}

static json_t *
association_json(const struct ipsec_view *v)
{
	return json_pack("{s:s, s:o, s:o, s:I, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:s}", "direction", ways[v->a.way],
			 "source", ctl_methods_addr6(&v->a.src), "destination", ctl_methods_addr6(&v->a.dst), "spi",
			 (json_int_t)v->a.spi, "algorithm", ipsec_suite_row(v->a.suite)->name, "extended", v->a.esn,
			 "window", (json_int_t)(v->a.way == IPSEC_IN ? v->a.window : 0), "sequence",
			 (json_int_t)v->a.sequence, "packets", (json_int_t)v->packets, "packets_max",
			 (json_int_t)v->a.packets_max, "refused", (json_int_t)v->refused, "state",
			 v->ended ? "ended"
			 : v->low ? "low"
				  : "fine");
}

static int
sa_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	struct ipsec_view v;
	bool more = false;

	for (uint32_t at = page.at; c->s.ipsec != NULL && (more = ipsec_next(c->s.ipsec, &at, &v)); at++) {
		page.at = at;
		if (json_array_size(items) == page.limit)
			break;
		ctl_methods_add(items, params, association_json(&v));
	}
	return ctl_methods_page(items, more ? (json_int_t)page.at : -1, result);
}

/* A key that is not one has length 0, which no suite takes. */
static struct ipsec_key
key_of(const char *text)
{
	struct ipsec_key key;
	int len = ctl_methods_hex(text, key.bytes, sizeof(key.bytes));

	key.len = (uint8_t)(len > 0 ? len : 0);
	return key;
}

static enum ipsec_way
way_of(const json_t *params)
{
	return strcmp(rpc_param_string(params, "direction", ""), ways[IPSEC_IN]) == 0 ? IPSEC_IN : IPSEC_OUT;
}

static int
addr_of(const json_t *params, const char *name, struct addr6 *out, struct rpc_error *err)
{
	if (addr6_parse(rpc_param_string(params, name, ""), out) == 0)
		return 0;
	return rpc_refuse_param(err, name, "bad-address", "%s must be an IPv6 address", name);
}

static int
association_of(const json_t *params, struct ipsec_association *a, struct rpc_error *err)
{
	*a = (struct ipsec_association){
		.way = way_of(params),
		.spi = (uint32_t)rpc_param_integer(params, "spi", 0),
		.suite = ipsec_suite_parse(rpc_param_string(params, "algorithm", "")),
		.esn = rpc_param_boolean(params, "extended", false),
		.window = (uint32_t)rpc_param_integer(params, "window", WINDOW),
		.sequence = (uint64_t)rpc_param_integer(params, "sequence", 0),
		.packets_max = (uint64_t)rpc_param_integer(params, "packets_max", 0),
	};
	return addr_of(params, "source", &a->src, err) < 0 ? -1 : addr_of(params, "destination", &a->dst, err);
}

static int
refuse(const struct ctl *c, int error, const struct ipsec_association *a, struct rpc_error *err)
{
	switch (error) {
	case -EEXIST:
		return rpc_refuse(err, "exists", "there is an association with this direction, destination and SPI");
	case -ENOSPC:
		return rpc_refuse(err, "table-full",
				  "there are %u associations, as many as `security.associations` has",
				  ipsec_count(c->s.ipsec));
	case -EKEYREJECTED:
		return rpc_refuse_param(err, "key", "bad-key",
					"%s takes a key of %u bytes, two hexadecimal digits each",
					ipsec_suite_row(a->suite)->name, ipsec_suite_key_len(a->suite));
	case -ENOTSUP:
		return rpc_refuse(err, "not-supported", "the crypto device has not %s",
				  ipsec_suite_row(a->suite)->name);
	case -ENOMEM:
		return rpc_refuse(err, "no-memory", "no memory for it");
	default:
		return rpc_refuse(err, "bad-association",
				  "addresses of one node each, a window of 64 to %u, or 0 without extended sequence "
				  "numbers, and numbers that are left",
				  IPSEC_WINDOW_MAX);
	}
}

static int
sa_add(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	struct ipsec_association a;
	struct ipsec_key key;
	int rc;

	if (need_table(c, err) < 0 || association_of(params, &a, err) < 0)
		return -1;
	key = key_of(rpc_param_string(params, "key", ""));
	rc = ipsec_add(c->s.ipsec, &a, &key);
	explicit_bzero(&key, sizeof(key));
	if (rc < 0)
		return refuse(c, rc, &a, err);
	*result = association_json(&(struct ipsec_view){.a = a});
	return *result != NULL ? 0 : -1;
}

static int
sa_del(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	uint32_t spi = (uint32_t)rpc_param_integer(params, "spi", 0);
	enum ipsec_way way = way_of(params);
	struct addr6 dst;

	if (need_table(c, err) < 0 || addr_of(params, "destination", &dst, err) < 0)
		return -1;
	if (ipsec_del(c->s.ipsec, way, spi, &dst) < 0)
		return rpc_refuse(err, "unknown-association", "no association has this direction, destination and SPI");
	*result = json_pack("{s:s, s:o, s:I}", "direction", ways[way], "destination", ctl_methods_addr6(&dst), "spi",
			    (json_int_t)spi);
	return *result != NULL ? 0 : -1;
}

#define DIRECTION(must)                                                                                                \
	{                                                                                                              \
		"direction", RPC_STRING, must, "`in`: of packets that come, `out`: of those that go", 0, 0, "in out"   \
	}
#define SPI(must)                                                                                                      \
	{                                                                                                              \
		"spi", RPC_INTEGER, must, "Its number, which the receiver chose", IPSEC_SPI_MIN, UINT32_MAX, NULL      \
	}
#define DESTINATION(must)                                                                                              \
	{                                                                                                              \
		"destination", RPC_STRING, must, "Of the packets", 0, 0, NULL                                          \
	}
#define SOURCE(must)                                                                                                   \
	{                                                                                                              \
		"source", RPC_STRING, must, "Of the packets", 0, 0, NULL                                               \
	}

static const struct rpc_param list_params[] = {
	METHODS_AFTER, METHODS_LIMIT, DIRECTION(false), SOURCE(false), DESTINATION(false), SPI(false), {0},
};
static const struct rpc_param add_params[] = {
	DIRECTION(true),
	SOURCE(true),
	DESTINATION(true),
	SPI(true),
	{"algorithm", RPC_STRING, true, "Encryption and integrity", 0, 0, words_suite},
	{"key", RPC_SECRET, true,
	 "Its bytes, two hexadecimal digits each: the encryption key, behind it the salt of AES-GCM or the integrity "
	 "key",
	 0, 0, NULL},
	{"extended", RPC_BOOLEAN, false, "Extended sequence numbers (false)", 0, 0, NULL},
	{"window", RPC_INTEGER, false,
	 "How far behind the last a received number may be (64); 0: replays are not found", 0, IPSEC_WINDOW_MAX, NULL},
	{"sequence", RPC_INTEGER, false, "The greatest number that was sent or received before (0)", 0, INT64_MAX,
	 NULL},
	{"packets_max", RPC_INTEGER, false, "It ends behind so many packets (0: behind its last number)", 0, INT64_MAX,
	 NULL},
	{0},
};
static const struct rpc_param del_params[] = {DIRECTION(true), DESTINATION(true), SPI(true), {0}};

#define SA_WORDS                                                                                                       \
	"`direction`, `source`, `destination`, `spi`, `algorithm`, `extended`, `window`, `sequence` (the greatest "    \
	"number so far), `packets`, `packets_max` (0: no bound but the numbers), `refused` (packets), `state` "        \
	"(`low`: "                                                                                                     \
	"a tenth of its packets is left; `ended`: none; else `fine`); never its key"

const struct rpc_method ctl_methods_sa[] = {
	{"sa.list", "Security associations", list_params, "{\"direction\": \"in\"}",
	 "A page of associations: " SA_WORDS, sa_list, false},
	{"sa.add", "Add a security association; one that is sent on takes the place of those before it", add_params,
	 "{\"direction\": \"out\", \"source\": \"2001:db8:0:c::1\", \"destination\": \"2001:db8:0:a::1\", \"spi\": "
	 "4096, "
	 "\"algorithm\": \"aes-gcm-128\", \"key\": \"000102030405060708090a0b0c0d0e0f10111213\"}",
	 "The association: " SA_WORDS, sa_add, true},
	{"sa.del", "Remove a security association", del_params,
	 "{\"direction\": \"in\", \"destination\": \"2001:db8:0:c::1\", \"spi\": 8192}",
	 "`direction`, `destination` and `spi` of what was removed", sa_del, true},
	{0},
};
