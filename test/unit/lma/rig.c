/* SPDX-License-Identifier: BSD-3-Clause */
#include "rig.h"

#include "mh/vendor.h"

#include <stdio.h>
#include <string.h>

#define WALL_START ((uint64_t)1800000000 << 16)

struct addr6
rig_addr(const char *text)
{
	struct addr6 a = {0};

	CU_ASSERT_FATAL(addr6_parse(text, &a) == 0);
	return a;
}

struct addr_prefix
rig_prefix(const char *text)
{
	struct addr_prefix p = {0};

	CU_ASSERT_FATAL(addr_prefix_parse(text, &p) == 0);
	return p;
}

struct addr6
rig_mag(unsigned int mag)
{
	struct addr6 a = rig_addr("2001:db8:100::");

	a.b[15] = (uint8_t)(mag + 1);
	return a;
}

void
rig_settings(struct rig *r)
{
	memset(r, 0, sizeof(*r));
	r->now = (struct clock_now){.mono_ms = 1000, .wall = WALL_START};
	r->peer[0] = (struct pmip_peer_settings){.name = "mags", .address = rig_prefix("2001:db8:100::/64")};
	r->pool[0] =
		(struct pmip_pool_settings){.name = "internet", .block = rig_prefix("2001:db8:1000::/48"), .len = 64};
	r->pool[1] = (struct pmip_pool_settings){.name = "small", .block = rig_prefix("2001:db8:2000::/62"), .len = 64};
	r->s = (struct lma_settings){.address = rig_addr("2001:db8:100::1"),
				     .sessions_max = RIG_SESSIONS,
				     .lifetime_max_s = 3600,
				     .proxy_registration = true,
				     .timestamps = true,
				     .timers = pmip_timers_default(),
				     .secret = {{1, 2}},
				     .peer_count = 1,
				     .peers = r->peer,
				     .pool_count = 2,
				     .pools = r->pool};
	r->s.timers.peer_grace_ms = 0; /* cases say when there is any */
}

void
rig_start(struct rig *r)
{
	r->l = lma_new(&r->s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r->l);
}

void
rig_open(struct rig *r)
{
	rig_settings(r);
	rig_start(r);
}

int
rig_change(struct rig *r, const struct lma_settings *s, struct lma_change_refusal *why)
{
	struct lma_change *c = lma_change_new(s);
	int rc;

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	rc = lma_change_check(c, r->l, UINT32_MAX, why);
	if (rc == 0)
		lma_change_apply(r->l, c);
	lma_change_free(c);
	return rc;
}

void
rig_close(struct rig *r)
{
	CU_ASSERT_EQUAL(lma_refused_transitions(r->l), 0);
	CU_ASSERT(rig_sound(r));
	lma_free(r->l);
}

static void
trace(struct rig *r, char c)
{
	size_t len = strlen(r->trace);

	if (len + 1 < sizeof(r->trace))
		r->trace[len] = c;
}

static int
forward_set(struct rig *r, const struct pmip_action *a)
{
	struct rig_forward *f = &r->forward[a->session];

	if (r->forward_error != 0)
		return r->forward_error;
	if (r->forward_fails != 0 && --r->forward_fails == 0)
		return -28;
	CU_ASSERT(addr6_equal(&a->forward.local, &r->s.address));
	CU_ASSERT_FALSE(a->forward.access);
	f->set = true;
	f->held = false;
	f->remote = a->forward.remote;
	f->gre = a->forward.gre;
	f->key_in = a->forward.key_in;
	f->key_out = a->forward.key_out;
	f->prefix_count = a->forward.prefix_count;
	memcpy(f->prefix, a->forward.prefix, sizeof(f->prefix));
	return 0;
}

