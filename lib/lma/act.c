/* SPDX-License-Identifier: BSD-3-Clause */
/* Actions about a session: its forwarding, and what an operator may want to know of it. */
#include "engine.h"

void
lma_act_forward(struct lma *l, enum pmip_action_type type, const struct lma_session *s, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, type, lma_session_index(l, s));

	if (a == NULL)
		return;
	a->forward.local = l->s.address;
	a->forward.remote = s->binding.proxy_coa;
	a->forward.prefix_count = s->prefix_count;
	memcpy(a->forward.prefix, lma_session_prefixes(l, s), s->prefix_count * sizeof(a->forward.prefix[0]));
	a->forward.uncounted = lma_service_is_uncounted(l, s->binding.service);
	a->forward.gre = s->binding.gre != LMA_GRE_NONE;
	if (s->binding.gre != LMA_GRE_KEYS)
		return;
	a->forward.key_in_given = a->forward.key_out_given = true;
	a->forward.key_in = lma_gre_key_in(l, s);
	a->forward.key_out = s->binding.key_out;
}

void
lma_act_forward_as(struct lma *l, const struct lma_session *s, struct pmip_actions *out)
{
	lma_act_forward(l, PMIP_ACT_FORWARD_SET, s, out);
	if (s->state != LMA_ACTIVE)
		lma_act_forward(l, PMIP_ACT_FORWARD_HOLD, s, out);
}

void
lma_act_publish_status(struct lma *l, enum pmip_publish what, const struct lma_session *s, uint8_t status,
		       struct pmip_actions *out)
{
	unsigned int before = out->count;

	lma_act_publish(l, what, s, out);
	if (out->count > before)
		out->list[before].publish.status = status;
}

void
lma_act_publish(struct lma *l, enum pmip_publish what, const struct lma_session *s, struct pmip_actions *out)
{
	struct pmip_action *a = pmip_act(out, PMIP_ACT_PUBLISH, lma_session_index(l, s));

	if (a == NULL)
		return;
	a->publish.what = what;
	lma_node_id(l, s->node, &a->publish.mn_id);
	a->publish.peer = s->binding.proxy_coa;
}
