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
	};

	return (unsigned int)p < sizeof(names) / sizeof(names[0]) ? names[p] : "unknown";
}
