/* SPDX-License-Identifier: BSD-3-Clause */
/* The plain pass of core ports: to mobile nodes, out of tunnels, and past both. */
#include "plain.h"

_Static_assert(2 * PATH_BURST <= FWD_BURST_MAX, "both addresses of a burst are looked up at once");

static inline void
leave(struct path_worker *w, const struct plain *p)
{
	plain_leave(w, p->m, STAGE_CLASSIFY_CORE);
}

/* By the routes, for those of which no session is known; those that went are the first of the run then. */
static void
route_run(struct path_worker *w, struct plain_run *run)
{
	struct addr6 dst[PATH_BURST];
	uint32_t adjacency[PATH_BURST];
	unsigned int n = run->n;

	if (n == 0)
		return;
	for (unsigned int i = 0; i < n; i++)
		dst[i] = run->p[i].ip->dst;
	fwd_route_find_bulk(w->fwd, dst, n, adjacency);
	run->n = 0;
	for (unsigned int i = 0; i < n; i++) {
		if (!plain_route(w, &run->p[i], adjacency[i]))
			leave(w, &run->p[i]);
		else if (run->n++ != i)
			run->p[run->n - 1] = run->p[i];
	}
	w->stat.counter[STAT_ROUTED] += run->n;
}

/* By their destination alone: downlink of the anchor, and transit. */
static void
down_run(struct path_worker *w, const struct plain_run *run)
{
	uint64_t key[PATH_BURST], value[PATH_BURST];
	struct plain_tally down;
	struct plain_run past;

	down.n = past.n = 0;
	for (unsigned int i = 0; i < run->n; i++)
		key[i] = addr6_upper_be(&run->p[i].ip->dst);
	fwd_prefix_find_bulk(w->fwd, key, run->n, value);
	for (unsigned int i = 0; i < run->n; i++) {
		const struct plain *p = &run->p[i];

		plain_tally_prefetch(w, value, run->n, i);
		if (value[i] == FWD_VALUE_NONE)
			past.p[past.n++] = *p;
		else if (fwd_value_way(value[i]) == 0 && plain_encap(w, p, value[i]))
			plain_tally_add(&down, value[i], p->len);
		else
			leave(w, p);
	}
	route_run(w, &past);
	w->stat.counter[STAT_ENCAPSULATED] += down.n;
	plain_count_down(w, &down);
}

/* The offset of what a plain tunnel header carries; 0: it is none. */
static inline uint32_t
inner_offset(const struct plain *p)
{
	if (likely(p->ip->next_header == WIRE_IP6_IN_IP6))
		return WIRE_IP6_LEN;
	if (p->ip->next_header == WIRE_DESTINATION && p->len >= TUN_HEADER_MAX &&
	    tun_is_limit_header((const uint8_t *)(p->ip + 1)))
		return TUN_HEADER_MAX;
	return 0;
}

/* Make the inner packet that of p, marked as the outer one was: what is left all the same gets that mark twice. */
static inline bool
open_inner(struct plain *p)
{
	const uint32_t offset = inner_offset(p), room = p->len - offset;
	struct wire_ip6 *ip = (struct wire_ip6 *)((uint8_t *)p->ip + offset);

	if (offset == 0 || ip->version_class_flow[0] >> 4 != 6 || wire_ip6_len(ip) > room || !plain_addresses(ip) ||
	    tun_decap_ecn((uint8_t *)ip, p->outer->version_class_flow[1] >> 4 & 3) != 0)
		return false;
	p->ip = ip;
	p->len = wire_ip6_len(ip);
	return true;
}

/* It came through the tunnel of value, which is no GRE's. */
static inline bool
through_tunnel(const struct path_worker *w, const struct plain *p, uint64_t value)
{
	const struct fwd_tunnel *t = fwd_tunnel_get(w->fwd, fwd_value_tunnel(value));

	return addr6_equal(&p->outer->src, &t->remote) && addr6_equal(&p->outer->dst, &t->local);
}

/* To a mobile node of this node's links. False: not plain. */
static inline bool
deliver(struct path_worker *w, const struct plain *p, uint64_t value)
{
	const struct fwd_session *line = fwd_session_get(w->fwd, fwd_value_session(value));
	const struct worker_port *port;

	if (unlikely(line->port >= PATH_PORT_MAX || addr_mac_equal(&line->mac, &(struct addr_mac){0})))
		return false;
	port = &w->path->port[line->port];
	if (unlikely(!port->present || p->len > port->mtu || p->ip->hop_limit <= 1 || !plain_has_headroom(p)))
		return false;
	p->ip->hop_limit--;
	plain_send(w, p, (uint8_t *)p->ip, &line->mac, &line->src_mac, line->vlan, line->port);
	return true;
}

/* Of each packet out of a tunnel the destination's value, and behind those the source's. */
static void
find_both(const struct path_worker *w, const struct plain_run *run, uint64_t *value)
{
	const unsigned int n = run->n;
	uint64_t key[FWD_BURST_MAX];

	for (unsigned int i = 0; i < n; i++) {
		key[i] = addr6_upper_be(&run->p[i].ip->dst);
		key[n + i] = addr6_upper_be(&run->p[i].ip->src);
	}
	fwd_prefix_find_bulk(w->fwd, key, 2 * n, value);
}

/* Packets out of tunnels that are on their ways, and that have yet to be routed. */
struct up {
	struct plain_tally from, to;
	struct plain_run past;
};

