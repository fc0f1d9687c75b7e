/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include "mh/vendor.h"

#include <stdio.h>
#include <stdlib.h>

const struct addr6 world_mag = {{0x20, 1, 0xd, 0xb8, 1, 1, [15] = 2}};
const struct addr6 world_lma = {{0x20, 1, 0xd, 0xb8, 1, 0, [15] = 1}};
const struct addr6 world_other_lma = {{0x20, 1, 0xd, 0xb8, 1, 0, [15] = 9}};
const struct addr_prefix world_prefix = {{{0x20, 1, 0xd, 0xb8, 0x10}}, 64};
const struct addr_prefix world_prefix_2 = {{{0x20, 1, 0xd, 0xb8, 0x10, 0, 0, 2}}, 64};

struct mag_settings
world_settings(void)
{
	struct mag_settings s = {
		.address = world_mag,
		.lma = world_lma,
		.link_local = {{0xfe, 0x80, [8] = 2, 0, 0x5e, 0xff, 0xfe, 0, 0x52, 0x13}},
		.sessions_max = 8,
		.lifetime_s = 600,
		.timestamps = true,
		.timers = pmip_timers_default(),
		.secret = {{1, 2}},
	};

	s.timers.peer_grace_ms = 0; /* cases say when there is any */
	return s;
}

void
world_new_with(struct world *w, const struct mag_settings *s)
{
	*w = (struct world){.s = *s, .now = {.mono_ms = 5000, .wall = 1700000000ull << 16}};
	w->g = mag_new(s);
	if (w->g == NULL) {
		fputs("the engine could not be made\n", stderr);
		exit(1);
	}
}

bool
world_apply(struct world *w, const struct mag_settings *s)
{
	struct mag_change *c = mag_change_new(s);

	if (c == NULL)
		return false;
	CU_ASSERT_EQUAL(mag_change_check(c, w->g), 0);
	mag_change_apply(w->g, c);
	mag_change_free(c);
	return true;
}

void
world_new(struct world *w)
{
	struct mag_settings s = world_settings();

	world_new_with(w, &s);
}

void
world_free(struct world *w)
{
	CU_ASSERT_EQUAL(mag_transitions_refused(w->g), 0);
	mag_free(w->g);
}

void
world_step(struct world *w, struct pmip_event *e)
{
	e->now = w->now;
	w->out.count = 0;
	w->out.more = false;
	mag_step(w->g, e, &w->out);
	for (unsigned int i = 0; i < w->out.count; i++)
		if (w->out.list[i].type == PMIP_ACT_SEND) {
			w->sent = w->out.list[i];
			w->sends++;
		}
}

struct pmip_link
world_link(unsigned int n)
{
	return (struct pmip_link){
		.host = n, .mac = {{2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n}}, .access_tech = MH_ATT_WLAN};
}

struct pmip_mn_id
world_mn_id(unsigned int n)
{
	struct pmip_mn_id id;
	char text[32];

	snprintf(text, sizeof(text), "mn%u@example.com", n);
	pmip_mn_id_parse(text, &id);
	return id;
}

void
world_attach_as(struct world *w, const struct pmip_mn_id *id, const struct pmip_link *link, uint8_t handoff)
{
	struct pmip_event e = {
		.type = PMIP_EV_ATTACH,
		.attach = {.link = *link, .mn_id = *id, .handoff = handoff, .profile = w->profile},
	};

	world_step(w, &e);
}

void
world_attach_link(struct world *w, unsigned int n, const struct pmip_link *link, uint8_t handoff)
{
	struct pmip_mn_id id = world_mn_id(n);

	world_attach_as(w, &id, link, handoff);
}

void
world_attach_with(struct world *w, unsigned int n, const struct pmip_link *link, unsigned int count,
		  const struct addr_prefix *prefix)
{
	struct pmip_event e = {.type = PMIP_EV_ATTACH,
			       .attach = {.link = *link,
					  .mn_id = world_mn_id(n),
					  .handoff = MH_HANDOFF_NEW_INTERFACE,
					  .profile = w->profile,
					  .prefix_count = (uint8_t)count}};

	memcpy(e.attach.prefix, prefix, count * sizeof(*prefix));
	world_step(w, &e);
}

void
world_move(struct world *w, unsigned int n, uint32_t session, enum pmip_move how, unsigned int count,
	   const struct addr_prefix *prefix)
{
	struct pmip_event e = {
		.type = PMIP_EV_MOVE,
		.move = {.mn_id = world_mn_id(n), .session = session, .how = how, .prefix_count = (uint8_t)count}};

	memcpy(e.move.prefix, prefix, count * sizeof(*prefix));
	world_step(w, &e);
}

void
world_link_local_taken(struct world *w, uint32_t host)
{
	struct pmip_event e = {.type = PMIP_EV_LINK_LOCAL_TAKEN, .taken = {.host = host}};

	world_step(w, &e);
}

void
world_attach(struct world *w, unsigned int n, uint8_t handoff)
{
	struct pmip_link link = world_link(n);

	world_attach_link(w, n, &link, handoff);
}

void
world_detach(struct world *w, unsigned int n, uint32_t host)
{
	struct pmip_event e = {.type = PMIP_EV_DETACH, .detach = {.host = host}};

	e.detach.mn_id = world_mn_id(n);
	world_step(w, &e);
}

void
world_close(struct world *w, uint32_t session)
{
	struct pmip_event e = {.type = PMIP_EV_CLOSE, .close = {.session = session}};

	world_step(w, &e);
}

