/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

const struct addr_prefix parts_p1 = {{{0x20, 1, 0xd, 0xb8, 0x10, 0, 0, 1}}, 64};
const struct addr_prefix parts_p2 = {{{0x20, 1, 0xd, 0xb8, 0x10, 0, 0, 2}}, 64};
const struct addr_prefix parts_p3 = {{{0x20, 1, 0xd, 0xb8, 0x10, 0, 0, 3}}, 64};

struct pmip_multihoming
parts_settings(void)
{
	return (struct pmip_multihoming){.flow_mobility = true,
					 .partial_new = PARTS_NEW,
					 .partial_existing = PARTS_EXISTING,
					 .hi5_flow_handover = true,
					 .vendor = PARTS_VENDOR};
}

void
parts_new(struct world *w)
{
	struct mag_settings s = world_settings();

	s.multihoming = parts_settings();
	world_new_with(w, &s);
}

struct pmip_link
parts_interface(unsigned int i)
{
	struct pmip_link link = world_link(1);

	link.host = 1 + i;
	link.port = (uint16_t)i;
	link.mac.b[3] = (uint8_t)i;
	return link;
}

struct mh_msg
parts_granting(const struct world *w, unsigned int count, const struct addr_prefix *prefix)
{
	struct mh_msg m = world_pba(w, MH_STATUS_ACCEPTED);

	m.opt.hnp_count = 0;
	for (unsigned int i = 0; i < count; i++)
		mh_add_hnp(&m, &prefix[i]);
	m.opt.vendor_count = 0;
	world_take_note(&w->sent.send.msg, &m);
	return m;
}

void
parts_serve(struct world *w, unsigned int i, unsigned int count, const struct addr_prefix *prefix)
{
	struct pmip_link link = parts_interface(i);

	world_attach_link(w, 1, &link, MH_HANDOFF_NEW_INTERFACE);
	world_answer(w, parts_granting(w, count, prefix));
}

void
parts_open(struct world *w)
{
	parts_new(w);
	parts_serve(w, 0, PARTS(parts_p1));
}

void
parts_open_two(struct world *w)
{
	parts_new(w);
	parts_serve(w, 0, PARTS(parts_p1, parts_p2));
	parts_serve(w, 1, PARTS(parts_p3));
}

bool
parts_lists(const struct mh_msg *m, unsigned int count, const struct addr_prefix *prefix)
{
	for (unsigned int i = 0; i < count && i < m->opt.hnp_count; i++)
		if (!addr_prefix_equal(&m->opt.hnp[i].prefix, &prefix[i]))
			return false;
	return m->opt.hnp_count == count && mh_has(m, MH_OPT_HOME_NETWORK_PREFIX) == (count > 0);
}

bool
parts_asks(const struct world *w, uint8_t handoff, unsigned int count, const struct addr_prefix *prefix)
{
	const struct mh_msg *m = &w->sent.send.msg;

	return m->type == MH_PBU && m->opt.handoff.value == handoff && parts_lists(m, count, prefix);
}

bool
parts_declares(const struct mh_msg *m, unsigned int count, const struct mh_vendor_prefix *expected)
{
	struct mh_vendor_prefix said[MH_VENDOR_MAX];

	if (mh_vendor_prefixes(m, PARTS_VENDOR, said, MH_VENDOR_MAX) != count)
		return false;
	for (unsigned int i = 0; i < count; i++)
		if (said[i].flags != expected[i].flags || !addr_prefix_equal(&said[i].prefix, &expected[i].prefix))
			return false;
	return true;
}

static bool
same_list(const struct addr_prefix *list, unsigned int n, unsigned int count, const struct addr_prefix *prefix)
{
	for (unsigned int i = 0; i < count && i < n; i++)
		if (!addr_prefix_equal(&list[i], &prefix[i]))
			return false;
	return n == count;
}

bool
parts_forwards(const struct pmip_action *a, uint32_t session, unsigned int count, const struct addr_prefix *prefix)
{
	return a->type == PMIP_ACT_FORWARD_SET && a->session == session &&
	       same_list(a->forward.prefix, a->forward.prefix_count, count, prefix);
}

bool
parts_advertises(const struct pmip_action *a, uint32_t host, uint8_t deprecated, unsigned int count,
		 const struct addr_prefix *prefix)
{
	return a->type == PMIP_ACT_ACCESS_SET && a->access.host == host && a->access.deprecated == deprecated &&
	       same_list(a->access.prefix, a->access.prefix_count, count, prefix);
}

void
parts_revoke(struct world *w, uint16_t sequence, unsigned int count, const struct addr_prefix *prefix)
{
	struct pmip_mn_id id = world_mn_id(1);
	struct mh_msg m = {
		.type = MH_BRI,
		.bri = {.trigger = MH_BRI_ADMINISTRATIVE, .sequence = sequence, .flags = MH_BR_P},
	};

	mag_put_mn_id(&id, &m);
	for (unsigned int i = 0; i < count; i++)
		mh_add_hnp(&m, &prefix[i]);
	world_answer_from(w, &world_lma, m);
}

void
parts_notify(struct world *w, struct mh_msg upn)
{
	struct pmip_mn_id id = world_mn_id(1);

	upn.type = MH_UPN;
	upn.upn.flags = MH_UPN_A;
	mag_put_mn_id(&id, &upn);
	world_answer_from(w, &world_lma, upn);
}
