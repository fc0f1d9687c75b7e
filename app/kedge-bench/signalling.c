/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Updates at the anchor's engine, one after the other: each is decoded, stepped, its actions carried out in the
 * forwarding tables where there are any, and its acknowledgement encoded. The messages of a phase lie encoded in memory
 * before it begins. Every session is opened, refreshed and moved to another gateway once, in an order of no order.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_errno.h>

#include "bench.h"
#include "lma/lma.h"
#include "mh/mh.h"
#include "signalling.h"
#include "update.h"

#define TUNNEL_MTU 1460
#define SEND_MAX   256

const char *const signalling_names[PHASES] = {"new sessions", "refreshes", "handovers"};
static const char *const keys[PHASES] = {"open", "refresh", "handover"};

struct message {
	uint8_t bytes[UPDATE_MAX];
	uint32_t len, session;
	struct addr_prefix prefix; /* once it was given */
};

struct bench {
	const struct options *o;
	struct lma *lma;
	struct fwd *fwd; /* NULL: the engine alone */
	struct clock_now now;
	struct plan plan;
	struct message *message, *current;
	uint32_t *cycles; /* of each message */
	uint32_t accepted;
};

/* The gateway of a session: handovers go to the next one. */
static struct addr6
gateway(const struct bench *b, uint32_t session, enum phase phase)
{
	return plan_gateway(&b->plan, (session + (phase == HANDOVER)) % b->o->tunnels);
}

static bool
encode(struct bench *b, struct message *m, enum phase phase)
{
	static const uint8_t handoff[PHASES] = {MH_HANDOFF_NEW_INTERFACE, MH_HANDOFF_NO_CHANGE,
						MH_HANDOFF_BETWEEN_MAGS};
	struct addr6 src = gateway(b, m->session, phase);
	struct update u = {.session = m->session,
			   .sequence = phase + 1,
			   .lifetime = SIGNALLING_LIFETIME,
			   .handoff = handoff[phase],
			   .wall = b->now.wall};
	int len;

	if (phase == REFRESH) /* the new gateway does not know the prefix yet */
		u.prefix = m->prefix;
	len = update_encode(&u, &src, &b->plan.node, m->bytes, sizeof(m->bytes));
	m->len = len > 0 ? len : 0;
	return len > 0;
}

static bool
encode_all(struct bench *b, enum phase phase)
{
	for (uint32_t i = 0; i < b->o->sessions; i++)
		if (!encode(b, &b->message[i], phase))
			return false;
	return true;
}

static int
forward(struct bench *b, const struct pmip_action *a)
{
	int tunnel = 0, rc = 0;

	if (b->fwd == NULL)
		return 0;
	tunnel = fwd_tunnel_add(b->fwd, &a->forward.local, &a->forward.remote, TUNNEL_MTU, &tun_plain);
	if (tunnel < 0)
		return tunnel;
	for (unsigned int i = 0; rc == 0 && i < a->forward.prefix_count; i++) {
		uint64_t value = fwd_value(tunnel, a->session, 0);

		rc = fwd_prefix_replace(b->fwd, &a->forward.prefix[i], value);
		if (rc == -ENOENT)
			rc = fwd_prefix_add(b->fwd, &a->forward.prefix[i], value);
	}
	return rc;
}

static void step(struct bench *b, const struct pmip_event *e);

static void
answer_policy(struct bench *b, const struct pmip_action *a)
{
	struct pmip_event e = {.type = PMIP_EV_POLICY,
			       .now = b->now,
			       .policy = {.token = a->ask.token, .found = true, .profile = {.prefixes_wanted = 1}}};

	e.policy.profile.mn_id = a->ask.mn_id;
	step(b, &e);
}