void
world_fail(struct world *w, const struct pmip_action *a)
{
	struct pmip_action copy = *a;
	struct pmip_event e = {.type = PMIP_EV_EFFECT_FAILED, .failed = {.action = &copy, .error = -28}};

	world_step(w, &e);
}

void
world_peer(struct world *w, const struct addr6 *peer, enum pmip_peer_change change)
{
	struct pmip_event e = {.type = PMIP_EV_PEER, .peer = {.peer = *peer, .change = change}};

	world_step(w, &e);
}

void
world_revoke(struct world *w, const struct pmip_target *what)
{
	struct pmip_event e = {.type = PMIP_EV_REVOKE, .revoke = {.what = *what}};

	world_step(w, &e);
}

void
world_tick(struct world *w, uint64_t ms)
{
	struct pmip_event e = {.type = PMIP_EV_TICK};

	w->now.mono_ms += ms;
	w->now.wall += clock_wall_of_ms(ms);
	world_step(w, &e);
}

void
world_pass(struct world *w, uint64_t ms)
{
	uint64_t end = w->now.mono_ms + ms;

	while (mag_due(w->g) <= end)
		world_tick(w, mag_due(w->g) > w->now.mono_ms ? mag_due(w->g) - w->now.mono_ms : 0);
	w->now.wall += clock_wall_of_ms(end - w->now.mono_ms);
	w->now.mono_ms = end;
}

void
world_take_note(const struct mh_msg *u, struct mh_msg *m)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_prefixes(u, WORLD_VENDOR, said, MH_VENDOR_MAX);

	for (unsigned int i = 0; i < count && m->opt.hnp_count < MH_HNP_MAX; i++) {
		bool is_there = (said[i].flags & MH_VENDOR_IDLE) || !(said[i].flags & MH_VENDOR_LEVEL2);

		for (unsigned int k = 0; k < m->opt.hnp_count; k++)
			is_there = is_there || addr_prefix_equal(&m->opt.hnp[k].prefix, &said[i].prefix);
		if (is_there)
			continue;
		mh_add_hnp(m, &said[i].prefix);
		mh_vendor_add_prefix(m, WORLD_VENDOR, &said[i]);
	}
}

struct mh_msg
world_pba(const struct world *w, uint8_t status)
{
	const struct mh_msg *u = &w->sent.send.msg;
	struct mh_msg m = {
		.type = MH_PBA,
		.pba = {.status = status, .flags = MH_PBA_P, .sequence = u->pbu.sequence, .lifetime = u->pbu.lifetime},
		.opt = u->opt};

	m.opt.vendor_count = 0;
	if (status < 128 && addr6_is_zero(&m.opt.hnp[0].prefix.addr))
		m.opt.hnp[0].prefix = world_prefix;
	if (status < 128)
		world_take_note(u, &m);
	return m;
}

void
world_answer_from(struct world *w, const struct addr6 *src, struct mh_msg pba)
{
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = *src, .dst = world_mag, .msg = &pba}};

	world_step(w, &e);
}

void
world_answer(struct world *w, struct mh_msg pba)
{
	world_answer_from(w, &w->sent.send.dst, pba);
}

void
world_accept(struct world *w)
{
	world_answer(w, world_pba(w, MH_STATUS_ACCEPTED));
}

void
world_serve(struct world *w, unsigned int n)
{
	struct mh_msg pba;

	world_attach(w, n, MH_HANDOFF_NEW_INTERFACE);
	pba = world_pba(w, MH_STATUS_ACCEPTED);
	pba.opt.hnp[0].prefix.addr.b[7] = (uint8_t)(n - 1);
	world_answer(w, pba);
}

void
world_open(struct world *w)
{
	world_new(w);
	world_serve(w, 1);
}

static struct mag_session *
first_session(const struct world *w, unsigned int n)
{
	struct pmip_mn_id id = world_mn_id(n);

	return mag_session_of(w->g, &id, NULL);
}

enum mag_state
world_state(const struct world *w, unsigned int n)
{
	const struct mag_session *s = first_session(w, n);

	return s != NULL ? s->state : MAG_FREE;
}

struct mag_view
world_view(const struct world *w, unsigned int n)
{
	const struct mag_session *s = first_session(w, n);
	struct mag_view v = {.session = UINT32_MAX};

	if (s != NULL)
		mag_find(w->g, mag_session_index(w->g, s), &v);
	return v;
}

uint64_t
world_count(const struct world *w, enum stat_counter c)
{
	return mag_stat(w->g)->counter[c];
}

unsigned int
world_acted(const struct world *w, enum pmip_action_type t)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < w->out.count; i++)
		n += w->out.list[i].type == t;
	return n;
}

const struct pmip_action *
world_act(const struct world *w, enum pmip_action_type t)
{
	static const struct pmip_action none = {.session = PMIP_SESSION_NONE};

	for (unsigned int i = 0; i < w->out.count; i++)
		if (w->out.list[i].type == t)
			return &w->out.list[i];
	return &none; /* fails the case's next check instead of the program */
}

bool
world_acts(const struct world *w, unsigned int n, const enum pmip_action_type *types)
{
	for (unsigned int i = 0; i < n && i < w->out.count; i++)
		if (w->out.list[i].type != types[i])
			return false;
	return w->out.count == n;
}

bool
world_published(const struct world *w, enum pmip_publish what)
{
	for (unsigned int i = 0; i < w->out.count; i++)
		if (w->out.list[i].type == PMIP_ACT_PUBLISH && w->out.list[i].publish.what == what)
			return true;
	return false;
}
