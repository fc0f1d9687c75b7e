/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks that prefixes of flows are cut from: what anchors' settings have of them, and how gateways come to theirs.
 * What each gateway that asks knows is what the first anchor has, when nothing came between for as long as that takes.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

#define BLOCK_LEN 60 /* few enough prefixes that they come round again */
#define ELSEWHERE 3  /* the net of gateways that are not there */
#define HOLDS_MAX 16 /* of the longest retransmission time, until what was refused is asked for again */
#define SHOWN_MAX (2 * SIM_BLOCKS)
#define COUNT_MAX 8

struct addr_prefix
sim_block(unsigned int block)
{
	return (struct addr_prefix){{{0x20, 0x01, 0x0d, 0xb8, 0x40, (uint8_t)block}}, BLOCK_LEN};
}

/* In the settings of an anchor; SIM_NOBODY: none. */
static int
gateway_of(const struct sim_node *lma, unsigned int block)
{
	return (int)lma->gateway[block] - 1;
}

struct addr6
sim_block_gateway(const struct sim_world *w, const struct sim_node *lma, unsigned int block)
{
	int g = gateway_of(lma, block);

	if (g == SIM_NOBODY)
		return (struct addr6){0};
	if ((unsigned int)g < w->plan.mags)
		return w->node[w->plan.lmas + (unsigned int)g].address;
	return (struct addr6){{0x20, 0x01, 0x0d, 0xb8, ELSEWHERE, (uint8_t)g, [15] = 1}};
}

void
sim_blocks_start(struct sim_world *w, struct sim_node *n)
{
	unsigned int mag = n->index - w->plan.lmas;

	if (w->plan.temporal == 0)
		return;
	if (n->index >= w->plan.lmas) {
		n->cuts = w->plan.anchor_cuts == 1    ? SIM_CUTS_NOTHING
			  : w->plan.asking >> mag & 1 ? SIM_CUTS_ASKED
						      : SIM_CUTS_CONFIGURED;
		n->block = (int)mag;
		return;
	}
	for (unsigned int i = 0; i < w->plan.mags; i++)
		n->gateway[i] = (uint8_t)(1 + i);
	for (unsigned int i = 0; i < w->plan.blocks; i++)
		n->gateway[SIM_BLOCKS - 1 - i] = (uint8_t)(1 + SIM_MAGS_MAX + i);
}

unsigned int
sim_blocks_list(const struct sim_world *w, const struct sim_node *lma, struct pmip_aggregate out[static SIM_BLOCKS])
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < SIM_BLOCKS; i++)
		if (gateway_of(lma, i) != SIM_NOBODY)
			out[count++] = (struct pmip_aggregate){sim_block_gateway(w, lma, i), sim_block(i)};
	return count;
}

/* The first that an anchor has for a gateway, SIM_NOBODY: none. */
static int
block_of(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag)
{
	for (unsigned int i = 0; i < SIM_BLOCKS; i++)
		if (gateway_of(lma, i) == (int)(mag->index - w->plan.lmas))
			return (int)i;
	return SIM_NOBODY;
}

struct addr_prefix
sim_aggregate(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag)
{
	int block = block_of(w, lma, mag);

	return block != SIM_NOBODY ? sim_block((unsigned int)block) : (struct addr_prefix){0};
}

bool
sim_is_cut_from(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag,
		const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < SIM_BLOCKS; i++) {
		struct addr_prefix block = sim_block(i);

		if (gateway_of(lma, i) == (int)(mag->index - w->plan.lmas) && addr_prefix_holds(&block, &p->addr))
			return true;
	}
	return false;
}

bool
sim_is_temporal(const struct sim_world *w, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < SIM_BLOCKS && w->plan.temporal > 0; i++) {
		struct addr_prefix block = sim_block(i);

		if (addr_prefix_overlaps(&block, p))
			return true;
	}
	return false;
}

void
sim_gateway_id(unsigned int node, struct pmip_mn_id *out)
{
	char text[32];

	snprintf(text, sizeof(text), "gateway%u@example.com", node);
	pmip_mn_id_parse(text, out);
}

int
sim_gateway_named(const struct sim_world *w, const struct mh_msg *m)
{
	bool about = mh_has(m, MH_OPT_MN_ID) && m->type != MH_BRI && m->type != MH_BRA; /* there it is the sender */

	for (unsigned int i = w->plan.lmas; i < w->nodes && about; i++) {
		struct pmip_mn_id id;

		sim_gateway_id(i, &id);
		if (id.len == m->opt.mn_id.len && memcmp(id.id, m->opt.mn_id.id, id.len) == 0)
			return (int)i;
	}
	return SIM_NOBODY;
}

