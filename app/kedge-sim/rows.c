/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where packets of mobile nodes with two interfaces go: by what an anchor was told to be forwarded, as lib/path would
 * look it up, and by the rows and flows that it shows. Each has to say the same of any packet.
 */
#include <string.h>

#include "world.h"

#define ROWS_MAX   64
#define PROBES_MAX (2 * PMIP_FLOWS_MAX + 1)

/* A mobile node as its anchor shows it. */
struct shown {
	unsigned int row_count, flow_count;
	struct lma_row_view row[ROWS_MAX];
	struct lma_flow_view flow[PMIP_FLOWS_MAX];
};

/* An address of a prefix; of one shorter than 64 bits in its first. */
struct addr6
sim_address_in(const struct addr_prefix *p, uint64_t host)
{
	struct addr6 a = p->addr;

	for (unsigned int i = 0; i < 8; i++)
		a.b[15 - i] = (uint8_t)(host >> 8 * i);
	return a;
}

void
sim_flows_set(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	struct sim_flows *f = &w->flows[n->index][a->session];

	if (a->flows != NULL && !n->forward[a->session].set)
		sim_fault(w, SIM_INV_ROWS, "%s speaks of flows of session %u, which it does not forward",
			  sim_node_name(w, n->index), a->session);
	*f = (struct sim_flows){0};
	for (unsigned int i = 0; a->flows != NULL && i < a->flows->share_count; i++) {
		const struct pmip_share *s = &a->flows->share[i];
		const struct sim_forward *by = &n->forward[s->session];

		if (by->set)
			f->share[f->share_count++] = (struct sim_share){s->prefix, by->remote, s->idle};
	}
	for (unsigned int i = 0; a->flows != NULL && i < a->flows->rule_count; i++) {
		const struct sim_forward *by = &n->forward[a->flows->rule[i].session];

		if (by->set)
			f->rule[f->rule_count++] = (struct sim_rule){a->flows->rule[i].selector, by->remote};
	}
}

void
sim_aggregate_set(struct sim_world *w, struct sim_node *n, const struct pmip_action *a)
{
	bool set = a->type == PMIP_ACT_AGGREGATE_SET;

	for (unsigned int i = 0; i < SIM_BLOCKS; i++) {
		struct addr_prefix block = sim_block(i);

		if (addr_prefix_equal(&a->aggregate.prefix, &block))
			n->aggregate[i] = set ? a->aggregate.remote : (struct addr6){0};
	}
}

/* The session that is forwarded what is for this address, or SIM_SESSIONS_MAX. */
static unsigned int
session_of(const struct sim_node *n, const struct addr6 *a)
{
	for (unsigned int i = 0; i < SIM_SESSIONS_MAX; i++)
		for (unsigned int k = 0; n->forward[i].set && k < n->forward[i].prefix_count; k++)
			if (addr_prefix_holds(&n->forward[i].prefix[k], a))
				return i;
	return SIM_SESSIONS_MAX;
}

/* Of nobody in particular: the gateway's whose aggregate it is in, zero where it leads nowhere. */
static struct addr6
way_of_aggregate(const struct sim_node *n, const struct addr6 *a)
{
	for (unsigned int i = 0; i < SIM_BLOCKS; i++) {
		struct addr_prefix block = sim_block(i);

		if (addr_prefix_holds(&block, a))
			return n->aggregate[i];
	}
	return (struct addr6){0};
}

/* Where a packet to a mobile node goes by what was set. */
static struct addr6
way_down(const struct sim_world *w, const struct sim_node *n, const struct selector_packet *p)
{
	unsigned int session = session_of(n, &p->dst);
	const struct sim_flows *f;

	if (session == SIM_SESSIONS_MAX)
		return way_of_aggregate(n, &p->dst);
	f = &w->flows[n->index][session];
	for (unsigned int i = 0; i < f->rule_count; i++)
		if (selector_matches(&f->rule[i].selector, p))
			return f->rule[i].remote;
	return n->forward[session].remote;
}

/* Whether a packet from a mobile node is taken of this gateway. */
static bool
is_taken(const struct sim_world *w, const struct sim_node *n, const struct addr6 *src, const struct addr6 *gateway)
{
	unsigned int session = session_of(n, src);
	const struct sim_flows *f;
	struct addr6 way;

	if (session == SIM_SESSIONS_MAX) {
		way = way_of_aggregate(n, src);
		return addr6_equal(&way, gateway);
	}
	f = &w->flows[n->index][session];
	for (unsigned int i = 0; i < f->share_count; i++)
		if (!f->share[i].idle && addr_prefix_holds(&f->share[i].prefix, src) &&
		    addr6_equal(&f->share[i].remote, gateway))
			return true;
	return addr6_equal(&n->forward[session].remote, gateway);
}