static struct rig_forward *
forward_of(struct rig *r, const struct pmip_action *a)
{
	struct rig_forward *f = &r->forward[a->session];

	CU_ASSERT(f->set);
	/* What has just come from a session that ended may not have been set. */
	if (r->s.multihoming.flow_mobility)
		return f;
	CU_ASSERT_EQUAL(f->prefix_count, a->forward.prefix_count);
	CU_ASSERT(memcmp(f->prefix, a->forward.prefix, sizeof(f->prefix)) == 0);
	return f;
}

static int
flows_set(struct rig *r, const struct pmip_action *a)
{
	CU_ASSERT(r->forward[a->session].set);
	if ((r->flows_fail != 0 && --r->flows_fail == 0) || (a->session < 32 && r->flows_never & 1u << a->session))
		return -28;
	r->flows[a->session] = a->flows != NULL ? *a->flows : (struct pmip_flows){0};
	return 0;
}

static void
answered(struct rig *r, const struct pmip_action *a)
{
	if (a->send.msg.type != MH_PBA) {
		r->told++;
		r->said = a->send.msg;
		r->said_to = a->send.dst;
		return;
	}
	r->answers++;
	r->pba = a->send.msg;
	r->pba_src = a->send.src;
	r->pba_dst = a->send.dst;
}

static void
answer_policy(struct rig *r, uint32_t token, const struct pmip_mn_id *id)
{
	struct pmip_event e = {.type = PMIP_EV_POLICY,
			       .policy = {.token = token, .found = !r->policy_unknown, .profile = r->profile}};

	if (id != NULL)
		e.policy.profile.mn_id = *id;
	rig_step(r, &e);
}

void
rig_answer_policy(struct rig *r)
{
	answer_policy(r, r->token, NULL);
}

static void
route(struct rig *r, const struct pmip_action *a, bool set)
{
	unsigned int i = 0;

	while (i < r->aggregates && !addr_prefix_equal(&r->aggregate[i].prefix, &a->aggregate.prefix))
		i++;
	CU_ASSERT(addr6_equal(&a->aggregate.local, &r->s.address));
	CU_ASSERT_FATAL(set ? i < PMIP_AGGREGATES_MAX : i < r->aggregates);
	if (!set) {
		r->aggregate[i] = r->aggregate[--r->aggregates];
		return;
	}
	r->aggregates += i == r->aggregates;
	r->aggregate[i] = (struct pmip_aggregate){a->aggregate.remote, a->aggregate.prefix};
}

static int
apply(struct rig *r, const struct pmip_action *a)
{
	switch (a->type) {
	case PMIP_ACT_SEND:
		trace(r, 'S');
		answered(r, a);
		return 0;
	case PMIP_ACT_FORWARD_SET:
		trace(r, 'F');
		return forward_set(r, a);
	case PMIP_ACT_FORWARD_HOLD:
		trace(r, 'H');
		forward_of(r, a)->held = true;
		return 0;
	case PMIP_ACT_FORWARD_CLEAR:
		trace(r, 'C');
		forward_of(r, a)->set = false;
		r->flows[a->session] = (struct pmip_flows){0};
		return 0;
	case PMIP_ACT_ASK_POLICY:
		trace(r, 'A');
		r->questions++;
		r->token = a->ask.token;
		if (r->policy_fails)
			return -5;
		if (!r->policy_silent)
			answer_policy(r, a->ask.token, &a->ask.mn_id);
		return 0;
	case PMIP_ACT_FLOWS:
		trace(r, 'W');
		return flows_set(r, a);
	case PMIP_ACT_AGGREGATE_SET:
		trace(r, 'G');
		route(r, a, true);
		return 0;
	case PMIP_ACT_AGGREGATE_CLEAR:
		trace(r, 'g');
		route(r, a, false);
		return 0;
	case PMIP_ACT_PUBLISH:
		trace(r, 'P');
		r->published[a->publish.what]++;
		if (a->publish.flow != 0)
			r->flow = a->publish.flow;
		return 0;
	default:
		CU_FAIL("an anchor has no use for this action");
		return 0;
	}
}

