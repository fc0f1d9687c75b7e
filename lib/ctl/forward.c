/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a session's forwarding is in the tables: its tunnel, its line, its prefixes, its host. Setting it is all or
 * nothing, and a handover replaces one word a prefix.
 *
 * Where this node is anchor and gateway of a mobile node at once both have a session with the same prefixes, and the
 * table has one word for each: the gateway's while the node is here, the anchor's while it is elsewhere. In between,
 * while the gateway has not heard yet that the prefixes are its own, the anchor's word leads nowhere. So does that of a
 * session that was de-registered, until it is set again or its end has come (RFC 5213 section 5.3.5).
 */
#include <errno.h>
#include <string.h>

#include "counts.h"
#include "fwd/memory.h"

static struct fwd_host_key
host_key(const struct pmip_link *link)
{
	return (struct fwd_host_key){.mac = link->mac, .port = link->port, .vlan = link->vlan};
}

static bool
same_link(const struct ctl_forward *a, const struct ctl_forward *b)
{
	struct fwd_host_key x = host_key(&a->link), y = host_key(&b->link);

	return a->access == b->access && memcmp(&x, &y, sizeof(x)) == 0;
}

struct prefixes {
	unsigned int count;
	const struct addr_prefix *list;
};

/* What a session has set. */
static struct prefixes
prefixes_of(const struct ctl_engine *engine, uint32_t session)
{
	const struct ctl_forward *f = &engine->forward[session];

	return (struct prefixes){f->prefix_count, f->prefix_count == 1 ? &f->prefix : engine->prefixes[session]};
}

static void
prefixes_note(struct ctl_engine *engine, uint32_t session, const struct prefixes *p)
{
	struct ctl_forward *f = &engine->forward[session];

	f->prefix_count = (uint8_t)p->count;
	memcpy(p->count == 1 ? &f->prefix : engine->prefixes[session], p->list, p->count * sizeof(*p->list));
}

static bool
holds(const struct prefixes *all, const struct addr_prefix *p)
{
	for (unsigned int i = 0; i < all->count; i++)
		if (addr_prefix_equal(&all->list[i], p))
			return true;
	return false;
}

static uint64_t
value_of(const struct ctl *c, uint32_t session, const struct ctl_forward *f)
{
	unsigned int flags = ctl_forward_has_flows(c, session) ? FWD_FLOWS : 0;

	if (f->access)
		flags |= FWD_ACCESS | (c->s.local_routing ? FWD_DIRECT : 0);
	if (f->tunnel == 0)
		flags |= FWD_LOCAL;
	else if (f->gre_in != TUN_GRE_NONE)
		flags |= FWD_GRE;
	if (f->uncounted)
		flags |= FWD_UNCOUNTED;
	return fwd_value(f->tunnel, session, flags);
}

/* The word of a gateway that is its own anchor. */
static bool
is_here(uint64_t value)
{
	return (fwd_value_flags(value) & FWD_ACCESS) && (fwd_value_flags(value) & FWD_LOCAL);
}

/* The word of an anchor whose mobile node is at another gateway. */
static bool
is_elsewhere(uint64_t value)
{
	return !(fwd_value_flags(value) & FWD_ACCESS) && fwd_value_tunnel(value) != 0;
}

/* The word of an anchor that waits for the gateway of this node to have heard of it. */
static bool
is_nowhere(uint64_t value)
{
	return !(fwd_value_flags(value) & FWD_ACCESS) && fwd_value_tunnel(value) == 0;
}

/* Whether the word in the table stays: the gateway has been faster than its anchor, or the mobile node than both. */
static bool
stays(uint64_t present, uint64_t value)
{
	if (present == FWD_VALUE_NONE)
		return false;
	return (is_here(present) && is_nowhere(value)) || (is_elsewhere(present) && is_here(value));
}

