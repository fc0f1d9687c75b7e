/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of actions that a step fills in, and the names of what it publishes. */
#include "pmip/event.h"

struct pmip_action *
pmip_act(struct pmip_actions *out, enum pmip_action_type type, uint32_t session)
{
	struct pmip_action *a;

	if (out->count >= PMIP_ACTIONS_MAX)
		return NULL;
	a = &out->list[out->count++];
	*a = (struct pmip_action){.type = type, .session = session};
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