bool
rig_step_once(struct rig *r, struct pmip_event *e)
{
	struct pmip_actions out = {0};
	bool more;

	e->now = r->now;
	lma_step(r->l, e, &out);
	more = out.more;
	r->lists++;
	if (out.count > r->list_most)
		r->list_most = out.count;
	for (unsigned int i = 0; i < out.count; i++) {
		int error = apply(r, &out.list[i]);

		if (error == 0)
			continue;
		rig_step(r, &(struct pmip_event){.type = PMIP_EV_EFFECT_FAILED,
						 .failed = {.action = &out.list[i], .error = error}});
		break;
	}
	return more;
}

void
rig_step(struct rig *r, struct pmip_event *e)
{
	bool more = rig_step_once(r, e);

	while (more)
		more = rig_step_once(r, &(struct pmip_event){.type = PMIP_EV_TICK});
}

static void
pass(struct rig *r, uint64_t to_ms)
{
	if (to_ms <= r->now.mono_ms)
		return;
	r->now.wall += clock_wall_of_ms(to_ms - r->now.mono_ms);
	r->now.mono_ms = to_ms;
}

void
rig_wait(struct rig *r, uint64_t ms)
{
	uint64_t end = r->now.mono_ms + ms;

	memset(r->trace, 0, sizeof(r->trace));
	while (lma_due(r->l) <= end) {
		pass(r, lma_due(r->l));
		rig_step(r, &(struct pmip_event){.type = PMIP_EV_TICK});
	}
	pass(r, end);
}

struct addr6
rig_source(const struct pbu *p)
{
	return p->src != NULL ? rig_addr(p->src) : rig_mag(p->mag != 0 ? p->mag : 1);
}

static void
put_prefixes(struct mh_msg *m, const struct pbu *p)
{
	if (p->no_hnp)
		return;
	if (p->hnp[0] == NULL)
		mh_add_hnp(m, &(struct addr_prefix){0});
	for (unsigned int i = 0; p->hnp[i] != NULL; i++) {
		struct addr_prefix prefix = rig_prefix(p->hnp[i]);

		mh_add_hnp(m, &prefix);
	}
}

static void
put_identity(struct mh_msg *m, const struct pbu *p)
{
	const char *mn = p->mn != NULL ? p->mn : "mn1@example.com";

	if (!p->no_mn_id) {
		mh_set(m, MH_OPT_MN_ID);
		m->opt.mn_id.subtype = 1;
		m->opt.mn_id.len = (uint8_t)strlen(mn);
		memcpy(m->opt.mn_id.id, mn, strlen(mn));
	}
	if (p->ll != 0) {
		mh_set(m, MH_OPT_MN_LINK_LAYER_ID);
		m->opt.mn_ll_id = (struct mh_opt_mn_ll_id){.len = 6, .id = {2, 0, 0, 0, 0xaa, p->ll}};
	}
}

static void
put_later_options(struct mh_msg *m, const struct pbu *p)
{
	if (p->service != NULL) {
		mh_set(m, MH_OPT_SERVICE_SELECTION);
		m->opt.service.len = (uint8_t)strlen(p->service);
		memcpy(m->opt.service.id, p->service, m->opt.service.len);
	}
	if (p->group != 0) {
		m->pbu.flags |= p->no_bulk ? 0 : MH_PBU_B;
		mh_set(m, MH_OPT_MN_GROUP_ID);
		m->opt.group = (struct mh_opt_group){MH_GROUP_BULK, p->group};
	}
	for (unsigned int i = 0; i < MH_VENDOR_MAX && p->temporal[i] != NULL; i++) {
		bool idle = p->temporal[i][0] == '-';
		struct mh_vendor_prefix v = {.flags = 0xc0 | (idle ? MH_VENDOR_IDLE : 0),
					     .prefix = rig_prefix(p->temporal[i] + idle)};

		mh_vendor_add_prefix(m, RIG_VENDOR, &v);
	}
	if (p->gre) {
		mh_set(m, MH_OPT_GRE_KEY);
		m->opt.gre_key = (struct mh_opt_gre_key){.given = true, .key = p->gre_key};
	}
}

