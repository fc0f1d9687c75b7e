/* SPDX-License-Identifier: BSD-3-Clause */
/* A world's making and end, and how its time passes. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

struct sim_world *
sim_world_new(void)
{
	struct sim_world *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->flight = calloc(SIM_FLIGHTS_MAX, sizeof(*w->flight));
	w->actions = calloc(SIM_DEPTH_MAX, sizeof(*w->actions));
	w->flows = calloc(SIM_LMAS_MAX, sizeof(*w->flows));
	if (w->flight != NULL && w->actions != NULL && w->flows != NULL)
		return w;
	sim_world_free(w);
	return NULL;
}

void
sim_world_free(struct sim_world *w)
{
	if (w == NULL)
		return;
	for (unsigned int i = 0; i < w->nodes; i++)
		sim_engine_free(w, &w->node[i]);
	free(w->flows);
	free(w->actions);
	free(w->flight);
	free(w);
}

void
sim_world_trace(struct sim_world *w, FILE *to)
{
	w->trace = to;
}

const struct sim_result *
sim_world_result(const struct sim_world *w)
{
	return &w->result;
}

const struct sim_coverage *
sim_world_coverage(const struct sim_world *w)
{
	return &w->coverage;
}

uint64_t
sim_world_now_ms(const struct sim_world *w)
{
	return w->now_ms;
}

void
sim_world_ignore(struct sim_world *w, enum sim_invariant i)
{
	w->ignored |= 1u << i;
}

uint64_t
sim_world_wall(const struct sim_world *w, unsigned int node)
{
	return sim_now(w, &w->node[node]).wall;
}

const struct pmip_mn_id *
sim_world_mn_id(const struct sim_world *w, unsigned int mn)
{
	return &w->mn_id[mn];
}

void
sim_world_address(const struct sim_world *w, unsigned int node, struct addr6 *out)
{
	*out = w->node[node].address;
}

void
sim_fault(struct sim_world *w, enum sim_invariant i, const char *format, ...)
{
	va_list args;

	if (w->result.failed)
		return;
	w->result.failed = true;
	w->result.invariant = i;
	w->result.at_ms = w->now_ms;
	va_start(args, format);
	vsnprintf(w->result.text, sizeof(w->result.text), format, args);
	va_end(args);
	sim_say(w, "FAILED %s: %s", sim_invariant_name(i), w->result.text);
}

struct clock_now
sim_now(const struct sim_world *w, const struct sim_node *n)
{
	int64_t drift_ms = (int64_t)(w->now_ms - n->set_ms) * n->ppm / 1000000;
	int64_t ms = (int64_t)w->now_ms + n->offset_ms + drift_ms;
	struct clock_now now = {.mono_ms = SIM_BOOTED_MS + w->now_ms};

	now.wall = ms >= 0 ? SIM_START_WALL + clock_wall_of_ms((uint64_t)ms)
			   : SIM_START_WALL - clock_wall_of_ms((uint64_t)-ms);
	return now;
}

unsigned int
sim_ifs(const struct sim_world *w)
{
	return 2 * w->plan.mns;
}

bool
sim_if_exists(const struct sim_world *w, unsigned int i)
{
	return i / 2 < w->plan.mns && (i % 2 == 0 || i / 2 < w->plan.two_interfaces);
}

int
sim_mn_find(const struct sim_world *w, const struct mh_msg *m)
{
	const struct mh_opt_mn_id *id = &m->opt.mn_id;

	if (!mh_has(m, MH_OPT_MN_ID))
		return SIM_NOBODY;
	for (unsigned int i = 0; i < w->plan.mns; i++)
		if (id->subtype == w->mn_id[i].subtype && id->len == w->mn_id[i].len &&
		    memcmp(id->id, w->mn_id[i].id, id->len) == 0)
			return (int)i;
	return SIM_NOBODY;
}

bool
sim_is_barred(const struct sim_world *w, int mn)
{
	return (unsigned int)mn + w->plan.barred >= w->plan.mns;
}

struct sim_node *
sim_lma_of(struct sim_world *w, int mn)
{
	return &w->node[(unsigned int)mn % w->plan.lmas];
}

struct sim_node *
sim_mag_at(struct sim_world *w, int spot)
{
	return &w->node[w->plan.lmas + (unsigned int)spot / SIM_PORTS];
}

static struct addr6
address_of(uint8_t net, unsigned int i)
{
	return (struct addr6){{0x20, 0x01, 0x0d, 0xb8, net, (uint8_t)i, [15] = 1}};
}

bool
sim_world_start(struct sim_world *w, const struct sim_history *h)
{
	for (unsigned int i = 0; i < w->nodes; i++)
		sim_engine_free(w, &w->node[i]);
	w->h = h;
	w->plan = h->plan;
	w->nodes = w->plan.lmas + w->plan.mags;
	w->now_ms = 0;
	w->hosts = 0;
	w->flight_count = 0;
	w->order = 0;
	w->depth = 0;
	w->leaving = w->hostile = false;
	w->recorded_count = 0;
	w->result = (struct sim_result){0};
	memset(w->iface, 0, sizeof(w->iface));
	memset(w->mn, 0, sizeof(w->mn));
	for (unsigned int i = 0; i < SIM_FLIGHTS_MAX; i++)
		w->flying[i] = (uint16_t)i;
	for (unsigned int i = 0; i < SIM_IFS_MAX; i++)
		w->iface[i].spot = SIM_NOBODY;
	for (unsigned int i = 0; i < w->plan.mns; i++) {
		char text[32];

		snprintf(text, sizeof(text), "mn%u@example.com", i);
		pmip_mn_id_parse(text, &w->mn_id[i]);
	}
	for (unsigned int i = 0; i < w->nodes; i++) {
		bool lma = i < w->plan.lmas;

		w->node[i] = (struct sim_node){.index = i,
					       .address = lma ? address_of(1, i) : address_of(2, i - w->plan.lmas)};
		if (lma && w->plan.unauthorised)
			w->node[i].strangers = (uint8_t)(1u << (w->plan.mags - 1));
		sim_blocks_start(w, &w->node[i]);
	}
	for (unsigned int i = 0; i < w->nodes && !w->result.failed; i++)
		sim_engine_make(w, &w->node[i]);
	return !w->result.failed;
}

/* The next moment that something happens by itself, and to whom: NULL for what is under way. */
static uint64_t
next(struct sim_world *w, struct sim_node **who)
{
	uint64_t first = sim_flight_due(w);

	*who = NULL;
	for (unsigned int i = 0; i < w->nodes; i++) {
		uint64_t due = sim_due(w, &w->node[i]);

		if (due < first) {
			first = due;
			*who = &w->node[i];
		}
	}
	return first;
}

