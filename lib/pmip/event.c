/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of actions that a step fills in, and the names of what it publishes. */
#include "pmip/event.h"

/* A cleared action: of a message there is no more to clear, and the other kinds are no longer, vendors' options aside.
 */
#define CLEARED (offsetof(struct pmip_action, send.msg) + MH_MSG_HEAD)
_Static_assert(CLEARED >= offsetof(struct pmip_action, ask.vendor) &&
		       CLEARED >= offsetof(struct pmip_action, forward) + sizeof(((struct pmip_action *)0)->forward) &&
		       CLEARED >= offsetof(struct pmip_action, publish.vendor),
	       "clearing the longest message's head clears every kind");

struct pmip_action *
pmip_act(struct pmip_actions *out, enum pmip_action_type type, uint32_t session)
{
	struct pmip_action *a;

	if (out->count >= PMIP_ACTIONS_MAX)
		return NULL;
	a = &out->list[out->count++];
	memset(a, 0, CLEARED);
	a->type = type;
	a->session = session;
	return a;
}

const char *
pmip_publish_name(enum pmip_publish p)
{
	static const char *const names[] = {
		[PMIP_PUB_SESSION_OPENED] = "session-opened",
		[PMIP_PUB_SESSION_MOVED] = "session-moved",
		[PMIP_PUB_SESSION_REFRESHED] = "session-refreshed",
		[PMIP_PUB_SESSION_CLOSED] = "session-closed",
		[PMIP_PUB_SESSION_EXPIRED] = "session-expired",
		[PMIP_PUB_REJECTED] = "rejected",
		[PMIP_PUB_NO_ANSWER] = "no-answer",
		[PMIP_PUB_DEREGISTRATION_UNANSWERED] = "deregistration-unanswered",
		[PMIP_PUB_LINK_LOCAL_TAKEN] = "link-local-taken",
		[PMIP_PUB_POOL_EMPTY] = "pool-empty",
		[PMIP_PUB_REVOKED] = "revoked",
		[PMIP_PUB_REVOCATION_REFUSED] = "revocation-refused",
		[PMIP_PUB_REVOCATION_UNANSWERED] = "revocation-unanswered",
		[PMIP_PUB_NOTIFIED] = "notified",
		[PMIP_PUB_NOTIFICATION_REFUSED] = "notification-refused",
		[PMIP_PUB_NOTIFICATION_UNANSWERED] = "notification-unanswered",
		[PMIP_PUB_PEER_FAILED] = "peer-failed",
		[PMIP_PUB_PEER_RETURNED] = "peer-returned",
		[PMIP_PUB_PEER_RESTARTED] = "peer-restarted",
		[PMIP_PUB_PREFIXES_MOVED] = "prefixes-moved",
		[PMIP_PUB_MOVE_REFUSED] = "move-refused",
		[PMIP_PUB_FLOW_MOVED] = "flow-moved",
		[PMIP_PUB_FLOW_REFUSED] = "flow-refused",
	};

	return (unsigned int)p < sizeof(names) / sizeof(names[0]) ? names[p] : "unknown";
}

const char *
pmip_peer_change_name(enum pmip_peer_change c)
{
	static const char *const names[] = {
		[PMIP_PEER_FAILED] = "failed",
		[PMIP_PEER_RETURNED] = "returned",
		[PMIP_PEER_RESTARTED] = "restarted",
	};

	return (unsigned int)c < sizeof(names) / sizeof(names[0]) ? names[c] : "unknown";
}
