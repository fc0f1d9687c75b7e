/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A claim is a socket whose abstract name is that of the interface and the VLAN: such names belong to the network
 * namespace, as interfaces do, and the kernel takes them back when the process ends, however it does.
 */
#include "claim.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "eal.h"

#define ASKERS_MAX 128 /* before the name of a first one counts no more: nobody accepts them */

/* Any user can take a name, and keep nobody from starting by it. */
static bool
is_trusted(const struct sockaddr_un *name, socklen_t len)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct ucred who = {.uid = (uid_t)-1};
	socklen_t size = sizeof(who);
	bool trusted = fd >= 0 && connect(fd, (const struct sockaddr *)name, len) == 0 &&
		       getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
		       (who.uid == 0 || who.uid == geteuid());

	if (fd >= 0)
		close(fd);
	return trusted;
}

/* Where there is no such socket to be had, nothing is claimed. */
static bool
claim(const char *interface, uint32_t vlan)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	char *text = name.sun_path + 1; /* behind a NUL */
	int n = snprintf(text, sizeof(name.sun_path) - 1, "kedged %s %u", interface, vlan);
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return true;
	if (bind(fd, (const struct sockaddr *)&name, len) == 0 && listen(fd, ASKERS_MAX) == 0)
		return true; /* it stays open */
	close(fd);
	return !is_trusted(&name, len);
}

bool
claim_interfaces(const struct conf *conf)
{
	char interface[CTL_KERNEL_IF];

	for (uint32_t i = 0; i < conf->ports_count; i++) {
		eal_kernel_if(conf->ports[i].device, interface, sizeof(interface));
		if (interface[0] == '\0' || claim(interface, conf->ports[i].vlan))
			continue;
		fprintf(stderr, "kedged: port %s: another kedged has the interface %s; end it first\n",
			conf->ports[i].name, interface);
		return false;
	}
	return true;
}