struct mh_msg
rig_message(struct rig *r, const struct pbu *p)
{
	struct mh_msg m = {.type = MH_PBU};

	m.pbu.flags = MH_PBU_P | MH_PBU_A;
	m.pbu.lifetime = p->dereg ? 0 : p->lifetime != 0 ? p->lifetime : 900;
	m.pbu.sequence = p->sequence != 0 ? p->sequence : ++r->sequence;
	put_identity(&m, p);
	put_prefixes(&m, p);
	if (!p->no_handoff) {
		mh_set(&m, MH_OPT_HANDOFF_INDICATOR);
		m.opt.handoff.value = p->handoff != 0 ? p->handoff : MH_HANDOFF_NEW_INTERFACE;
	}
	if (!p->no_access_tech) {
		mh_set(&m, MH_OPT_ACCESS_TECH_TYPE);
		m.opt.access_tech.value = p->access_tech != 0 ? p->access_tech : MH_ATT_WLAN;
	}
	if (!p->no_timestamp) {
		uint64_t off = clock_wall_of_ms((uint64_t)(p->timestamp_ms < 0 ? -p->timestamp_ms : p->timestamp_ms));

		mh_set(&m, MH_OPT_TIMESTAMP);
		m.opt.timestamp.wall = p->timestamp_ms < 0 ? r->now.wall - off : r->now.wall + off;
		if (p->timestamp != 0)
			m.opt.timestamp.wall = p->timestamp;
	}
	if (p->alt_coa != NULL) {
		mh_set(&m, MH_OPT_ALTERNATE_COA);
		m.opt.alt_coa.addr = rig_addr(p->alt_coa);
	}
	if (p->link_local != NULL) {
		mh_set(&m, MH_OPT_LINK_LOCAL_ADDRESS);
		m.opt.link_local.addr = rig_addr(p->link_local);
	}
	put_later_options(&m, p);
	return m;
}

int
rig_send_message(struct rig *r, const struct mh_msg *m, const struct addr6 *src)
{
	unsigned int before = r->answers;

	memset(r->trace, 0, sizeof(r->trace));
	rig_step(r, &(struct pmip_event){.type = PMIP_EV_MESSAGE,
					 .message = {.src = *src, .dst = r->s.address, .msg = m}});
	return r->answers == before ? RIG_SILENCE : r->pba.pba.status;
}

int
rig_send(struct rig *r, const struct pbu *p)
{
	struct addr6 src = rig_source(p);
	struct mh_msg m;

	rig_wait(r, 10);
	m = rig_message(r, p);
	return rig_send_message(r, &m, &src);
}

void
rig_acknowledge(struct rig *r, uint8_t status)
{
	struct mh_msg m = {.type = r->said.type == MH_BRI ? MH_BRA : MH_UPA};
	struct addr6 src = r->said_to;

	if (m.type == MH_BRA)
		m.bra = (struct mh_bra){.status = status, .sequence = r->said.bri.sequence, .flags = r->said.bri.flags};
	else
		m.upa = (struct mh_upa){.status = status, .sequence = r->said.upn.sequence};
	rig_send_message(r, &m, &src);
}

const struct lma_view *
rig_only(struct rig *r)
{
	static struct lma_view v;
	struct lma_view other;

	CU_ASSERT_FATAL(lma_next(r->l, 0, &v));
	CU_ASSERT_FALSE(lma_next(r->l, v.session + 1, &other));
	return &v;
}