/* FWD_VALUE_NONE takes the prefix out. Cannot fail where it is in the table. */
static int
prefix_put(struct ctl *c, const struct addr_prefix *p, uint64_t value)
{
	int rc;

	if (value == FWD_VALUE_NONE)
		return fwd_prefix_del(c->s.fwd, p);
	rc = fwd_prefix_replace(c->s.fwd, p, value);
	return rc == -ENOENT ? fwd_prefix_add(c->s.fwd, p, value) : rc;
}

/* All prefixes, or none of them. */
static int
prefixes_set(struct ctl *c, uint32_t session, const struct ctl_forward *f, const struct prefixes *p)
{
	uint64_t value = value_of(c, session, f), before[MH_HNP_MAX];
	unsigned int done;
	int rc = 0;

	for (done = 0; done < p->count; done++) {
		before[done] = fwd_prefix_get(c->s.fwd, &p->list[done]);
		if (!stays(before[done], value))
			rc = prefix_put(c, &p->list[done], value);
		if (rc < 0)
			break;
	}
	while (rc < 0 && done-- > 0)
		prefix_put(c, &p->list[done], before[done]);
	return rc;
}

/* Take back the prefixes that `keep` does not hold and that are still this session's. */
static void
prefixes_del(struct ctl *c, uint32_t session, const struct prefixes *p, const struct prefixes *keep)
{
	for (unsigned int i = 0; i < p->count; i++) {
		uint64_t value = fwd_prefix_get(c->s.fwd, &p->list[i]);

		if (value != FWD_VALUE_NONE && fwd_value_session(value) == session && !holds(keep, &p->list[i]))
			fwd_prefix_del(c->s.fwd, &p->list[i]);
	}
}

/* What the line of a session on an access link says of the link. */
static int
line_link(const struct ctl *c, const struct ctl_forward *f, struct fwd_session *line)
{
	const struct ctl_port *port = ctl_port_find(c, f->link.port);

	if (port == NULL)
		return -ENODEV;
	line->mac = f->link.mac;
	line->port = f->link.port;
	line->vlan = f->link.vlan;
	line->src_mac = port->mac;
	return 0;
}

/* The line of a session on an access link or in GRE, and the host. */
static int
link_set(struct ctl *c, uint32_t session, const struct ctl_forward *f)
{
	struct fwd_session line = {
		.gre_in = f->gre_in, .gre_out = f->gre_out, .key_in = f->key_in, .key_out = f->key_out};
	struct fwd_host_key key = host_key(&f->link);
	int rc;

	if (!f->access && f->gre_in == TUN_GRE_NONE)
		return 0;
	rc = f->access ? line_link(c, f, &line) : 0;
	if (rc == 0)
		rc = fwd_session_set(c->s.fwd, session, &line);
	return rc == 0 && f->access ? fwd_host_add(c->s.fwd, &key, session) : rc;
}

/* A host that is not served any more is still known: its frames are not punted. */
static void
link_clear(struct ctl *c, uint32_t session, const struct ctl_forward *f)
{
	struct fwd_host_key key = host_key(&f->link);
	bool known;

	if (f->access && fwd_host_find(c->s.fwd, &key, &known) == session && known)
		fwd_host_add(c->s.fwd, &key, FWD_NONE);
}

/* The line goes first, since the prefixes lead to it; with the first error all is as it was. */
static int
replace(struct ctl *c, uint32_t session, const struct ctl_forward *old, const struct ctl_forward *new,
	const struct prefixes *prefixes)
{
	int rc = link_set(c, session, new);

	if (rc == 0)
		rc = prefixes_set(c, session, new, prefixes);
	if (rc == 0)
		return 0;
	if (!old->set || !same_link(old, new))
		link_clear(c, session, new);
	if (old->set)
		link_set(c, session, old);
	return rc;
}

