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

#define PBU_MAX	   128
#define PERIOD_MS  60000 /* between phases, on the engine's clock */
#define LIFETIME   900	 /* units of 4 s */
#define TUNNEL_MTU 1460
#define SEND_MAX   256

enum phase { OPEN, REFRESH, HANDOVER, PHASES };
static const char *const names[PHASES] = {"new sessions", "refreshes", "handovers"};
static const char *const keys[PHASES] = {"open", "refresh", "handover"};

struct message {
	uint8_t bytes[PBU_MAX];
	uint32_t len, session;
	struct addr_prefix prefix; /* once it was given */
};

struct bench {
	const struct options *o;
	struct lma *lma;
	struct fwd *fwd; /* NULL: the engine alone */
	struct clock_now now;
	struct addr6 self;
	struct message *message, *current;
	uint32_t *cycles; /* of each message */
	uint32_t accepted;
};

struct outcome {
	double per_s;
	uint32_t p50, p99, p999, worst; /* cycles */
};

/* The gateway of a session: handovers go to the next one. */
static struct addr6
gateway(const struct bench *b, uint32_t session, enum phase phase)
{
	return address_of_peer((session + (phase == HANDOVER)) % b->o->tunnels);
}

static bool
encode(struct bench *b, struct message *m, enum phase phase)
{
	struct addr6 src = gateway(b, m->session, phase);
	struct mh_msg pbu = {.type = MH_PBU, .pbu = {.sequence = phase + 1, .flags = MH_PBU_A, .lifetime = LIFETIME}};
	int len;

	/* The new gateway does not know the prefix yet. */
	mh_add_hnp(&pbu, phase == REFRESH ? &m->prefix : &(struct addr_prefix){0});
	mh_set(&pbu, MH_OPT_HANDOFF_INDICATOR);
	mh_set(&pbu, MH_OPT_ACCESS_TECH_TYPE);
	mh_set(&pbu, MH_OPT_MN_ID);
	mh_set(&pbu, MH_OPT_TIMESTAMP);
	pbu.opt.handoff.value = phase == OPEN	   ? MH_HANDOFF_NEW_INTERFACE
				: phase == REFRESH ? MH_HANDOFF_NO_CHANGE
						   : MH_HANDOFF_BETWEEN_MAGS;
	pbu.opt.access_tech.value = MH_ATT_WLAN;
	pbu.opt.mn_id.subtype = 1;
	pbu.opt.mn_id.len =
		snprintf((char *)pbu.opt.mn_id.id, sizeof(pbu.opt.mn_id.id), "mn%" PRIu32 "@example.com", m->session);
	pbu.opt.timestamp.wall = b->now.wall;
	len = mh_encode(&pbu, &src, &b->self, m->bytes, sizeof(m->bytes));
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
	tunnel = fwd_tunnel_add(b->fwd, &a->forward.local, &a->forward.remote, TUNNEL_MTU, TUN_LIMIT_NONE);
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
	e.message.dst = b->self;
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
run_phase(struct bench *b, enum phase phase, struct outcome *out)
{
	const uint32_t n = b->o->sessions;
	uint64_t begin, last;

	b->now.mono_ms += PERIOD_MS;
	b->now.wall += clock_wall_of_ms(PERIOD_MS);
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
		fprintf(stderr, "kedge-bench: %u of %u %s were accepted\n", b->accepted, n, names[phase]);
		return false;
	}
	qsort(b->cycles, n, sizeof(*b->cycles), compare);
	out->p50 = b->cycles[n / 2];
	out->p99 = b->cycles[(uint64_t)n * 99 / 100];
	out->p999 = b->cycles[(uint64_t)n * 999 / 1000];
	out->worst = b->cycles[n - 1];
	return true;
}

static double
us(uint32_t cycles)
{
	return (double)cycles * 1e6 / (double)rte_get_tsc_hz();
}

static void
print(const struct options *o, enum phase phase, const struct outcome *r)
{
	if (o->json)
		printf("%s\"%s\": {\"per_s\": %.0f, \"p50_us\": %.2f, \"p99_us\": %.2f, \"p999_us\": %.2f, "
		       "\"worst_us\": %.2f}",
		       phase == 0 ? "" : ", ", keys[phase], r->per_s, us(r->p50), us(r->p99), us(r->p999),
		       us(r->worst));
	else
		printf("  %-16s %10.0f a second   p50 %.2f  p99 %.2f  p99.9 %.2f  worst %.2f us\n", names[phase],
		       r->per_s, us(r->p50), us(r->p99), us(r->p999), us(r->worst));
	fflush(stdout);
}

static struct lma *
make_engine(const struct bench *b)
{
	struct addr6 peer = address_of_peer(0);
	struct pmip_peer_settings peers = {.name = "gateways", .address = addr_prefix_mask(&peer, 64)};
	struct pmip_pool_settings pool = {.name = "pool", .len = 64};
	struct addr6 block = address_of_session(0);

	pool.block = addr_prefix_mask(&block, 40);
	return lma_new(&(struct lma_settings){.address = b->self,
					      .sessions_max = b->o->sessions,
					      .lifetime_max_s = 4 * LIFETIME,
					      .proxy_registration = true,
					      .timestamps = true,
					      .timers = pmip_timers_default(),
					      .secret = {{1, 2}},
					      .peer_count = 1,
					      .peers = &peers,
					      .pool_count = 1,
					      .pools = &pool});
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
	struct outcome r;
	bool fine = true;

	b->now = (struct clock_now){.mono_ms = 1000, .wall = (uint64_t)1800000000 << 16};
	b->lma = make_engine(b);
	b->fwd = forwarding ? make_tables(b->o) : NULL;
	if (b->lma == NULL || (forwarding && b->fwd == NULL)) {
		fputs("kedge-bench: no memory for the engine or its tables\n", stderr);
		fine = false;
	}
	for (enum phase phase = 0; fine && phase < PHASES; phase++) {
		fine = run_phase(b, phase, &r);
		if (fine)
			print(b->o, phase, &r);
	}
	fwd_free(b->fwd);
	lma_free(b->lma);
	return fine;
}

/* Sessions in an order of no order. */
static void
shuffle(struct bench *b)
{
	uint64_t state = 0x13198a2e03707344u;

	for (uint32_t i = 0; i < b->o->sessions; i++) {
		uint32_t j = draw_below(&state, i + 1);

		b->message[i].session = b->message[j].session;
		b->message[j].session = i;
	}
}

int
signalling_run(const struct options *o)
{
	struct bench b = {.o = o, .self = address_of_node()};
	bool fine;

	b.message = calloc(o->sessions, sizeof(*b.message));
	b.cycles = calloc(o->sessions, sizeof(*b.cycles));
	if (b.message == NULL || b.cycles == NULL) {
		fputs("kedge-bench: no memory for the messages\n", stderr);
		return 1;
	}
	shuffle(&b);
	if (o->json)
		printf("{\"case\": \"signalling\", \"sessions\": %u, \"engine\": {", o->sessions);
	else
		printf("signalling: %u sessions, %u gateways\n the engine alone\n", o->sessions, o->tunnels);
	fine = run(&b, false);
	fputs(o->json ? "}, \"with_forwarding\": {" : " with forwarding entries\n", stdout);
	fine = fine && run(&b, true);
	fputs(o->json ? "}}\n" : "", stdout);
	free(b.message);
	free(b.cycles);
	return fine ? 0 : 1;
}