bool
sim_is_of_gateway(const struct sim_world *w, const struct mh_msg *m)
{
	return (mh_has(m, MH_OPT_DELEGATED_PREFIX) && !mh_has(m, MH_OPT_HOME_NETWORK_PREFIX)) ||
	       sim_gateway_named(w, m) != SIM_NOBODY;
}

static bool
is_configured_with(const struct sim_world *w, unsigned int block)
{
	for (unsigned int i = w->plan.lmas; i < w->nodes; i++)
		if (w->node[i].cuts == SIM_CUTS_CONFIGURED && w->node[i].block == (int)block)
			return true;
	return false;
}

/* Prefixes that an anchor's sessions have of a block. */
static unsigned int
used_of(const struct sim_node *lma, unsigned int block)
{
	struct addr_prefix p = sim_block(block);
	unsigned int count = 0;
	struct lma_view v;

	for (uint32_t i = 0; lma_next(lma->lma, i, &v); i = v.session + 1)
		for (unsigned int k = 0; k < v.prefix_count; k++)
			count += addr_prefix_holds(&p, &v.prefix[k].addr);
	return count;
}

void
sim_blocks_change(struct sim_world *w, struct sim_node *lma, unsigned int block, int gateway)
{
	unsigned int used;
	uint8_t before;
	int rc;

	if (lma->lma == NULL || w->plan.temporal == 0 || block >= SIM_BLOCKS || gateway < SIM_NOBODY ||
	    gateway >= SIM_MAGS_MAX + SIM_BLOCKS || is_configured_with(w, block))
		return;
	before = lma->gateway[block];
	used = before != (uint8_t)(gateway + 1) ? used_of(lma, block) : 0;
	lma->gateway[block] = (uint8_t)(gateway + 1);
	rc = sim_engine_try(w, lma);
	w->coverage.block[rc == 0]++;
	w->coverage.judged[SIM_INV_AGGREGATES]++;
	sim_say(w, "aggregate %u is to be of gateway %d by %s: %d", block, gateway, sim_node_name(w, lma->index), rc);
	if (rc != (used > 0 ? -EBUSY : 0))
		sim_fault(w, SIM_INV_AGGREGATES, "%s has %u prefixes of a block that is to be another's, and says %d",
			  sim_node_name(w, lma->index), used, rc);
	if (rc != 0)
		lma->gateway[block] = before;
	sim_at_least(&lma->listed_ms, w->now_ms);
}

void
sim_blocks_cuts(struct sim_world *w, struct sim_node *mag, unsigned int how)
{
	int block = block_of(w, &w->node[0], mag);

	if (mag->mag == NULL || w->plan.temporal == 0 || w->plan.anchor_cuts == 1 || how > SIM_CUTS_NOTHING ||
	    (how == SIM_CUTS_CONFIGURED && block == SIM_NOBODY))
		return;
	sim_say(w, "%s %s", sim_node_name(w, mag->index),
		how == SIM_CUTS_ASKED	     ? "asks for its aggregate"
		: how == SIM_CUTS_CONFIGURED ? "has its aggregate by configuration"
					     : "cuts nothing");
	mag->cuts = (enum sim_cuts)how;
	mag->block = block;
	sim_at_least(&mag->listed_ms, w->now_ms);
	sim_engine_apply(w, mag);
}

void
sim_cut(struct sim_world *w, unsigned int i, unsigned int count)
{
	int spot = sim_if_exists(w, i) ? w->iface[i].spot : SIM_NOBODY;
	struct pmip_event e = {.type = PMIP_EV_CUT, .cut = {.count = (uint8_t)(count % COUNT_MAX)}};
	struct sim_node *n;
	int rc;

	if (spot == SIM_NOBODY)
		return;
	n = sim_mag_at(w, spot);
	if (w->now_ms < n->stalled_until_ms)
		return;
	e.cut.mn_id = w->mn_id[i / 2];
	e.cut.session = sim_session_of(w, n, i);
	rc = mag_cut_check(n->mag, &e);
	w->coverage.cut[rc == 0]++;
	sim_say(w, "%s is to cut %u more for interface %u of mn%u: %d", sim_node_name(w, n->index), e.cut.count, i % 2,
		i / 2, rc);
	if (rc == 0 && n->cuts == SIM_CUTS_NOTHING)
		sim_fault(w, SIM_INV_AGGREGATES, "%s cuts from what it does not have", sim_node_name(w, n->index));
	if (rc == 0)
		sim_at_least(&w->mn[i / 2].disturbed_ms, w->now_ms);
	sim_step(w, n, &e);
}

