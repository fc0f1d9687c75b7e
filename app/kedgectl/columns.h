/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The columns of each list. */
#include "command.h"

extern const struct column columns_session[], columns_mn[], columns_history[], columns_row[], columns_flow[],
	columns_aggregate[], columns_peer[], columns_sa[], columns_port[], columns_neighbour[], columns_tunnel[],
	columns_route[], columns_pool[], columns_profile[], columns_drop[], columns_stage[], columns_kind[],
	columns_event[], columns_trace[];
