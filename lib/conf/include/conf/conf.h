/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The YAML configuration: rows of key.def (and of base/timer.def for the section `timers`), read by libcyaml as
 * strings, each parsed and checked by its row.
 *
 *	struct conf_error error;
 *	struct conf *conf = conf_load("/etc/kedge/mag.yaml", &error);
 *	if (conf == NULL)
 *		fprintf(stderr, "%s\n", error.text);	FILE:LINE: KEY: expected a number from 4 to 262140, got "x"
 *
 * Not for the packet path: these functions read files and allocate.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/selector.h"

#define CONF_NAME      32  /* bytes of a name, NUL included */
#define CONF_SERVICE   101 /* bytes of a service's name, NUL included */
#define CONF_TEXT      256 /* bytes of other text */
#define CONF_ITEMS_MAX 8   /* items of a list of scalars */

enum conf_role { CONF_ROLE_LMA = 1, CONF_ROLE_MAG = 2 };
enum conf_hugepages { CONF_HUGEPAGES_AUTO, CONF_HUGEPAGES_YES, CONF_HUGEPAGES_NO };
enum conf_idle { CONF_IDLE_SLEEP, CONF_IDLE_POLL };
enum conf_mss_clamp { CONF_MSS_CLAMP_OFF, CONF_MSS_CLAMP_TUNNEL };
enum conf_counters { CONF_COUNTERS_OFF, CONF_COUNTERS_SESSION };
enum conf_spread { CONF_SPREAD_QUEUES, CONF_SPREAD_WORKERS };
enum conf_port_role { CONF_PORT_CORE, CONF_PORT_ACCESS };
enum conf_key_algorithm { CONF_KEY_HMAC_SHA1, CONF_KEY_HMAC_SHA256 };
enum conf_protection {
	CONF_PROTECTION_AUTO,
	CONF_PROTECTION_NONE,
	CONF_PROTECTION_AUTHENTICATION,
	CONF_PROTECTION_ESP
};
enum conf_gre { CONF_GRE_OFF, CONF_GRE_OFFERED, CONF_GRE_REQUIRED };
enum conf_dead_peer { CONF_DEAD_PEER_REMOVE, CONF_DEAD_PEER_KEEP };

/* An address and the length of its on-link prefix. */
struct conf_address {
	struct addr6 addr;
	uint8_t len;
};

#define CONF_SECRET_MAX 64 /* bytes of a key */

/* A key of a peer; it is never written anywhere. */
struct conf_secret {
	uint8_t len;
	uint8_t bytes[CONF_SECRET_MAX];
};

/* C types of the kinds of key.def. A list has its count in front. */
#define CONF_TYPE_NAME(f)	    char f[CONF_NAME];
#define CONF_TYPE_SERVICE(f)	    char f[CONF_SERVICE];
#define CONF_TYPE_TEXT(f)	    char f[CONF_TEXT];
#define CONF_TYPE_U32(f)	    uint32_t f;
#define CONF_TYPE_OCTAL(f)	    uint32_t f;
#define CONF_TYPE_BOOL(f)	    bool f;
#define CONF_TYPE_ADDR6(f)	    struct addr6 f;
#define CONF_TYPE_PREFIX(f)	    struct addr_prefix f;
#define CONF_TYPE_HOST_OR_PREFIX(f) struct addr_prefix f;
#define CONF_TYPE_MAC(f)	    struct addr_mac f;
#define CONF_TYPE_HUGEPAGES(f)	    uint32_t f; /* enum conf_hugepages */
#define CONF_TYPE_LEVEL(f)	    uint32_t f; /* enum log_level */
#define CONF_TYPE_IDLE(f)	    uint32_t f; /* enum conf_idle */
#define CONF_TYPE_COUNTERS(f)	    uint32_t f; /* enum conf_counters */
#define CONF_TYPE_MSS_CLAMP(f)	    uint32_t f; /* enum conf_mss_clamp */
#define CONF_TYPE_PORT_ROLE(f)	    uint32_t f; /* enum conf_port_role */
#define CONF_TYPE_KEY_ALGORITHM(f)  uint32_t f; /* enum conf_key_algorithm */
#define CONF_TYPE_PROTECTION(f)	    uint32_t f; /* enum conf_protection */
#define CONF_TYPE_GRE(f)	    uint32_t f; /* enum conf_gre */
#define CONF_TYPE_DEAD_PEER(f)	    uint32_t f; /* enum conf_dead_peer */
#define CONF_TYPE_COMPAT(f)	    uint32_t f; /* bits of the rows of base/compat.def */
#define CONF_TYPE_SUITE(f)	    uint32_t f; /* a row of base/suite.def */
#define CONF_TYPE_SECRET(f)	    struct conf_secret f;
#define CONF_TYPE_SPREAD(f)	    uint32_t f;		  /* enum conf_spread */
#define CONF_TYPE_WORKERS(f)	    uint64_t f;		  /* a bit each, 0: all */
#define CONF_TYPE_HEX(f)	    struct conf_secret f; /* len 0: none */
#define CONF_TYPE_TECH(f)	    uint32_t f;		  /* RFC 5213 section 8.5; 0: the link's */
#define CONF_TYPE_LIMIT(f)	    int32_t f;		  /* -1: off */
#define CONF_TYPE_DSCP(f)	    int32_t f;		  /* -1: copy */
#define CONF_TYPE_ROLES(f)	    uint32_t f;		  /* enum conf_role bits */
#define CONF_TYPE_INDICATOR(f)	    int32_t f;		  /* -1: the domain's */
#define CONF_TYPE_LCORES(f)	    char f[CONF_TEXT];
#define CONF_TYPE_SELECTOR(f)	    struct selector f;
#define CONF_TYPE_NAMES(f)	    char f[CONF_TEXT]; /* with a blank between two */
#define CONF_TYPE_TEXTS(f)                                                                                             \
	uint32_t f##_count;                                                                                            \
	char f[CONF_ITEMS_MAX][CONF_TEXT];