static int
apply(struct bench *b, const struct pmip_action *a)
{
	uint8_t bytes[SEND_MAX];

	switch (a->type) {
	case PMIP_ACT_SEND:
		b->accepted += a->send.msg.type == MH_PBA && a->send.msg.pba.status == MH_STATUS_ACCEPTED;
		b->current->prefix = a->send.msg.opt.hnp[0].prefix;
		return mh_encode(&a->send.msg, &a->send.src, &a->send.dst, bytes, sizeof(bytes)) > 0 ? 0 : -EINVAL;
	case PMIP_ACT_FORWARD_SET:
		return forward(b, a);
	case PMIP_ACT_ASK_POLICY:
		answer_policy(b, a);
		return 0;
	default:
		return 0;
	}
}

static void
step(struct bench *b, const struct pmip_event *e)
{
	struct pmip_actions out;

	out.count = 0;
	out.more = false;
	lma_step(b->lma, e, &out);
	for (unsigned int i = 0; i < out.count; i++)
		if (apply(b, &out.list[i]) != 0)
			return; /* one answer less than messages: the run fails */
}

static void
receive(struct bench *b, struct message *m, enum phase phase)
{
	struct mh_msg msg;
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .now = b->now};

	b->current = m;
	e.message.src = gateway(b, m->session, phase);
	e.message.dst = b->plan.node;
	e.message.msg = &msg;
	if (mh_decode(m->bytes, m->len, &e.message.src, &e.message.dst, &msg) == MH_OK)
		step(b, &e);
}

static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool
run_phase(struct bench *b, enum phase phase, struct signalling_outcome *out)
{
	const uint32_t n = b->o->sessions;
	uint64_t begin, last;

	b->now.mono_ms += SIGNALLING_PERIOD_MS;
	b->now.wall += clock_wall_of_ms(SIGNALLING_PERIOD_MS);
	b->accepted = 0;
	if (!encode_all(b, phase))
		return false;
	begin = last = rte_rdtsc_precise();
	for (uint32_t i = 0; i < n; i++) {
		uint64_t now;

		receive(b, &b->message[i], phase);
		if (b->fwd != NULL && i % PATH_BURST == 0)
			fwd_reclaim(b->fwd);
		now = rte_rdtsc();
		b->cycles[i] = RTE_MIN(now - last, (uint64_t)UINT32_MAX);
		last = now;
	}
	out->per_s = (double)n * (double)rte_get_tsc_hz() / (double)(last - begin);
	if (b->accepted != n) {
		fprintf(stderr, "kedge-bench: %u of %u %s were accepted\n", b->accepted, n, signalling_names[phase]);
		return false;
	}
	qsort(b->cycles, n, sizeof(*b->cycles), compare);
	out->more[0] = '\0';
	out->p50 = b->cycles[n / 2];
	out->p99 = b->cycles[(uint64_t)n * 99 / 100];
	out->p999 = b->cycles[(uint64_t)n * 999 / 1000];
	out->worst = b->cycles[n - 1];
	return true;
}

static double
us(uint64_t cycles)
{
	return (double)cycles * 1e6 / (double)rte_get_tsc_hz();
}

void
signalling_print(const struct options *o, enum phase phase, const struct signalling_outcome *r)
{
	if (o->json)
		printf("%s\"%s\": {\"per_s\": %.0f, \"p50_us\": %.2f, \"p99_us\": %.2f, \"p999_us\": %.2f, "
		       "\"worst_us\": %.2f%s}",
		       phase == 0 ? "" : ", ", keys[phase], r->per_s, us(r->p50), us(r->p99), us(r->p999), us(r->worst),
		       r->more);
	else
		printf("  %-16s %10.0f a second   p50 %.2f  p99 %.2f  p99.9 %.2f  worst %.2f us%s\n",
		       signalling_names[phase], r->per_s, us(r->p50), us(r->p99), us(r->p999), us(r->worst), r->more);
	fflush(stdout);
}

