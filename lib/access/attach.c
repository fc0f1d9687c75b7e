/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host's way through its states.
 *
 *	attach  ->  PENDING  -- serve -->  SERVED  -- unserve -->  LEAVING  -- three farewells -->  forgotten
 *	               |  refuse, unserve
 *	               +-->  REFUSED  -- hold time -->  forgotten
 *
 * Detachment ends each of them; a carrier that is lost does so to all hosts of a port, by way of GONE, and a served
 * host that is not there any more ends by its silence (probe.c). One that a command detached is LEFT for a moment: its
 * last frames may come behind the command, and must not take its session back from where it has gone.
 */
#include "engine.h"

static void
enter(struct access *a, struct access_host *h, enum access_state state, uint64_t due_ms)
{
	uint32_t place = access_place(a, h);
	bool holds = state == ACCESS_REFUSED || state == ACCESS_LEFT;

	h->state = state;
	h->since_ms = a->now_ms;
	deadline_set(&a->due, place, holds ? DEADLINE_NEVER : due_ms);
	deadline_set(&a->refused, place, holds ? due_ms : DEADLINE_NEVER);
	access_watch(a, h);
	if (state != ACCESS_GONE)
		access_act_host(a, ACCESS_ACT_HOST_SET, h);
}

static void
ask(struct access *a, struct access_host *h)
{
	enter(a, h, ACCESS_PENDING, DEADLINE_NEVER);
	h->told = true;
	a->stat.counter[STAT_HOSTS_ATTACHED]++;
	access_act_host(a, ACCESS_ACT_ATTACHED, h);
}

struct access_host *
access_attach(struct access *a, const struct access_port *p, const struct access_key *key)
{
	struct access_host *h = access_host_find(a, key);

	if (h != NULL && h->state == ACCESS_GONE) {
		access_host_detach(a, h, ACCESS_DETACH_CARRIER);
		h = NULL;
	} else if (h != NULL && h->state == ACCESS_LEFT) {
		access_host_del(a, h);
		h = NULL;
	}
	if (h == NULL) {
		h = access_host_add(a, p, key);
		if (h != NULL)
			ask(a, h);
	} else if (h->state == ACCESS_SERVED) {
		access_advertise_soon(a, h);
	} else if (h->state != ACCESS_PENDING) {
		ask(a, h);
	}
	if (h != NULL)
		access_heard(a, h);
	return h;
}

void
access_detach(struct access *a, const struct access_key *key)
{
	struct access_host *h = access_host_find(a, key);

	if (h == NULL || h->state == ACCESS_LEFT)
		return;
	if (h->state == ACCESS_GONE) {
		access_host_detach(a, h, ACCESS_DETACH_CARRIER);
		return;
	}
	access_host_tell_end(a, h, ACCESS_DETACH_COMMAND);
	enter(a, h, ACCESS_LEFT, a->now_ms + a->s.detach_hold_ms);
}

/* There may be more hosts than a list has room for: all are marked now and told as steps go by. */
void
access_carrier(struct access *a, uint16_t port, bool up)
{
	struct access_port *p = access_port_find(a, port);

	if (p == NULL)
		return;
	p->down = !up;
	if (up)
		return;
	for (uint32_t place = 0; place < a->s.hosts_max; place++)
		if (index_pool_is_taken(&a->ids, place) && a->host[place].key.port == port)
			enter(a, &a->host[place], ACCESS_GONE, 0);
}

static bool
has_prefix(const struct addr_prefix *list, unsigned int count, const struct addr_prefix *prefix)
{
	for (unsigned int i = 0; i < count; i++)
		if (addr_prefix_equal(&list[i], prefix))
			return true;
	return false;
}

static uint32_t
lower_mtu(uint32_t a, uint32_t b)
{
	const uint32_t least = 1280; /* RFC 8200 section 5 */
	uint32_t mtu = a == 0 || (b != 0 && b < a) ? b : a;

	return mtu == 0 || mtu >= least ? mtu : least;
}

/*
 * Prefixes that a host had and is not to have any more are withdrawn (RFC 5213 section 6.12). Those whose withdrawal is
 * still under way stay in it behind the new ones, as far as one advertisement has room for both.
 */
