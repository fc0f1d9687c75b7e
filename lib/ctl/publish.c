/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an engine publishes, as lines of the log: the session first, then key=value, at a bounded rate.
 */
#include "base/log.h"
#include "state.h"

#define LINES_PER_S 100

static bool
line_allowed(struct ctl *c)
{
	if (c->now.mono_ms - c->log_tokens_at_ms >= 1000) {
		if (c->log_suppressed > 0)
			log_write(LOG_WARNING, "ctl", "lines about sessions were left out count=%u", c->log_suppressed);
		c->log_tokens_at_ms = c->now.mono_ms;
		c->log_tokens = LINES_PER_S;
		c->log_suppressed = 0;
	}
	if (c->log_tokens == 0) {
		c->log_suppressed++;
		return false;
	}
	c->log_tokens--;
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
	char mn[PMIP_MN_ID_TEXT], peer[ADDR6_TEXT];

	if (!line_allowed(c))
		return;
	pmip_mn_id_format(&a->publish.mn_id, mn);
	addr6_format(&a->publish.peer, peer);
	log_write(level_of(a->publish.what), engine->name, "%s: %s session=%d peer=%s status=%u", mn,
		  pmip_publish_name(a->publish.what), (int)a->session, peer, a->publish.status);
}