static inline void
came_in(struct path_worker *w, const struct plain *p, uint64_t value)
{
	w->stat.counter[STAT_DECAPSULATED]++;
	worker_count_in(w, value, p->len);
}

/* To a mobile node of this gateway's, through its tunnel. False: not plain. */
static inline bool
up_to_visitor(struct path_worker *w, const struct plain *p, uint64_t dst, struct plain_tally *to)
{
	if (!deliver(w, p, dst))
		return false;
	came_in(w, p, dst);
	plain_tally_add(to, dst, p->len);
	return true;
}

/* Out of tunnels at a gateway that is no anchor: by their destination alone. */
static void
visitor_run(struct path_worker *w, const struct plain_run *run)
{
	uint64_t key[PATH_BURST], value[PATH_BURST];
	bool fine[PATH_BURST];
	struct plain_tally to;

	to.n = 0;
	for (unsigned int i = 0; i < run->n; i++)
		key[i] = addr6_upper_be(&run->p[i].ip->dst);
	fwd_prefix_find_bulk(w->fwd, key, run->n, value);
	/* A tunnel's line is near: it is looked at between the fetches of sessions' lines, which are not. */
	for (unsigned int i = 0; i < run->n; i++) {
		fwd_session_prefetch(w->fwd, fwd_value_session(value[i]));
		fine[i] = fwd_value_way(value[i]) == FWD_ACCESS && through_tunnel(w, &run->p[i], value[i]);
	}
	for (unsigned int i = 0; i < run->n; i++) {
		const struct plain *p = &run->p[i];

		plain_tally_prefetch(w, value, run->n, i);
		if (!fine[i] || !up_to_visitor(w, p, value[i], &to))
			leave(w, p);
	}
	plain_count_down(w, &to);
}

/* At the anchor. False: not plain. */
static inline bool
up_from_session(struct path_worker *w, struct plain *p, uint64_t dst, uint64_t src, struct up *up)
{
	if (src == FWD_VALUE_NONE || fwd_value_way(src) != 0 || fwd_value_way(dst) != 0 || !through_tunnel(w, p, src))
		return false;
	p->value = src;
	if (dst == FWD_VALUE_NONE) {
		up->past.p[up->past.n++] = *p;
		return true;
	}
	if (!plain_encap(w, p, dst))
		return false;
	came_in(w, p, src);
	w->stat.counter[STAT_HAIRPINNED]++;
	w->stat.counter[STAT_ENCAPSULATED]++;
	plain_tally_add(&up->from, src, p->len);
	plain_tally_add(&up->to, dst, p->len);
	return true;
}

static void
up_end(struct path_worker *w, struct up *up)
{
	route_run(w, &up->past);
	for (unsigned int i = 0; i < up->past.n; i++) {
		const struct plain *p = &up->past.p[i];

		came_in(w, p, p->value);
		if (w->sessions > 0)
			worker_count_up(w, p->value, p->len);
	}
	plain_count_up(w, &up->from);
	plain_count_down(w, &up->to);
}

/* Out of tunnels: uplink and node to node at the anchor, downlink at the gateway. */
static void
up_run(struct path_worker *w, struct plain_run *run)
{
	uint64_t value[FWD_BURST_MAX];
	const uint64_t *dst = value, *src = value + run->n;
	struct up up;

	up.from.n = up.to.n = up.past.n = 0;
	find_both(w, run, value);
	for (unsigned int i = 0; i < run->n; i++)
		if (fwd_value_way(dst[i]) == FWD_ACCESS)
			fwd_session_prefetch(w->fwd, fwd_value_session(dst[i]));
	for (unsigned int i = 0; i < run->n; i++) {
		struct plain *p = &run->p[i];

		plain_tally_prefetch(w, src, run->n, i);
		plain_tally_prefetch(w, dst, run->n, i);
		if (fwd_value_way(dst[i]) == FWD_ACCESS
			    ? !through_tunnel(w, p, dst[i]) || !up_to_visitor(w, p, dst[i], &up.to)
			    : !up_from_session(w, p, dst[i], src[i], &up))
			leave(w, p);
	}
	up_end(w, &up);
}

void
path_stage_plain_core(struct path_worker *w, struct batch *in)
{
	const struct plain_frame frame = plain_frame_of(w->path, &w->path->port[w->port_in]);
	const struct fwd_own *own = fwd_own_get(w->fwd);
	unsigned int end = plain_is_off(w) ? 0 : in->n;
	struct plain_run down, up;

	down.n = up.n = 0;
	for (unsigned int i = 0; i < end; i++) {
		struct plain p; /* in registers until it is known where it goes */
		bool near;

		if (!plain_open(&frame, in->m[i], &p)) {
			if (plain_is_odd(&frame, in->m[i]))
				end = i;
			else
				plain_leave(w, in->m[i], STAGE_CLASSIFY_CORE);
			continue;
		}
		near = fwd_own_near(own, addr6_upper_be(&p.ip->dst));
		if (near && !(fwd_own_holds(own, &p.ip->dst) && open_inner(&p)))
			leave(w, &p);
		else if (unlikely(!plain_is_bare(&frame, &p)))
			end = i;
		else if (near)
			up.p[up.n++] = p;
		else
			down.p[down.n++] = p;
	}
	if (down.n > 0)
		down_run(w, &down);
	if (up.n > 0 && w->path->anchor)
		up_run(w, &up);
	else if (up.n > 0)
		visitor_run(w, &up);
	for (unsigned int i = end; i < in->n; i++)
		plain_leave(w, in->m[i], STAGE_CLASSIFY_CORE);
}
