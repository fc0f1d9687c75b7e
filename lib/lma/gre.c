/* SPDX-License-Identifier: BSD-3-Clause */
/* GRE encapsulation and its keys: RFC 5845. Without the TLV header: packets are in IPv6, not in UDP. */
#include "engine.h"

#define ROUNDS	    4
#define INDEX_BITS  24 /* of a session: LMA_SESSIONS_MAX */
#define KEY_UNIT_MS 1024

enum mh_status
lma_gre_check(const struct lma_update *u)
{
	return !mh_has(&u->msg, MH_OPT_GRE_KEY) && u->peer->gre == PMIP_GRE_REQUIRED ? MH_STATUS_GRE_KEY_OPTION_REQUIRED
										     : MH_STATUS_ACCEPTED;
}

enum lma_gre
lma_gre_wanted(const struct lma_update *u)
{
	if (!mh_has(&u->msg, MH_OPT_GRE_KEY) || u->peer->gre == PMIP_GRE_OFF)
		return LMA_GRE_NONE;
	return u->msg.opt.gre_key.given ? LMA_GRE_KEYS : LMA_GRE_PLAIN;
}

/*
 * Of no two sessions that are there at once, the same as long as the session is, and not the last one of its place: a
 * permutation, by the secret, of its place in the table and of when it was opened.
 */
uint32_t
lma_gre_key_in(const struct lma *l, const struct lma_session *s)
{
	uint32_t opened = (uint32_t)(s->opened_ms / KEY_UNIT_MS);
	uint32_t key = opened << INDEX_BITS | lma_session_index(l, s);

	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint16_t mixed = (uint16_t)hash_u64(&l->s.secret, (uint64_t)i << 16 | (key & 0xffff));

		key = key << 16 | ((key >> 16) ^ mixed);
	}
	return key;
}

/* What was agreed on, to the gateway: of an update that asked for it. */
void
lma_gre_answer(const struct lma *l, const struct lma_update *u, const struct lma_session *s, struct mh_msg *m)
{
	if (!mh_has(&u->msg, MH_OPT_GRE_KEY))
		return;
	if (s->binding.gre == LMA_GRE_NONE) {
		m->pba.status = MH_STATUS_GRE_KEY_OPTION_NOT_REQUIRED;
		return;
	}
	if (u->msg.pbu.flags & MH_PBU_T)
		m->pba.status = MH_STATUS_GRE_TUNNELING_BUT_TLV_HEADER_NOT_SUPPORTED;
	mh_set(m, MH_OPT_GRE_KEY);
	m->opt.gre_key.given = s->binding.gre == LMA_GRE_KEYS;
	if (m->opt.gre_key.given)
		m->opt.gre_key.key = lma_gre_key_in(l, s);
}
