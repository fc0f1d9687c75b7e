/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Steps of the PMIPv6 engines and what they ask for. A list of actions is a transaction: it is carried out in order,
 * and when an action fails the rest is dropped and the engine is told.
 */
#include <errno.h>
#include <stdlib.h>

#include "policy/policy.h"
#include "state.h"

_Static_assert(ND_PREFIX_MAX >= MH_HNP_MAX, "all prefixes of a session are advertised");

static void
lma_step_any(void *self, const struct pmip_event *e, struct pmip_actions *out)
{
	lma_step(self, e, out);
}

static uint64_t
lma_due_any(const void *self)
{
	return lma_due(self);
}

static void
mag_step_any(void *self, const struct pmip_event *e, struct pmip_actions *out)
{
	mag_step(self, e, out);
}

static uint64_t
mag_due_any(const void *self)
{
	return mag_due(self);
}

static void
heartbeat_step_any(void *self, const struct pmip_event *e, struct pmip_actions *out)
{
	pmip_heartbeat_step(self, e, out);
}

static uint64_t
heartbeat_due_any(const void *self)
{
	return pmip_heartbeat_due(self);
}

int
ctl_engine_init(struct ctl *c)
{
	c->heartbeats = (struct ctl_engine){
		.self = c->heartbeat, .step = heartbeat_step_any, .due = heartbeat_due_any, .name = "heartbeat"};
	c->lma = (struct ctl_engine){.self = c->s.lma,
				     .step = lma_step_any,
				     .due = lma_due_any,
				     .base = 0,
				     .sessions = c->s.lma != NULL ? c->s.lma_sessions : 0,
				     .name = "lma"};
	c->mag = (struct ctl_engine){.self = c->s.mag,
				     .step = mag_step_any,
				     .due = mag_due_any,
				     .base = c->lma.sessions,
				     .sessions = c->s.mag != NULL ? c->s.mag_sessions : 0,
				     .name = "mag"};
	c->lma.forward = calloc(c->lma.sessions + 1, sizeof(*c->lma.forward));
	c->mag.forward = calloc(c->mag.sessions + 1, sizeof(*c->mag.forward));
	c->loopback = calloc(CTL_LOOPBACK, sizeof(*c->loopback));
	c->lma.prefixes = calloc(c->lma.sessions + 1, sizeof(*c->lma.prefixes));
	c->mag.prefixes = calloc(c->mag.sessions + 1, sizeof(*c->mag.prefixes));
	if (c->lma.forward == NULL || c->mag.forward == NULL || c->lma.prefixes == NULL || c->mag.prefixes == NULL ||
	    c->loopback == NULL)
		return -ENOMEM;
	for (unsigned int i = 0; i < CTL_DEPTH; i++) {
		c->actions[i] = calloc(1, sizeof(*c->actions[i]));
		c->access_actions[i] = calloc(1, sizeof(*c->access_actions[i]));
		c->host_actions[i] = calloc(1, sizeof(*c->host_actions[i]));
		if (c->actions[i] == NULL || c->access_actions[i] == NULL || c->host_actions[i] == NULL)
			return -ENOMEM;
	}
	return 0;
}

void
ctl_engine_fini(struct ctl *c)
{
	free(c->lma.forward);
	free(c->mag.forward);
	free(c->lma.prefixes);
	free(c->mag.prefixes);
	free(c->loopback);
	for (unsigned int i = 0; i < CTL_DEPTH; i++) {
		free(c->actions[i]);
		free(c->access_actions[i]);
		free(c->host_actions[i]);
	}
}

static int
act_send(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	/* A message that could not be handed to a worker is one that the wire lost; the protocol sends it again. */
	ctl_signalling_send(c, engine, &a->send.src, &a->send.dst, &a->send.msg);
	return 0;
}

static int
act_forward_hold(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	ctl_forward_hold(c, engine, a->session);
	return 0;
}

static int
act_forward_clear(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	ctl_forward_clear(c, engine, a->session);
	return 0;
}

