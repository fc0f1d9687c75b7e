/* SPDX-License-Identifier: BSD-3-Clause */
/* ICMPv6 errors, and when none may be sent: RFC 4443 sections 2.4 and 3. */
#include <errno.h>

#include "build.h"
#include "extension.h"
#include "wire.h"

#define OPTION_ACTION_REPORT 2 /* the two highest bits of an option that is reported even to a group's sender */

/* The two errors that may answer a packet to a group (2.4 (e.3)). */
static bool
may_answer_group(uint8_t type, uint8_t code, uint32_t word, const uint8_t *invoking, size_t invoking_len)
{
	if (type == WIRE_TOO_BIG)
		return true;
	return type == WIRE_PARAMETER && code == WIRE_PARAMETER_OPTION && word < invoking_len &&
	       invoking[word] >> 6 == OPTION_ACTION_REPORT;
}

/* An ICMPv6 error or a redirect (2.4 (e.1), (e.2)), or one that cannot be told from them. */
static bool
may_be_error(const uint8_t *ip, size_t ip_len)
{
	struct extension e;
	uint8_t type;

	if (nd_extension_walk(ip, ip_len, EXTENSION_PEEK, &e) != 0)
		return true;
	if (e.next_header != ND_PROTO_ICMP6)
		return false;
	if (e.at >= ip_len)
		return true;
	type = ip[e.at];
	return type < WIRE_INFORMATIONAL || type == WIRE_REDIRECT;
}

bool
nd_error_allowed(uint8_t type, uint8_t code, uint32_t word, bool group, const uint8_t *invoking, size_t invoking_len)
{
	struct addr6 src, dst;

	if (invoking_len < WIRE_IP6_LEN || invoking[0] >> 4 != 6)
		return false;
	memcpy(&src, invoking + WIRE_IP6_SRC, sizeof(src));
	memcpy(&dst, invoking + WIRE_IP6_DST, sizeof(dst));
	if (addr6_is_zero(&src) || addr6_is_multicast(&src)) /* (e.6) */
		return false;
	group |= addr6_is_multicast(&dst); /* (e.3), (e.4), (e.5) */
	if (group && !may_answer_group(type, code, word, invoking, invoking_len))
		return false;
	return !may_be_error(invoking, invoking_len);
}

int
nd_error_encode(const struct nd_link *l, const struct addr6 *src, uint8_t type, uint8_t code, uint32_t word,
		const uint8_t *invoking, size_t invoking_len, uint8_t *out, size_t size)
{
	const size_t room = WIRE_IP6_MTU_MIN - WIRE_IP6_LEN - WIRE_ICMP6_HEAD;
	struct addr6 dst;
	struct build b;

	if (!nd_error_allowed(type, code, word, false, invoking, invoking_len))
		return -EPERM;
	memcpy(&dst, invoking + WIRE_IP6_SRC, sizeof(dst));
	b = nd_build_open(l, src, &dst, ND_PROTO_ICMP6, WIRE_HOP_LIMIT_DEFAULT, out, size);
	nd_build_icmp6(&b, type, code, word);
	writer_copy(&b.w, invoking, invoking_len < room ? invoking_len : room);
	return nd_build_close_icmp6(&b);
}