static void
replace_prefixes(struct access_host *h, const struct addr_prefix *prefix, uint8_t count)
{
	struct addr_prefix withdrawn[ND_PREFIX_MAX];
	uint8_t n = 0, added;

	for (unsigned int i = 0; i < h->prefix_count; i++)
		if (!has_prefix(prefix, count, &h->prefix[i]))
			withdrawn[n++] = h->prefix[i];
	added = n;
	for (unsigned int i = 0; i < h->withdrawn_count && n < ND_PREFIX_MAX; i++)
		if (!has_prefix(prefix, count, &h->withdrawn[i]))
			withdrawn[n++] = h->withdrawn[i];
	if (added > 0)
		h->farewells = ACCESS_FAREWELLS;
	else if (n == 0)
		h->farewells = 0;
	memcpy(h->withdrawn, withdrawn, n * sizeof(*withdrawn));
	h->withdrawn_count = n;
	memcpy(h->prefix, prefix, count * sizeof(*prefix));
	h->prefix_count = count;
}

/*
 * Another address for the router on the host's link, unless the host is known to have it. It answers the probe if it
 * has it all the same; until then the router has it (RFC 4429).
 */
static bool
take_router(struct access *a, struct access_host *h, const struct addr6 *router)
{
	struct addr6 group = addr6_solicited_node(router);
	struct access_action *act;
	struct nd_link link;

	if (addr6_equal(&h->router, router))
		return true;
	if (addr6_equal(&h->link_local, router) || addr6_equal(&h->tentative, router)) {
		access_act_host(a, ACCESS_ACT_ROUTER_TAKEN, h);
		return false;
	}
	h->router = *router;
	act = access_act_frame(a, h, &link);
	if (act != NULL && access_act_settle(a, act,
					     nd_ns_encode(&link, &(struct addr6){0}, &group, router, act->frame.bytes,
							  sizeof(act->frame.bytes))))
		a->stat.counter[STAT_NS_TX]++;
	return true;
}

void
access_serve(struct access *a, const struct access_event *e)
{
	struct access_host *h = access_host_by_id(a, e->serve.host);
	const struct access_port *p;

	if (h == NULL || h->state == ACCESS_LEFT || h->state == ACCESS_GONE)
		return;
	p = &a->port[h->port];
	if (!take_router(a, h, addr6_is_zero(&e->serve.link_local) ? &p->link_local : &e->serve.link_local))
		return;
	h->mtu = lower_mtu(p->mtu, e->serve.mtu);
	h->expires_ms = e->serve.lifetime_s == ACCESS_LIFETIME_INFINITE
				? DEADLINE_NEVER
				: a->now_ms + 1000 * (uint64_t)e->serve.lifetime_s;
	replace_prefixes(h, e->serve.prefix,
			 e->serve.prefix_count <= ND_PREFIX_MAX ? e->serve.prefix_count : ND_PREFIX_MAX);
	h->deprecated = e->serve.deprecated;
	h->told = true;
	if (h->state != ACCESS_SERVED)
		enter(a, h, ACCESS_SERVED, DEADLINE_NEVER);
	access_advertise_soon(a, h);
}

void
access_mtu(struct access *a, uint32_t host, uint32_t mtu)
{
	struct access_host *h = access_host_by_id(a, host);

	if (h == NULL || h->state != ACCESS_SERVED)
		return;
	mtu = lower_mtu(a->port[h->port].mtu, mtu);
	if (h->mtu == mtu)
		return;
	h->mtu = mtu;
	access_advertise_soon(a, h);
}

/*
 * A host that was advertised something is told that it is over. Any other is held, so that it is not asked about with
 * each of its frames: a session that never came about is like a refusal.
 */
static void
release(struct access *a, struct access_host *h)
{
	h->told = false;
	if (h->state != ACCESS_SERVED && h->prefix_count == 0) {
		enter(a, h, ACCESS_REFUSED, a->now_ms + a->s.refuse_hold_ms);
		return;
	}
	h->farewells = ACCESS_FAREWELLS;
	enter(a, h, ACCESS_LEAVING, DEADLINE_NEVER);
	access_advertise_soon(a, h);
}

void
access_unserve(struct access *a, uint32_t host)
{
	struct access_host *h = access_host_by_id(a, host);

	if (h == NULL)
		return;
	if (h->state == ACCESS_PENDING || h->state == ACCESS_SERVED)
		release(a, h);
	else if (h->state == ACCESS_GONE)
		h->told = false;
}

void
access_refuse(struct access *a, uint32_t host)
{
	struct access_host *h = access_host_by_id(a, host);

	if (h == NULL || h->state != ACCESS_PENDING)
		return;
	a->stat.counter[STAT_HOSTS_REFUSED]++;
	release(a, h);
}

void
access_host_due(struct access *a, struct access_host *h)
{
	if (h->state == ACCESS_SERVED || (h->state == ACCESS_LEAVING && h->farewells > 0))
		access_advertise(a, h);
	else if (h->state == ACCESS_GONE)
		access_host_detach(a, h, ACCESS_DETACH_CARRIER);
	else
		access_host_del(a, h);
}
