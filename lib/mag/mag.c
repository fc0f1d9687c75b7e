/* SPDX-License-Identifier: BSD-3-Clause */
/* The front of the engine: its making, its step, and what it shows. */
#include "mag/mag.h"

#include <stdlib.h>

#include "engine.h"

static bool
timers_in_range(const struct pmip_timers *t)
{
#define TIMER(field, key, unit, def, min, max, source, help)                                                           \
	if ((int64_t)t->field < (min) || (int64_t)t->field > (max))                                                    \
		return false;
#include "base/timer.def"
#undef TIMER
	return t->initial_bindack_timeout_ms <= t->max_bindack_timeout_ms;
}

static bool
aggregate_in_range(const struct mag_settings *s)
{
	uint8_t len = s->aggregate.len;

	return s->temporal_prefixes <= MAG_TEMPORAL_MAX && s->aggregate_count <= PMIP_AGGREGATES_MAX &&
	       (len == 0 || (len >= MAG_AGGREGATE_LEN_MIN && len <= MAG_AGGREGATE_LEN_MAX));
}

bool
mag_settings_in_range(const struct mag_settings *s)
{
	return !addr6_is_zero(&s->address) && s->sessions_max > 0 && s->sessions_max <= MAG_SESSIONS_MAX &&
	       s->lifetime_s >= MAG_LIFETIME_MIN_S && s->lifetime_s <= MAG_LIFETIME_MAX_S &&
	       timers_in_range(&s->timers) && aggregate_in_range(s);
}

static bool
tables_init(struct mag *g, uint32_t sessions)
{
	g->session = calloc(sessions, sizeof(*g->session));
	return g->session != NULL && index_pool_init(&g->ids, sessions) == 0 &&
	       index_map_init(&g->by_mn_id, sessions) == 0 && index_map_init(&g->by_host, sessions) == 0 &&
	       index_map_init(&g->by_sequence, sessions) == 0 &&
	       index_map_init(&g->by_prefix, sessions * MH_HNP_MAX) == 0 && deadline_init(&g->due, sessions) == 0 &&
	       deadline_init(&g->absent, sessions) == 0 && deadline_init(&g->rare, MAG_RARE_COUNT) == 0 &&
	       pmip_peers_init(&g->peers, g->s.peers, g->s.peer_count, &g->s.secret) == 0 &&
	       mag_temporal_init(&g->temporal, &g->s) == 0 && mag_aggregates_copy(&g->aggregate, &g->s);
}

struct mag *
mag_new(const struct mag_settings *s)
{
	struct mag *g = mag_settings_in_range(s) ? calloc(1, sizeof(*g)) : NULL;

	if (g == NULL)
		return NULL;
	g->s = *s;
	g->jitter = s->jitter_seed;
	g->sequence = s->first_sequence;
	g->revocation = s->first_sequence;
	if (tables_init(g, s->sessions_max)) {
		g->s.peers = NULL;
		g->s.aggregates = NULL;
		mag_delegation_ask(g);
		return g;
	}
	mag_free(g);
	return NULL;
}

void
mag_free(struct mag *g)
{
	if (g == NULL)
		return;
	free(g->aggregate);
	pmip_pool_fini(&g->temporal);
	pmip_peers_fini(&g->peers);
	deadline_fini(&g->rare);
	deadline_fini(&g->absent);
	deadline_fini(&g->due);
	index_map_fini(&g->by_prefix);
	index_map_fini(&g->by_sequence);
	index_map_fini(&g->by_host);
	index_map_fini(&g->by_mn_id);
	index_pool_fini(&g->ids);
	free(g->session);
	free(g);
}

typedef void event_fn(struct mag *g, const struct pmip_event *e);

static event_fn *const messages[] = {
	[MH_PBA] = mag_acknowledge, [MH_BE] = mag_binding_error,	[MH_BRI] = mag_revoked,
	[MH_UPN] = mag_notified,    [MH_BRA] = mag_revocation_answered,
};

/* Others are for an anchor, or for another engine. */
static void
message(struct mag *g, const struct pmip_event *e)
{
	enum mh_type type = e->message.msg->type;

	if ((unsigned int)type < sizeof(messages) / sizeof(messages[0]) && messages[type] != NULL)
		messages[type](g, e);
}

