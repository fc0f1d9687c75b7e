/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The gateway's link-local address on a mobile node's link, where the anchor gives it: the mobile node has it already
 * (RFC 5213 section 6.9.1.2, item 15).
 */
#include "engine.h"

#define CHOICES_MAX 3 /* IDGEN_RETRIES (RFC 7217 section 6): who has them all does not want a router */

static struct addr6
another(const struct mag *g, const struct addr6 *taken)
{
	struct addr6 a = {{0xfe, 0x80}};
	uint64_t id;

	memcpy(&id, &taken->b[8], sizeof(id));
	id = hash_u64(&g->s.secret, id);
	memcpy(&a.b[8], &id, sizeof(id));
	return a;
}

/* An exchange that is under way already says more than that nothing changed. */
void
mag_link_local_taken(struct mag *g, const struct pmip_event *e)
{
	struct mag_session *s = mag_session_find_host(g, e->taken.host);

	if (s == NULL || !s->forwarding || !addr6_is_zero(&g->s.link_local) || s->choices == CHOICES_MAX)
		return;
	s->choices++;
	s->link_local = another(g, &s->link_local);
	mag_publish(g, s, PMIP_PUB_LINK_LOCAL_TAKEN, s->status);
	mag_access_set(g, s);
	if (s->state == MAG_REFRESHING)
		mag_exchange_again(g, s);
	else
		mag_exchange_refresh(g, s);
}
