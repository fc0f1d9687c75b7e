/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the rigs of rooms that speak neighbour discovery share: the room's actions lie in `rig_out`, and its frames are
 * heard as a receiver would.
 *
 *	rig.h	#include "rig_nd.h"
 *		RIG_ACTIONS(access);
 *	rig.c	RIG_ACTIONS_DEFINE(access, ACCESS_ACT_FRAME)
 */
#include "nd/nd.h"
#include "unit.h"

struct rig_heard {
	struct nd_frame frame;
	struct nd_msg msg;
};

/* It must be a frame that passes all checks of a receiver. */
static inline struct rig_heard
rig_heard_of(const uint8_t *bytes, size_t len)
{
	struct rig_heard h = {0};

	CU_ASSERT_EQUAL(nd_frame_decode(bytes, len, &h.frame), 0);
	CU_ASSERT_EQUAL(nd_decode(&h.frame, &h.msg), ND_OK);
	return h;
}

/* A frame of an ICMPv6 message, whose checksum is set; its length. */
static inline size_t
rig_icmp_frame(const struct nd_link *link, const struct addr6 *src, const struct addr6 *dst, uint8_t hop_limit,
	       uint8_t *icmp, size_t len, uint8_t out[static ND_FRAME_MAX])
{
	uint16_t sum;
	int frame_len;

	icmp[2] = icmp[3] = 0;
	sum = nd_checksum(src, dst, ND_PROTO_ICMP6, icmp, len);
	icmp[2] = sum >> 8;
	icmp[3] = sum & 0xff;
	frame_len = nd_ip6_encode(link, src, dst, ND_PROTO_ICMP6, hop_limit, icmp, len, out, ND_FRAME_MAX);
	CU_ASSERT_FATAL(frame_len > 0);
	return (size_t)frame_len;
}

/* How many actions of a type; the n-th of them, which fails the case when there is none; the n-th frame. */
#define RIG_ACTIONS(room)                                                                                              \
	unsigned int rig_count(enum room##_action_type type);                                                          \
	const struct room##_action *rig_act(enum room##_action_type type, unsigned int n);                             \
	struct rig_heard rig_hear(unsigned int n)

#define RIG_ACTIONS_DEFINE(room, FRAME)                                                                                \
	unsigned int rig_count(enum room##_action_type type)                                                           \
	{                                                                                                              \
		unsigned int n = 0;                                                                                    \
                                                                                                                       \
		for (unsigned int i = 0; i < rig_out.count; i++)                                                       \
			n += rig_out.list[i].type == type;                                                             \
		return n;                                                                                              \
	}                                                                                                              \
                                                                                                                       \
	const struct room##_action *rig_act(enum room##_action_type type, unsigned int n)                              \
	{                                                                                                              \
		static const struct room##_action none;                                                                \
                                                                                                                       \
		for (unsigned int i = 0; i < rig_out.count; i++)                                                       \
			if (rig_out.list[i].type == type && n-- == 0)                                                  \
				return &rig_out.list[i];                                                               \
		CU_FAIL("an action that was due is not there");                                                        \
		return &none;                                                                                          \
	}                                                                                                              \
                                                                                                                       \
	struct rig_heard rig_hear(unsigned int n)                                                                      \
	{                                                                                                              \
		const struct room##_action *a = rig_act(FRAME, n);                                                     \
                                                                                                                       \
		return rig_heard_of(a->frame.bytes, a->frame.len);                                                     \
	}
