/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The carrier of ports that are made of a kernel interface: their drivers always say that the link is up, so the kernel
 * is asked by rtnetlink. Losing it detaches the hosts of an access port.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "state.h"

#define MESSAGES_MAX 8 /* read in a turn; the rest in the next */

static void
tell(struct ctl *c, unsigned int i, bool up)
{
	const struct ctl_port *p = &c->s.ports[i];

	if (c->carrier_down[i] == !up)
		return;
	c->carrier_down[i] = !up;
	ctl_event(c, up ? CTL_EVENT_PORT_UP : CTL_EVENT_PORT_DOWN, "ctl", json_pack("{s:s}", "port", p->name),
		  "port has %s carrier port=%s", up ? "a" : "no", p->name);
	if (p->role == PATH_ACCESS && c->s.access != NULL)
		ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_CARRIER, .carrier = {p->id, up}});
}

static void
take_link(struct ctl *c, const struct nlmsghdr *h)
{
	const struct ifinfomsg *info = NLMSG_DATA(h);
	const struct rtattr *a = IFLA_RTA(info);
	int left = (int)IFLA_PAYLOAD(h);

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(*info)))
		return;
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type != IFLA_IFNAME || RTA_PAYLOAD(a) == 0)
			continue;
		for (unsigned int i = 0; i < c->s.port_count; i++) {
			const char *name = c->s.ports[i].kernel_if;

			if (name[0] != '\0' && strncmp(name, RTA_DATA(a), RTA_PAYLOAD(a)) == 0)
				tell(c, i, h->nlmsg_type == RTM_NEWLINK && (info->ifi_flags & IFF_LOWER_UP) != 0);
		}
	}
}

/* Ask for all links: at the start, and when the kernel says that it could not keep up. */
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

	for (unsigned int i = 0; i < c->s.port_count; i++)
		wanted = wanted || c->s.ports[i].kernel_if[0] != '\0';
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
