/* SPDX-License-Identifier: BSD-3-Clause */
/* Settings that change while a scenario runs. */
#include <errno.h>
#include <string.h>

#include "scenario.h"

#define KEYS_WORD 4

/* The error that the anchor refuses its settings with as they are by now, or "no" where it has taken them. */
static const char *
take(struct node *n)
{
	struct lma_change *change = lma_change_new(&n->settings);
	struct lma_change_refusal why;
	int error = change != NULL ? lma_change_check(change, n->lma, UINT32_MAX, &why) : -EINVAL;

	if (error == 0)
		lma_change_apply(n->lma, change);
	lma_change_free(change);
	return error == 0 ? "no" : strerrorname_np(-error);
}

/* This block is that gateway's from now on, or without one nobody's. */
static void
set(struct node *n, const struct addr_prefix *prefix, const struct addr6 *gateway, struct complaint *c)
{
	struct pmip_aggregate *list = n->aggregates;
	unsigned int i = 0, *count = &n->settings.aggregate_count;

	while (i < *count && !addr_prefix_equal(&list[i].prefix, prefix))
		i++;
	if (i == AGGREGATES_MAX) {
		complain(c, "too many aggregates");
		return;
	}
	*count += i == *count;
	list[i] = (struct pmip_aggregate){*gateway, *prefix};
	if (addr6_is_zero(gateway))
		list[i] = list[--*count];
}

void
reload_aggregate(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	struct pmip_aggregate before[AGGREGATES_MAX];
	unsigned int count = n->settings.aggregate_count;
	const char *said = line_value(l, "refused"), *is;
	struct addr_prefix prefix[MH_HNP_MAX];
	struct addr6 gateway = line_addr(l, "gateway", (struct addr6){0}, c);

	line_check_keys(l, KEYS_WORD, "gateway prefix refused", c);
	if (n->lma == NULL || line_prefixes(l, "prefix", prefix, NULL, c) != 1) {
		complain(c, "an anchor takes prefix=PREFIX");
		return;
	}
	memcpy(before, n->aggregates, sizeof(before));
	set(n, &prefix[0], &gateway, c);
	is = take(n);
	if (strcmp(said != NULL ? said : "no", is) != 0)
		complain(c, "refused=%s", is);
	if (said == NULL) {
		node_tick(all, n);
		return;
	}
	memcpy(n->aggregates, before, sizeof(before));
	n->settings.aggregate_count = count;
}
