/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The access links: an attachment becomes a question to policy and an event for the gateway's engine.
 */
#include "policy/policy.h"
#include "state.h"

static struct fwd_host_key
host_key(const struct access_key *k)
{
	return (struct fwd_host_key){.mac = k->mac, .port = k->port, .vlan = k->vlan};
}

static void
act_frame(struct ctl *c, const struct access_action *a)
{
	ctl_send_frame(c, a->frame.port, a->frame.bytes, a->frame.len);
}

static void
act_attached(struct ctl *c, const struct access_action *a)
{
	struct pmip_event e = {.type = PMIP_EV_ATTACH,
			       .attach = {.link = {.host = a->host.host,
						   .port = a->host.key.port,
						   .vlan = a->host.key.vlan,
						   .mac = a->host.key.mac,
						   .access_tech = a->host.access_tech},
					  .handoff = c->told.handoff,
					  .prefix_count = c->told.prefix_count}};

	memcpy(e.attach.prefix, c->told.prefix, sizeof(e.attach.prefix));
	if (!policy_find_by_mac(c->s.policy, &a->host.key.mac, &e.attach.profile)) {
		ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_REFUSE, .host = a->host.host});
		return;
	}
	e.attach.mn_id = e.attach.profile.mn_id;
	if (e.attach.profile.access_tech != 0)
		e.attach.link.access_tech = e.attach.profile.access_tech;
	ctl_engine_step(c, &c->mag, &e);
}

static void
act_detached(struct ctl *c, const struct access_action *a)
{
	ctl_publish_host_left(c, &a->host.key, a->host.why);
	/* By the host alone: what policy says of its MAC address may be another by now. */
	ctl_engine_step(c, &c->mag, &(struct pmip_event){.type = PMIP_EV_DETACH, .detach = {.host = a->host.host}});
}

/* A served host's key already leads to its session, by the engine's forwarding. */
static void
act_host_set(struct ctl *c, const struct access_action *a)
{
	struct fwd_host_key key = host_key(&a->host.key);
	bool known;

	fwd_host_find(c->s.fwd, &key, &known);
	if (!known || a->host.state != ACCESS_SERVED)
		fwd_host_add(c->s.fwd, &key, FWD_NONE);
}

static void
act_host_clear(struct ctl *c, const struct access_action *a)
{
	struct fwd_host_key key = host_key(&a->host.key);

	fwd_host_del(c->s.fwd, &key);
}

static void
act_router_taken(struct ctl *c, const struct access_action *a)
{
	ctl_engine_step(c, &c->mag,
			&(struct pmip_event){.type = PMIP_EV_LINK_LOCAL_TAKEN, .taken = {.host = a->host.host}});
}

typedef void act_fn(struct ctl *c, const struct access_action *a);

static act_fn *const act[] = {
	[ACCESS_ACT_FRAME] = act_frame,		  [ACCESS_ACT_ATTACHED] = act_attached,
	[ACCESS_ACT_DETACHED] = act_detached,	  [ACCESS_ACT_HOST_SET] = act_host_set,
	[ACCESS_ACT_HOST_CLEAR] = act_host_clear, [ACCESS_ACT_ROUTER_TAKEN] = act_router_taken,
};

void
ctl_access_step(struct ctl *c, struct access_event *e)
{
	struct access_actions *out;

	if (c->access_depth == CTL_DEPTH) {
		/* Cannot be: the deepest chain is frame, and the gateway's or policy's answer to it. */
		log_write(LOG_ERROR, "ctl", "a step of the access links was left out");
		return;
	}
	out = c->access_actions[c->access_depth++];
	out->count = 0;
	out->more = false;
	e->now = c->now;
	access_step(c->s.access, e, out);
	c->access_more = c->access_more || out->more;
	for (unsigned int i = 0; i < out->count; i++)
		act[out->list[i].type](c, &out->list[i]);
	c->access_depth--;
}
