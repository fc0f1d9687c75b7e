/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was counted, as it is shown: sums over all who count, and what sessions and tunnels have carried since they
 * began. The workers' counts run on when an index is used again; what they were at the beginning is taken off.
 */
#include <errno.h>
#include <stdlib.h>

#include "counts.h"

int
ctl_counts_init(struct ctl *c)
{
	c->tunnel_base = calloc(c->s.tunnels + 1, sizeof(*c->tunnel_base));
	return c->tunnel_base != NULL ? 0 : -ENOMEM;
}

void
ctl_counts_fini(struct ctl *c)
{
	free(c->tunnel_base);
}

void
ctl_counts_add_ports(const struct ctl *c, struct stat_block *total)
{
	for (unsigned int i = 0; i < c->s.port_count; i++) {
		struct path_port_stats s;

		if (path_port_stats_get(c->s.ports[i].port, &s) != 0)
			continue;
		total->drop[STAT_DROP_PORT_MISSED] += s.rx_missed;
		total->drop[STAT_DROP_PORT_ERRORS] += s.rx_errors;
		total->drop[STAT_DROP_PORT_NO_MBUF] += s.rx_no_mbuf;
		total->drop[STAT_DROP_PORT_TX_ERRORS] += s.tx_errors;
	}
}

static unsigned int
worker_blocks(const struct ctl *c, const struct stat_block **blocks)
{
	for (unsigned int w = 0; w < c->s.workers; w++)
		blocks[w] = path_stats(c->s.path, w);
	return c->s.workers;
}

void
ctl_balance_get(const struct ctl *c, struct stat_balance *out)
{
	const struct stat_block *blocks[PATH_WORKER_MAX];
	struct stat_block workers;

	stat_sum(blocks, worker_blocks(c, blocks), &workers);
	stat_balance_get(&workers, out);
}

json_t *
ctl_balance_json(const struct ctl *c)
{
	struct stat_balance b;

	ctl_balance_get(c, &b);
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "rx", (json_int_t)b.rx, "injected",
			 (json_int_t)b.injected, "generated", (json_int_t)b.generated, "fragments_made",
			 (json_int_t)b.fragments_made, "handed_in", (json_int_t)b.handed_in, "tx", (json_int_t)b.tx,
			 "drops", (json_int_t)b.drops, "punted", (json_int_t)b.punted, "fragments_absorbed",
			 (json_int_t)b.fragments_absorbed, "handed_out", (json_int_t)b.handed_out, "missing",
			 (json_int_t)stat_balance_missing(&b));
}

struct path_session_counts
ctl_counts_session_now(const struct ctl *c, const struct ctl_engine *engine, uint32_t session)
{
	struct path_session_counts now;

	path_session_counts_get(c->s.path, engine->base + session, &now);
	return now;
}

static struct path_session_counts
session_since(const struct ctl *c, const struct ctl_engine *engine, uint32_t session)
{
	const struct ctl_forward *f = &engine->forward[session];
	struct path_session_counts n = {0};

	if (!f->set)
		return n;
	n = ctl_counts_session_now(c, engine, session);
	n.up_packets -= f->base.up_packets;
	n.up_bytes -= f->base.up_bytes;
	n.down_packets -= f->base.down_packets;
	n.down_bytes -= f->base.down_bytes;
	return n;
}

json_t *
ctl_counts_session_json(const struct ctl *c, const struct ctl_engine *engine, uint32_t session)
{
	struct path_session_counts n;

	if (!path_counts_sessions(c->s.path) || engine->forward[session].uncounted)
		return json_null();
	n = session_since(c, engine, session);
	return json_pack("{s:I, s:I, s:I, s:I}", "up_packets", (json_int_t)n.up_packets, "up_bytes",
			 (json_int_t)n.up_bytes, "down_packets", (json_int_t)n.down_packets, "down_bytes",
			 (json_int_t)n.down_bytes);
}

void
ctl_counts_tunnel_begin(struct ctl *c, uint32_t tunnel)
{
	path_tunnel_counts_get(c->s.path, tunnel, &c->tunnel_base[tunnel]);
}

struct path_tunnel_counts
ctl_counts_tunnel(const struct ctl *c, uint32_t tunnel)
{
	const struct path_tunnel_counts *base = &c->tunnel_base[tunnel];
	struct path_tunnel_counts n;

	path_tunnel_counts_get(c->s.path, tunnel, &n);
	n.in_packets -= base->in_packets;
	n.in_bytes -= base->in_bytes;
	n.out_packets -= base->out_packets;
	n.out_bytes -= base->out_bytes;
	return n;
}

static void
add_between(const struct ctl *c, const struct addr6 *local, const struct addr6 *peer, struct path_tunnel_counts *sum)
{
	for (uint32_t t = ctl_tunnel_next(c, local, peer, 0); t != 0; t = ctl_tunnel_next(c, local, peer, t)) {
		struct path_tunnel_counts n = ctl_counts_tunnel(c, t);

		sum->in_packets += n.in_packets;
		sum->in_bytes += n.in_bytes;
		sum->out_packets += n.out_packets;
		sum->out_bytes += n.out_bytes;
	}
}

json_t *
ctl_counts_peer_json(const struct ctl *c, const struct addr6 *peer)
{
	struct path_tunnel_counts sum = {0};

	add_between(c, &c->s.lma_address, peer, &sum);
	if (!addr6_equal(&c->s.lma_address, &c->s.mag_address))
		add_between(c, &c->s.mag_address, peer, &sum);
	return json_pack("{s:I, s:I, s:I, s:I}", "in_packets", (json_int_t)sum.in_packets, "in_bytes",
			 (json_int_t)sum.in_bytes, "out_packets", (json_int_t)sum.out_packets, "out_bytes",
			 (json_int_t)sum.out_bytes);
}
