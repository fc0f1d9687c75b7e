/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which served hosts are still there (RFC 5213 section 6.9.1.4, by the means of RFC 4861 section 7.3). One that is
 * heard of, by a frame or by its uplink counter, is never asked; one that is silent for long is solicited.
 *
 * The doubt is whether the host is on the link, not whether it hears: anything that comes from it is an answer,
 * where RFC 4861 section 7.3.1 wants a solicited advertisement. Deadlines are not moved with each frame: one that comes
 * looks at when the host was last heard and goes on from there.
 */
#include "engine.h"

void
access_heard(struct access *a, struct access_host *h)
{
	h->heard_ms = a->now_ms;
	h->probes = 0;
}

void
access_active(struct access *a, uint32_t host)
{
	struct access_host *h = access_host_by_id(a, host);

	if (h != NULL)
		access_heard(a, h);
}

static void
look_again(struct access *a, struct access_host *h, uint64_t at_ms)
{
	deadline_set(&a->silent, access_place(a, h), at_ms);
}

void
access_watch(struct access *a, struct access_host *h)
{
	bool watched = h->state == ACCESS_SERVED && a->s.probe_after_ms > 0;

	h->probes = 0;
	look_again(a, h, watched ? a->now_ms + a->s.probe_after_ms : DEADLINE_NEVER);
}

/* Its link-local address; else the one that it tried out, or the one that many hosts make from their MAC. */
static struct addr6
address_of(const struct access_host *h)
{
	if (!addr6_is_zero(&h->link_local))
		return h->link_local;
	return addr6_is_link_local(&h->tentative) ? h->tentative : addr6_link_local(&h->key.mac);
}

static void
solicit(struct access *a, struct access_host *h)
{
	struct addr6 target = address_of(h);
	struct nd_link link;
	struct access_action *act = access_act_frame(a, h, &link);

	if (act != NULL && access_act_settle(a, act,
					     nd_ns_encode(&link, &h->router, &target, &target, act->frame.bytes,
							  sizeof(act->frame.bytes))))
		a->stat.counter[STAT_NS_TX]++;
}

/* Nobody may have an address that was guessed, but who cannot be told to be there is not served on (RFC 5213 6.13). */
static void
unanswered(struct access *a, struct access_host *h)
{
	a->stat.counter[STAT_HOSTS_UNREACHABLE]++;
	access_host_detach(a, h, ACCESS_DETACH_UNREACHABLE);
}

void
access_silent_due(struct access *a, struct access_host *h)
{
	uint64_t ask_ms = h->heard_ms + a->s.probe_after_ms;

	if (a->now_ms < ask_ms) {
		look_again(a, h, ask_ms);
	} else if (h->probes < a->s.probe_tries) {
		h->probes++;
		solicit(a, h);
		look_again(a, h, a->now_ms + a->s.probe_interval_ms);
	} else {
		unanswered(a, h);
	}
}
