/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Requests of anchors that were answered: one that comes again is answered again, and not done again (RFC 5846
 * section 6.3, RFC 7077 section 6.1). A request is known by all that it says, its number and its sender; of two that
 * fall into one place the later is remembered.
 */
#include <string.h>

#include "engine.h"

#define ANSWERED_MS 60000 /* longer than any sender repeats, and shorter than its numbers last */

uint64_t
mag_request(const struct mag *g, const struct pmip_event *e)
{
	struct mh_msg m;

	mh_copy(&m, e->message.msg);
	/* Each repetition is stamped and signed anew. */
	m.opt.present &= ~(1u << MH_OPT_MESSAGE_REPLAY | 1u << MH_OPT_AUTHENTICATION);
	memset(&m.opt.replay, 0, sizeof(m.opt.replay));
	memset(&m.opt.auth, 0, sizeof(m.opt.auth));
	if (m.type == MH_UPN)
		m.upn.flags &= (uint16_t)~MH_UPN_D;
	return hash_bytes(&g->s.secret, &m, MH_MSG_HEAD) ^
	       hash_bytes(&g->s.secret, m.opt.vendor, m.opt.vendor_count * sizeof(m.opt.vendor[0])) ^
	       hash_bytes(&g->s.secret, m.opt.flow, m.opt.flow_count * sizeof(m.opt.flow[0])) ^
	       hash_bytes(&g->s.secret, &e->message.src, sizeof(struct addr6));
}

const struct mag_answered *
mag_answered_find(const struct mag *g, uint64_t request)
{
	const struct mag_answered *a = &g->answered[request % MAG_ANSWERED_MAX];

	return a->request == request && a->at_ms != 0 && g->now.mono_ms - a->at_ms < ANSWERED_MS ? a : NULL;
}

void
mag_answered_keep(struct mag *g, uint64_t request, uint8_t status, uint8_t missing)
{
	g->answered[request % MAG_ANSWERED_MAX] = (struct mag_answered){
		.request = request, .at_ms = g->now.mono_ms, .status = status, .missing = missing};
}
