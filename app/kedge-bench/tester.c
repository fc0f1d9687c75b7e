/* SPDX-License-Identifier: BSD-3-Clause */
/* The runs around a node on the wire, and what they tell. */
#include "tester.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_cycles.h>
#include <rte_errno.h>

#define POOL	  16383
#define ROOM	  2048
#define BURST_MAX 1000000 /* frames of a back-to-back */
#define LEARNING  5	  /* frames in front of all trials, each waited for */

static double
us(uint64_t cycles)
{
	return (double)cycles * 1e6 / (double)rte_get_tsc_hz();
}

static void
tell(const struct tester *t, const struct search_outcome *r, const char *more)
{
	const struct histogram *h = &t->latency;
	const uint64_t lost = r->sent > r->received ? r->sent - r->received : 0;
	char size[SIZE_TEXT];

	printf(t->o->json
		       ? "{\"case\": \"%s\", \"search\": \"%s\", \"size\": %s, \"sent\": %" PRIu64
			 ", \"received\": %" PRIu64 ", \"lost\": %" PRIu64 ", \"reordered\": %" PRIu64
			 ", \"stray\": %" PRIu64 ", \"pps\": %.0f, "
			 "\"latency_us\": {\"least\": %.2f, \"mean\": %.2f, \"p50\": %.2f, \"p90\": %.2f, \"p99\": "
			 "%.2f, "
			 "\"p999\": %.2f, \"greatest\": %.2f}%s}\n"
		       : "%s, %s: %s bytes, %" PRIu64 " sent, %" PRIu64 " received, %" PRIu64 " lost, %" PRIu64
			 " out of order, %" PRIu64 " stray, %.0f packets a second\n"
			 "  latency us: least %.2f mean %.2f p50 %.2f p90 %.2f p99 %.2f p99.9 %.2f greatest %.2f%s\n",
	       case_name(t->o->which), search_name(t->o->search), size_text(t->o, size), r->sent, r->received, lost,
	       t->reordered, t->stray, r->rate, us(h->least), us((uint64_t)histogram_mean(h)),
	       us(histogram_percentile(h, 50)), us(histogram_percentile(h, 90)), us(histogram_percentile(h, 99)),
	       us(histogram_percentile(h, 99.9)), us(h->greatest), more);
	fflush(stdout);
}

static bool
run_throughput(struct tester *t, struct search_outcome *r, char *more, size_t size)
{
	const struct search_settings s = {.most = t->o->rate,
					  .loss = t->o->loss_percent / 100,
					  .resolution = t->o->resolution_percent / 100,
					  .trial_s = t->o->trial_s,
					  .full_s = t->o->seconds};
	double rate;

	if (!search_throughput(&s, trial_run, t, &rate))
		return false;
	*r = (struct search_outcome){t->sent, t->received, rate};
	snprintf(more, size, t->o->json ? ", \"throughput_pps\": %.0f" : "\n  throughput %.0f packets a second", rate);
	return true;
}

/* From the greatest rate down, a tenth of it at a time, until two trials lose nothing (section 26.3). */
static bool
run_loss(struct tester *t, struct search_outcome *r)
{
	struct search_trial trial = {.rate = t->o->rate, .seconds = t->o->seconds, .frames = UINT64_MAX};
	double most = t->o->rate;

	for (int tenths = 10, clean = 0; tenths > 0 && clean < 2; tenths--) {
		if (tenths < 10)
			trial.rate = most * tenths / 10;
		if (!trial_run(t, &trial, r))
			return false;
		most = tenths == 10 && most <= 0 ? r->rate : most;
		clean = r->sent > 0 && r->received == r->sent ? clean + 1 : 0;
		tell(t, r, "");
	}
	return true;
}

