/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The carrier of ports that are made of a kernel interface: their drivers always say that the link is up, so the kernel
 * is asked by rtnetlink. Losing it detaches the hosts of an access port. An interface is known by its number: another
 * one that has its name later is not the port's.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "state.h"

#define MESSAGES_MAX 8		/* read in a turn; the rest in the next */
#define LOWER_UP     (1u << 16) /* IFF_LOWER_UP of linux/if.h, which does not go with net/if.h */

static const struct {
	const char *word;
	enum ctl_event_kind event;
	const char *text;
} rows[] = {
	[CTL_CARRIER_UP] = {"up", CTL_EVENT_PORT_UP, "port has a carrier"},
	[CTL_CARRIER_DOWN] = {"down", CTL_EVENT_PORT_DOWN, "port has no carrier"},
	[CTL_CARRIER_GONE] = {"gone", CTL_EVENT_PORT_GONE, "the interface of a port was removed"},
};

const char *
ctl_carrier_word(const struct ctl *c, unsigned int port, bool link_up)
{
	enum ctl_carrier now = c->carrier[port];

	return rows[now == CTL_CARRIER_UP && !link_up ? CTL_CARRIER_DOWN : now].word;
}

static void
tell(struct ctl *c, unsigned int i, enum ctl_carrier now)
{
	const struct ctl_port *p = &c->s.ports[i];

	if (c->carrier[i] == now || c->carrier[i] == CTL_CARRIER_GONE)
		return;
	c->carrier[i] = now;
	ctl_event(c, rows[now].event, "ctl", json_pack("{s:s}", "port", p->name), "%s port=%s", rows[now].text,
		  p->name);
	if (p->role == PATH_ACCESS && c->s.access != NULL)
		ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_CARRIER,
							  .carrier = {p->id, now == CTL_CARRIER_UP}});
}

static void
take_link(struct ctl *c, const struct nlmsghdr *h)
{
	const struct ifinfomsg *info = NLMSG_DATA(h);

	/* What a bridge says of its ports has a family: one that leaves it is not removed. */
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*info)) || info->ifi_family != AF_UNSPEC)
		return;
	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (c->carrier_if[i] == info->ifi_index && info->ifi_index != 0)
			tell(c, i,
			     h->nlmsg_type == RTM_DELLINK	 ? CTL_CARRIER_GONE
			     : (info->ifi_flags & LOWER_UP) != 0 ? CTL_CARRIER_UP
								 : CTL_CARRIER_DOWN);
}

/* Ask for all links: at the start, and when the kernel could not keep up. What was removed is not among them. */
static void
ask_all(struct ctl *c)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg info;
	} request = {
		.h = {.nlmsg_len = sizeof(request),
		      .nlmsg_type = RTM_GETLINK,
		      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
	};
	char name[IF_NAMESIZE];

	for (unsigned int i = 0; i < c->s.port_count; i++)
		if (c->s.ports[i].kernel_if[0] != '\0' && if_indextoname((unsigned int)c->carrier_if[i], name) == NULL)
			tell(c, i, CTL_CARRIER_GONE);
	if (send(c->carrier_fd, &request, sizeof(request), 0) < 0)
		log_write(LOG_ERROR, "ctl", "cannot ask for the state of links error=%s", strerror(errno));
}

void
ctl_carrier_read(struct ctl *c)
{
	union {
		struct nlmsghdr h;
		char bytes[16384];
	} buffer;

	for (unsigned int i = 0; i < MESSAGES_MAX; i++) {
		ssize_t got = recv(c->carrier_fd, &buffer, sizeof(buffer), MSG_DONTWAIT);
		int left = (int)got;

		if (got < 0) {
			if (errno == ENOBUFS)
				ask_all(c);
			return;
		}
		for (const struct nlmsghdr *h = &buffer.h; NLMSG_OK(h, (unsigned int)left); h = NLMSG_NEXT(h, left))
			if (h->nlmsg_type == RTM_NEWLINK || h->nlmsg_type == RTM_DELLINK)
				take_link(c, h);
	}
}

int
ctl_carrier_init(struct ctl *c)
{
	const struct sockaddr_nl groups = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	bool wanted = false;

	for (unsigned int i = 0; i < c->s.port_count; i++) {
		const char *name = c->s.ports[i].kernel_if;

		wanted = wanted || name[0] != '\0';
		c->carrier_if[i] = name[0] != '\0' ? (int)if_nametoindex(name) : 0;
	}
	if (!wanted)
		return 0;
	c->carrier_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (c->carrier_fd < 0 || bind(c->carrier_fd, (const struct sockaddr *)&groups, sizeof(groups)) < 0)
		return -errno;
	ask_all(c);
	return 0;
}

void
ctl_carrier_fini(struct ctl *c)
{
	if (c->carrier_fd >= 0)
		close(c->carrier_fd);
}
