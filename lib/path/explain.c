/* SPDX-License-Identifier: BSD-3-Clause */
/* The stages of a worker for one packet, without its end. */
#include <errno.h>
#include <string.h>

#include <rte_cycles.h>

#include "stage.h"

/* What `to` got from `from` behind the n packets that it had. */
static void
note(struct path_explanation *x, const struct path_worker *w, enum stage from, enum stage to, unsigned int n)
{
	for (; n < w->in[to].n && x->step_count < PATH_EXPLAIN_STEPS; n++) {
		struct rte_mbuf *m = w->in[to].m[n];
		const struct packet *p = packet_of(m);

		x->step[x->step_count++] = (struct path_explain_step){
			.stage = from,
			.to = to,
			.drop = p->drop,
			.punt = p->meta.punt,
			.rule = from == STAGE_FLOWS ? p->rule : 0,
			.out = to == STAGE_TX ? m->port : PATH_PORT_NONE,
			.len = packet_len(m),
			.adjacency = p->meta.adjacency,
			.value = p->value,
		};
	}
}

static void
run(struct path_worker *w, enum stage s, struct path_explanation *x)
{
	unsigned int before[STAGE_COUNT];

	for (enum stage to = s + 1; to < STAGE_COUNT; to++)
		before[to] = w->in[to].n;
	path_worker_stage(w, s, false);
	for (enum stage to = s + 1; to < STAGE_COUNT; to++)
		note(x, w, s, to, before[to]);
}

/* The packets that reached the last stages are the caller's. */
static void
take_ends(struct path_worker *w, enum stage s, enum path_end end, struct path_explanation *x)
{
	for (unsigned int i = 0; i < w->in[s].n; i++) {
		struct rte_mbuf *m = w->in[s].m[i];
		const struct packet *p = packet_of(m);

		if (x->end_count == PATH_EXPLAIN_ENDS) {
			rte_pktmbuf_free(m);
			continue;
		}
		x->end[x->end_count++] = (struct path_explain_end){
			.end = end,
			.drop = p->drop,
			.punt = p->meta.punt,
			.out = s == STAGE_TX ? m->port : PATH_PORT_NONE,
			.l3 = p->meta.l3,
			.m = m,
		};
	}
	w->in[s].n = 0;
}

static void
take_kept(struct path_worker *w, struct path_explanation *x)
{
	struct rte_mbuf *m = path_worker_fragments_take(w);

	if (m != NULL)
		x->end[x->end_count++] = (struct path_explain_end){
			.end = PATH_KEPT, .out = PATH_PORT_NONE, .l3 = packet_of(m)->meta.l3, .m = m};
}

static void
take_answer(struct path_worker *w, struct path_explanation *x)
{
	for (; w->local_count > 0; w->local_count--) {
		struct rte_mbuf *m = w->local[w->local_first++ % WORKER_LOCAL];

		if (x->answer == NULL)
			x->answer = m;
		else
			rte_pktmbuf_free(m);
	}
	w->local_first = 0;
}

int
path_explain(struct path *p, uint16_t port, const uint8_t *frame, size_t len, struct path_explanation *out)
{
	struct path_worker *w = p->explainer;
	struct rte_mbuf *m;

	*out = (struct path_explanation){.step_count = 0};
	if (port >= PATH_PORT_MAX || !p->port[port].present)
		return -EINVAL;
	m = path_mbuf_alloc(p);
	if (m == NULL)
		return -ENOBUFS;
	if (len > rte_pktmbuf_tailroom(m)) {
		rte_pktmbuf_free(m);
		return -EMSGSIZE;
	}
	memcpy(rte_pktmbuf_append(m, (uint16_t)len), frame, len);
	*packet_of(m) = (struct packet){.meta = {.port = port}, .origin = p->port[port].origin};
	w->icmp = bucket_full(rte_rdtsc());
	worker_give(w, p->port[port].stage, m);
	for (enum stage s = 0; s < STAGE_PUNT; s++)
		if (w->in[s].n > 0)
			run(w, s, out);
	take_ends(w, STAGE_PUNT, PATH_PUNTED, out);
	take_ends(w, STAGE_TX, PATH_SENT, out);
	take_ends(w, STAGE_DROP, PATH_DROPPED, out);
	take_kept(w, out);
	take_answer(w, out);
	return 0;
}

void
path_explain_free(struct path_explanation *x)
{
	for (unsigned int i = 0; i < x->end_count; i++)
		rte_pktmbuf_free(x->end[i].m);
	rte_pktmbuf_free(x->answer);
	*x = (struct path_explanation){.step_count = 0};
}
