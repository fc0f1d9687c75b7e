/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was counted, by all writers together, and what a turn of the loop did and may do at most.
 */
#include "counts.h"
#include "methods.h"

#define SECOND_MS  1000
#define READ_BYTES 65536 /* of a client at once: how far a turn may go past its bytes before it is asked */

void
ctl_figures_sum(const struct ctl *c, struct stat_block *total)
{
	const struct stat_block *blocks[PATH_WORKER_MAX + 6];
	unsigned int n = 0;

	for (unsigned int w = 0; w < c->s.workers; w++)
		blocks[n++] = path_stats(c->s.path, w);
	blocks[n++] = &c->stat;
	blocks[n++] = host_stat(c->s.host);
	blocks[n++] = pmip_heartbeat_stat(c->heartbeat);
	if (c->s.lma != NULL)
		blocks[n++] = lma_stat(c->s.lma);
	if (c->s.mag != NULL)
		blocks[n++] = mag_stat(c->s.mag);
	if (c->s.access != NULL)
		blocks[n++] = access_stat(c->s.access);
	stat_sum(blocks, n, total);
	ctl_counts_add_ports(c, total);
}

/* A second's work is known when the first turn of the next one ends. */
static void
take_load(struct ctl_figures *f, uint64_t now_ms, uint64_t worked_us)
{
	uint64_t took_ms = now_ms - f->second_ms;

	if (f->second_ms != 0 && took_ms < SECOND_MS)
		return;
	if (f->second_ms != 0)
		f->load_permille = (uint32_t)((worked_us - f->second_us) / took_ms);
	f->second_ms = now_ms;
	f->second_us = worked_us;
}

void
ctl_figures_turn(struct ctl *c, uint64_t took_us, uint32_t items, uint64_t bytes)
{
	struct ctl_figures *f = &c->figures;

	f->turns++;
	f->worked_us += took_us;
	if (took_us > f->longest_turn_us)
		f->longest_turn_us = took_us;
	if (items > f->items_max)
		f->items_max = items;
	if (bytes > f->bytes_max)
		f->bytes_max = bytes;
	take_load(f, c->now.mono_ms, f->worked_us);
}

static uint32_t
packets_limit(const struct ctl *c)
{
	return c->s.workers * PATH_PUNT_COUNT * CTL_BURST;
}

/* Packets, messages between the engines of this node, and requests: until they are enough, and one page more. */
uint32_t
ctl_figures_items_limit(const struct ctl *c)
{
	return packets_limit(c) + CTL_LOOPBACK + RPC_TURN_ITEMS + METHODS_SCAN_MAX;
}

uint64_t
ctl_figures_bytes_limit(const struct ctl *c)
{
	uint32_t frame = 0;

	for (unsigned int i = 0; i < c->s.port_count; i++)
		frame = c->s.ports[i].mtu > frame ? c->s.ports[i].mtu : frame;
	return (uint64_t)packets_limit(c) * (frame + CTL_FRAME_MORE) + RPC_TURN_BYTES + READ_BYTES + RPC_ANSWER_MAX;
}
