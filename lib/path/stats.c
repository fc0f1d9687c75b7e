/* SPDX-License-Identifier: BSD-3-Clause */
/* What workers counted, summed for those who ask. Each count has one writer; a reader may see it a moment old. */
#include "stage.h"

static const struct path_stage_row rows[STAGE_COUNT] = {
#define STAGE(name, function, text, help) [STAGE_##name] = {text, help},
#include "stage.def"
#undef STAGE
};

const struct stat_block *
path_stats(const struct path *p, unsigned int worker)
{
	return &p->worker[worker]->stat;
}

void
path_port_counts_get(const struct path *p, uint16_t port, struct path_port_counts *out)
{
	*out = (struct path_port_counts){0};
	for (unsigned int i = 0; port < PATH_PORT_MAX && i < p->workers; i++) {
		const struct path_worker *w = p->worker[i];

		for (unsigned int q = 0; q < w->rx_count; q++) {
			if (w->rx[q].port != port)
				continue;
			out->rx_packets += worker_read(&w->rx[q].packets);
			out->rx_bytes += worker_read(&w->rx[q].bytes);
		}
		out->tx_packets += worker_read(&w->sent[port].packets);
		out->tx_bytes += worker_read(&w->sent[port].bytes);
		out->tx_full += worker_read(&w->sent[port].full);
	}
}

bool
path_queue_counts_get(const struct path *p, uint16_t port, uint16_t queue, struct path_queue_counts *out)
{
	const struct path_worker *w;

	*out = (struct path_queue_counts){0};
	if (port >= PATH_PORT_MAX || queue >= p->rx_queues[port])
		return false;
	w = p->worker[p->poller[port][queue]];
	out->worker = w->id;
	for (unsigned int q = 0; q < w->rx_count; q++) {
		if (w->rx[q].port != port || w->rx[q].queue != queue)
			continue;
		out->rx_packets = worker_read(&w->rx[q].packets);
		out->rx_bytes = worker_read(&w->rx[q].bytes);
	}
	for (unsigned int i = 0; i < p->workers; i++) {
		if (p->tx_queue[port][i] != queue)
			continue;
		out->tx_packets = worker_read(&p->worker[i]->sent[port].packets);
		out->tx_bytes = worker_read(&p->worker[i]->sent[port].bytes);
		out->tx_full = worker_read(&p->worker[i]->sent[port].full);
	}
	return true;
}

bool
path_port_share_get(const struct path *p, uint16_t port, unsigned int i, struct path_share *out)
{
	const struct worker_spread *spread;
	struct path_queue_counts queue;

	*out = (struct path_share){0};
	if (port >= PATH_PORT_MAX)
		return false;
	spread = &p->spread[port];
	if (spread->count > 0) {
		if (i >= spread->count)
			return false;
		*out = (struct path_share){spread->worker[i], worker_read(&p->worker[spread->worker[i]]->shared[port])};
		return true;
	}
	if (i >= PATH_PORT_QUEUES || !path_queue_counts_get(p, port, (uint16_t)i, &queue))
		return false;
	*out = (struct path_share){queue.worker, queue.rx_packets};
	return true;
}

double
path_port_imbalance(const struct path *p, uint16_t port)
{
	uint64_t sum = 0, greatest = 0;
	struct path_share share;
	unsigned int n = 0;

	for (; path_port_share_get(p, port, n, &share); n++) {
		sum += share.packets;
		greatest = RTE_MAX(greatest, share.packets);
	}
	return sum > 0 ? (double)greatest * n / (double)sum : 0;
}

bool
path_counts_sessions(const struct path *p)
{
	return p->sessions > 0;
}

void
path_session_counts_get(const struct path *p, uint32_t session, struct path_session_counts *out)
{
	*out = (struct path_session_counts){0};
	for (unsigned int i = 0; session < p->sessions && i < p->workers; i++) {
		const struct path_session_counts *c = &p->worker[i]->session[session];

		out->up_packets += worker_read(&c->up_packets);
		out->up_bytes += worker_read(&c->up_bytes);
		out->down_packets += worker_read(&c->down_packets);
		out->down_bytes += worker_read(&c->down_bytes);
	}
}

void
path_tunnel_counts_get(const struct path *p, uint32_t tunnel, struct path_tunnel_counts *out)
{
	*out = (struct path_tunnel_counts){0};
	for (unsigned int i = 0; tunnel < p->tunnels && i < p->workers; i++) {
		const struct path_tunnel_counts *c = &p->worker[i]->tunnel[tunnel];

		out->in_packets += worker_read(&c->in_packets);
		out->in_bytes += worker_read(&c->in_bytes);
		out->out_packets += worker_read(&c->out_packets);
		out->out_bytes += worker_read(&c->out_bytes);
	}
}

unsigned int
path_stage_count(void)
{
	return STAGE_COUNT;
}

const struct path_stage_row *
path_stage_row(unsigned int stage)
{
	return stage < STAGE_COUNT ? &rows[stage] : NULL;
}

void
path_stage_counts_get(const struct path *p, unsigned int worker, unsigned int stage, struct path_stage_counts *out)
{
	const struct path_stage_counts *c;

	*out = (struct path_stage_counts){0};
	if (stage >= STAGE_COUNT)
		return;
	c = &p->worker[worker]->stage[stage];
	*out = (struct path_stage_counts){
		.packets = worker_read(&c->packets),
		.bursts = worker_read(&c->bursts),
		.cycles = worker_read(&c->cycles),
		.sampled = worker_read(&c->sampled),
	};
}

void
path_turns_get(const struct path *p, unsigned int worker, struct path_turns *out)
{
	const struct path_turns *t = &p->worker[worker]->turns;

	*out = (struct path_turns){
		.turns = worker_read(&t->turns),
		.idle = worker_read(&t->idle),
		.sleeps = worker_read(&t->sleeps),
		.cycles = worker_read(&t->cycles),
		.busy_cycles = worker_read(&t->busy_cycles),
	};
}
