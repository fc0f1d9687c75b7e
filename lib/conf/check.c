/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What no single row can say: names that must be unique, references that must lead somewhere, roles and their needs.
 */
#include <stdarg.h>
#include <string.h>
#include <sys/un.h>

#include "row.h"

#define PORTS_MAX     16		   /* of the packet path */
#define ADDRESSES_MAX (CONF_ITEMS_MAX - 1) /* of a port, which adds its link-local one */
#define BLOCK_BITS    20		   /* a pool keeps a mark for each of its prefixes */
#define SOCKET_MAX    (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)

bool
conf_refuse(const struct conf_origin *o, const struct conf_document *d, const char *section, uint32_t element,
	    const char *key, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	conf_error_set(o->error, conf_document_path(d), conf_document_line(d, section, element, key), "%s%s%s: %s",
		       section, key != NULL ? "." : "", key != NULL ? key : "", text);
	return false;
}

#define WHOLE				   UINT32_MAX /* not one element: the section */
#define REFUSE(section, element, key, ...) conf_refuse(o, o->main, section, element, key, __VA_ARGS__)

bool
conf_is_global(const struct addr6 *a)
{
	static const struct addr6 loopback = {{[15] = 1}};

	return !addr6_is_multicast(a) && !addr6_is_link_local(a) && !addr6_is_zero(a) && !addr6_equal(a, &loopback);
}

static struct addr_prefix
link_of(const struct conf_address *a)
{
	return addr_prefix_mask(&a->addr, a->len);
}

static bool
on_link(const struct conf_PORT *p, const struct addr6 *a)
{
	for (uint32_t i = 0; i < p->addresses_count; i++) {
		struct addr_prefix link = link_of(&p->addresses[i]);

		if (addr_prefix_holds(&link, a))
			return true;
	}
	return false;
}

uint32_t
conf_port_of_link(const struct conf *c, const struct addr6 *a)
{
	for (uint32_t i = 0; i < c->ports_count; i++)
		if (on_link(&c->ports[i], a))
			return i;
	return CONF_NO_PORT;
}

static const struct conf_PORT *
find_port(const struct conf *c, const char *name)
{
	for (uint32_t i = 0; i < c->ports_count; i++)
		if (strcmp(c->ports[i].name, name) == 0)
			return &c->ports[i];
	return NULL;
}

static bool
owns(const struct conf *c, const struct addr6 *a)
{
	for (uint32_t i = 0; i < c->ports_count; i++)
		for (uint32_t j = 0; j < c->ports[i].addresses_count; j++)
			if (addr6_equal(&c->ports[i].addresses[j].addr, a))
				return true;
	return false;
}

/* A role has its section, and a section its role. */
static bool
check_roles(const struct conf *c, const struct conf_origin *o)
{
	if (!conf_document_has(o->main, "node"))
		return REFUSE("node", WHOLE, NULL, "the section must be given");
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];
		bool there = conf_document_has(o->main, s->key);

		if (s->role != 0 && there && !(c->node.roles & s->role))
			return REFUSE(s->key, WHOLE, NULL,
				      "`node.roles` has not the role %s, which this section is for",
				      s->role == CONF_ROLE_LMA ? "lma" : "mag");
		if (s->role != 0 && !there && !s->list && (c->node.roles & s->role))
			return REFUSE("node", 0, "roles", "the role %s needs the section `%s`", s->key, s->key);
	}
	return true;
}

static bool
check_socket(const struct conf_origin *o, const char *key, const char *path)
{
	return (path[0] == '/' && strlen(path) <= SOCKET_MAX) ||
	       REFUSE("control", 0, key, "expected a path from / of up to %zu bytes, got \"%s\"", SOCKET_MAX, path);
}

static bool
check_control(const struct conf *c, const struct conf_origin *o)
{
	const char *look = c->control.read_only_socket, *traces = c->control.trace_directory;

	if (!check_socket(o, "socket", c->control.socket) ||
	    (look[0] != '\0' && !check_socket(o, "read-only-socket", look)))
		return false;
	if (strcmp(look, c->control.socket) == 0)
		return REFUSE("control", 0, "read-only-socket", "expected another path than that of `socket`");
	if (traces[0] != '\0' && traces[0] != '/')
		return REFUSE("control", 0, "trace-directory", "expected a path from /, got \"%s\"", traces);
	if (c->timers.initial_bindack_timeout_ms > c->timers.max_bindack_timeout_ms)
		return REFUSE("timers", 0, "initial-bindack-timeout", "longer than `max-bindack-timeout`, %u ms",
			      c->timers.max_bindack_timeout_ms);
	return true;
}

/* Two devices that EAL would take for one. */
static bool
same_device(const char *a, const char *b)
{
	size_t n = strcspn(a, ",");

	return n == strcspn(b, ",") && strncmp(a, b, n) == 0;
}

/* Two that have the same frames of a kernel interface. */
static bool
same_frames(const struct conf_PORT *a, const struct conf_PORT *b)
{
	static const char key[] = ",iface=";
	const char *x = strstr(a->device, key), *y = strstr(b->device, key);

	return x != NULL && y != NULL && a->vlan == b->vlan && same_device(x + strlen(key), y + strlen(key));
}

