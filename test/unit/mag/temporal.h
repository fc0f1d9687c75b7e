/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A gateway that has the aggregate 2002:2:1::/48. */
#include "parts.h"

/* The nth that is cut from it. */
struct addr_prefix temporal_nth(unsigned int n);
/* So many are cut for a new session. */
struct mag_settings temporal_settings_of(unsigned int count);
void temporal_new(struct world *w, unsigned int count);
/* Interface 0 of mobile node 1. */
void temporal_attach(struct world *w);
/* The last update is accepted with these; the anchor has taken note of nothing else. */
struct mh_msg temporal_granting_only(const struct world *w, unsigned int count, const struct addr_prefix *prefix);