struct lma *
signalling_engine(const struct plan *plan, uint32_t sessions, struct signalling_rows *rows)
{
	struct addr6 block = plan_session(plan, 0);
	uint8_t len = 64;

	block.b[0]++; /* beside the prefixes of sessions that are set by hand */
	for (uint32_t room = 1; room < sessions; room *= 2)
		len--;
	rows->peer = (struct pmip_peer_settings){.name = "gateways", .address = addr_prefix_mask(&plan->gateway, 64)};
	rows->pool = (struct pmip_pool_settings){.name = "pool", .len = 64, .block = addr_prefix_mask(&block, len)};
	return lma_new(&(struct lma_settings){.address = plan->node,
					      .sessions_max = sessions,
					      .lifetime_max_s = 4 * SIGNALLING_LIFETIME,
					      .proxy_registration = true,
					      .timestamps = true,
					      .timers = pmip_timers_default(),
					      .secret = {{1, 2}},
					      .peer_count = 1,
					      .peers = &rows->peer,
					      .pool_count = 1,
					      .pools = &rows->pool});
}

static struct fwd *
make_tables(const struct options *o)
{
	return fwd_new(&(struct fwd_settings){.prefixes = o->sessions,
					      .sessions = 1,
					      .tunnels = o->tunnels,
					      .adjacencies = 1,
					      .hosts = 1,
					      .routes = 1,
					      .workers = 1,
					      .secret = {{1, 2}},
					      .socket = -1});
}

static bool
run(struct bench *b, bool forwarding)
{
	struct signalling_rows rows;
	struct signalling_outcome r;
	bool fine = true;

	b->now = (struct clock_now){.mono_ms = 1000, .wall = (uint64_t)1800000000 << 16};
	b->lma = signalling_engine(&b->plan, b->o->sessions, &rows);
	b->fwd = forwarding ? make_tables(b->o) : NULL;
	if (b->lma == NULL || (forwarding && b->fwd == NULL)) {
		fputs("kedge-bench: no memory for the engine or its tables\n", stderr);
		fine = false;
	}
	for (enum phase phase = 0; fine && phase < PHASES; phase++) {
		fine = (!bench_ended() || bench_interrupted()) && run_phase(b, phase, &r);
		if (fine)
			signalling_print(b->o, phase, &r);
	}
	fwd_free(b->fwd);
	lma_free(b->lma);
	return fine;
}

uint32_t *
signalling_order(uint32_t n)
{
	uint32_t *order = calloc(n, sizeof(*order));
	uint64_t state = 0x13198a2e03707344u;

	for (uint32_t i = 0; order != NULL && i < n; i++) {
		uint32_t j = draw_below(&state, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	return order;
}

static bool
run_engine(const struct options *o)
{
	struct bench b = {.o = o, .plan = plan_of_memory(CORE)};
	uint32_t *order = signalling_order(o->sessions);
	bool fine;

	b.message = calloc(o->sessions, sizeof(*b.message));
	b.cycles = calloc(o->sessions, sizeof(*b.cycles));
	fine = order != NULL && b.message != NULL && b.cycles != NULL;
	if (!fine)
		fputs("kedge-bench: no memory for the messages\n", stderr);
	for (uint32_t i = 0; fine && i < o->sessions; i++)
		b.message[i].session = order[i];
	fine = fine && run(&b, false);
	fputs(o->json ? "}, \"with_forwarding\": {" : " with forwarding entries\n", stdout);
	fine = fine && run(&b, true);
	free(order);
	free(b.message);
	free(b.cycles);
	return fine;
}

int
signalling_run(const struct options *o)
{
	bool fine;

	if (o->json)
		printf("{\"case\": \"signalling\", \"sessions\": %u, \"engine\": {", o->sessions);
	else
		printf("signalling: %u sessions, %u gateways\n the engine alone\n", o->sessions, o->tunnels);
	fine = run_engine(o);
	fputs(o->json ? "}, \"control\": {" : " in the control loop\n", stdout);
	fine = fine && control_run(o);
	fputs(o->json ? "}}\n" : "", stdout);
	return fine ? 0 : 1;
}
