/* SPDX-License-Identifier: BSD-3-Clause */
#include "extension.h"

#include <errno.h>

#include "wire.h"

enum next_header { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = ND_PROTO_FRAGMENT, DESTINATION = 60 };

#define HEADER_UNIT 8 /* octets: the least extension header, and the unit of its length field */
#define OPTION_PAD1 0

/* What an option that is not known asks for in its two highest bits (RFC 8200 section 4.2). */
enum option_action { OPTION_SKIP, OPTION_DISCARD, OPTION_REPORT, OPTION_REPORT_UNICAST };

static void
fault_report(struct extension *e, uint8_t code, size_t pointer)
{
	e->fault = ND_FAULT_REPORT;
	e->fault_code = code;
	e->fault_pointer = (uint32_t)pointer;
}

/* The option at `at` is not known and may not be skipped. */
static void
fault_option(const uint8_t *ip, size_t at, struct extension *e)
{
	enum option_action action = ip[at] >> 6;
	bool group = ip[WIRE_IP6_DST] == 0xff;

	if (action == OPTION_REPORT || (action == OPTION_REPORT_UNICAST && !group))
		fault_report(e, WIRE_PARAMETER_OPTION, at);
	else
		e->fault = ND_FAULT_DROP;
}

/* Every option with a meaning here (padding, the tunnel encapsulation limit) is one that may also be skipped. */
static void
check_options(const uint8_t *ip, size_t at, size_t end, struct extension *e)
{
	while (at < end) {
		uint8_t type = ip[at];

		if (type == OPTION_PAD1) {
			at++;
			continue;
		}
		if (end - at < 2 || end - at - 2 < ip[at + 1]) {
			e->fault = ND_FAULT_DROP;
			return;
		}
		if (type >> 6 != OPTION_SKIP) {
			fault_option(ip, at, e);
			return;
		}
		at += 2u + ip[at + 1];
	}
}

/* What a destination finds wrong with the header of len octets that e stands at. */
static void
check_header(const uint8_t *ip, size_t len, bool first, struct extension *e)
{
	size_t at = e->at;

	switch (e->next_header) {
	case HOP_BY_HOP:
		if (!first) {
			fault_report(e, WIRE_PARAMETER_NEXT_HEADER, e->next_header_at);
			break;
		}
		/* fall through */
	case DESTINATION:
		check_options(ip, at + 2, at + len, e);
		break;
	case ROUTING:
		/* No routing type is known here, so what counts is whether segments are left (RFC 8200 section 4.4). */
		if (ip[at + 3] != 0)
			fault_report(e, WIRE_PARAMETER_FIELD, at + 2);
		break;
	default:
		break;
	}
}

static bool
is_extension(uint8_t next_header)
{
	return next_header == HOP_BY_HOP || next_header == ROUTING || next_header == FRAGMENT ||
	       next_header == DESTINATION;
}

/* A fragment whose upper layer this walk must not look for. */
static bool
is_end(const uint8_t *fragment, enum extension_walk how)
{
	unsigned int offset = (fragment[2] << 8 | fragment[3]) >> 3;
	bool more = fragment[3] & 1;

	return offset != 0 || (more && how == EXTENSION_RECEIVE);
}

int
nd_extension_walk(const uint8_t *ip, size_t ip_len, enum extension_walk how, struct extension *out)
{
	struct extension e = {
		.next_header = ip[WIRE_IP6_NEXT_HEADER], .next_header_at = WIRE_IP6_NEXT_HEADER, .at = WIRE_IP6_LEN};

	for (unsigned int n = 0; is_extension(e.next_header); n++) {
		const uint8_t *header = ip + e.at;
		size_t left = ip_len - e.at;
		size_t len = HEADER_UNIT;

		if (left < HEADER_UNIT || n == ND_EXTENSION_MAX)
			return -EINVAL;
		if (e.next_header != FRAGMENT)
			len += (size_t)header[1] * HEADER_UNIT;
		else if (is_end(header, how))
			break;
		if (left < len)
			return -EINVAL;
		if (how == EXTENSION_RECEIVE)
			check_header(ip, len, n == 0, &e);
		if (e.fault != ND_FAULT_NONE)
			break;
		e.fragment |= e.next_header == FRAGMENT;
		e.next_header = header[0];
		e.next_header_at = e.at;
		e.at += (uint32_t)len;
	}
	*out = e;
	return 0;
}
