/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A mobile node shows up on an access link (RFC 5213 section 6.9.1.1): for the first time, again before all was
 * said about its leaving, or on another link of this gateway.
 */
#include "engine.h"

/* What may be told of an attachment; "not changed" is for re-registrations alone. */
static uint8_t
handoff_of(uint8_t told)
{
	return told >= MH_HANDOFF_NEW_INTERFACE && told <= MH_HANDOFF_BETWEEN_MAGS ? told : MH_HANDOFF_UNKNOWN;
}

static bool
same_link(const struct pmip_link *a, const struct pmip_link *b)
{
	return a->port == b->port && a->vlan == b->vlan && a->access_tech == b->access_tech &&
	       addr_mac_equal(&a->mac, &b->mac);
}

static bool
serves(const struct mag_session *s)
{
	return s->state == MAG_ACTIVE || s->state == MAG_REFRESHING;
}

static bool
is_of_service(const struct mag *g, const struct mag_session *s, const struct pmip_event *e)
{
	return strcmp(mag_service_name(g, s), e->attach.profile.service) == 0;
}

/* The only session that serves the mobile node, NULL when there is none or more than one. */
static struct mag_session *
only_serving(const struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s = NULL, *found = NULL;

	while ((s = mag_session_of(g, &e->attach.mn_id, s)) != NULL) {
		if (!serves(s) || !is_of_service(g, s, e))
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

/*
 * An interface is known by its link-layer identifier; one that takes over from another has that one's session. With
 * another service it has another session (RFC 5149 section 4.1), and whose host it was before has left.
 */
static struct mag_session *
session_of(const struct mag *g, const struct pmip_event *e, uint8_t handoff)
{
	struct mag_session *s = NULL;

	while ((s = mag_session_of(g, &e->attach.mn_id, s)) != NULL)
		if (addr_mac_equal(&s->link.mac, &e->attach.link.mac) && is_of_service(g, s, e))
			return s;
	return handoff == MH_HANDOFF_BETWEEN_INTERFACES ? only_serving(g, e) : NULL;
}

/* Registered with this gateway already: traffic follows at once, the anchor is told. */
static void
move(struct mag *g, struct mag_session *s, const struct pmip_link *link, uint8_t handoff)
{
	if (s->attached && s->link.host != link->host)
		mag_access_clear(g, s);
	mag_session_bind(g, s, link);
	mag_forward_set(g, s);
	mag_access_set(g, s);
	s->moved = true;
	mag_exchange(g, s, MAG_REFRESHING, handoff);
}

static void
ask_for(struct mag *g, struct mag_session *s, const struct addr_prefix *prefix, unsigned int count)
{
	struct mag_prefixes before = s->has;

	s->has = (struct mag_prefixes){.count = (uint8_t)(count <= MH_HNP_MAX ? count : MH_HNP_MAX)};
	memcpy(s->has.prefix, prefix, s->has.count * sizeof(*prefix));
	mag_temporal_put(g, s, &before);
}

/* What policy says of the mobile node, for a registration anew. */
static void
take_profile(struct mag *g, struct mag_session *s, const struct pmip_profile *p)
{
	s->lma = p->lma_given ? p->lma : g->s.lma;
	ask_for(g, s, p->prefix, p->prefix_count);
	s->link_local = (struct addr6){0};
	s->choices = 0;
	s->registered = false;
	s->moved = false;
	s->rejections = 0;
	s->barred = false;
	s->gre = false;
	s->gre_keyed = false;
	s->gre_needed = false;
	s->gre_refused = false;
}

/* A host that stays is not asked about again; the anchor's word stands until the time it was given for is over. */
static bool
nothing_new(const struct mag_session *s, const struct pmip_link *link, uint8_t pull)
{
	if (s->state == MAG_HELD && s->barred)
		return true;
	return pull == 0 && (s->state == MAG_REGISTERING || s->state == MAG_HELD) && s->attached &&
	       same_link(&s->link, link);
}

static void
stay(struct mag *g, struct mag_session *s, const struct pmip_link *link)
{
	mag_session_bind(g, s, link);
	if (s->barred)
		mag_publish(g, s, PMIP_PUB_REJECTED, s->status);
}

/* With prefixes that it brings along, or with those that policy knows of. */
static void
register_anew(struct mag *g, struct mag_session *s, const struct pmip_event *e, uint8_t pull)
{
	if (s->attached && s->link.host != e->attach.link.host)
		mag_access_clear(g, s);
	mag_session_bind(g, s, &e->attach.link);
	take_profile(g, s, &e->attach.profile);
	if (pull == 0) {
		mag_exchange(g, s, MAG_REGISTERING, handoff_of(e->attach.handoff));
		return;
	}
	ask_for(g, s, e->attach.prefix, e->attach.prefix_count);
	mag_exchange_pull(g, s, MAG_REGISTERING, pull,
			  pull == MH_HANDOFF_SHARED_PREFIXES ? MAG_PULL_SHARED : MAG_PULL_AWAY);
}

/* It has a session already, that they go to. */
static void
pull_here(struct mag *g, struct mag_session *s, const struct pmip_event *e)
{
	struct pmip_event move = {.type = PMIP_EV_MOVE,
				  .now = e->now,
				  .move = {.mn_id = s->mn_id,
					   .session = mag_session_index(g, s),
					   .how = PMIP_MOVE_AWAY,
					   .prefix_count = e->attach.prefix_count}};

	memcpy(move.move.prefix, e->attach.prefix, sizeof(move.move.prefix));
	mag_move(g, &move);
}

/* Whoever was this host before is it no more. */
static void
displace(struct mag *g, const struct mag_session *by, uint32_t host)
{
	struct mag_session *s = mag_session_find_host(g, host);

	if (s != NULL && s != by)
		mag_leave(g, s);
}

/* There is no session to be served by: the host is told so, and may try again later. */
static void
refuse(struct mag *g, const struct pmip_event *e, uint8_t status)
{
	struct pmip_action *a = pmip_act(g->out, PMIP_ACT_ACCESS_CLEAR, PMIP_SESSION_NONE);

	a->access.host = e->attach.link.host;
	a = pmip_act(g->out, PMIP_ACT_PUBLISH, PMIP_SESSION_NONE);
	a->publish.what = PMIP_PUB_REJECTED;
	a->publish.status = status;
	a->publish.mn_id = e->attach.mn_id;
}

static struct mag_session *
session_new(struct mag *g, const struct pmip_event *e)
{
	const struct pmip_profile *p = &e->attach.profile;
	struct mag_session *s = NULL;

	if (addr6_is_zero(p->lma_given ? &p->lma : &g->s.lma))
		refuse(g, e, MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE);
	else if ((s = mag_session_add(g, &e->attach.mn_id, p->service)) == NULL)
		refuse(g, e, MH_STATUS_INSUFFICIENT_RESOURCES);
	return s;
}

void
mag_attach(struct mag *g, const struct pmip_event *e)
{
	const struct pmip_link *link = &e->attach.link;
	uint8_t handoff = handoff_of(e->attach.handoff), pull = mag_pull_handoff(g, e);
	struct mag_session *s;

	if (g->closing || e->attach.mn_id.len == 0) {
		refuse(g, e, MH_STATUS_ADMINISTRATIVELY_PROHIBITED);
		return;
	}
	s = session_of(g, e, pull == 0 ? handoff : pull);
	displace(g, s, link->host);
	if (s == NULL)
		s = session_new(g, e);
	if (s == NULL)
		return;
	if (serves(s) && pull != 0 && pull != MH_HANDOFF_SHARED_PREFIXES && s->link.host == link->host)
		pull_here(g, s, e);
	else if (serves(s))
		move(g, s, link, handoff);
	else if (nothing_new(s, link, pull))
		stay(g, s, link);
	else
		register_anew(g, s, e, pull);
}
