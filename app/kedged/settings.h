/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Of a configuration, what the rooms are told of it and what may change while they run.
 */
#include "base/hash.h"
#include "conf/conf.h"
#include "ctl/ctl.h"

struct settings {
	struct conf *conf;
	char *file; /* that it was read from */
	struct pmip_peer_settings *peers;
	struct pmip_pool_settings *pools;
	struct pmip_service_settings *services;
	struct pmip_flow_policy *flow_policies;
	struct pmip_aggregate *aggregates;
	struct ctl_route *routes;
	struct ctl_neighbour *neighbours;
	struct policy *policy;
	struct lma_settings lma;
	struct mag_settings mag;
	struct access_settings access; /* without its ports */
};

/*
 * Any thread: nothing is looked at but the configuration, which lives as long as the settings and stays the caller's.
 * NULL with *error.
 */
struct settings *settings_new(struct conf *conf, const char *file, const struct hash_secret *secret,
			      struct conf_error *error);
void settings_free(struct settings *s); /* may be NULL */

/* Of all roles. */
uint32_t settings_sessions(const struct conf *c);
uint32_t settings_prefixes(const struct conf *c);
struct path_change settings_path(const struct conf *c);
