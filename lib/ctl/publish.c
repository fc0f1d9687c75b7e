/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What engines publish, as lines of the log: the session or host first, then key=value, at a bounded rate.
 */
#include "state.h"

#define LINES_PER_S 100

/* Each level has its own: refreshes, which are many and seldom logged, do not crowd out what went wrong. */
static bool
line_allowed(struct ctl *c, enum log_level level)
{
	if (!ctl_clock_rate(&c->lines[level], c->now.mono_ms, LINES_PER_S)) {
		c->lines_left_out[level]++;
		return false;
	}
	if (c->lines_left_out[level] > 0)
		log_write(level, "ctl", "lines about sessions and hosts were left out count=%u",
			  c->lines_left_out[level]);
	c->lines_left_out[level] = 0;
	return true;
}

static enum log_level
level_of(enum pmip_publish what)
{
	switch (what) {
	case PMIP_PUB_SESSION_REFRESHED:
		return LOG_DEBUG;
	case PMIP_PUB_REJECTED:
	case PMIP_PUB_NO_ANSWER:
	case PMIP_PUB_POOL_EMPTY:
		return LOG_WARNING;
	default:
		return LOG_INFO;
	}
}

void
ctl_publish(struct ctl *c, const struct ctl_engine *engine, const struct pmip_action *a)
{
	enum log_level level = level_of(a->publish.what);
	char mn[PMIP_MN_ID_TEXT], peer[ADDR6_TEXT];

	if (!line_allowed(c, level))
		return;
	pmip_mn_id_format(&a->publish.mn_id, mn);
	addr6_format(&a->publish.peer, peer);
	log_write(level, engine->name, "%s: %s session=%d peer=%s status=%u", mn, pmip_publish_name(a->publish.what),
		  (int)a->session, peer, a->publish.status);
}

void
ctl_publish_host_left(struct ctl *c, const struct access_key *key, enum access_detach why)
{
	char mac[ADDR_MAC_TEXT];

	if (line_allowed(c, LOG_INFO))
		log_write(LOG_INFO, "access", "%s: host left port=%s why=%s", addr_mac_format(&key->mac, mac),
			  ctl_port_find(c, key->port)->name, access_detach_name(why));
}
