/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Router advertisements, each to one host alone: by its MAC address, whatever the IPv6 destination (RFC 6085).
 *
 * No lifetime in them outlasts the session: a prefix is valid and preferred for as long as the session has left
 * (RFC 5213 section 6.7 allows it), the router for as long but not longer than its setting. A host hears them again
 * before a third of that has passed, so that two may get lost.
 */
#include "engine.h"

#define HOP_LIMIT	  64
#define TELL_AGAIN_MS_MIN 1000

static const struct addr6 all_nodes = {{0xff, 0x02, [15] = 1}};

static uint64_t
left_ms(const struct access *a, const struct access_host *h)
{
	if (h->state != ACCESS_SERVED || h->expires_ms <= a->now_ms)
		return 0;
	return h->expires_ms == DEADLINE_NEVER ? DEADLINE_NEVER : h->expires_ms - a->now_ms;
}

/*
 * As on-link prefixes (RFC 5213 section 6.9.1.2, item 14): each is its host's own, who finds nobody else in it. A
 * deprecated one stays valid and is not preferred (RFC 4862 section 5.5.4).
 */
static void
send(struct access *a, const struct access_host *h, const struct addr_prefix *prefix, unsigned int count,
     uint8_t deprecated, uint32_t prefix_lifetime_s, uint32_t router_lifetime_s)
{
	struct nd_ra ra = {
		.hop_limit = HOP_LIMIT,
		.router_lifetime_s = router_lifetime_s,
		.mtu = h->mtu,
		.prefix_count = count,
		.with_ll = true,
	};
	struct nd_link link;
	struct access_action *act = access_act_frame(a, h, &link);

	if (act == NULL)
		return;
	for (unsigned int i = 0; i < count; i++)
		ra.prefix[i] = (struct nd_prefix_info){
			.prefix = prefix[i],
			.on_link = true,
			.autonomous = true,
			.valid_s = prefix_lifetime_s,
			.preferred_s = deprecated & 1u << i ? 0 : prefix_lifetime_s,
		};
	if (access_act_settle(a, act,
			      nd_ra_encode(&link, &h->router,
					   addr6_is_zero(&h->link_local) ? &all_nodes : &h->link_local, &ra,
					   act->frame.bytes, sizeof(act->frame.bytes))))
		a->stat.counter[STAT_RA_TX]++;
}

static uint64_t
next_ms(const struct access *a, const struct access_host *h, uint64_t left)
{
	uint64_t period = 1000 * (uint64_t)a->s.advertise_s;

	if (h->farewells > 0 || h->state == ACCESS_LEAVING)
		return a->now_ms + ACCESS_FAREWELL_GAP_MS;
	if (left == 0)
		return DEADLINE_NEVER;
	if (left / 3 < period)
		period = left / 3;
	return a->now_ms + (period > TELL_AGAIN_MS_MIN ? period : TELL_AGAIN_MS_MIN);
}

void
access_advertise(struct access *a, struct access_host *h)
{
	uint64_t left = left_ms(a, h), left_s = left / 1000;
	uint32_t prefix_s = left == DEADLINE_NEVER ? ND_INFINITE : (uint32_t)left_s;
	uint32_t router_s = left_s < a->s.router_lifetime_s ? (uint32_t)left_s : a->s.router_lifetime_s;

	send(a, h, h->prefix, h->prefix_count, h->deprecated, prefix_s, router_s);
	if (h->withdrawn_count > 0)
		send(a, h, h->withdrawn, h->withdrawn_count, 0, 0, router_s);
	if (h->farewells > 0 && --h->farewells == 0)
		h->withdrawn_count = 0;
	h->advertise_from_ms = a->now_ms + a->s.advertise_gap_ms;
	deadline_set(&a->due, access_place(a, h), next_ms(a, h, left));
}

void
access_advertise_soon(struct access *a, struct access_host *h)
{
	uint32_t place = access_place(a, h);

	if (a->now_ms >= h->advertise_from_ms)
		access_advertise(a, h);
	else if (deadline_of(&a->due, place) > h->advertise_from_ms)
		deadline_set(&a->due, place, h->advertise_from_ms);
}
