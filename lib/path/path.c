/* SPDX-License-Identifier: BSD-3-Clause */
/* Set-up: everything that a worker will ever need is resolved and allocated here. */
#include <errno.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_malloc.h>

#include "stage.h"

#define IDLE_TURNS 32
#define TRACE_RING 256 /* copies for the control lcore */

static bool
ports_fit(const struct path_settings *s)
{
	bool taken[PATH_PORT_MAX] = {false};

	for (unsigned int i = 0; i < s->port_count; i++) {
		const struct path_port_settings *port = &s->ports[i]->settings;

		if (taken[port->id] || path_worker_set(port, s->workers) == 0 || port->link_count > PATH_PORT_LINKS)
			return false;
		taken[port->id] = true;
	}
	return true;
}

static bool
settings_fit(const struct path_settings *s)
{
	return s->fwd != NULL && s->pool != NULL && rte_pktmbuf_priv_size(s->pool) >= sizeof(struct packet_area) &&
	       s->node != 0 && s->workers >= 1 && s->workers <= PATH_WORKER_MAX && s->port_count <= PATH_PORT_MAX &&
	       ports_fit(s);
}

static void
path_set_ports(struct path *p, const struct path_settings *s)
{
	for (unsigned int i = 0; i < s->port_count; i++) {
		const struct path_port *from = s->ports[i];

		bool access = from->settings.role == PATH_ACCESS;

		p->port[from->settings.id] = (struct worker_port){
			.present = true,
			.first = access ? STAGE_PLAIN_ACCESS : STAGE_PLAIN_CORE,
			.stage = access ? STAGE_CLASSIFY_ACCESS : STAGE_CLASSIFY_CORE,
			.origin = access ? PACKET_ACCESS : PACKET_CORE,
			.eth_id = from->eth_id,
			.vlan = from->settings.vlan,
			.mtu = from->settings.mtu,
			.mac = from->mac,
			.address = from->settings.address,
		};
		for (unsigned int l = 0; !access && l < from->settings.link_count; l++)
			p->link[p->links++] = from->settings.link[l];
		if (addr6_is_zero(&p->address))
			p->address = from->settings.address;
	}
	for (unsigned int id = 0; id < PATH_PORT_MAX; id++)
		if (addr6_is_zero(&p->port[id].address))
			p->port[id].address = p->address;
}

static void
path_set_rates(struct path *p, const struct path_settings *s)
{
	uint32_t burst = s->icmp_burst > 0 ? s->icmp_burst : 1;

	p->sharers = s->workers;
	p->icmp_cost = p->sharers * bucket_cost(rte_get_tsc_hz(), s->icmp_rate);
	p->icmp_credit = p->icmp_cost * burst;
	p->idle_turns = s->idle_turns > 0 ? s->idle_turns : IDLE_TURNS;
	p->fragment_cycles = rte_get_tsc_hz() / 1000 * s->reassembly_ms;
	path_apply(p, &s->change);
}

/* Of the heap: there may be thousands, more than EAL has zones of memory. */
struct rte_ring *
path_ring_new(const char *what, unsigned int slots, int socket)
{
	const ssize_t size = rte_ring_get_memsize(rte_align32pow2(slots + 1));
	struct rte_ring *r = size > 0 ? rte_zmalloc_socket(what, (size_t)size, RTE_CACHE_LINE_SIZE, socket) : NULL;

	if (r != NULL && rte_ring_init(r, what, slots, RING_F_SP_ENQ | RING_F_SC_DEQ | RING_F_EXACT_SZ) == 0)
		return r;
	rte_free(r);
	return NULL;
}

static bool
worker_set_rings(struct path_worker *w, const struct path_settings *s)
{
	unsigned int slots = s->punt_ring > 0 ? s->punt_ring : PATH_PUNT_RING;
	int socket = path_worker_socket(s, w->id);

	w->inject = path_ring_new("inject", s->inject_ring > 0 ? s->inject_ring : PATH_INJECT_RING, socket);
	w->traced = path_ring_new("trace", TRACE_RING, socket);
	if (w->inject == NULL || w->traced == NULL)
		return false;
	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++) {
		w->punt[c] = path_ring_new(path_punt_name(c), slots, socket);
		if (w->punt[c] == NULL)
			return false;
	}
	return true;
}

static void
ring_free(struct rte_ring *r)
{
	struct rte_mbuf *m;

	while (r != NULL && rte_ring_sc_dequeue(r, (void **)&m) == 0)
		rte_pktmbuf_free(m);
	rte_free(r);
}

