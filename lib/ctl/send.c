/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the control lcore sends: by the inject ring of the first worker, since rings have a single producer.
 */
#include <errno.h>
#include <string.h>

#include "nd/nd.h"
#include "state.h"

#define ETHERNET_LEN 14 /* room in front of an IPv6 packet for the frame that a worker makes of it */
#define HOP_LIMIT 64

static int
inject(struct ctl *c, struct rte_mbuf *m, enum path_inject what)
{
	int rc = path_inject(c->s.path, 0, m, what);

	if (rc < 0)
		path_mbuf_free(m);
	return rc;
}

int
ctl_send_frame(struct ctl *c, uint16_t port, const uint8_t *bytes, size_t len)
{
	struct rte_mbuf *m = path_mbuf_alloc(c->s.path);
	char *at;

	if (m == NULL)
		return -ENOBUFS;
	at = rte_pktmbuf_append(m, (uint16_t)len);
	if (at == NULL) {
		path_mbuf_free(m);
		return -EMSGSIZE;
	}
	memcpy(at, bytes, len);
	path_meta(m)->port = port;
	return inject(c, m, PATH_INJECT_FRAME);
}

int
ctl_send_ip6(struct ctl *c, const uint8_t *packet, size_t len)
{
	struct rte_mbuf *m = path_mbuf_alloc(c->s.path);
	char *at;

	if (m == NULL)
		return -ENOBUFS;
	at = rte_pktmbuf_append(m, (uint16_t)(ETHERNET_LEN + len));
	if (at == NULL) {
		path_mbuf_free(m);
		return -EMSGSIZE;
	}
	memset(at, 0, ETHERNET_LEN);
	memcpy(at + ETHERNET_LEN, packet, len);
	path_meta(m)->port = PATH_PORT_NONE;
	path_meta(m)->l3 = ETHERNET_LEN;
	return inject(c, m, PATH_INJECT_PACKET);
}

int
ctl_send_packet(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
		const uint8_t *payload, size_t len)
{
	uint8_t frame[ETHERNET_LEN + 40 + MH_LEN_MAX];
	int n = nd_ip6_encode(&(struct nd_link){.vlan = 0}, src, dst, next_header, HOP_LIMIT, payload, len, frame,
			      sizeof(frame));

	if (n < 0)
		return n;
	return ctl_send_ip6(c, frame + ETHERNET_LEN, (size_t)n - ETHERNET_LEN);
}