#define CONF_TYPE_ADDRESSES(f)                                                                                         \
	uint32_t f##_count;                                                                                            \
	struct conf_address f[CONF_ITEMS_MAX];
#define CONF_TYPE_PREFIXES(f)                                                                                          \
	uint32_t f##_count;                                                                                            \
	struct addr_prefix f[CONF_ITEMS_MAX];
#define CONF_TYPE_MACS(f)                                                                                              \
	uint32_t f##_count;                                                                                            \
	struct addr_mac f[CONF_ITEMS_MAX];

/* struct conf_NODE, struct conf_EAL, ...: one a section. */
#define SECTION_BEGIN(NAME, member, yaml, shape, role, help)	 struct conf_##NAME {
#define KEY(NAME, field, key, KIND, CHANGE, def, min, max, help) CONF_TYPE_##KIND(field)
#define SECTION_END(NAME)                                                                                              \
	}                                                                                                              \
	;
#include "conf/key.def"
#undef SECTION_BEGIN
#undef KEY
#undef SECTION_END

/* Values of the rows of base/timer.def. */
struct conf_timers {
#define TIMER(field, key, unit, def, min, max, source, help) uint32_t field;
#include "base/timer.def"
#undef TIMER
};

/* A list of which there may be a million: each element takes what its values do. */
struct conf_packed {
	uint8_t *bytes;
	size_t *at; /* of each element and behind the last: where in the bytes it begins */
	size_t room;
};

/*
 * All of it. A section that is ONE is a struct, a LIST is an array with member_count items, NODES are packed:
 * conf_mobile_node.
 */
struct conf {
#define CONF_MEMBER_ONE(NAME, member) struct conf_##NAME member;
#define CONF_MEMBER_LIST(NAME, member)                                                                                 \
	struct conf_##NAME *member;                                                                                    \
	uint32_t member##_count;
#define CONF_MEMBER_ORDERED(NAME, member) CONF_MEMBER_LIST(NAME, member)
#define CONF_MEMBER_NODES(NAME, member)                                                                                \
	struct conf_packed member;                                                                                     \
	uint32_t member##_count;
#define CONF_MEMBER_SECRETS(NAME, member)		     CONF_MEMBER_LIST(NAME, member)
#define SECTION_BEGIN(NAME, member, yaml, shape, role, help) CONF_MEMBER_##shape(NAME, member)
#define KEY(NAME, field, key, KIND, CHANGE, def, min, max, help)
#define SECTION_END(NAME)
#include "conf/key.def"
#undef SECTION_BEGIN
#undef KEY
#undef SECTION_END
	struct conf_timers timers;
	uint32_t inline_nodes; /* mobile_nodes below this index stand in the file itself, the rest in its policy file */
};

struct conf_error {
	char text[768];
};

/*
 * The configuration in a file, and in the policy file and the file of secrets that it names, checked; the caller's, to
 * be given to conf_free. NULL with *error filled in: "FILE:LINE: KEY: what is wrong". A section of a role that the node
 * has not holds its defaults.
 */
struct conf *conf_load(const char *path, struct conf_error *error);
void conf_free(struct conf *c); /* may be NULL */

/* Mobile node i (below mobile_nodes_count): *out, for the caller to read it there. */
const struct conf_MOBILE_NODE *conf_mobile_node(const struct conf *c, uint32_t i, struct conf_MOBILE_NODE *out);

/* Whether a name is among those of a value of the kind NAMES. */
bool conf_names_hold(const char *names, const char *name);

/* The bytes of memory that it holds. */
size_t conf_size(const struct conf *c);

/*
 * The configuration in effect, defaults included, as YAML that loads to the same when it lies in the same folder: the
 * mobile nodes of the policy file stay there, and secrets in theirs. Without nodes those of the file itself are left
 * out too.
 */
void conf_print(const struct conf *c, bool nodes, FILE *out);
/* The same as a JSON object of sections, without mobile nodes and secrets. */
void conf_print_json(const struct conf *c, FILE *out);
/* Every key, what it takes, its default and its meaning: docs/configuration.md. */
void conf_describe(FILE *out);
/* The same as a JSON Schema for editors: yaml/kedge.schema.json. */
void conf_schema(FILE *out);

/* A key that has another value, or an item of a list that came or went. */
struct conf_difference {
	char *key;	 /* "timers.refresh-percent", "peers[mag1].address", "pools[internet]" */
	char *from, *to; /* as text; NULL: an item that was not, or is no longer there */
	const char *why; /* it takes a restart; NULL: it takes none */
};

struct conf_differences {
	uint32_t total, restart; /* all of them, and those that take a restart */
	uint32_t count;		 /* in the list: those that take a restart, and CONF_DIFFERENCES_MAX others */
	struct conf_difference list[];
};

#define CONF_DIFFERENCES_MAX 200

/*
 * What is different in `to`; NULL: no memory. The items of a list are matched by their first key, and their order is
 * compared where it means something. The caller's, to be given to conf_differences_free.
 */
struct conf_differences *conf_diff(const struct conf *from, const struct conf *to);
void conf_differences_free(struct conf_differences *d); /* may be NULL */

/* "auto", "yes", "no" of a value of eal.hugepages. */
const char *conf_hugepages_name(uint32_t value);
