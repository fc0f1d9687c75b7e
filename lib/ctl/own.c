/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * This node's own addresses: what the host engine answers, and the neighbours that it finds.
 */
#include "state.h"

static void
act_frame(struct ctl *c, const struct host_action *a)
{
	ctl_send_frame(c, a->port, a->frame.bytes, a->frame.len);
}

static void
act_packet(struct ctl *c, const struct host_action *a)
{
	ctl_send_ip6(c, a->frame.bytes, a->frame.len);
}

static void
act_neighbour(struct ctl *c, const struct host_action *a)
{
	ctl_nexthop_neighbour(c, a->port, &a->neighbour.addr, &a->neighbour.mac, a->neighbour.up);
}

static void
act_address(struct ctl *c, const struct host_action *a)
{
	char text[ADDR6_TEXT];

	addr6_format(&a->address.addr, text);
	if (a->address.usable)
		log_write(LOG_DEBUG, "host", "address usable address=%s port=%s", text,
			  ctl_port_find(c, a->port)->name);
	else
		log_write(LOG_ERROR, "host",
			  "another node on the link has this address, it is not used address=%s port=%s", text,
			  ctl_port_find(c, a->port)->name);
}

/* The engine has counted the packets that waited; their senders' transport notices. */
static void
act_unreachable(struct ctl *c, const struct host_action *a)
{
}

static void
act_path_mtu(struct ctl *c, const struct host_action *a)
{
	ctl_tunnel_path_mtu(c, &a->path_mtu.local, &a->path_mtu.remote, a->path_mtu.mtu);
}

typedef void act_fn(struct ctl *c, const struct host_action *a);

static act_fn *const act[] = {
	[HOST_ACT_FRAME] = act_frame,
	[HOST_ACT_PACKET] = act_packet,
	[HOST_ACT_NEIGHBOUR] = act_neighbour,
	[HOST_ACT_ADDRESS] = act_address,
	[HOST_ACT_UNREACHABLE] = act_unreachable,
	[HOST_ACT_PATH_MTU] = act_path_mtu,
	[HOST_ACT_ERROR] = ctl_relay_error,
};

void
ctl_host_step(struct ctl *c, struct host_event *e)
{
	struct host_actions *out;

	if (c->host_depth == CTL_DEPTH) {
		/* Cannot be: what follows from a neighbour is for the tables alone. */
		log_write(LOG_ERROR, "ctl", "a step of own addresses was left out");
		return;
	}
	out = c->host_actions[c->host_depth++];
	out->count = 0;
	out->more = false;
	e->now = c->now;
	host_step(c->s.host, e, out);
	c->host_more = c->host_more || out->more;
	for (unsigned int i = 0; i < out->count; i++)
		act[out->list[i].type](c, &out->list[i]);
	c->host_depth--;
}
