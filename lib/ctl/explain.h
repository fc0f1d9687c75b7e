/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The frame that packet.explain is asked about. */
#include "state.h"

#define CTL_EXPLAIN_FRAME_MAX 9728
#define CTL_EXPLAIN_IP6_LEN   40

struct ctl_explain_frame {
	uint16_t port;
	size_t len;
	uint8_t frame[CTL_EXPLAIN_FRAME_MAX];
};

/* As the parameters of packet.explain say; 0 or -1 with *err. */
int ctl_explain_read(const struct ctl *c, const json_t *params, struct ctl_explain_frame *q, struct rpc_error *err);
