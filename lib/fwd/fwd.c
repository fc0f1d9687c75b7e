/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include <rte_errno.h>
#include <rte_lcore.h>
#include <rte_malloc.h>

#include "tables.h"

/* The kinds of tables, in the order of their making. */
static const struct {
	int (*init)(struct fwd *f, const struct fwd_settings *s);
	void (*fini)(struct fwd *f);
	bool (*turn)(struct fwd *f);
} kinds[] = {
	{fwd_prefixes_init, fwd_prefixes_fini, fwd_prefixes_turn},
	{fwd_sessions_init, fwd_sessions_fini, fwd_sessions_turn},
	{fwd_tunnels_init, fwd_tunnels_fini, fwd_tunnels_turn},
	{fwd_adjacencies_init, fwd_adjacencies_fini, fwd_adjacencies_turn},
	{fwd_flows_init, fwd_flows_fini, fwd_flows_turn},
	{fwd_hosts_init, fwd_hosts_fini, fwd_hosts_turn},
	{fwd_routes_init, fwd_routes_fini, fwd_routes_turn},
};

static bool
settings_are_valid(const struct fwd_settings *s)
{
	/* 2^28: table sizes and rounded-up memory sizes stay within 32 and 64 bits. */
	return s->workers >= 1 && s->workers <= RTE_MAX_LCORE && s->prefixes <= FWD_PREFIX_MAX &&
	       s->sessions <= FWD_SESSION_NONE && s->tunnels < FWD_TUNNEL_MAX && s->adjacencies < FWD_ROUTE_LOCAL &&
	       s->hosts <= 1u << 28 && s->routes <= 1u << 24;
}

static int
qsbr_init(struct fwd *f, const struct fwd_settings *s)
{
	size_t size = rte_rcu_qsbr_get_memsize(s->workers);

	f->qsbr = rte_zmalloc_socket("fwd qsbr", size, RTE_CACHE_LINE_SIZE, s->socket);
	if (f->qsbr == NULL)
		return -ENOMEM;
	rte_rcu_qsbr_init(f->qsbr, s->workers);
	for (unsigned int i = 0; i < s->workers; i++)
		rte_rcu_qsbr_thread_register(f->qsbr, i);
	return 0;
}

struct fwd *
fwd_new(const struct fwd_settings *s)
{
	struct fwd *f = NULL;
	int err = settings_are_valid(s) ? 0 : -EINVAL;

	if (err == 0) {
		f = rte_zmalloc_socket("fwd", sizeof(*f), RTE_CACHE_LINE_SIZE, s->socket);
		err = f == NULL ? -ENOMEM : 0;
	}
	if (err == 0) {
		f->secret = s->secret;
		err = qsbr_init(f, s);
	}
	for (size_t i = 0; err == 0 && i < RTE_DIM(kinds); i++)
		err = kinds[i].init(f, s);
	if (err == 0)
		return f;
	fwd_free(f);
	rte_errno = -err;
	return NULL;
}

void
fwd_free(struct fwd *f)
{
	if (f == NULL)
		return;
	for (size_t i = RTE_DIM(kinds); i-- > 0;)
		kinds[i].fini(f);
	rte_free(f->qsbr);
	rte_free(f);
}

void
fwd_reclaim(struct fwd *f)
{
	bool waits = false;

	fwd_prefixes_step(f);
	if (f->token != 0 && !rte_rcu_qsbr_check(f->qsbr, f->token, false))
		return;
	for (size_t i = 0; i < RTE_DIM(kinds); i++)
		waits |= kinds[i].turn(f);
	/* A token is a store to a line that workers read: none while nothing waits for it. */
	f->token = waits ? rte_rcu_qsbr_start(f->qsbr) : 0;
}

void
fwd_reclaim_all(struct fwd *f)
{
	fwd_reclaim(f);
	fwd_reclaim(f);
}

uint32_t
fwd_take(struct fwd *f, struct fwd_ids *ids)
{
	uint32_t id = fwd_ids_take(ids);

	if (id != FWD_IDS_NONE)
		return id;
	fwd_reclaim_all(f);
	return fwd_ids_take(ids);
}

int
fwd_set(struct fwd *f, struct fwd_lines_writer *w, uint32_t index, const void *line)
{
	int err = fwd_lines_set(w, index, line);

	if (err != -EAGAIN)
		return err;
	fwd_reclaim_all(f);
	return fwd_lines_set(w, index, line);
}

void
fwd_worker_online(struct fwd *f, unsigned int worker)
{
	rte_rcu_qsbr_thread_online(f->qsbr, worker);
}

void
fwd_worker_offline(struct fwd *f, unsigned int worker)
{
	rte_rcu_qsbr_thread_offline(f->qsbr, worker);
}

void
fwd_quiesce(struct fwd *f, unsigned int worker)
{
	rte_rcu_qsbr_quiescent(f->qsbr, worker);
}
