/* SPDX-License-Identifier: BSD-3-Clause */
#include "history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lru.h"

#define STRANGERS 8 /* one place in so many is for mobile nodes that policy does not know */

struct ctl_history {
	uint32_t places, strangers, strangers_max;
	uint32_t last; /* of whom a note was made last: several come of each message */
	struct index_pool ids;
	struct index_map by_id;
	struct ctl_lru used[2]; /* strangers, known */
	struct ctl_history_node *node;
};

static uint64_t
hash_of(const struct ctl *c, const struct pmip_mn_id *id)
{
	return hash_bytes(&c->s.secret, id->id, id->len);
}

static uint32_t
find(const struct ctl *c, const struct pmip_mn_id *id)
{
	const struct ctl_history *h = c->history;
	uint32_t i = h->last;

	if (i != INDEX_NONE && pmip_mn_id_equal(&h->node[i].id, id))
		return i;
	i = index_map_first(&h->by_id, hash_of(c, id));
	while (i != INDEX_NONE && !pmip_mn_id_equal(&h->node[i].id, id))
		i = index_map_next(&h->by_id, i);
	return i;
}

const struct ctl_history_node *
ctl_history_find(const struct ctl *c, const struct pmip_mn_id *id)
{
	uint32_t i = c->history != NULL ? find(c, id) : INDEX_NONE;

	return i != INDEX_NONE ? &c->history->node[i] : NULL;
}

static void
forget(struct ctl_history *h, uint32_t i)
{
	if (h->last == i)
		h->last = INDEX_NONE;
	h->strangers -= !h->node[i].known;
	ctl_lru_del(&h->used[h->node[i].known], i);
	index_map_del(&h->by_id, i);
	index_pool_put(&h->ids, i);
}

/* A place for one more; that of whom nothing was heard for longest, where there is none. */
static uint32_t
take(struct ctl_history *h, bool known)
{
	if (!known && h->strangers == h->strangers_max)
		forget(h, h->used[false].oldest);
	else if (index_pool_used(&h->ids) == h->places)
		forget(h, h->used[h->used[true].oldest != INDEX_NONE].oldest);
	h->strangers += !known;
	return index_pool_take(&h->ids);
}

/* One with a session is one that policy knew, and the engine has its memory at hand. */
static bool
is_known(const struct ctl *c, const struct pmip_mn_id *id)
{
	struct lma_view v;

	return (c->s.lma != NULL && lma_next_of(c->s.lma, id, PMIP_SESSION_NONE, &v)) || policy_knows(c->s.policy, id);
}

/* The next note about a mobile node, filled in with the time. */
static struct ctl_note *
next_note(struct ctl *c, const struct pmip_mn_id *id, enum ctl_note_what what)
{
	struct ctl_history *h = c->history;
	uint32_t i = find(c, id);
	struct ctl_note *note;

	if (i == INDEX_NONE) {
		bool known = is_known(c, id);

		i = take(h, known);
		h->node[i].id = *id;
		h->node[i].known = known;
		h->node[i].noted = 0;
		index_map_add(&h->by_id, i, hash_of(c, id));
	} else {
		ctl_lru_del(&h->used[h->node[i].known], i);
	}
	ctl_lru_add(&h->used[h->node[i].known], i);
	h->last = i;
	note = &h->node[i].note[h->node[i].noted++ % CTL_NOTES];
	*note = (struct ctl_note){.at_ms = c->now.mono_ms, .wall = c->now.wall, .what = (uint8_t)what};
	return note;
}

void
ctl_history_message(struct ctl *c, bool sent, const struct addr6 *peer, const struct mh_msg *m)
{
	struct pmip_mn_id id = {.subtype = m->opt.mn_id.subtype, .len = m->opt.mn_id.len};
	struct ctl_note *note;

	if (c->history == NULL || !mh_has(m, MH_OPT_MN_ID) || id.len == 0)
		return;
	memcpy(id.id, m->opt.mn_id.id, id.len);
	note = next_note(c, &id, sent ? CTL_NOTE_SENT : CTL_NOTE_RECEIVED);
	note->kind = (uint8_t)m->type;
	note->peer = *peer;
	switch (m->type) {
	case MH_PBU:
		note->sequence = m->pbu.sequence;
		note->value = m->pbu.lifetime;
		break;
	case MH_PBA:
		note->sequence = m->pba.sequence;
		note->value = m->pba.lifetime;
		note->status = m->pba.status;
		break;
	case MH_BRI:
		note->sequence = m->bri.sequence;
		note->value = m->bri.trigger;
		break;
	case MH_BRA:
		note->sequence = m->bra.sequence;
		note->status = m->bra.status;
		break;
	case MH_UPN:
		note->sequence = m->upn.sequence;
		note->value = m->upn.reason;
		break;
	case MH_UPA:
		note->sequence = m->upa.sequence;
		note->status = m->upa.status;
		break;
	default: /* of no one mobile node */
		break;
	}
}

