/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What was counted, as it is shown. JSON texts are new references.
 */
#include "state.h"

/* 0 or a negative errno. */
int ctl_counts_init(struct ctl *c);
void ctl_counts_fini(struct ctl *c);

/* What the devices say that they lost. */
void ctl_counts_add_ports(const struct ctl *c, struct stat_block *total);
/* The books of all workers; exact while they are idle. */
void ctl_balance_get(const struct ctl *c, struct stat_balance *out);
/* {rx, injected, generated, fragments_made, handed_in, tx, drops, punted, fragments_absorbed, handed_out, missing} */
json_t *ctl_balance_json(const struct ctl *c);

/* What the workers have counted under the session's index. */
struct path_session_counts ctl_counts_session_now(const struct ctl *c, const struct ctl_engine *engine,
						  uint32_t session);
/* {up_packets, up_bytes, down_packets, down_bytes} since it is forwarded; null where sessions are not counted. */
json_t *ctl_counts_session_json(const struct ctl *c, const struct ctl_engine *engine, uint32_t session);

/* A tunnel was made. */
void ctl_counts_tunnel_begin(struct ctl *c, uint32_t tunnel);
struct path_tunnel_counts ctl_counts_tunnel(const struct ctl *c, uint32_t tunnel);
/* {in_packets, in_bytes, out_packets, out_bytes} of the tunnels to a peer, since each was made. */
json_t *ctl_counts_peer_json(const struct ctl *c, const struct addr6 *peer);
