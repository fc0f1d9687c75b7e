/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engines: anchor, gateway, access links, own addresses.
 */
#include <string.h>

#include "node.h"

static bool
make_lma(struct node *n)
{
	n->lma = lma_new(&n->settings->lma);
	return n->lma != NULL ||
	       node_fail("the anchor could not be made: not enough memory for %u sessions and its pools",
			 n->settings->lma.sessions_max);
}

static bool
make_access(struct node *n)
{
	struct access_settings s = n->settings->access;
	struct access_port_settings ports[PATH_PORT_MAX];

	s.ports = ports;
	for (uint32_t i = 0; i < n->conf->ports_count; i++) {
		const struct conf_PORT *p = &n->conf->ports[i];

		if (p->role == CONF_PORT_ACCESS)
			ports[s.port_count++] = (struct access_port_settings){.port = (uint16_t)i,
									      .vlan = (uint16_t)p->vlan,
									      .mac = n->conf->mag.mac,
									      .link_local = n->conf->mag.link_local,
									      .mtu = p->mtu,
									      .access_tech = (uint8_t)p->access_tech};
	}
	n->access = access_new(&s);
	return n->access != NULL ||
	       node_fail("the access links could not be made: not enough memory for %u hosts", s.hosts_max);
}

static bool
make_mag(struct node *n)
{
	n->mag = mag_new(&n->settings->mag);
	if (n->mag == NULL)
		return node_fail("the gateway could not be made: not enough memory for %u sessions",
				 n->settings->mag.sessions_max);
	return make_access(n);
}

static bool
make_host(struct node *n)
{
	struct host_settings s = host_settings_default();
	struct host_port_settings ports[PATH_PORT_MAX];

	s.router = true;
	s.neighbours_max = n->conf->limits.neighbours;
	s.secret = n->secret;
	s.ports = ports;
	for (uint32_t i = 0; i < n->conf->ports_count; i++) {
		const struct ctl_port *p = &n->ports[i];
		struct host_port_settings *to = &ports[s.port_count];

		if (p->role != PATH_CORE)
			continue;
		*to = (struct host_port_settings){.port = p->id, .vlan = p->vlan, .mac = p->mac};
		to->address_count = p->address_count;
		memcpy(to->address, p->address, sizeof(to->address));
		s.port_count++;
	}
	n->host = host_new(&s);
	return n->host != NULL ||
	       node_fail("own addresses could not be made: not enough memory for %u neighbours", s.neighbours_max);
}

bool
node_make_engines(struct node *n)
{
	return make_host(n) && (!(n->conf->node.roles & CONF_ROLE_LMA) || make_lma(n)) &&
	       (!(n->conf->node.roles & CONF_ROLE_MAG) || make_mag(n));
}

void
node_free_engines(struct node *n)
{
	lma_free(n->lma);
	mag_free(n->mag);
	access_free(n->access);
	host_free(n->host);
}
