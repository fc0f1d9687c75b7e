/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * An association as rte_ipsec has it, and what the table counts of it.
 */
#include <rte_ipsec.h>

#include "device.h"
#include "window.h"

struct association {
	struct ipsec_association a;
	uint64_t packets, refused, packets_max;
	uint64_t added;	      /* greater than that of all that were added before */
	struct window window; /* of what is received */
	struct rte_ipsec_session session;
};

/* NULL with a negative errno in *error, as ipsec_add has it. */
struct association *ipsec_association_new(struct device *d, const struct ipsec_association *a,
					  const struct ipsec_key *key, int *error);
void ipsec_association_free(struct device *d, struct association *sa); /* may be NULL */
/* Whether it has carried as many packets as it may. */
bool ipsec_association_ended(const struct association *sa);
bool ipsec_association_is_low(const struct association *sa);