static void
look(const struct sim_world *w, const struct sim_node *n, int mn, struct shown *out)
{
	struct lma_row_at at = {0};

	out->row_count = out->flow_count = 0;
	while (out->row_count < ROWS_MAX && lma_next_row(n->lma, &w->mn_id[mn], &at, &out->row[out->row_count]))
		out->row_count++;
	while (out->flow_count < PMIP_FLOWS_MAX &&
	       lma_next_flow(n->lma, &w->mn_id[mn], out->flow_count, &out->flow[out->flow_count]))
		out->flow_count++;
}

static const struct lma_row_view *
row_find(const struct shown *s, const struct addr_prefix *p, uint32_t session)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (s->row[i].kind != LMA_ROW_AGGREGATE && s->row[i].session == session &&
		    addr_prefix_equal(&s->row[i].prefix, p))
			return &s->row[i];
	return NULL;
}

static bool
is_active(const struct lma_row_view *r)
{
	return r != NULL && !r->idle;
}

/* A flow takes a session that has, with traffic, whatever of the owner's prefixes it can be sent to. */
static bool
can_take(const struct shown *s, const struct lma_flow_view *f, uint32_t owner)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct lma_row_view *r = &s->row[i];
		struct addr6 last = sim_address_in(&r->prefix, UINT64_MAX);

		if (r->kind == LMA_ROW_AGGREGATE || !r->owned || r->session != owner)
			continue;
		if ((f->selector.fields & SELECTOR_DST) &&
		    (memcmp(&last, &f->selector.dst[0], sizeof(last)) < 0 ||
		     memcmp(&r->prefix.addr, &f->selector.dst[1], sizeof(last)) > 0))
			continue;
		if (!is_active(row_find(s, &r->prefix, f->session)))
			return false;
	}
	return true;
}

/* Where a packet to a prefix that this row owns goes by what is shown. */
static struct addr6
way_shown(const struct sim_node *n, const struct shown *s, const struct lma_row_view *owner,
	  const struct selector_packet *p)
{
	uint32_t session = owner->session;
	struct lma_view v;

	for (unsigned int i = 0; i < s->flow_count; i++) {
		const struct lma_flow_view *f = &s->flow[i];

		if (!f->active || !selector_matches(&f->selector, p) || !can_take(s, f, owner->session))
			continue;
		session = f->session;
		break;
	}
	return lma_find(n->lma, session, &v) ? v.proxy_coa : (struct addr6){0};
}

/* Packets of a flow, at both ends of its ranges, and one that is of none. */
static unsigned int
make_probes(const struct shown *s, const struct addr_prefix *prefix, uint64_t chance,
	    struct selector_packet out[PROBES_MAX])
{
	const struct selector_packet plain = {.fields = UINT8_MAX & ~SELECTOR_SPI,
					      .protocol = 58,
					      .src = {{0x20, 0x01, 0x0d, 0xb8, 0xcc, [15] = 1}},
					      .dst = sim_address_in(prefix, chance)};
	unsigned int count = 0;

	out[count++] = plain;
	for (unsigned int i = 0; i < 2 * s->flow_count; i++) {
		const struct selector *f = &s->flow[i / 2].selector;
		struct selector_packet p = plain;

		p.protocol = f->fields & SELECTOR_PROTOCOL ? f->protocol[0] : chance >> i & 1 ? 6 : 17;
		p.src_port =
			f->fields & SELECTOR_SRC_PORT ? f->src_port[i % 2] : (uint16_t)(chance >> i & 1 ? 80 : 5004);
		p.dst_port = f->fields & SELECTOR_DST_PORT ? f->dst_port[i % 2] : (uint16_t)(chance >> i);
		p.traffic_class = f->fields & SELECTOR_TRAFFIC_CLASS ? f->traffic_class[0] : 0;
		out[count++] = p;
	}
	return count;
}