/* Into the tunnel to the other node; none to this one. */
static int
enter_tunnel(struct ctl *c, const struct pmip_action *a, struct ctl_forward *f)
{
	int rc;

	if (ctl_signalling_owns(c, &a->forward.remote))
		return 0;
	rc = ctl_tunnel_take(c, &a->forward.local, &a->forward.remote, a->forward.gre);
	if (rc < 0)
		return rc;
	f->tunnel = (uint32_t)rc;
	if (!a->forward.gre)
		return 0;
	f->gre_in = a->forward.key_in_given ? TUN_GRE_KEY : TUN_GRE_PLAIN;
	f->gre_out = a->forward.key_out_given ? TUN_GRE_KEY : TUN_GRE_PLAIN;
	f->key_in = a->forward.key_in_given ? a->forward.key_in : 0;
	f->key_out = a->forward.key_out_given ? a->forward.key_out : 0;
	return 0;
}

static struct ctl_forward *
slot(struct ctl_engine *engine, uint32_t session)
{
	struct ctl_forward *f = &engine->forward[session];

	fwd_memory_touch(f, sizeof(*f));
	return f;
}

int
ctl_forward_set(struct ctl *c, struct ctl_engine *engine, const struct pmip_action *a)
{
	struct ctl_forward *old = slot(engine, a->session);
	struct ctl_forward new = {
		.set = true, .access = a->forward.access, .uncounted = a->forward.uncounted, .link = a->forward.link};
	struct prefixes before = prefixes_of(engine, a->session);
	struct prefixes prefixes = {a->forward.prefix_count, a->forward.prefix};
	uint32_t session = engine->base + a->session;
	int rc;

	new.base = old->set ? old->base : ctl_counts_session_now(c, engine, a->session);
	rc = enter_tunnel(c, a, &new);
	if (rc < 0)
		return rc;
	rc = replace(c, session, old, &new, &prefixes);
	if (rc < 0) {
		if (new.tunnel != 0)
			ctl_tunnel_put(c, new.tunnel);
		return rc;
	}
	if (old->set) {
		prefixes_del(c, session, &before, &prefixes);
		if (!same_link(old, &new))
			link_clear(c, session, old);
		if (old->tunnel != 0)
			ctl_tunnel_put(c, old->tunnel);
	}
	*old = new;
	prefixes_note(engine, a->session, &prefixes);
	return 0;
}

void
ctl_forward_hold(struct ctl *c, struct ctl_engine *engine, uint32_t session)
{
	struct ctl_forward *f = &engine->forward[session];
	struct prefixes prefixes = prefixes_of(engine, session);
	uint32_t tunnel = f->tunnel;

	if (!f->set)
		return;
	f->tunnel = 0;
	/* What this node's gateway has taken out already may find no room again: it is routed, as after the end. */
	prefixes_set(c, engine->base + session, f, &prefixes);
	if (tunnel != 0)
		ctl_tunnel_put(c, tunnel);
}

void
ctl_forward_clear(struct ctl *c, struct ctl_engine *engine, uint32_t session)
{
	struct ctl_forward *f = &engine->forward[session];
	struct prefixes prefixes = prefixes_of(engine, session);

	if (!f->set)
		return;
	prefixes_del(c, engine->base + session, &prefixes, &(struct prefixes){0});
	ctl_forward_drop_flows(c, engine->base + session);
	link_clear(c, engine->base + session, f);
	if (f->tunnel != 0)
		ctl_tunnel_put(c, f->tunnel);
	*f = (struct ctl_forward){.set = false};
}

void
ctl_forward_confirm(struct ctl *c, struct ctl_engine *engine, uint32_t session)
{
	const struct ctl_forward *f = &engine->forward[session];
	struct prefixes prefixes = prefixes_of(engine, session);

	/* Where there is no room for them now, the next acknowledgement tries again. */
	if (f->set && f->tunnel == 0)
		prefixes_set(c, engine->base + session, f, &prefixes);
}

void
ctl_forward_mark(struct ctl *c, struct ctl_engine *engine, uint32_t session)
{
	struct prefixes prefixes = prefixes_of(engine, session);

	prefixes_set(c, engine->base + session, &engine->forward[session], &prefixes);
}