void
ctl_history_event(struct ctl *c, const struct ctl_engine *engine, enum ctl_event_kind kind, const struct pmip_action *a)
{
	struct ctl_note *note;

	if (c->history == NULL || a->publish.mn_id.len == 0)
		return;
	note = next_note(c, &a->publish.mn_id, CTL_NOTE_EVENT);
	note->kind = (uint8_t)kind;
	note->session = a->session;
	note->status = a->publish.status;
	note->value = a->publish.flow;
	note->peer = a->publish.peer;
	note->gateway = engine == &c->mag;
}

/* The state that a session is in, and whose it is; 0, FREE, when it is no more. */
static uint8_t
state_of(const struct ctl *c, const struct ctl_engine *engine, uint32_t session, struct pmip_mn_id *id)
{
	struct lma_view lma;
	struct mag_view mag;

	if (engine == &c->lma && lma_find(c->s.lma, session, &lma)) {
		*id = lma.mn_id;
		return (uint8_t)lma.state;
	}
	if (engine == &c->mag && mag_find(c->s.mag, session, &mag)) {
		*id = *mag.mn_id;
		return (uint8_t)mag.state;
	}
	return 0;
}

void
ctl_history_step(struct ctl *c, const struct ctl_engine *engine, const struct pmip_actions *actions)
{
	for (unsigned int i = 0; c->history != NULL && i < actions->count; i++) {
		const struct pmip_action *a = &actions->list[i];
		struct pmip_mn_id present;
		struct ctl_note *note;
		uint8_t state;

		if (a->session >= engine->sessions)
			continue;
		state = state_of(c, engine, a->session, &present);
		/* Of one that has ended, the publication says whose it was. */
		if (state == engine->state[a->session] || (state == 0 && a->type != PMIP_ACT_PUBLISH))
			continue;
		note = next_note(c, state != 0 ? &present : &a->publish.mn_id, CTL_NOTE_TRANSITION);
		note->session = a->session;
		note->from = engine->state[a->session];
		note->to = state;
		note->gateway = engine == &c->mag;
		engine->state[a->session] = state;
	}
}

static int
engine_init(struct ctl_engine *engine)
{
	engine->state = calloc(engine->sessions + 1, 1);
	return engine->state != NULL ? 0 : -ENOMEM;
}

int
ctl_history_init(struct ctl *c)
{
	struct ctl_history *h;

	if (c->s.history == 0)
		return 0;
	h = c->history = calloc(1, sizeof(*h));
	if (h == NULL || engine_init(&c->lma) < 0 || engine_init(&c->mag) < 0)
		return -ENOMEM;
	h->places = c->s.history;
	h->last = INDEX_NONE;
	h->strangers_max = (h->places + STRANGERS - 1) / STRANGERS;
	h->node = calloc(h->places, sizeof(*h->node));
	if (h->node == NULL || index_pool_init(&h->ids, h->places) < 0 || index_map_init(&h->by_id, h->places) < 0 ||
	    ctl_lru_init(&h->used[false], h->places) < 0 || ctl_lru_init(&h->used[true], h->places) < 0)
		return -ENOMEM;
	return 0;
}

void
ctl_history_fini(struct ctl *c)
{
	struct ctl_history *h = c->history;

	free(c->lma.state);
	free(c->mag.state);
	if (h == NULL)
		return;
	index_pool_fini(&h->ids);
	index_map_fini(&h->by_id);
	ctl_lru_fini(&h->used[false]);
	ctl_lru_fini(&h->used[true]);
	free(h->node);
	free(h);
}
