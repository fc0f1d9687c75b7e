/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Around a gateway on the wire: the anchor that it registers with, which accepts whatever it is asked, and the mobile
 * nodes on its link.
 */
#include "mh/mh.h"
#include "nd/nd.h"
#include "tester.h"
#include "update.h"

#define ANSWER_MAX 512

/* The update's options, which the answer has all alike, but for the prefix. */
static void
make_answer(const struct tester *t, const struct mh_msg *pbu, uint32_t session, struct mh_msg *pba)
{
	const struct addr6 node = plan_session(&t->plan, session);
	const struct addr_prefix home = addr_prefix_mask(&node, 64);

	*pba = *pbu;
	pba->type = MH_PBA;
	pba->pba = (struct mh_pba){.flags = MH_PBA_P, .sequence = pbu->pbu.sequence, .lifetime = pbu->pbu.lifetime};
	pba->opt.hnp_count = 0;
	mh_add_hnp(pba, &home);
}

void
anchor_heard(struct tester *t, const uint8_t *frame, size_t len)
{
	const struct link *l = t->side[TUNNEL];
	const struct nd_link link = {.src_mac = l->mac, .dst_mac = l->node_mac};
	uint8_t bytes[ANSWER_MAX], out[ND_FRAME_MAX];
	struct mh_msg pbu, pba;
	struct nd_frame f;
	uint32_t session;
	int n;

	if (nd_frame_decode(frame, len, &f) < 0 ||
	    mh_decode(f.payload, f.payload_len, &f.ip_src, &f.ip_dst, &pbu) != MH_OK || pbu.type != MH_PBU)
		return;
	session = update_session_of(pbu.opt.mn_id.id, pbu.opt.mn_id.len);
	if (session == UPDATE_OF_NONE)
		return;
	make_answer(t, &pbu, session, &pba);
	n = mh_encode(&pba, &f.ip_dst, &f.ip_src, bytes, sizeof(bytes));
	if (n > 0)
		n = nd_ip6_encode(&link, &f.ip_dst, &f.ip_src, MH_PROTOCOL, 64, bytes, (size_t)n, out, sizeof(out));
	if (n > 0)
		link_send(t, l, out, (size_t)n);
}

void
anchor_attach(struct tester *t, uint32_t session)
{
	const struct nd_link link = {.src_mac = mac_of_session(session)};
	const struct addr6 src = addr6_link_local(&link.src_mac);
	uint8_t frame[ND_FRAME_MAX];
	int len = nd_rs_encode(&link, &src, frame, sizeof(frame));

	if (len > 0)
		link_send(t, t->side[PLAIN], frame, (size_t)len);
}
