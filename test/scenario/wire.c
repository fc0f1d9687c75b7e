/* SPDX-License-Identifier: BSD-3-Clause */
/* What one node sends to another arrives there at once, as bytes, unless it is lost or held back. */
#include "scenario.h"

static void
arrive(struct nodes *all, const struct pmip_action *send)
{
	struct node *to = node_at(all, &send->send.dst);

	if (to != NULL && all->now.mono_ms >= to->stalled_until_ms)
		node_receive(all, to, &send->send.src, &send->send.dst, &send->send.msg);
}

void
wire_carry(struct nodes *all, const struct pmip_action *send)
{
	struct wire *w = &all->wire;

	if (node_at(all, &send->send.dst) == NULL)
		return;
	if (w->lose > 0) {
		w->lose--;
	} else if (w->hold > 0) {
		w->hold--;
		w->held[w->held_count++] = *send;
	} else {
		arrive(all, send);
	}
}

void
wire_release(struct nodes *all)
{
	struct wire *w = &all->wire;
	unsigned int count = w->held_count;

	w->hold = 0;
	for (unsigned int i = 0; i < count; i++)
		arrive(all, &w->held[i]);
	w->held_count = 0;
}