static void
check_down(struct sim_world *w, struct sim_node *n, int mn, const struct shown *s, const struct lma_row_view *owner)
{
	struct selector_packet probe[PROBES_MAX];
	uint64_t chance = (w->now_ms + 1) * 0x9e3779b97f4a7c15u + owner->session;
	unsigned int count = make_probes(s, &owner->prefix, chance, probe);

	for (unsigned int i = 0; i < count; i++) {
		struct addr6 is = way_down(w, n, &probe[i]), ought = way_shown(n, s, owner, &probe[i]);
		char text[ADDR_PREFIX_TEXT], a[ADDR6_TEXT], b[ADDR6_TEXT];

		w->coverage.judged[SIM_INV_ROWS]++;
		if (!addr6_equal(&is, &ought))
			sim_fault(w, SIM_INV_ROWS, "%s sends a packet of flow probe %u to %s of mn%d to %s, not to %s",
				  sim_node_name(w, n->index), i, addr_prefix_format(&owner->prefix, text), mn,
				  addr6_format(&is, a), addr6_format(&ought, b));
	}
}

/* Taken of the gateways alone where the prefix has traffic. */
static void
check_up(struct sim_world *w, struct sim_node *n, int mn, const struct shown *s, const struct lma_row_view *owner)
{
	struct addr6 src = sim_address_in(&owner->prefix, w->now_ms);
	char text[ADDR_PREFIX_TEXT];

	for (unsigned int g = w->plan.lmas; g < w->nodes; g++) {
		bool ought = false;
		struct lma_view v;

		for (unsigned int i = 0; i < s->row_count; i++)
			ought = ought || (s->row[i].kind != LMA_ROW_AGGREGATE && !s->row[i].idle &&
					  addr_prefix_equal(&s->row[i].prefix, &owner->prefix) &&
					  lma_find(n->lma, s->row[i].session, &v) && v.state == LMA_ACTIVE &&
					  addr6_equal(&v.proxy_coa, &w->node[g].address));
		if (ought != is_taken(w, n, &src, &w->node[g].address))
			sim_fault(w, SIM_INV_ROWS, "%s %s packets of %s from %s, of mn%d", sim_node_name(w, n->index),
				  ought ? "does not take" : "takes", addr_prefix_format(&owner->prefix, text),
				  sim_node_name(w, g), mn);
	}
}

/* A prefix has one owner, a session has it once. */
static void
check_one_owner(struct sim_world *w, struct sim_node *n, int mn, const struct shown *s)
{
	char text[ADDR_PREFIX_TEXT];

	for (unsigned int i = 0; i < s->row_count; i++) {
		unsigned int owners = 0, twice = 0;

		if (s->row[i].kind == LMA_ROW_AGGREGATE)
			continue;
		for (unsigned int k = 0; k < s->row_count; k++) {
			if (s->row[k].kind == LMA_ROW_AGGREGATE ||
			    !addr_prefix_equal(&s->row[i].prefix, &s->row[k].prefix))
				continue;
			owners += s->row[k].owned;
			twice += s->row[k].session == s->row[i].session;
		}
		if (owners != 1 || twice != 1 || (s->row[i].owned && s->row[i].idle))
			sim_fault(w, SIM_INV_ROWS, "%s of mn%d has %u owners at %s, and its session has it %u times%s",
				  addr_prefix_format(&s->row[i].prefix, text), mn, owners, sim_node_name(w, n->index),
				  twice, s->row[i].idle ? ", idle" : "");
	}
}

static void
check_mn(struct sim_world *w, struct sim_node *n, int mn)
{
	struct lma_view v;
	struct shown s;

	look(w, n, mn, &s);
	check_one_owner(w, n, mn, &s);
	for (unsigned int i = 0; i < s.row_count && !w->result.failed; i++) {
		if (s.row[i].kind == LMA_ROW_AGGREGATE || !s.row[i].owned || !lma_find(n->lma, s.row[i].session, &v) ||
		    v.state != LMA_ACTIVE)
			continue;
		check_down(w, n, mn, &s, &s.row[i]);
		check_up(w, n, mn, &s, &s.row[i]);
	}
}

/* What is nobody's in particular goes to the gateway that may have cut it, and nowhere from a block that is nobody's.
 */
static void
check_blocks(struct sim_world *w, struct sim_node *n)
{
	for (unsigned int i = 0; i < SIM_BLOCKS && w->plan.temporal > 0; i++) {
		struct addr_prefix block = sim_block(i);
		struct addr6 a = sim_address_in(&block, w->now_ms), ought = sim_block_gateway(w, n, i);
		struct selector_packet p = {.fields = SELECTOR_DST, .dst = a};
		struct addr6 is = way_down(w, n, &p);

		if (!addr6_equal(&is, &ought))
			sim_fault(w, SIM_INV_ROWS, "%s sends aggregate %u elsewhere than its settings have it",
				  sim_node_name(w, n->index), i);
	}
}

