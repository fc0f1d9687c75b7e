/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ESP around signalling: what a peer that is spoken to by ESP alone says without it is not heard, and nothing is said
 * to it without.
 */
#include <errno.h>

#include "ipsec/ipsec.h"
#include "methods.h"
#include "mh/mh.h"
#include "nd/nd.h"
#include "peer.h"
#include "state.h"

bool
ctl_esp_is_due(const struct ctl *c, const struct addr6 *peer)
{
	const struct pmip_peer_settings *s = ctl_peer_settings(c, peer);

	return s != NULL && s->protection == PMIP_PROTECT_ESP;
}

/* An operator, or who keeps the keys fresh, is told that an association ends, while there is time, and that it has. */
static void
tell(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const struct ipsec_packet *p, enum stat_drop why)
{
	char from[ADDR6_TEXT], to[ADDR6_TEXT];
	bool ended = why == STAT_DROP_ESP_ENDED;

	if (!p->low && !ended)
		return;
	addr6_format(src, from);
	addr6_format(dst, to);
	ctl_event(c, ended ? CTL_EVENT_ASSOCIATION_ENDED : CTL_EVENT_ASSOCIATION_LOW, "ipsec",
		  json_pack("{s:s, s:s, s:I}", "source", from, "destination", to, "spi", (json_int_t)p->spi),
		  "%s source=%s destination=%s spi=%u",
		  ended ? "security association has carried all that it may" : "security association nears its end",
		  from, to, p->spi);
}

static bool
drop(struct ctl *c, enum stat_drop why)
{
	c->stat.drop[why]++;
	return false;
}

bool
ctl_esp_open(struct ctl *c, struct nd_frame *f)
{
	struct ipsec_packet p;
	enum stat_drop why;

	if (c->s.ipsec == NULL)
		return drop(c, STAT_DROP_ESP_UNKNOWN_SPI);
	why = ipsec_in(c->s.ipsec, &f->ip_src, &f->ip_dst, f->payload, f->payload_len, &p);
	tell(c, &f->ip_src, &f->ip_dst, &p, why);
	if (why != IPSEC_OK)
		return drop(c, why);
	if (p.next_header != MH_PROTOCOL)
		return drop(c, STAT_DROP_ESP_SELECTOR);
	c->stat.counter[STAT_ESP_RX]++;
	f->next_header = p.next_header;
	f->payload = p.bytes;
	f->payload_len = p.len;
	return true;
}

int
ctl_esp_send(struct ctl *c, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes, size_t len)
{
	struct ipsec_packet p;
	enum stat_drop why;
	int rc;

	if (c->s.ipsec == NULL) {
		drop(c, STAT_DROP_ESP_NO_ASSOCIATION);
		return -EPROTO;
	}
	why = ipsec_out(c->s.ipsec, src, dst, MH_PROTOCOL, bytes, len, &p);
	tell(c, src, dst, &p, why);
	if (why != IPSEC_OK) {
		drop(c, why);
		return -EPROTO;
	}
	rc = ctl_send_packet(c, src, dst, IPSEC_PROTOCOL, p.bytes, p.len);
	if (rc == 0)
		c->stat.counter[STAT_ESP_TX]++;
	return rc;
}