static bool
run_back_to_back(struct tester *t, struct search_outcome *r, char *more, size_t size)
{
	uint64_t frames, sum = 0;

	for (uint32_t i = 0; i < t->o->repeat; i++) {
		if (!search_back_to_back(BURST_MAX, trial_run, t, &frames))
			return false;
		sum += frames;
	}
	*r = (struct search_outcome){t->sent, t->received, 0};
	snprintf(more, size, t->o->json ? ", \"back_to_back\": %.1f" : "\n  back to back %.1f frames",
		 (double)sum / t->o->repeat);
	return true;
}

/* A frame alone, and another one until one comes back: the node learns who its neighbours are (section 23 (b)). */
static bool
learn(struct tester *t)
{
	const struct search_trial one = {.seconds = 1, .frames = 1};
	struct search_outcome r = {0};

	for (int i = 0; i < LEARNING && r.received == 0; i++)
		if (!trial_run(t, &one, &r))
			return false;
	if (r.received == 0 && !bench_ended())
		fputs("kedge-bench: nothing came back of the first frames\n", stderr);
	return true;
}

static bool
run(struct tester *t)
{
	const struct search_trial once = {.rate = t->o->rate, .seconds = t->o->seconds, .frames = UINT64_MAX};
	struct search_outcome r;
	char more[64] = "";
	bool fine = true;

	if (!learn(t))
		return false;
	switch (t->o->search) {
	case SEARCH_THROUGHPUT:
		fine = run_throughput(t, &r, more, sizeof(more));
		break;
	case SEARCH_LOSS:
		return run_loss(t, &r);
	case SEARCH_BACK_TO_BACK:
		fine = run_back_to_back(t, &r, more, sizeof(more));
		break;
	default:
		fine = trial_run(t, &once, &r);
	}
	if (fine)
		tell(t, &r, more);
	return fine;
}

static bool
check_sides(const struct tester *t, enum shape shape)
{
	const bool sends_plain = !is_tunnel_shape(shape);

	if ((shape != TRANSIT && t->side[TUNNEL] == NULL) ||
	    ((sends_plain || shape == TUNNEL_FROM_NODE || t->gateway) && t->side[PLAIN] == NULL)) {
		fputs("kedge-bench: this case needs --tunnel, --plain or both\n", stderr);
		return false;
	}
	if (sends_plain && !t->side[PLAIN]->node_known) {
		fputs("kedge-bench: --plain-next has to say where the node is\n", stderr);
		return false;
	}
	return true;
}

static bool
make(struct tester *t)
{
	const enum shape shape = case_shape(t->o->which);

	t->gateway = is_gateway_shape(shape);
	if (t->gateway)
		t->o->tunnels = 1; /* one anchor accepts all its updates */
	t->pool = path_pool_new("frames", POOL, ROOM, SOCKET_ID_ANY);
	t->home = calloc(t->o->sessions, sizeof(*t->home));
	if (t->pool == NULL || t->home == NULL)
		return bench_fail("tester", ENOMEM);
	if (!link_open(t, TUNNEL) || !link_open(t, PLAIN) || !check_sides(t, shape))
		return false;
	t->tunnelled = shape == TO_NODE || shape == TUNNEL_NODE_TO_NODE || shape == FROM_NODE;
	t->plan = (struct plan){
		.node = t->o->node, .gateway = t->o->gateway, .home = t->gateway ? NULL : t->home, .marked = true};
	for (int side = 0; side < SIDES; side++)
		if (t->side[side] != NULL) {
			t->plan.node_mac[side] = t->side[side]->node_mac;
			t->plan.other_mac[side] = t->side[side]->mac;
		}
	return true;
}

int
tester_run(const struct options *o)
{
	static struct tester t;
	static struct options own;
	const bool registered = case_shape(o->which) != TRANSIT;
	bool fine;

	own = *o;
	t.o = &own;
	fine = make(&t);
	if (fine) {
		fine = (!registered || register_sessions(&t, true)) &&
		       traffic_make(&t.traffic, &own, &t.plan, t.pool) && run(&t);
		fine = (!registered || register_sessions(&t, false)) && fine;
	}
	traffic_free(&t.traffic);
	link_close(&t);
	rte_mempool_free(t.pool);
	free(t.home);
	return fine ? 0 : 1;
}