static bool
check_addresses(const struct conf *c, const struct conf_origin *o, uint32_t i)
{
	const struct conf_PORT *p = &c->ports[i];

	if (p->role == CONF_PORT_ACCESS && p->addresses_count > 0)
		return REFUSE("ports", i, "addresses", "an access port has the address of `mag.link-local` alone");
	if (p->addresses_count > ADDRESSES_MAX)
		return REFUSE("ports", i, "addresses", "expected %d items at most, got %u", ADDRESSES_MAX,
			      p->addresses_count);
	for (uint32_t j = 0; j < p->addresses_count; j++) {
		struct addr_prefix link = link_of(&p->addresses[j]);
		char text[ADDR_PREFIX_TEXT];

		if (!conf_is_global(&p->addresses[j].addr))
			return REFUSE("ports", i, "addresses", "expected global addresses, got \"%s\"",
				      addr6_format(&p->addresses[j].addr, text));
		for (uint32_t k = 0; k < j; k++)
			if (addr6_equal(&p->addresses[j].addr, &p->addresses[k].addr))
				return REFUSE("ports", i, "addresses", "%s stands here twice",
					      addr6_format(&p->addresses[j].addr, text));
		for (uint32_t k = 0; k < i; k++)
			for (uint32_t m = 0; m < c->ports[k].addresses_count; m++) {
				struct addr_prefix other = link_of(&c->ports[k].addresses[m]);

				if (addr_prefix_overlaps(&link, &other))
					return REFUSE("ports", i, "addresses",
						      "the link %s overlaps one of port \"%s\"",
						      addr_prefix_format(&link, text), c->ports[k].name);
			}
	}
	return true;
}

static bool
check_ports(const struct conf *c, const struct conf_origin *o)
{
	if (c->ports_count == 0)
		return REFUSE("ports", WHOLE, NULL, "expected at least one port");
	for (uint32_t i = 0; i < c->ports_count; i++) {
		const struct conf_PORT *p = &c->ports[i];

		if (i == PORTS_MAX)
			return REFUSE("ports", i, "name", "expected %d ports at most", PORTS_MAX);
		if (p->device[0] == '\0' || strpbrk(p->device, " \t") != NULL)
			return REFUSE("ports", i, "device", "expected a PCI address or a virtual device, got \"%s\"",
				      p->device);
		for (uint32_t j = 0; j < i; j++) {
			if (strcmp(p->name, c->ports[j].name) == 0)
				return REFUSE("ports", i, "name", "another port is called \"%s\"", p->name);
			if (same_device(p->device, c->ports[j].device))
				return REFUSE("ports", i, "device", "port \"%s\" has this device", c->ports[j].name);
			if (same_frames(p, &c->ports[j]))
				return REFUSE("ports", i, "device", "port \"%s\" has this interface and VLAN",
					      c->ports[j].name);
		}
		if (p->role == CONF_PORT_ACCESS && !(c->node.roles & CONF_ROLE_MAG))
			return REFUSE("ports", i, "role", "an access port is for the role mag");
		if (!check_addresses(c, o, i))
			return false;
	}
	return true;
}

/* What routes and neighbours say of a port and of an address on its link. */
static bool
check_next_hop(const struct conf *c, const struct conf_origin *o, const char *section, uint32_t i, const char *key,
	       const struct addr6 *a, const char *port)
{
	const struct conf_PORT *p = find_port(c, port);

	if (port[0] != '\0' && p == NULL)
		return REFUSE(section, i, "port", "no port is called \"%s\"", port);
	if (p != NULL && p->role == CONF_PORT_ACCESS)
		return REFUSE(section, i, "port", "\"%s\" is an access port; expected a core port", port);
	if (addr6_is_link_local(a))
		return p != NULL || REFUSE(section, i, "port", "must be given for a link-local next hop");
	if (p != NULL ? !on_link(p, a) : conf_port_of_link(c, a) == CONF_NO_PORT)
		return REFUSE(section, i, key, "not an address on the link of %s", p != NULL ? port : "a port");
	if (owns(c, a))
		return REFUSE(section, i, key, "an address of this node itself");
	return true;
}

static bool
check_routes(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->routes_count; i++) {
		const struct conf_ROUTE *r = &c->routes[i];

		if (addr6_is_multicast(&r->prefix.addr) || addr6_is_link_local(&r->prefix.addr))
			return REFUSE("routes", i, "prefix", "expected a prefix of global addresses");
		if (!check_next_hop(c, o, "routes", i, "via", &r->via, r->port))
			return false;
		for (uint32_t j = 0; j < i; j++)
			if (addr_prefix_equal(&r->prefix, &c->routes[j].prefix))
				return REFUSE("routes", i, "prefix", "another route has this destination");
	}
	return true;
}

static bool
check_neighbours(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->neighbours_count; i++) {
		const struct conf_NEIGHBOUR *n = &c->neighbours[i];

		if (!check_next_hop(c, o, "neighbours", i, "address", &n->address, n->port))
			return false;
		for (uint32_t j = 0; j < i; j++)
			if (addr6_equal(&n->address, &c->neighbours[j].address) &&
			    strcmp(n->port, c->neighbours[j].port) == 0)
				return REFUSE("neighbours", i, "address", "another neighbour of this port has it");
	}
	return true;
}