static bool
forwarded_right(const struct rig *r, const struct lma_view *v)
{
	const struct rig_forward *f = &r->forward[v->session];

	if (f->held != (v->state == LMA_LINGER || v->state == LMA_REVOKING))
		return false;
	if (f->gre != v->gre || (v->keys && (f->key_in != v->key_in || f->key_out != v->key_out)))
		return false;
	return f->set && addr6_equal(&f->remote, &v->proxy_coa) && f->prefix_count == v->prefix_count &&
	       memcmp(f->prefix, v->prefix, v->prefix_count * sizeof(f->prefix[0])) == 0;
}

static bool
shares_prefix(const struct lma_view *a, const struct lma_view *b)
{
	for (unsigned int i = 0; i < a->prefix_count; i++)
		for (unsigned int j = 0; j < b->prefix_count; j++)
			if (addr_prefix_overlaps(&a->prefix[i], &b->prefix[j]))
				return true;
	return false;
}

static bool
has_share(const struct pmip_flows *f, const struct lma_row_view *row)
{
	for (unsigned int i = 0; i < f->share_count; i++)
		if (addr_prefix_equal(&f->share[i].prefix, &row->prefix) && f->share[i].session == row->session)
			return f->share[i].idle == row->idle;
	return false;
}

/* What others have of its prefixes, and what it has of others', is what forwarding was told. */
static bool
shared_right(const struct rig *r, const struct lma_view *v)
{
	const struct pmip_flows *f = &r->flows[v->session];
	unsigned int shares = 0, had = v->prefix_count;
	struct lma_row_at at = {0};
	struct lma_row_view row;
	struct lma_view other;

	while (lma_next_row(r->l, &v->mn_id, &at, &row)) {
		if (row.owned)
			continue;
		if (!lma_find(r->l, row.session, &other) || other.bid != row.bid ||
		    !pmip_mn_id_equal(&other.mn_id, &v->mn_id))
			return false;
		had += row.session == v->session;
		for (unsigned int k = 0; k < v->prefix_count; k++)
			if (addr_prefix_equal(&v->prefix[k], &row.prefix)) {
				if (row.session == v->session)
					return false;
				/* A session that is de-registered, or is being revoked, has no traffic. */
				if (other.state != LMA_ACTIVE)
					continue;
				if (!has_share(f, &row))
					return false;
				shares++;
			}
	}
	for (unsigned int i = 0; i < f->rule_count; i++)
		if (!lma_find(r->l, f->rule[i].session, &other) || other.state != LMA_ACTIVE)
			return false;
	/* One that is between two gateways may have lent all that it has. */
	return shares == f->share_count && (had > 0 || v->state == LMA_LINGER);
}

/* Each of a mobile node's rows has an owner. */
static bool
owned_all(const struct rig *r, const struct lma_view *v)
{
	struct lma_row_at at = {0};
	struct lma_row_view row, owner;

	while (lma_next_row(r->l, &v->mn_id, &at, &row)) {
		struct lma_row_at by = {0};
		bool owned = row.owned;

		while (!owned && lma_next_row(r->l, &v->mn_id, &by, &owner))
			owned = owner.owned && addr_prefix_equal(&owner.prefix, &row.prefix);
		if (!owned)
			return false;
	}
	return true;
}

bool
rig_sound(struct rig *r)
{
	static bool seen[RIG_SESSIONS];
	struct lma_view a, b;

	memset(seen, 0, sizeof(seen));
	for (uint32_t at = 0; lma_next(r->l, at, &a); at = a.session + 1) {
		seen[a.session] = true;
		if (!forwarded_right(r, &a) || !shared_right(r, &a) || !owned_all(r, &a))
			return false;
		for (uint32_t next = a.session + 1; lma_next(r->l, next, &b); next = b.session + 1)
			if (shares_prefix(&a, &b))
				return false;
	}
	for (unsigned int i = 0; i < RIG_SESSIONS; i++)
		if (r->forward[i].set && !seen[i])
			return false;
	return true;
}
