/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The methods of the control socket. A file, methods_X.c, is one kind of thing to look at or to change: its handlers
 * and their rows, which end with an empty one, as ctl_methods_X; METHODS below lists the files.
 *
 * A long list comes in pages: {after, limit} -> {items, next}, where `next` is the next page's `after` and null on the
 * last. A page looks at no more than METHODS_SCAN_MAX entries, so that a filter which few entries pass does not hold up
 * the loop: such a page may have fewer items than its limit, even none, and `next` still leads on.
 */
#include <stdbool.h>

#include "base/addr.h"
#include "rpc/rpc.h"

#define METHODS(X)                                                                                                     \
	X(server)                                                                                                      \
	X(session)                                                                                                     \
	X(revoke)                                                                                                      \
	X(mn) X(move) X(flow) X(aggregate) X(forward) X(path) X(trace) X(explain) X(peer) X(sa) X(event) X(config)

#define METHODS_ROWS(name) extern const struct rpc_method ctl_methods_##name[];
METHODS(METHODS_ROWS)
#undef METHODS_ROWS
extern const struct rpc_method *const ctl_methods_lists[]; /* NULL behind the last */

#define METHODS_PAGE	 100
#define METHODS_PAGE_MAX 1000
#define METHODS_SCAN_MAX 4096

/* The parameters of a page, for the rows of a list. */
#define METHODS_AFTER                                                                                                  \
	{                                                                                                              \
		"after", RPC_INTEGER, false, "Where the page begins: `next` of the one before", 0, INT64_MAX, NULL     \
	}
#define METHODS_LIMIT                                                                                                  \
	{                                                                                                              \
		"limit", RPC_INTEGER, false, "Items of the page at most (100)", 1, METHODS_PAGE_MAX, NULL              \
	}

/* Which page of a list that is counted with 32 bits is asked for. */
struct ctl_methods_page {
	uint32_t at;
	size_t limit;
};
struct ctl_methods_page ctl_methods_page_of(const json_t *params);

/* {items, next}: takes the reference to items; next < 0: the last page. 0, or -1 on no memory. */
int ctl_methods_page(json_t *items, json_int_t next, json_t **result);

/*
 * Whether an item has what the parameters ask for beside a page: members of the same names and values, addresses as
 * they are meant and not as they are written.
 */
bool ctl_methods_passes(const json_t *params, const json_t *item);
/* Add an item, which is taken, to a list where it passes. */
void ctl_methods_add(json_t *items, const json_t *params, json_t *item);

/* Bytes of text with two hexadecimal digits for each; how many, or -1: it is none, or of more than size. */
int ctl_methods_hex(const char *text, uint8_t *out, size_t size);
/* JSON texts of bytes, as ctl_methods_hex takes them, and of addresses; new references. */
json_t *ctl_methods_bytes(const uint8_t *bytes, size_t len);
json_t *ctl_methods_addr6(const struct addr6 *a);
json_t *ctl_methods_prefix(const struct addr_prefix *p);
json_t *ctl_methods_prefixes(const struct addr_prefix *p, unsigned int n);
json_t *ctl_methods_mac(const struct addr_mac *m);
