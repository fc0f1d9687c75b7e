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
		const struct path_port_counts *c = &p->worker[i]->port[port];

		out->rx_packets += c->rx_packets;
		out->rx_bytes += c->rx_bytes;
		out->tx_packets += c->tx_packets;
		out->tx_bytes += c->tx_bytes;
		out->tx_full += c->tx_full;
	}
}

void
path_session_counts_get(const struct path *p, uint32_t session, struct path_session_counts *out)
{
	*out = (struct path_session_counts){0};
	for (unsigned int i = 0; session < p->sessions && i < p->workers; i++) {
		const struct path_session_counts *c = &p->worker[i]->session[session];

		out->up_packets += c->up_packets;
		out->up_bytes += c->up_bytes;
		out->down_packets += c->down_packets;
		out->down_bytes += c->down_bytes;
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
path_stage_counts_get(const struct path *p, unsigned int stage, struct path_stage_counts *out)
{
	*out = (struct path_stage_counts){0};
	for (unsigned int i = 0; stage < STAGE_COUNT && i < p->workers; i++) {
		const struct path_stage_counts *c = &p->worker[i]->stage[stage];

		out->packets += c->packets;
		out->bursts += c->bursts;
		out->cycles += c->cycles;
		out->sampled += c->sampled;
	}
}

void
path_turns_get(const struct path *p, unsigned int worker, struct path_turns *out)
{
	*out = p->worker[worker]->turns;
}
