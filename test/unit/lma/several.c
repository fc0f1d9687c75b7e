/* SPDX-License-Identifier: BSD-3-Clause */
#include "several.h"

#include <stdio.h>
#include <string.h>

#define NOW .now = r->now

void
multi_settings(struct rig *r)
{
	rig_settings(r);
	r->s.multihoming = (struct pmip_multihoming){
		.flow_mobility = true, .hi5_flow_handover = true, .partial_existing = 242, .vendor = RIG_VENDOR};
	r->s.revocation = true;
	r->profile.prefix[0] = rig_prefix(P1);
	r->profile.prefix[1] = rig_prefix(P2);
}

struct pbu
multi_at(unsigned int mag, uint8_t handoff, const char *prefix)
{
	return (struct pbu){.mag = mag,
			    .ll = (uint8_t)mag,
			    .access_tech = mag == 1 ? ATT1 : ATT2,
			    .handoff = handoff,
			    .hnp = {prefix}};
}

void
multi_aggregates(struct rig *r)
{
	static struct pmip_aggregate aggregates[2];

	multi_settings(r);
	aggregates[0] = (struct pmip_aggregate){rig_mag(1), rig_prefix("2002:2:1::/48")};
	aggregates[1] = (struct pmip_aggregate){rig_mag(2), rig_prefix("2002:2:2::/48")};
	r->s.aggregates = aggregates;
	r->s.aggregate_count = 2;
}

struct pbu
multi_cut(const char *first, const char *second)
{
	struct pbu p = multi_at(1, MH_HANDOFF_NO_CHANGE, P1);

	p.temporal[0] = first;
	p.temporal[1] = second;
	return p;
}

void
multi_open_one(struct rig *r)
{
	struct pbu p = multi_at(1, MH_HANDOFF_NEW_INTERFACE, NULL);

	rig_start(r);
	r->profile.prefix_count = 1;
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

void
multi_open_two(struct rig *r)
{
	struct pbu p = multi_at(2, MH_HANDOFF_NEW_INTERFACE, NULL);

	multi_open_one(r);
	r->profile.prefix_count = 2;
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

void
multi_open(struct rig *r)
{
	multi_settings(r);
	multi_open_two(r);
}

void
multi_open_flow(struct rig *r)
{
	multi_open(r);
	CU_ASSERT_EQUAL(multi_flow(r, PMIP_FLOW_ADD, 1, 10, 2, "protocol=udp"), 0);
	rig_acknowledge(r, 0);
}

void
multi_open_sharing(struct rig *r)
{
	struct pbu p = multi_at(2, MH_HANDOFF_SHARED_PREFIXES, P1);

	multi_settings(r);
	multi_open_one(r);
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

void
multi_open_third(struct rig *r)
{
	struct pbu p = multi_at(3, 1, NULL);

	r->profile.prefix[2] = rig_prefix(P3);
	r->profile.prefix_count = 3;
	p.access_tech = 3;
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

void
multi_open_full(struct rig *r, uint8_t prefixes)
{
	struct pbu p = multi_at(3, 1, NULL);

	r->profile.prefix_count = 0;
	r->profile.prefixes_wanted = prefixes;
	p.access_tech = 3;
	CU_ASSERT_EQUAL_FATAL(rig_send(r, &p), 0);
}

int
multi_leave(struct rig *r, unsigned int interface, const char *prefix)
{
	struct pbu p = multi_at(interface, MH_HANDOFF_UNKNOWN, prefix);

	p.dereg = true;
	return rig_send(r, &p);
}

void
multi_close(struct rig *r, unsigned int bid)
{
	struct pmip_event e = {.type = PMIP_EV_CLOSE, NOW, .close = {.session = multi_session(r, bid)}};

	rig_step(r, &e);
}

struct pmip_mn_id
multi_mn(void)
{
	struct pmip_mn_id id;

	CU_ASSERT_FATAL(pmip_mn_id_parse("mn1@example.com", &id) == 0);
	return id;
}

const char *
multi_rows(struct rig *r)
{
	static char text[400];
	struct pmip_mn_id id = multi_mn();
	struct lma_row_at at = {0};
	struct lma_row_view v;
	size_t n = 0;

	text[0] = '\0';
	while (lma_next_row(r->l, &id, &at, &v))
		if (v.kind != LMA_ROW_AGGREGATE)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u:%x%x%c%s", n > 0 ? " " : "", v.bid,
					      v.prefix.addr.b[5], v.prefix.addr.b[7],
					      v.owned  ? 'o'
					      : v.idle ? 'i'
						       : 'a',
					      v.off_link ? "l" : "");
	return text;
}

unsigned int
multi_count(struct rig *r, unsigned int bid)
{
	struct pmip_mn_id id = multi_mn();
	struct lma_row_at at = {0};
	unsigned int count = 0;
	struct lma_row_view v;

	while (lma_next_row(r->l, &id, &at, &v))
		count += v.bid == bid && v.kind != LMA_ROW_AGGREGATE;
	return count;
}

uint32_t
multi_session(struct rig *r, unsigned int bid)
{
	struct lma_view v;

	for (uint32_t i = 0; lma_next(r->l, i, &v); i = v.session + 1)
		if (v.bid == bid)
			return v.session;
	return PMIP_SESSION_NONE;
}

int
multi_move(struct rig *r, unsigned int bid, enum pmip_move how, const char *prefix)
{
	struct pmip_event e = {.type = PMIP_EV_MOVE, NOW, .move = {.mn_id = multi_mn(), .how = how}};
	int rc;

	e.move.session = multi_session(r, bid);
	if (prefix != NULL) {
		e.move.prefix_count = 1;
		e.move.prefix[0] = rig_prefix(prefix);
	}
	rc = lma_move_check(r->l, &e);
	rig_step(r, &e);
	return rc;
}

void
multi_moved(struct rig *r, unsigned int bid, enum pmip_move how, const char *prefix)
{
	CU_ASSERT_EQUAL(multi_move(r, bid, how, prefix), 0);
	rig_acknowledge(r, 0);
}

int
multi_flow(struct rig *r, enum pmip_flow_change change, uint16_t id, uint16_t priority, unsigned int bid,
	   const char *text)
{
	struct pmip_event e = {.type = PMIP_EV_FLOW,
			       NOW,
			       .flow = {.change = change, .mn_id = multi_mn(), .id = id, .priority = priority}};
	struct selector s;
	const char *why;
	int rc;

	if (text != NULL) {
		CU_ASSERT_FATAL(selector_parse(text, &s, &why) == 0);
		e.flow.selector = &s;
	}
	e.flow.session = multi_session(r, bid);
	memset(r->trace, 0, sizeof(r->trace));
	rc = lma_move_check(r->l, &e);
	rig_step(r, &e);
	return rc;
}

const char *
multi_rules(struct rig *r, unsigned int bid)
{
	const struct pmip_flows *f = &r->flows[multi_session(r, bid)];
	static char text[100];
	struct lma_view v;
	size_t n = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < f->rule_count && lma_find(r->l, f->rule[i].session, &v); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u>%u", n > 0 ? " " : "",
				      f->rule[i].selector.protocol[0], v.bid);
	return text;
}