/* A gateway is given one of its own, in an answer to what it asked. */
void
sim_blocks_judge(struct sim_world *w, const struct sim_node *lma, const struct pmip_action *a)
{
	const struct mh_msg *m = &a->send.msg;
	const struct sim_node *to = sim_node_at(w, &a->send.dst);

	w->coverage.status[m->pba.status]++;
	if (m->pba.status >= MH_STATUS_REASON_UNSPECIFIED)
		return;
	w->coverage.judged[SIM_INV_AGGREGATES]++;
	if (to == NULL || !mh_has(m, MH_OPT_DELEGATED_PREFIX) || m->opt.dmnp.prefix.len != BLOCK_LEN ||
	    !sim_is_cut_from(w, lma, to, &m->opt.dmnp.prefix))
		sim_fault(w, SIM_INV_AGGREGATES, "%s leaves an aggregate to a gateway whose it is not",
			  sim_node_name(w, lma->index));
}

/* All that a gateway knows. */
static unsigned int
look(const struct sim_node *mag, struct mag_aggregate_view out[static SHOWN_MAX])
{
	unsigned int at = 0, count = 0;

	while (count < SHOWN_MAX && mag_next_aggregate(mag->mag, &at, &out[count]))
		count++;
	return count;
}

static const char *
why_other(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag)
{
	unsigned int own = 0, others = 0, wanted = 0;
	struct mag_aggregate_view v[SHOWN_MAX];
	unsigned int count = look(mag, v);

	for (unsigned int i = 0; i < SIM_BLOCKS; i++)
		wanted += gateway_of(lma, i) != SIM_NOBODY && block_of(w, lma, mag) != SIM_NOBODY &&
			  gateway_of(lma, i) != (int)(mag->index - w->plan.lmas) && w->plan.vendor;
	for (unsigned int k = 0; k < count; k++) {
		bool is = false;

		for (unsigned int i = 0; i < SIM_BLOCKS; i++) {
			struct addr_prefix p = sim_block(i);
			struct addr6 g = sim_block_gateway(w, lma, i);

			is = is || (addr_prefix_equal(&p, &v[k].is.prefix) && addr6_equal(&g, &v[k].is.gateway));
		}
		if (v[k].own && (v[k].state == MAG_AGGREGATE_USED) != (block_of(w, lma, mag) != SIM_NOBODY))
			return "has one of its own, or none, otherwise than its anchor";
		if (!is && v[k].state != MAG_AGGREGATE_REFUSED)
			return "knows one that its anchor does not have so";
		own += v[k].own;
		others += !v[k].own;
	}
	if (own != 1)
		return "shows none of its own";
	return others == wanted ? NULL : "does not know all of the others'";
}

/* As for those who stay (docs/simulator.md), and so long as what was refused is not asked for again. */
static uint64_t
due_ms(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag)
{
	const struct sim_plan *p = &w->h->plan;
	const uint64_t at_ms[] = {lma->disturbed_ms, mag->disturbed_ms, lma->listed_ms, mag->listed_ms};
	uint64_t last_ms = 0;

	for (unsigned int i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++)
		last_ms = at_ms[i] > last_ms ? at_ms[i] : last_ms;
	return last_ms + 1000 * (uint64_t)p->lifetime_s + (HOLDS_MAX + 2) * (uint64_t)p->bindack_max_ms +
	       2 * SIM_BLOCKS * (uint64_t)p->delay_ms;
}

void
sim_check_aggregates(struct sim_world *w, struct sim_node *n)
{
	const struct sim_node *lma = &w->node[0];
	const char *why;

	if (n->mag == NULL || n->cuts != SIM_CUTS_ASKED || w->plan.temporal == 0 || w->leaving ||
	    (lma->strangers >> (n->index - w->plan.lmas) & 1) || (w->plan.disabled && w->plan.lmas == 1) ||
	    w->now_ms <= due_ms(w, lma, n))
		return;
	w->coverage.judged[SIM_INV_AGGREGATES]++;
	why = why_other(w, lma, n);
	if (why != NULL)
		sim_fault(w, SIM_INV_AGGREGATES, "%s %s", sim_node_name(w, n->index), why);
}

/* Of what a gateway cuts from, the first is nobody's, and nothing else is given away when all have left. */
void
sim_check_uncut(struct sim_world *w, const struct sim_node *mag)
{
	struct mag_aggregate_view v[SHOWN_MAX];
	unsigned int count = look(mag, v);

	for (unsigned int i = 0; i < count; i++)
		if (v[i].own && v[i].cut > (v[i].room > 0))
			sim_fault(w, SIM_INV_EMPTY, "%s still has %u prefixes cut", sim_node_name(w, mag->index),
				  v[i].cut - 1);
}
