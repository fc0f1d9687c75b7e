/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the packet path does: its ports, its stages, and what it drops.
 */
#include <stdlib.h>
#include <string.h>

#include "counts.h"
#include "methods.h"

static json_t *
queues_json(const struct ctl *c, const struct ctl_port *p)
{
	struct path_queue_counts q;
	json_t *list = json_array();

	for (uint16_t i = 0; path_queue_counts_get(c->s.path, p->id, i, &q); i++)
		json_array_append_new(list,
				      json_pack("{s:i, s:i, s:I, s:I, s:I, s:I, s:I}", "queue", i, "worker",
						(int)q.worker, "rx_packets", (json_int_t)q.rx_packets, "rx_bytes",
						(json_int_t)q.rx_bytes, "tx_packets", (json_int_t)q.tx_packets,
						"tx_bytes", (json_int_t)q.tx_bytes, "tx_full", (json_int_t)q.tx_full));
	return list;
}

static json_t *
shares_json(const struct ctl *c, const struct ctl_port *p)
{
	struct path_share share;
	json_t *list = json_array();

	for (unsigned int i = 0; path_port_share_get(c->s.path, p->id, i, &share); i++)
		json_array_append_new(list, json_pack("{s:i, s:I}", "worker", (int)share.worker, "packets",
						      (json_int_t)share.packets));
	return list;
}

/* How the device was told to spread, and what of it it took. */
static json_t *
rss_json(const struct path_port_info *info)
{
	json_t *types = json_array();
	const char *type;

	for (unsigned int i = 0; (type = path_rss_type(info->rss_types, i)) != NULL; i++)
		json_array_append_new(types, json_string(type));
	return json_pack("{s:o, s:o, s:b, s:s}", "types", types, "key",
			 ctl_methods_bytes(info->rss_key, info->rss_key_len), "key_set", info->rss_key_set, "tunnels",
			 info->rss_inner ? "inner" : path_tunnels_name(path_driver_of(info->driver)->tunnels));
}

/* What the device itself says; null where its driver does not. */
static json_t *
device_json(const struct ctl_port *p)
{
	struct path_port_stats s;

	if (path_port_stats_get(p->port, &s) != 0)
		return json_null();
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "rx_packets", (json_int_t)s.rx_packets, "rx_bytes",
			 (json_int_t)s.rx_bytes, "rx_missed", (json_int_t)s.rx_missed, "rx_errors",
			 (json_int_t)s.rx_errors, "rx_no_mbuf", (json_int_t)s.rx_no_mbuf, "tx_packets",
			 (json_int_t)s.tx_packets, "tx_bytes", (json_int_t)s.tx_bytes, "tx_errors",
			 (json_int_t)s.tx_errors);
}

static json_t *
port_json(const struct ctl *c, const struct ctl_port *p)
{
	struct path_port_counts counts;
	struct path_port_info info;
	json_t *addresses = json_array();
	double imbalance = path_port_imbalance(c->s.path, p->id);

	path_port_info_get(p->port, &info);
	path_port_counts_get(c->s.path, p->id, &counts);
	for (unsigned int i = 0; i < p->address_count; i++) {
		struct addr_prefix a = {p->address[i].addr, p->address[i].len};

		json_array_append_new(addresses, ctl_methods_prefix(&a));
	}
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:o, s:i, s:i, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:o, "
		"s:o}",
		"port", p->name, "role", p->role == PATH_ACCESS ? "access" : "core", "device", info.device, "driver",
		info.driver != NULL ? info.driver : "", "mac", ctl_methods_mac(&info.mac), "mtu", p->mtu, "vlan",
		p->vlan, "link", ctl_carrier_word(c, (unsigned int)(p - c->s.ports), info.link_up), "speed_mbps",
		(json_int_t)info.speed_mbps, "rx_packets", (json_int_t)counts.rx_packets, "rx_bytes",
		(json_int_t)counts.rx_bytes, "tx_packets", (json_int_t)counts.tx_packets, "tx_bytes",
		(json_int_t)counts.tx_bytes, "tx_full", (json_int_t)counts.tx_full, "spread",
		info.spread ? "workers" : "queues", "imbalance", imbalance > 0 ? json_real(imbalance) : json_null(),
		"shares", shares_json(c, p), "rss", rss_json(&info), "queues", queues_json(c, p), "device_counts",
		device_json(p), "addresses", addresses);
}

static int
port_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_t *items = json_array();
	uint32_t at = page.at;

	for (; at < c->s.port_count && json_array_size(items) < page.limit; at++)
		json_array_append_new(items, port_json(c, &c->s.ports[at]));
	return ctl_methods_page(items, at < c->s.port_count ? (json_int_t)at : -1, result);
}

static json_t *
xstats_json(const struct ctl_port *p)
{
	struct path_port_xstat *x = calloc(PATH_PORT_XSTATS, sizeof(*x));
	unsigned int n = x != NULL ? path_port_xstats_get(p->port, x, PATH_PORT_XSTATS) : 0;
	json_t *all = json_object();

	for (unsigned int i = 0; i < n; i++)
		json_object_set_new(all, x[i].name, json_integer((json_int_t)x[i].value));
	free(x);
	return all;
}