static event_fn *const events[] = {
	[PMIP_EV_TICK] = mag_tick,
	[PMIP_EV_MESSAGE] = message,
	[PMIP_EV_ATTACH] = mag_attach,
	[PMIP_EV_DETACH] = mag_detach,
	[PMIP_EV_LINK_LOCAL_TAKEN] = mag_link_local_taken,
	[PMIP_EV_CLOSE] = mag_close,
	[PMIP_EV_EFFECT_FAILED] = mag_effect_failed,
	[PMIP_EV_PEER] = mag_anchor_changed,
	[PMIP_EV_REVOKE] = mag_revoke,
	[PMIP_EV_MOVE] = mag_move,
	[PMIP_EV_CUT] = mag_cut,
};

void
mag_step(struct mag *g, const struct pmip_event *e, struct pmip_actions *out)
{
	g->now = e->now;
	g->out = out;
	if (e->type != PMIP_EV_EFFECT_FAILED)
		g->accepted = PMIP_SESSION_NONE;
	if ((unsigned int)e->type < sizeof(events) / sizeof(events[0]) && events[e->type] != NULL)
		events[e->type](g, e);
	if (g->closing && index_pool_used(&g->ids) == 0)
		g->closing = false;
	out->more = (g->closing && g->close_at < g->s.sessions_max) || mag_due(g) <= g->now.mono_ms;
	g->out = NULL;
}

uint64_t
mag_due(const struct mag *g)
{
	uint64_t session = deadline_next(&g->due), rare = deadline_next(&g->rare);

	return session < rare ? session : rare;
}

static uint8_t
temporal(const struct mag *g, const struct mag_prefixes *l)
{
	uint8_t mask = l->temporal;

	for (unsigned int i = 0; i < l->count; i++)
		if (mag_aggregate_is_foreign(g, &l->prefix[i]))
			mask |= (uint8_t)(1u << i);
	return mask;
}

static void
view(const struct mag *g, uint32_t i, struct mag_view *out)
{
	const struct mag_session *s = &g->session[i];

	*out = (struct mag_view){
		.session = i,
		.state = (enum mag_state)s->state,
		.mn_id = &s->mn_id,
		.link = s->link,
		.lma = s->lma,
		.link_local = addr6_is_zero(&s->link_local) ? g->s.link_local : s->link_local,
		.sequence = s->sequence,
		.status = s->status,
		.tries = s->tries,
		.prefix = s->has.prefix,
		.service = mag_service_name(g, s),
	};
	if (!s->forwarding)
		return;
	out->lifetime_s = s->lifetime_s;
	out->expires_ms = s->expires_ms;
	out->opened_ms = s->opened_ms;
	out->prefix_count = s->has.count;
	out->off_link = s->has.off_link;
	out->idle = s->has.idle;
	out->temporal = temporal(g, &s->has);
	out->group = s->group;
	out->gre = s->gre;
	out->gre_keyed = s->gre_keyed;
	out->key_in = s->gre_keyed ? mag_gre_key(g, s) : 0;
	out->key_out = s->gre_key;
}

bool
mag_find(const struct mag *g, uint32_t session, struct mag_view *out)
{
	if (!index_pool_is_taken(&g->ids, session))
		return false;
	view(g, session, out);
	return true;
}

bool
mag_next(const struct mag *g, uint32_t from, struct mag_view *out)
{
	for (uint32_t i = from; i < g->s.sessions_max; i++)
		if (mag_find(g, i, out))
			return true;
	return false;
}

bool
mag_next_of(const struct mag *g, const struct pmip_mn_id *id, uint32_t after, struct mag_view *out)
{
	const struct mag_session *s = mag_session_of(g, id, after == PMIP_SESSION_NONE ? NULL : &g->session[after]);

	return s != NULL && mag_find(g, mag_session_index(g, s), out);
}

uint32_t
mag_session_count(const struct mag *g)
{
	return index_pool_used(&g->ids);
}

const struct pmip_peer_settings *
mag_peer(const struct mag *g, const struct addr6 *a)
{
	return pmip_peers_find(&g->peers, a);
}

uint64_t
mag_transitions_refused(const struct mag *g)
{
	return g->transitions_refused;
}

const struct stat_block *
mag_stat(const struct mag *g)
{
	return &g->stat;
}
