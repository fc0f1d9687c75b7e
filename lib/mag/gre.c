/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * GRE keys (RFC 5845 sections 3.3 and 4): the key of what comes to this gateway is chosen here, the key of what goes to
 * the anchor is the anchor's.
 */
#include "engine.h"

/*
 * By the place of the session, mixed so that every place has another key and nobody who sees one knows the next: each
 * step can be undone.
 */
uint32_t
mag_gre_key(const struct mag *g, const struct mag_session *s)
{
	uint32_t k = mag_session_index(g, s) ^ (uint32_t)g->s.secret.k[0];

	for (unsigned int i = 0; i < 3; i++) {
		k *= (uint32_t)(g->s.secret.k[1] >> 8 * i) | 1;
		k ^= k >> 15;
		k *= 0x9e3779b1u;
		k ^= k >> 13;
	}
	return k;
}

static enum pmip_gre
mode(const struct mag *g, const struct mag_session *s)
{
	const struct pmip_peer_settings *p = pmip_peers_find(&g->peers, &s->lma);

	return p != NULL ? p->gre : PMIP_GRE_OFF;
}

/* A session that has keys names its own in each update until it leaves (RFC 5845 sections 3.3.2 and 4.2). */
static bool
wanted(struct mag *g, const struct mag_session *s)
{
	enum pmip_gre m = mode(g, s);
	const struct mag_anchor *a = mag_anchor_find(g, &s->lma);

	if (s->state == MAG_LEAVING || m == PMIP_GRE_OFF)
		return false;
	if (s->gre || s->gre_needed || m == PMIP_GRE_REQUIRED)
		return true;
	return !s->gre_refused && (a == NULL || !a->no_gre);
}

void
mag_gre_ask(struct mag *g, struct mag_session *s, struct mh_msg *m)
{
	s->gre_asked = wanted(g, s);
	if (!s->gre_asked)
		return;
	mh_set(m, MH_OPT_GRE_KEY);
	m->opt.gre_key.given = true;
	m->opt.gre_key.key = mag_gre_key(g, s);
}

/* Whether an acceptance grants GRE to who asked for it. */
static bool
granted(const struct mag_session *s, const struct mh_msg *m)
{
	return s->gre_asked && mh_has(m, MH_OPT_GRE_KEY) && m->pba.status != MH_STATUS_GRE_KEY_OPTION_NOT_REQUIRED;
}

bool
mag_gre_accept(struct mag *g, struct mag_session *s, const struct mh_msg *m)
{
	struct mag_anchor *a;

	if (granted(s, m))
		return true;
	if (s->gre_asked && m->pba.status == MH_STATUS_GRE_KEY_OPTION_NOT_REQUIRED)
		s->gre_refused = true;
	else if (s->gre_asked && (a = mag_anchor_get(g, &s->lma)) != NULL)
		a->no_gre = true;
	if (mode(g, s) != PMIP_GRE_REQUIRED)
		return true;
	s->registered = true; /* to be de-registered when it leaves */
	return false;
}

bool
mag_gre_take(struct mag_session *s, const struct mh_msg *m)
{
	bool gre = granted(s, m);
	bool keyed = gre && m->opt.gre_key.given;
	uint32_t key = keyed ? m->opt.gre_key.key : 0;
	bool same = s->gre == gre && s->gre_keyed == keyed && s->gre_key == key;

	s->gre = gre;
	s->gre_keyed = keyed;
	s->gre_key = key;
	return !same;
}

bool
mag_gre_need(const struct mag *g, struct mag_session *s)
{
	if (s->gre_asked || s->gre_needed || mode(g, s) == PMIP_GRE_OFF)
		return false;
	s->gre_needed = true;
	return true;
}

void
mag_gre_forward(const struct mag *g, const struct mag_session *s, struct pmip_action *a)
{
	a->forward.gre = s->gre;
	a->forward.key_in_given = s->gre_keyed;
	a->forward.key_out_given = s->gre_keyed;
	if (!s->gre_keyed)
		return;
	a->forward.key_in = mag_gre_key(g, s);
	a->forward.key_out = s->gre_key;
}
