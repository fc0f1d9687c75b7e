/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * How packets of a session's prefixes go and come beyond its own way (RFC 7864): rules say which packets to the mobile
 * node go by the way of another session, and shares by which ways packets of a prefix may come. The word of a prefix
 * says by FWD_FLOWS that its session has a list of these, so that those of all other sessions cost nothing.
 *
 *	fwd_flows_set(f, session, &list);			control lcore, before a word has FWD_FLOWS
 *	fwd_prefix_replace(f, &prefix, fwd_value(tunnel, session, FWD_FLOWS));
 *
 *	list = fwd_flows_get(f, fwd_value_session(value));	any worker
 *	rule = fwd_flows_match(list, &packet);
 */
#include "base/selector.h"
#include "fwd/fwd.h"

#define FWD_SHARES_MAX 16
#define FWD_RULES_MAX  16

/* The fields of a selector that are numbers, and room up to what is compared at once. */
enum fwd_flow_number {
#define SELECTOR_ADDRESS(bit, member, key)
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex) FWD_FLOW_##bit,
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
	FWD_FLOW_NUMBERS = 8
};

/* What is known of a packet, as struct selector_packet has it. */
struct fwd_flow_packet {
	uint32_t number[FWD_FLOW_NUMBERS];
	uint16_t fields; /* enum selector_field */
	struct addr6 src, dst;
};

/* Behind the two of addresses. */
#define FWD_FLOW_FIELD(number) ((uint16_t)(SELECTOR_DST << 1 << (number)))
_Static_assert(FWD_FLOW_FIELD(FWD_FLOW_SPI) == SELECTOR_SPI && FWD_FLOW_FIELD(FWD_FLOW_PROTOCOL) == SELECTOR_PROTOCOL,
	       "bits of fields are in the order of their rows");

/* Another session's way that the prefix has too. */
struct fwd_share {
	uint64_t upper_be; /* of the prefix */
	uint64_t value;
	bool idle; /* nothing may come by it */
};

/* Packets that take the way of value, which is that of another session. */
struct fwd_rule {
	/* Made by fwd_flows_set: a number fits where it is no further from the first of the range than span. */
	uint32_t first[FWD_FLOW_NUMBERS] __attribute__((aligned(64)));
	uint32_t span[FWD_FLOW_NUMBERS];
	struct selector selector;
	uint64_t value;
};

/* Of one session; replaced whole. The rules in the order in which they are tried. */
struct fwd_flows {
	uint8_t share_count, rule_count;
	uint64_t generation; /* made by fwd_flows_set: no other list had it */
	struct fwd_share share[FWD_SHARES_MAX];
	struct fwd_rule rule[FWD_RULES_MAX];
};

/*
 * NULL takes the list away. -ERANGE: no such session; -EINVAL: counts beyond the greatest; -ENOSPC: as many sessions as
 * settings.flow_lists have one; -EAGAIN. With an error nothing was changed. Control lcore.
 */
int fwd_flows_set(struct fwd *f, uint32_t session, const struct fwd_flows *list);
/* Sessions that have one. */
uint32_t fwd_flows_count(const struct fwd *f);

/* The list of a session, an empty one where it has none. Never NULL. Any worker. */
static inline const struct fwd_flows *
fwd_flows_get(const struct fwd *f, uint32_t session)
{
	return fwd_lines_get(&((const struct fwd_read *)f)->flows, session, sizeof(struct fwd_flows));
}

static inline void
fwd_flow_know(struct fwd_flow_packet *p, enum fwd_flow_number n, uint32_t number)
{
	p->number[n] = number;
	p->fields |= FWD_FLOW_FIELD(n);
}

/* Whether an address lies in a range of two, in network order. */
static inline bool
fwd_flow_holds(const struct addr6 range[2], const struct addr6 *a)
{
	return memcmp(&range[0], a, sizeof(*a)) <= 0 && memcmp(a, &range[1], sizeof(*a)) <= 0;
}

/* As selector_matches would have it. */
static inline bool
fwd_rule_matches(const struct fwd_rule *r, const struct fwd_flow_packet *p)
{
	const uint16_t fields = r->selector.fields;
	uint32_t outside = fields & ~p->fields;

	for (unsigned int i = 0; i < FWD_FLOW_NUMBERS; i++)
		outside |= p->number[i] - r->first[i] > r->span[i];
	if (outside != 0)
		return false;
	return (!(fields & SELECTOR_SRC) || fwd_flow_holds(r->selector.src, &p->src)) &&
	       (!(fields & SELECTOR_DST) || fwd_flow_holds(r->selector.dst, &p->dst));
}

/* The first rule that matches, or list->rule_count. */
static inline unsigned int
fwd_flows_match(const struct fwd_flows *list, const struct fwd_flow_packet *p)
{
	unsigned int i = 0;

	while (i < list->rule_count && !fwd_rule_matches(&list->rule[i], p))
		i++;
	return i;
}