/* Between a step and the tick that it asks for nothing is promised, nor while something cannot be set. */
bool
sim_is_settled(const struct sim_world *w, const struct sim_node *n)
{
	uint64_t due = n->more ? 0 : n->lma != NULL ? lma_due(n->lma) : mag_due(n->mag);

	return due > SIM_BOOTED_MS + w->now_ms && n->fail_next == 0 &&
	       (n->failed_ms == 0 || w->now_ms > n->failed_ms + SIM_RETRY_MS);
}

void
sim_check_rows(struct sim_world *w, struct sim_node *n)
{
	if (n->lma == NULL || !sim_is_settled(w, n))
		return;
	check_blocks(w, n);
	for (unsigned int mn = 0; mn < w->plan.two_interfaces && !w->result.failed; mn++)
		if (sim_is_multi(w, (int)mn))
			check_mn(w, n, (int)mn);
}

static bool
forwards(const struct sim_forward *f, const struct addr_prefix *p)
{
	for (unsigned int i = 0; f->set && i < f->prefix_count; i++)
		if (addr_prefix_equal(&f->prefix[i], p))
			return true;
	return false;
}

/* What is lent to a link of a gateway where another link of the mobile node has it goes there. */
static bool
is_lent_here(const struct sim_world *w, unsigned int i, const struct sim_node *mag, const struct addr_prefix *p)
{
	const struct sim_if *other = &w->iface[i ^ 1];

	for (unsigned int k = 0; k < SIM_SESSIONS_MAX; k++)
		if (other->spot != SIM_NOBODY && mag->forward[k].set &&
		    mag->forward[k].host == other->host[other->spot] && forwards(&mag->forward[k], p))
			return true;
	return false;
}

/* A gateway that lost its state cuts anew what it gave to others before, some of whom have it still by another way. */
static bool
is_cut_again(const struct sim_world *w, const struct sim_node *mag, const struct addr_prefix *p)
{
	return mag->crashes > 0 && sim_is_cut_from(w, &w->node[0], mag, p);
}

/* What the gateway of an interface and its anchor think otherwise of its prefixes, or NULL. */
const char *
sim_why_apart(const struct sim_world *w, unsigned int i, const struct sim_node *mag, const struct sim_node *lma)
{
	const struct sim_if *f = &w->iface[i];
	const struct sim_forward *at = NULL;
	uint32_t session = PMIP_SESSION_NONE;
	struct lma_view v;
	struct shown s;

	look(w, lma, (int)(i / 2), &s);
	for (unsigned int k = 0; k < SIM_SESSIONS_MAX; k++)
		if (mag->forward[k].set && mag->forward[k].host == f->host[f->spot])
			at = &mag->forward[k];
	if (at == NULL)
		return "its gateway does not serve it";
	for (uint32_t k = 0; lma_next(lma->lma, k, &v); k = v.session + 1)
		if (v.state == LMA_ACTIVE && v.access_tech == sim_access_tech(i) &&
		    pmip_mn_id_equal(&v.mn_id, &w->mn_id[i / 2]) && addr6_equal(&v.proxy_coa, &mag->address) &&
		    (session == PMIP_SESSION_NONE || row_find(&s, &at->prefix[0], v.session) != NULL))
			session = v.session;
	if (session == PMIP_SESSION_NONE)
		return "its anchor has no session of it there";
	if (sim_are_other_keys(&lma->forward[session], at))
		return "its anchor and its gateway have other GRE keys";
	for (unsigned int k = 0; k < s.row_count; k++) {
		const struct lma_row_view *r = &s.row[k];

		if (r->kind == LMA_ROW_AGGREGATE || r->session != session)
			continue;
		if (!r->idle && !forwards(at, &r->prefix) && !(r->off_link && is_lent_here(w, i, mag, &r->prefix)))
			return "its gateway does not forward what its anchor sends there";
		if (r->idle && w->plan.vendor && forwards(at, &r->prefix))
			return "its gateway takes for active what its anchor has idle there";
	}
	for (unsigned int k = 0; k < at->prefix_count; k++) {
		const struct lma_row_view *r = row_find(&s, &at->prefix[k], session);
		struct addr6 a = sim_address_in(&at->prefix[k], w->now_ms);

		if (r == NULL && !is_taken(w, lma, &a, &mag->address) && !is_cut_again(w, mag, &at->prefix[k]))
			return "its gateway forwards what its anchor does not send there";
	}
	return NULL;
}