static void
worker_free(struct path_worker *w)
{
	if (w == NULL)
		return;
	for (; w->local_count > 0; w->local_count--)
		rte_pktmbuf_free(w->local[w->local_first++ % WORKER_LOCAL]);
	path_worker_fragments_fini(w);
	path_worker_flows_fini(w);
	ring_free(w->inject);
	ring_free(w->traced);
	for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
		ring_free(w->punt[c]);
	for (unsigned int i = 0; i < w->to_count; i++) {
		struct worker_hand *hand = w->to[w->to_list[i]];

		ring_free(hand->ring);
		rte_free(hand);
	}
	rte_free(w->session);
	rte_free(w->tunnel);
	rte_free(w);
}

/* One that counts sessions and tunnels below these numbers, and has no queues and rings yet. */
static struct path_worker *
worker_new_bare(struct path *p, uint32_t sessions, uint32_t tunnels, int socket)
{
	struct path_worker *w = rte_zmalloc_socket("path_worker", sizeof(*w), RTE_CACHE_LINE_SIZE, socket);

	if (w == NULL)
		return NULL;
	w->path = p;
	w->fwd = p->fwd;
	w->sessions = sessions;
	w->tunnels = tunnels;
	w->turn_began = rte_rdtsc();
	w->icmp = bucket_full(w->turn_began);
	for (unsigned int port = 0; port <= PATH_PORT_MAX; port++)
		for (unsigned int c = 0; c < PATH_PUNT_COUNT; c++)
			w->punted[port][c] = w->icmp;
	w->session =
		rte_zmalloc_socket("path_session", (sessions + 1ul) * sizeof(*w->session), RTE_CACHE_LINE_SIZE, socket);
	w->tunnel =
		rte_zmalloc_socket("path_tunnel", (tunnels + 1ul) * sizeof(*w->tunnel), RTE_CACHE_LINE_SIZE, socket);
	if (w->session != NULL && w->tunnel != NULL)
		return w;
	worker_free(w);
	return NULL;
}

static struct path_worker *
worker_new(struct path *p, unsigned int id, const struct path_settings *s)
{
	struct path_worker *w = worker_new_bare(p, p->sessions, p->tunnels, path_worker_socket(s, id));

	if (w == NULL)
		return NULL;
	w->id = id;
	w->fragment_id = (uint32_t)w->turn_began ^ id << 24;
	path_worker_take_queues(w, s);
	if (worker_set_rings(w, s) && path_worker_fragments_init(w, s) && path_worker_flows_init(w, s))
		return w;
	worker_free(w);
	return NULL;
}

struct path *
path_new(const struct path_settings *s)
{
	struct path *p;

	if (!settings_fit(s)) {
		rte_errno = EINVAL;
		return NULL;
	}
	p = rte_zmalloc_socket("path", sizeof(*p), RTE_CACHE_LINE_SIZE, s->socket);
	if (p == NULL) {
		rte_errno = ENOMEM;
		return NULL;
	}
	p->fwd = s->fwd;
	p->pool = s->pool;
	p->no_session = s->node == PATH_GATEWAY ? STAT_DROP_DOWNLINK_NO_SESSION : STAT_DROP_UPLINK_NO_SESSION;
	p->anchor = s->node & PATH_ANCHOR;
	p->sessions = s->sessions;
	p->tunnels = s->tunnels > 0 ? s->tunnels + 1 : 0; /* their numbers begin with 1 */
	p->wake_fd = s->wake_fd;
	p->mss_clamp = s->mss_clamp;
	p->fragment = s->fragment;
	p->secret = s->secret;
	path_set_ports(p, s);
	path_set_rates(p, s);
	path_deal_queues(p, s);
	p->explainer = worker_new_bare(p, 0, 0, s->socket);
	if (p->explainer == NULL || !path_worker_fragments_init(p->explainer, s) ||
	    !path_worker_flows_init(p->explainer, s)) {
		path_free(p);
		rte_errno = ENOMEM;
		return NULL;
	}
	for (p->workers = 0; p->workers < s->workers; p->workers++) {
		p->worker[p->workers] = worker_new(p, p->workers, s);
		if (p->worker[p->workers] == NULL) {
			path_free(p);
			rte_errno = ENOMEM;
			return NULL;
		}
	}
	if (path_connect_workers(p, s))
		return p;
	path_free(p);
	rte_errno = ENOMEM;
	return NULL;
}

void
path_free(struct path *p)
{
	if (p == NULL)
		return;
	for (unsigned int i = 0; i < p->workers; i++)
		worker_free(p->worker[i]);
	worker_free(p->explainer);
	rte_free(p);
}

struct path_worker *
path_worker_of(struct path *p, unsigned int worker)
{
	return p->worker[worker];
}