static int
act_ask_policy(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	struct pmip_event e = {.type = PMIP_EV_POLICY, .policy = {.token = a->ask.token}};

	e.policy.found = policy_find_by_id(c->s.policy, &a->ask.mn_id, &e.policy.profile);
	ctl_engine_step(c, engine, &e);
	return 0;
}

static int
act_access_set(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	const struct ctl_forward *f = &engine->forward[a->session];
	const struct fwd_tunnel *t = f->tunnel != 0 ? fwd_tunnel_find(c->s.fwd, f->tunnel) : NULL;
	struct access_event e = {.type = ACCESS_EV_SERVE,
				 .serve = {.host = a->access.host,
					   .link_local = a->access.link_local,
					   .lifetime_s = a->access.lifetime_s,
					   .mtu = t != NULL ? t->mtu : 0,
					   .prefix_count = a->access.prefix_count,
					   .deprecated = a->access.deprecated}};

	for (unsigned int i = 0; i < a->access.prefix_count; i++)
		e.serve.prefix[i] = a->access.prefix[i];
	ctl_forward_confirm(c, engine, a->session);
	ctl_access_step(c, &e);
	return 0;
}

static int
act_access_clear(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_UNSERVE, .host = a->access.host});
	return 0;
}

static int
act_publish(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	ctl_publish(c, engine, a);
	return 0;
}

/* What became of a peer, for the engines that have sessions with it. */
static int
act_peer(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	struct pmip_event e = {.type = PMIP_EV_PEER,
			       .peer = {.peer = a->peer.peer, .change = a->peer.change, .since_ms = a->peer.since_ms}};

	ctl_peer_changed(c, &a->peer.peer, a->peer.change);
	if (c->s.lma != NULL && addr6_equal(&a->peer.local, &c->s.lma_address))
		ctl_engine_step(c, &c->lma, &e);
	if (c->s.mag != NULL && addr6_equal(&a->peer.local, &c->s.mag_address))
		ctl_engine_step(c, &c->mag, &e);
	ctl_tunnel_heartbeats(c, &a->peer.local, &a->peer.peer);
	return 0;
}

typedef int act_fn(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a);

static act_fn *const act[] = {
	[PMIP_ACT_SEND] = act_send,
	[PMIP_ACT_FORWARD_SET] = ctl_forward_set,
	[PMIP_ACT_FORWARD_HOLD] = act_forward_hold,
	[PMIP_ACT_FORWARD_CLEAR] = act_forward_clear,
	[PMIP_ACT_ASK_POLICY] = act_ask_policy,
	[PMIP_ACT_ACCESS_SET] = act_access_set,
	[PMIP_ACT_ACCESS_CLEAR] = act_access_clear,
	[PMIP_ACT_PUBLISH] = act_publish,
	[PMIP_ACT_PEER] = act_peer,
	[PMIP_ACT_FLOWS] = ctl_forward_flows,
	[PMIP_ACT_AGGREGATE_SET] = ctl_aggregate_set,
	[PMIP_ACT_AGGREGATE_CLEAR] = ctl_aggregate_clear,
};

void
ctl_engine_step(struct ctl *c, struct ctl_engine *engine, struct pmip_event *e)
{
	struct pmip_actions *out;
	int error;

	if (c->depth == CTL_DEPTH) {
		/* Cannot be: the deepest chain is message, policy answer, failed effect. */
		log_write(LOG_ERROR, "ctl", "a step of an engine was left out engine=%s", engine->name);
		return;
	}
	out = c->actions[c->depth++];
	out->count = 0;
	out->more = false;
	e->now = c->now;
	engine->step(engine->self, e, out);
	engine->more = engine->more || out->more;
	ctl_history_step(c, engine, out);
	for (unsigned int i = 0; i < out->count; i++) {
		const struct pmip_action *a = &out->list[i];

		error = act[a->type](c, engine, a);
		if (error < 0) {
			ctl_engine_step(c, engine,
					&(struct pmip_event){.type = PMIP_EV_EFFECT_FAILED,
							     .failed = {.action = a, .error = error}});
			break;
		}
	}
	c->depth--;
}
