/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Errors from within a tunnel. Its entry point alone hears of them, and tells whoever sent the packet that was in it:
 * to that one the tunnel is a link that does not work (RFC 2473 section 8).
 */
#include "nd/nd.h"
#include "state.h"
#include "tun/tun.h"

/* RFC 4443 section 3 */
#define UNREACHABLE	       1
#define UNREACHABLE_ADDRESS    3
#define UNREACHABLE_PORT       4
#define TIME_EXCEEDED	       3
#define TIME_EXCEEDED_HOPS     0
#define PARAMETER	       4
#define PARAMETER_HEADER_FIELD 0

/* The limit that this node wrote, which let the packet into no further tunnel (RFC 2473 section 4.1.1 (b)). */
static bool
is_about_limit(const struct host_action *a)
{
	const uint8_t *packet = a->error.bytes;

	return a->error.code == PARAMETER_HEADER_FIELD && packet[6] == TUN_PROTO_DSTOPTS &&
	       a->error.pointer == TUN_HEADER_MAX - 4 && packet[a->error.pointer] == 0;
}

/* The three of section 8.1: the hop limit, a node that is not reached, the encapsulation limit. */
static bool
is_told(const struct host_action *a)
{
	switch (a->error.type) {
	case UNREACHABLE:
		return a->error.code != UNREACHABLE_PORT;
	case TIME_EXCEEDED:
		return a->error.code == TIME_EXCEEDED_HOPS;
	case PARAMETER:
		return is_about_limit(a);
	default:
		return false;
	}
}

void
ctl_relay_error(struct ctl *c, const struct host_action *a)
{
	static const struct nd_link nowhere; /* the routes say where it goes */
	uint8_t frame[ND_FRAME_MAX];
	int at = tun_quoted_at(a->error.bytes, a->error.len), len = -1;

	if (at > 0 && is_told(a) && ctl_tunnel_next(c, &a->error.local, &a->error.remote, 0) != 0)
		len = nd_error_encode(&nowhere, &a->error.local, UNREACHABLE, UNREACHABLE_ADDRESS, 0,
				      a->error.bytes + at, (size_t)(a->error.len - at), frame, sizeof(frame));
	if (len < 0)
		c->stat.drop[STAT_DROP_OWN_UNUSED]++;
	else if (ctl_send_ip6(c, frame + ETHERNET_LEN, (size_t)len - ETHERNET_LEN) == 0)
		c->stat.counter[STAT_ERRORS_RELAYED]++;
}