static bool
check_peers(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->peers_count; i++) {
		if (addr6_is_multicast(&c->peers[i].address.addr) || addr6_is_link_local(&c->peers[i].address.addr))
			return REFUSE("peers", i, "address", "expected a global address or prefix");
		for (uint32_t j = 0; j < i; j++) {
			if (strcmp(c->peers[i].name, c->peers[j].name) == 0)
				return REFUSE("peers", i, "name", "another peer is called \"%s\"", c->peers[i].name);
			if (addr_prefix_equal(&c->peers[i].address, &c->peers[j].address))
				return REFUSE("peers", i, "address", "peer \"%s\" has this address", c->peers[j].name);
		}
	}
	return true;
}

static bool
is_pool(const struct conf *c, const char *name)
{
	for (uint32_t i = 0; i < c->pools_count; i++)
		if (strcmp(c->pools[i].name, name) == 0)
			return true;
	return false;
}

static bool
check_pools(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->pools_count; i++) {
		const struct conf_POOL *p = &c->pools[i];

		if (addr6_is_multicast(&p->prefix.addr) || addr6_is_link_local(&p->prefix.addr))
			return REFUSE("pools", i, "prefix", "expected a block of global addresses");
		if (p->prefix.len > p->length)
			return REFUSE("pools", i, "prefix", "expected a block of length %u or shorter", p->length);
		if (p->length - p->prefix.len > BLOCK_BITS)
			return REFUSE("pools", i, "prefix",
				      "expected a block of length %u or longer, of 2^%u prefixes at most",
				      p->length - BLOCK_BITS, BLOCK_BITS);
		for (uint32_t j = 0; j < i; j++) {
			if (strcmp(p->name, c->pools[j].name) == 0)
				return REFUSE("pools", i, "name", "another pool is called \"%s\"", p->name);
			if (addr_prefix_overlaps(&p->prefix, &c->pools[j].prefix))
				return REFUSE("pools", i, "prefix", "overlaps pool \"%s\"", c->pools[j].name);
		}
		for (uint32_t j = 0; j < c->ports_count; j++)
			for (uint32_t k = 0; k < c->ports[j].addresses_count; k++) {
				struct addr_prefix link = link_of(&c->ports[j].addresses[k]);

				if (addr_prefix_overlaps(&p->prefix, &link))
					return REFUSE("pools", i, "prefix", "overlaps the link of port \"%s\"",
						      c->ports[j].name);
			}
	}
	return true;
}

static bool
check_services(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->services_count; i++) {
		if (c->services[i].pool[0] != '\0' && !is_pool(c, c->services[i].pool))
			return REFUSE("services", i, "pool", "no pool is called \"%s\"", c->services[i].pool);
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(c->services[i].name, c->services[j].name) == 0)
				return REFUSE("services", i, "name", "another service is called \"%s\"",
					      c->services[i].name);
	}
	return true;
}

static bool
check_lma(const struct conf *c, const struct conf_origin *o)
{
	if ((c->node.roles & CONF_ROLE_LMA) && !owns(c, &c->lma.address))
		return REFUSE("lma", 0, "address", "expected an address of one of the ports");
	if (c->lma.mn_timestamps && !c->lma.timestamps)
		return REFUSE("lma", 0, "mobile-node-timestamps", "needs `timestamps: yes`");
	return true;
}

static bool
check_mag(const struct conf *c, const struct conf_origin *o)
{
	bool access = false;

	if (!(c->node.roles & CONF_ROLE_MAG))
		return true;
	if (!owns(c, &c->mag.address))
		return REFUSE("mag", 0, "address", "expected an address of one of the ports");
	if (!addr6_is_zero(&c->mag.lma) && !conf_is_global(&c->mag.lma))
		return REFUSE("mag", 0, "lma", "expected a global address");
	if (strlen(c->mag.id) > ID_MAX)
		return REFUSE("mag", 0, "id", "expected %d bytes at most", ID_MAX);
	if (!addr6_is_link_local(&c->mag.link_local))
		return REFUSE("mag", 0, "link-local", "expected a link-local address");
	if (c->mag.router_lifetime_s < c->mag.advertise_s)
		return REFUSE("mag", 0, "router-lifetime-s", "expected at least `advertise-s`, %u", c->mag.advertise_s);
	for (uint32_t i = 0; i < c->ports_count; i++)
		access = access || c->ports[i].role == CONF_PORT_ACCESS;
	return access || REFUSE("ports", WHOLE, NULL, "the role mag needs a port with the role access");
}

bool
conf_check(const struct conf *c, const struct conf_origin *o)
{
	static bool (*const checks[])(const struct conf *, const struct conf_origin *) = {
		check_roles, check_control, check_ports,    check_routes, check_neighbours,
		check_peers, check_pools,   check_services, check_lma,	  check_mag,
	};

	for (unsigned int i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!checks[i](c, o))
			return false;
	return true;
}
