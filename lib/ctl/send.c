/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the control lcore sends: by the inject ring of the first worker, since rings have a single producer. It goes in
 * bursts, at the end of a turn at the latest.
 */
#include <errno.h>
#include <string.h>

#include "nd/nd.h"
#include "state.h"

#define IP6_LEN	  40
#define HOP_LIMIT 64

static int
dropped(struct ctl *c, enum stat_drop why, int error)
{
	c->stat.drop[why]++;
	return error;
}

/* A packet of len bytes at *at, behind `front` zero bytes: 0 or a negative errno. */
static int
alloc(struct ctl *c, size_t front, size_t len, struct rte_mbuf **m, uint8_t **at)
{
	*m = path_mbuf_alloc(c->s.path);
	if (*m == NULL)
		return dropped(c, STAT_DROP_NO_MBUF, -ENOBUFS);
	*at = front + len <= UINT16_MAX ? (uint8_t *)rte_pktmbuf_append(*m, (uint16_t)(front + len)) : NULL;
	if (*at == NULL) {
		path_mbuf_free(*m);
		return dropped(c, STAT_DROP_TOO_BIG, -EMSGSIZE);
	}
	memset(*at, 0, front);
	*at += front;
	return 0;
}

/* What waits, as far as the worker has room; whether it took any. */
static bool
flush(struct ctl *c)
{
	struct ctl_sending *w = &c->sending;
	unsigned int taken = path_inject(c->s.path, 0, w->m, w->n);

	w->n -= taken;
	memmove(w->m, w->m + taken, w->n * sizeof(w->m[0]));
	return taken > 0;
}

static int
inject(struct ctl *c, struct rte_mbuf *m, enum path_inject what)
{
	struct ctl_sending *w = &c->sending;
	int rc = path_inject_check(c->s.path, m, what);

	if (rc == 0 && w->n == CTL_BURST && !flush(c))
		rc = -ENOSPC;
	if (rc == 0) {
		w->m[w->n++] = m;
		return 0;
	}
	path_mbuf_free(m);
	return dropped(c, rc == -ENOSPC ? STAT_DROP_INJECT_FULL : STAT_DROP_FRAME_SHORT, rc);
}

bool
ctl_send_flush(struct ctl *c)
{
	if (c->sending.n > 0)
		flush(c);
	return c->sending.n == 0;
}

void
ctl_send_fini(struct ctl *c)
{
	while (c->sending.n > 0)
		path_mbuf_free(c->sending.m[--c->sending.n]);
}

int
ctl_send_frame(struct ctl *c, uint16_t port, const uint8_t *bytes, size_t len)
{
	struct rte_mbuf *m;
	uint8_t *at;
	int rc = alloc(c, 0, len, &m, &at);

	if (rc < 0)
		return rc;
	memcpy(at, bytes, len);
	path_meta(m)->port = port;
	return inject(c, m, PATH_INJECT_FRAME);
}

int
ctl_send_ip6(struct ctl *c, const uint8_t *packet, size_t len)
{
	struct rte_mbuf *m;
	uint8_t *at;
	int rc = alloc(c, ETHERNET_LEN, len, &m, &at);

	if (rc < 0)
		return rc;
	memcpy(at, packet, len);
	path_meta(m)->port = PATH_PORT_NONE;
	path_meta(m)->l3 = ETHERNET_LEN;
	return inject(c, m, PATH_INJECT_PACKET);
}

int
ctl_send_packet(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header,
		const uint8_t *payload, size_t len)
{
	uint8_t frame[ETHERNET_LEN + IP6_LEN + MH_LEN_MAX + IPSEC_OVERHEAD];
	int n = nd_ip6_encode(&(struct nd_link){.vlan = 0}, src, dst, next_header, HOP_LIMIT, payload, len, frame,
			      sizeof(frame));

	if (n < 0)
		return dropped(c, STAT_DROP_TOO_BIG, n);
	return ctl_send_ip6(c, frame + ETHERNET_LEN, (size_t)n - ETHERNET_LEN);
}
