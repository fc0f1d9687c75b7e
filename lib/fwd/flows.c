/* SPDX-License-Identifier: BSD-3-Clause */
#include "fwd/flows.h"

#include <errno.h>

#include "tables.h"

int
fwd_flows_init(struct fwd *f, const struct fwd_settings *s)
{
	static const struct fwd_flows unused;
	struct fwd_flow_lists *l = &f->flows;

	l->capacity = RTE_MIN(s->flow_lists, s->sessions);
	f->read.flows.pool = (const uint8_t *)&unused;
	if (l->capacity == 0)
		return fwd_ids_init(&l->lines.free, 0, s->socket);
	return fwd_lines_init(&l->lines, &f->read.flows, s->sessions, l->capacity, sizeof(unused), &unused, s->socket);
}

void
fwd_flows_fini(struct fwd *f)
{
	fwd_lines_fini(&f->flows.lines);
}

bool
fwd_flows_turn(struct fwd *f)
{
	return fwd_lines_turn(&f->flows.lines);
}

/* What fwd_rule_matches compares, of the selector: bits that do not count are all there are. */
static void
make_ranges(struct fwd_rule *r)
{
	const struct selector *s = &r->selector;

	for (unsigned int n = 0; n < FWD_FLOW_NUMBERS; n++) {
		r->first[n] = 0;
		r->span[n] = UINT32_MAX;
	}
#define SELECTOR_ADDRESS(bit, member, key)
#define SELECTOR_NUMBER(bit, member, key, bits, ignored, hex)                                                          \
	if (s->fields & SELECTOR_##bit) {                                                                              \
		r->first[FWD_FLOW_##bit] = s->member[0] >> (ignored) << (ignored);                                     \
		r->span[FWD_FLOW_##bit] = (s->member[1] | ((1u << (ignored)) - 1)) - r->first[FWD_FLOW_##bit];         \
	}
#include "base/selector.def"
#undef SELECTOR_ADDRESS
#undef SELECTOR_NUMBER
}

static void
clear(struct fwd_flow_lists *l, uint32_t session)
{
	if (l->lines.line[session] == 0)
		return;
	fwd_lines_clear(&l->lines, session);
	l->count--;
}

int
fwd_flows_set(struct fwd *f, uint32_t session, const struct fwd_flows *list)
{
	struct fwd_flow_lists *l = &f->flows;
	struct fwd_flows line;
	bool first;
	int err;

	if (session >= l->lines.capacity)
		return list == NULL ? 0 : l->capacity == 0 ? -ENOSPC : -ERANGE;
	if (list == NULL) {
		clear(l, session);
		return 0;
	}
	if (list->share_count > FWD_SHARES_MAX || list->rule_count > FWD_RULES_MAX)
		return -EINVAL;
	first = l->lines.line[session] == 0;
	if (first && l->count == l->capacity)
		return -ENOSPC;
	line = *list;
	line.generation = l->generation + 1;
	for (unsigned int i = 0; i < line.rule_count; i++)
		make_ranges(&line.rule[i]);
	err = fwd_set(f, &l->lines, session, &line);
	if (err == 0)
		l->generation++;
	l->count += err == 0 && first;
	return err;
}

uint32_t
fwd_flows_count(const struct fwd *f)
{
	return f->flows.count;
}
