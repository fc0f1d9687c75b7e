/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the room share.
 */
#include "association.h"
#include "base/index.h"

struct ipsec {
	struct hash_secret secret;
	uint32_t associations_max;
	uint64_t added; /* so far */
	struct index_pool ids;
	struct index_map by_spi, by_path; /* by_path: those that are sent on */
	struct association **list;	  /* by id */
	struct device device;
};

/* NULL: none. */
struct association *ipsec_find_in(const struct ipsec *i, uint32_t spi, const struct addr6 *dst);
struct association *ipsec_find_out(const struct ipsec *i, const struct addr6 *src, const struct addr6 *dst);