static int
port_show(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const char *name = rpc_param_string(params, "port", "");
	const struct ctl_port *p = ctl_port_find_name(c, name);

	if (p == NULL)
		return rpc_refuse_param(err, "port", "unknown-port", "no port is called \"%s\"", name);
	*result = port_json(c, p);
	if (*result == NULL)
		return -1;
	json_object_set_new(*result, "xstats", xstats_json(p));
	return 0;
}

/* Words with a space between two, as a list. */
static json_t *
words_json(const char *words)
{
	json_t *list = json_array();
	size_t len;

	for (; (len = strcspn(words, " ")) > 0; words += len + (words[len] == ' '))
		json_array_append_new(list, json_stringn(words, len));
	return list;
}

static int
drop_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	struct ctl_methods_page page = ctl_methods_page_of(params);
	json_int_t above = rpc_param_integer(params, "above", -1);
	json_t *items = json_array();
	struct stat_block total;
	uint32_t at = page.at;

	ctl_figures_sum(c, &total);
	for (; at < STAT_DROP_COUNT && json_array_size(items) < page.limit; at++) {
		const struct stat_row *row = stat_drop_row(at);

		if ((json_int_t)total.drop[at] > above)
			json_array_append_new(items, json_pack("{s:s, s:o, s:I, s:s}", "name", row->name, "stage",
							       words_json(row->where), "count",
							       (json_int_t)total.drop[at], "help", row->help));
	}
	return ctl_methods_page(items, at < STAT_DROP_COUNT ? (json_int_t)at : -1, result);
}

/* null: nothing is known of it yet. */
static json_t *
ratio(uint64_t of, uint64_t by)
{
	return by != 0 ? json_real((double)of / (double)by) : json_null();
}

static json_t *
stage_json(const struct ctl *c, unsigned int stage)
{
	const struct path_stage_row *row = path_stage_row(stage);
	struct path_stage_counts sum = {0};
	json_t *workers = json_array();

	for (unsigned int w = 0; w < c->s.workers; w++) {
		struct path_stage_counts n;

		path_stage_counts_get(c->s.path, w, stage, &n);
		sum.packets += n.packets;
		sum.bursts += n.bursts;
		sum.sampled += n.sampled;
		sum.cycles += n.cycles;
		json_array_append_new(workers,
				      json_pack("{s:i, s:I, s:I, s:I, s:I}", "worker", (int)w, "packets",
						(json_int_t)n.packets, "bursts", (json_int_t)n.bursts, "sampled",
						(json_int_t)n.sampled, "cycles", (json_int_t)n.cycles));
	}
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:s}", "stage", row->name, "packets",
			 (json_int_t)sum.packets, "bursts", (json_int_t)sum.bursts, "sampled", (json_int_t)sum.sampled,
			 "cycles", (json_int_t)sum.cycles, "packets_per_burst", ratio(sum.packets, sum.bursts),
			 "cycles_per_packet", ratio(sum.cycles, sum.sampled), "workers", workers, "help", row->help);
}

static int
stat_stages(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();

	for (unsigned int i = 0; i < path_stage_count(); i++)
		json_array_append_new(items, stage_json(c, i));
	return ctl_methods_page(items, -1, result);
}

static const struct rpc_param port_list_params[] = {METHODS_AFTER, METHODS_LIMIT, {0}};
static const struct rpc_param port_params[] = {
	{"port", RPC_STRING, true, "Its name", 0, 0, NULL},
	{0},
};
static const struct rpc_param drop_params[] = {
	METHODS_AFTER,
	METHODS_LIMIT,
	{"above", RPC_INTEGER, false, "Those alone that were counted more often than this", 0, INT64_MAX, NULL},
	{0},
};

const struct rpc_method ctl_methods_path[] = {
	{"port.list", "The ports and what passed them", port_list_params, NULL,
	 "Ports: what workers received and sent, of each queue too, and `device_counts`, what the device says of "
	 "itself (null where its driver does not). `speed_mbps` is 0 where it is not known. `shares` are what each "
	 "worker "
	 "took of the port's frames: by its queues, or by the flows that are its where `spread` is `workers`; "
	 "`imbalance` is the greatest of them over their mean, null before the first frame. `rss`: the hash types by "
	 "which the device chooses a queue, the `key` (\"\" where it does not), whether it took that, and `tunnels`, "
	 "whether it looks at the `inner` "
	 "packet of a tunnel; docs/drivers.md says what the other words mean",
	 port_list, false},
	{"port.show", "One port, with all that its driver counts", port_params, "{\"port\": \"core\"}",
	 "As of `port.list`, and `xstats`: the driver's own counters by their names", port_show, false},
	{"drop.list", "Why packets were dropped", drop_params, "{\"above\": 0}",
	 "Drop reasons: `stage` lists the stages of a worker that drop for it, `control` for the control lcore, or "
	 "`port` for the device, before a worker saw the frame",
	 drop_list, false},
	{"stat.stages", "The stages of the packet path", NULL, NULL,
	 "Stages in the order in which packets pass them. `cycles` are those of the `sampled` packets; "
	 "`packets_per_burst` and `cycles_per_packet` are null where there were none",
	 stat_stages, false},
	{0},
};
