/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How sessions of a mobile node share its prefixes, in the tables. The ways of others are written out in the list of a
 * session: the engine says it anew when one of them goes elsewhere, and until then their tunnels stay.
 */
#include <errno.h>

#include "fwd/flows.h"
#include "state.h"
#include "tun/tun.h"

/* The word of what goes by another session, or FWD_VALUE_NONE while it has no tunnel. */
static uint64_t
way_of(const struct ctl_engine *engine, uint32_t session)
{
	const struct ctl_forward *f;

	if (session >= engine->sessions || engine->forward[session].tunnel == 0)
		return FWD_VALUE_NONE;
	f = &engine->forward[session];
	return fwd_value(f->tunnel, engine->base + session,
			 (f->gre_in != TUN_GRE_NONE ? FWD_GRE : 0) | (f->uncounted ? FWD_UNCOUNTED : 0));
}

/* Those that have a way now; false: none has. */
static bool
make_list(const struct ctl_engine *engine, const struct pmip_flows *flows, struct fwd_flows *list)
{
	uint64_t way;

	list->share_count = list->rule_count = 0;
	for (unsigned int i = 0; i < flows->share_count; i++) {
		const struct pmip_share *s = &flows->share[i];

		way = way_of(engine, s->session);
		if (way != FWD_VALUE_NONE)
			list->share[list->share_count++] = (struct fwd_share){
				.upper_be = addr6_upper_be(&s->prefix.addr), .value = way, .idle = s->idle};
	}
	for (unsigned int i = 0; i < flows->rule_count; i++) {
		const struct pmip_flow_rule *r = &flows->rule[i];

		way = way_of(engine, r->session);
		if (way != FWD_VALUE_NONE)
			list->rule[list->rule_count++] = (struct fwd_rule){.selector = r->selector, .value = way};
	}
	return list->share_count + list->rule_count > 0;
}

/* With each tunnel of a list. */
static void
each_tunnel(struct ctl *c, const struct fwd_flows *list, void (*with)(struct ctl *c, uint32_t tunnel))
{
	for (unsigned int i = 0; i < list->share_count; i++)
		with(c, fwd_value_tunnel(list->share[i].value));
	for (unsigned int i = 0; i < list->rule_count; i++)
		with(c, fwd_value_tunnel(list->rule[i].value));
}

static int
replace(struct ctl *c, uint32_t session, const struct fwd_flows *list)
{
	const struct fwd_flows old = *fwd_flows_get(c->s.fwd, session);
	int rc;

	if (list != NULL)
		each_tunnel(c, list, ctl_tunnel_hold);
	rc = fwd_flows_set(c->s.fwd, session, list);
	if (rc == 0)
		each_tunnel(c, &old, ctl_tunnel_release);
	else if (list != NULL)
		each_tunnel(c, list, ctl_tunnel_release);
	return rc;
}

bool
ctl_forward_has_flows(const struct ctl *c, uint32_t session)
{
	const struct fwd_flows *list = fwd_flows_get(c->s.fwd, session);

	return list->share_count + list->rule_count > 0;
}

void
ctl_forward_drop_flows(struct ctl *c, uint32_t session)
{
	if (ctl_forward_has_flows(c, session))
		replace(c, session, NULL);
}

int
ctl_forward_flows(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	uint32_t session = engine->base + a->session;
	struct fwd_flows list;
	bool some;
	int rc;

	if (!engine->forward[a->session].set)
		return a->flows == NULL ? 0 : -ENOENT;
	some = a->flows != NULL && make_list(engine, a->flows, &list);
	rc = replace(c, session, some ? &list : NULL);
	if (rc == 0)
		ctl_forward_mark(c, engine, a->session);
	return rc;
}