bool
sim_world_until(struct sim_world *w, uint64_t at_ms)
{
	struct sim_node *who;
	uint64_t due;

	while (!w->result.failed && (due = next(w, &who)) <= at_ms) {
		w->now_ms = due > w->now_ms ? due : w->now_ms;
		if (who != NULL)
			sim_tick(w, who);
		else
			sim_land(w);
	}
	if (!w->result.failed && at_ms > w->now_ms)
		w->now_ms = at_ms;
	return !w->result.failed;
}

bool
sim_world_op(struct sim_world *w, const struct sim_op *op)
{
	if (w->result.failed)
		return false;
	sim_check_silence(w);
	w->coverage.op[op->kind]++;
	if (!w->result.failed)
		sim_op_run(w, op);
	return !w->result.failed;
}

size_t
sim_world_recorded(const struct sim_world *w, unsigned int i, unsigned int *from, unsigned int *to,
		   uint8_t bytes[static SIM_MESSAGE_MAX])
{
	const struct sim_flight *m;

	if (i >= w->recorded_count || i >= SIM_RECORDED)
		return 0;
	m = &w->recorded[(w->recorded_count - 1 - i) % SIM_RECORDED];
	*from = m->from;
	*to = m->to;
	memcpy(bytes, m->bytes, m->len);
	return m->len;
}

bool
sim_world_inject(struct sim_world *w, unsigned int from, unsigned int to, const uint8_t *bytes, size_t len)
{
	if (!w->result.failed && from < w->nodes && to < w->nodes)
		sim_deliver(w, from, to, bytes, len);
	return !w->result.failed;
}

/* How long anything can last after all have left: what is on its way, then every wait there is, one after the other. */
static uint64_t
aftermath_ms(const struct sim_world *w)
{
	const struct sim_plan *p = &w->h->plan;
	uint64_t last_ms = w->now_ms;

	for (unsigned int i = 0; i < w->flight_count; i++)
		if (w->flight[w->flying[i]].at_ms > last_ms)
			last_ms = w->flight[w->flying[i]].at_ms;
	for (unsigned int i = 0; i < w->nodes; i++)
		if (w->node[i].stalled_until_ms > last_ms)
			last_ms = w->node[i].stalled_until_ms;
	for (unsigned int i = 0; i < w->h->fate_count; i++)
		if (w->h->fate[i].ms > last_ms - w->now_ms)
			last_ms = w->now_ms + w->h->fate[i].ms;
	return last_ms - w->now_ms + 1000 * (uint64_t)p->lifetime_s + p->bce_delete_ms + p->new_bce_ms +
	       20 * (uint64_t)p->bindack_max_ms + 10 * p->delay_ms + 3 * SIM_POLICY_MS + p->grace_ms +
	       4 * 1000 * SIM_SESSIONS_MAX / p->peer_rate;
}

bool
sim_world_end(struct sim_world *w)
{
	sim_check_silence(w);
	if (w->result.failed)
		return false;
	sim_say(w, "all leave");
	w->leaving = true;
	for (unsigned int i = 0; i < sim_ifs(w); i++) {
		w->iface[i].spot = SIM_NOBODY;
		for (int spot = 0; spot < (int)(w->plan.mags * SIM_PORTS); spot++)
			if (w->iface[i].host[spot] != 0)
				sim_detach(w, i, spot);
	}
	if (sim_world_until(w, w->now_ms + aftermath_ms(w)))
		sim_check_empty(w);
	return !w->result.failed;
}

bool
sim_world_play(struct sim_world *w, const struct sim_history *h)
{
	bool going = sim_world_start(w, h);

	for (unsigned int i = 0; i < h->op_count && going; i++)
		going = sim_world_until(w, h->op[i].at_ms) && sim_world_op(w, &h->op[i]);
	going = going && sim_world_until(w, h->plan.ends_ms) && sim_world_end(w);
	w->coverage.virtual_ms += w->now_ms;
	return going;
}
