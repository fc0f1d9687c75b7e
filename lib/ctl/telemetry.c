/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * There is one telemetry of a process, and its commands stay when they are registered; so what is published lies in
 * one place of the process too. A reader copies it under a lock that the control lcore only tries: where a reader is at
 * it, the next turn publishes.
 */
#include "telemetry.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <rte_telemetry.h>

#include "counts.h"

#define NAME  64
#define POOLS 64

struct port_figures {
	char name[NAME];
	bool up;
	struct path_port_counts counts;
};

struct pool_figures {
	char name[NAME];
	uint32_t used, total;
};

struct figures {
	bool is_there;
	char name[NAME], version[NAME];
	bool lma, mag, ready;
	uint64_t uptime_s;
	unsigned int workers;
	struct stat_block total;
	struct stat_balance balance;
	uint32_t lma_sessions, mag_sessions;
	unsigned int port_count, pool_count;
	struct port_figures port[PATH_PORT_MAX];
	struct pool_figures pool[POOLS];
	struct path_stage_counts stage[PATH_STAGES_MAX];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct figures published;

static void
look_at_ports(const struct ctl *c, struct figures *f)
{
	for (; f->port_count < c->s.port_count; f->port_count++) {
		const struct ctl_port *p = &c->s.ports[f->port_count];
		struct port_figures *to = &f->port[f->port_count];
		struct path_port_info info;

		path_port_info_get(p->port, &info);
		snprintf(to->name, sizeof(to->name), "%s", p->name);
		to->up = info.link_up && c->carrier[f->port_count] == CTL_CARRIER_UP;
		path_port_counts_get(c->s.path, p->id, &to->counts);
	}
}

static void
look_at_pools(const struct ctl *c, struct figures *f)
{
	struct lma_pool_view v;

	for (; c->s.lma != NULL && f->pool_count < POOLS && lma_pool(c->s.lma, f->pool_count, &v); f->pool_count++) {
		struct pool_figures *to = &f->pool[f->pool_count];

		snprintf(to->name, sizeof(to->name), "%s", v.name);
		to->used = v.used;
		to->total = v.total;
	}
}

static void
look_at_stages(const struct ctl *c, struct figures *f)
{
	for (unsigned int w = 0; w < c->s.workers; w++)
		for (unsigned int s = 0; s < path_stage_count(); s++) {
			struct path_stage_counts n;

			path_stage_counts_get(c->s.path, w, s, &n);
			f->stage[s].packets += n.packets;
			f->stage[s].bursts += n.bursts;
			f->stage[s].cycles += n.cycles;
			f->stage[s].sampled += n.sampled;
		}
}

static void
look(const struct ctl *c, struct figures *f)
{
	*f = (struct figures){.is_there = true,
			      .lma = c->s.lma != NULL,
			      .mag = c->s.mag != NULL,
			      .ready = c->ready,
			      .uptime_s = (c->now.mono_ms - c->started_ms) / 1000,
			      .workers = c->s.workers};
	snprintf(f->name, sizeof(f->name), "%s", c->s.name);
	snprintf(f->version, sizeof(f->version), "%s", c->s.version);
	f->lma_sessions = f->lma ? lma_session_count(c->s.lma) : 0;
	f->mag_sessions = f->mag ? mag_session_count(c->s.mag) : 0;
	ctl_figures_sum(c, &f->total);
	ctl_balance_get(c, &f->balance);
	look_at_ports(c, f);
	look_at_pools(c, f);
	look_at_stages(c, f);
}

/* -ENODATA while nothing is published. */
static int
read_figures(struct figures *out)
{
	pthread_mutex_lock(&lock);
	*out = published;
	pthread_mutex_unlock(&lock);
	return out->is_there ? 0 : -ENODATA;
}

/* Names of telemetry have letters, digits, '_' and '/': "uplink.no-session" is "uplink/no_session". */
static const char *
plain(const char *name, char out[NAME])
{
	size_t i = 0;

	for (; name[i] != '\0' && i < NAME - 1; i++)
		out[i] = name[i] == '.' ? '/' : isalnum((unsigned char)name[i]) ? name[i] : '_';
	out[i] = '\0';
	return out;
}

static void
put_server(struct rte_tel_data *d, const struct figures *f)
{
	rte_tel_data_add_dict_string(d, "name", f->name);
	rte_tel_data_add_dict_string(d, "version", f->version);
	rte_tel_data_add_dict_string(d, "roles", f->lma && f->mag ? "lma mag" : f->lma ? "lma" : "mag");
	rte_tel_data_add_dict_int(d, "ready", f->ready);
	rte_tel_data_add_dict_u64(d, "uptime_s", f->uptime_s);
	rte_tel_data_add_dict_int(d, "workers", (int)f->workers);
}

static void
put_stat(struct rte_tel_data *d, const struct figures *f)
{
	char name[NAME];

	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		rte_tel_data_add_dict_u64(d, plain(stat_counter_row(i)->name, name), f->total.counter[i]);
	rte_tel_data_add_dict_u64(d, "path/drops", f->balance.drops);
}

static void
put_drops(struct rte_tel_data *d, const struct figures *f)
{
	char name[NAME];

	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		rte_tel_data_add_dict_u64(d, plain(stat_drop_row(i)->name, name), f->total.drop[i]);
}

/* A dict in a dict. */
static struct rte_tel_data *
inner(void)
{
	struct rte_tel_data *d = rte_tel_data_alloc();

	if (d != NULL)
		rte_tel_data_start_dict(d);
	return d;
}

static void
port_data(struct rte_tel_data *d, const struct port_figures *p)
{
	struct rte_tel_data *in = inner();
	char name[NAME];

	if (in == NULL)
		return;
	rte_tel_data_add_dict_int(in, "up", p->up);
	rte_tel_data_add_dict_u64(in, "rx_packets", p->counts.rx_packets);
	rte_tel_data_add_dict_u64(in, "rx_bytes", p->counts.rx_bytes);
	rte_tel_data_add_dict_u64(in, "tx_packets", p->counts.tx_packets);
	rte_tel_data_add_dict_u64(in, "tx_bytes", p->counts.tx_bytes);
	rte_tel_data_add_dict_u64(in, "tx_full", p->counts.tx_full);
	if (rte_tel_data_add_dict_container(d, plain(p->name, name), in, 0) < 0)
		rte_tel_data_free(in);
}

static void
put_ports(struct rte_tel_data *d, const struct figures *f)
{
	for (unsigned int i = 0; i < f->port_count; i++)
		port_data(d, &f->port[i]);
}

static void
put_stages(struct rte_tel_data *d, const struct figures *f)
{
	char name[NAME];

	for (unsigned int i = 0; i < path_stage_count(); i++) {
		struct rte_tel_data *in = inner();

		if (in == NULL)
			break;
		rte_tel_data_add_dict_u64(in, "packets", f->stage[i].packets);
		rte_tel_data_add_dict_u64(in, "bursts", f->stage[i].bursts);
		rte_tel_data_add_dict_u64(in, "cycles", f->stage[i].cycles);
		rte_tel_data_add_dict_u64(in, "sampled", f->stage[i].sampled);
		if (rte_tel_data_add_dict_container(d, plain(path_stage_row(i)->name, name), in, 0) < 0)
			rte_tel_data_free(in);
	}
}

static void
put_sessions(struct rte_tel_data *d, const struct figures *f)
{
	rte_tel_data_add_dict_u64(d, "lma", f->lma_sessions);
	rte_tel_data_add_dict_u64(d, "mag", f->mag_sessions);
	rte_tel_data_add_dict_u64(d, "opened", f->total.counter[STAT_SESSIONS_OPENED]);
	rte_tel_data_add_dict_u64(d, "closed", f->total.counter[STAT_SESSIONS_CLOSED]);
	rte_tel_data_add_dict_u64(d, "expired", f->total.counter[STAT_SESSIONS_EXPIRED]);
	rte_tel_data_add_dict_u64(d, "handovers", f->total.counter[STAT_HANDOVERS]);
}

static void
put_pools(struct rte_tel_data *d, const struct figures *f)
{
	char name[NAME];

	for (unsigned int i = 0; i < f->pool_count; i++) {
		struct rte_tel_data *in = inner();

		if (in == NULL)
			break;
		rte_tel_data_add_dict_u64(in, "used", f->pool[i].used);
		rte_tel_data_add_dict_u64(in, "total", f->pool[i].total);
		if (rte_tel_data_add_dict_container(d, plain(f->pool[i].name, name), in, 0) < 0)
			rte_tel_data_free(in);
	}
}

static const struct {
	const char *command;
	void (*put)(struct rte_tel_data *d, const struct figures *f);
	const char *help;
} commands[] = {
	{"/kedge/server", put_server, "Who this is"},
	{"/kedge/stat", put_stat, "Counters, summed over all lcores"},
	{"/kedge/drops", put_drops, "Drop reasons, summed over all lcores"},
	{"/kedge/ports", put_ports, "What passed the ports"},
	{"/kedge/stages", put_stages, "The stages of the packet path"},
	{"/kedge/sessions", put_sessions, "How many sessions there are and were"},
	{"/kedge/pools", put_pools, "Prefix pools and how full they are"},
};

static int
answer(const char *cmd, const char *params, struct rte_tel_data *d)
{
	struct figures f;
	int rc = read_figures(&f);

	if (rc < 0)
		return rc;
	rte_tel_data_start_dict(d);
	for (unsigned int i = 0; i < RTE_DIM(commands); i++)
		if (strcmp(commands[i].command, cmd) == 0)
			commands[i].put(d, &f);
	return 0;
}

void
ctl_telemetry_init(struct ctl *c)
{
	static bool registered;

	for (unsigned int i = 0; !registered && i < RTE_DIM(commands); i++)
		if (rte_telemetry_register_cmd(commands[i].command, answer, commands[i].help) != 0)
			log_write(LOG_WARNING, "ctl", "telemetry does not take a command command=%s",
				  commands[i].command);
	registered = true;
	c->telemetry_due_ms = c->now.mono_ms;
}

void
ctl_telemetry_turn(struct ctl *c)
{
	static struct figures next; /* the control lcore's: too large for a stack */

	if (c->now.mono_ms < c->telemetry_due_ms)
		return;
	look(c, &next);
	if (pthread_mutex_trylock(&lock) != 0)
		return;
	published = next;
	pthread_mutex_unlock(&lock);
	c->telemetry_due_ms = c->now.mono_ms + CTL_TELEMETRY_MS;
}

void
ctl_telemetry_fini(struct ctl *c)
{
	pthread_mutex_lock(&lock);
	published.is_there = false;
	pthread_mutex_unlock(&lock);
}
