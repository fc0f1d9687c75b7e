/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets in and out, one at a time: rte_ipsec writes the headers, the crypto device does its part at once, and
 * rte_ipsec checks what came of it.
 */
#include <errno.h>
#include <string.h>

#include <rte_byteorder.h>
#include <rte_errno.h>
#include <rte_esp.h>
#include <rte_ip.h>

#include "table.h"

#define IP6_LEN	  sizeof(struct rte_ipv6_hdr)
#define HOP_LIMIT 64 /* of no meaning: the header is not sent */

/* The buffer with bytes behind an IPv6 header, as rte_ipsec takes it. */
static struct rte_mbuf *
load(struct ipsec *i, const struct association *sa, uint8_t next_header, const uint8_t *bytes, size_t len)
{
	uint8_t *at;
	struct rte_mbuf *m = ipsec_device_buffer(&i->device, IP6_LEN + len, &at);
	struct rte_ipv6_hdr ip = {.vtc_flow = rte_cpu_to_be_32(6u << 28),
				  .payload_len = rte_cpu_to_be_16((uint16_t)len),
				  .proto = next_header,
				  .hop_limits = HOP_LIMIT};

	memcpy(ip.src_addr, &sa->a.src, sizeof(ip.src_addr));
	memcpy(ip.dst_addr, &sa->a.dst, sizeof(ip.dst_addr));
	memcpy(at, &ip, sizeof(ip));
	memcpy(at + IP6_LEN, bytes, len);
	m->l2_len = 0;
	m->l3_len = IP6_LEN;
	return m;
}

/* What stands in the buffer, behind its IPv6 header. */
static void
unload(const struct rte_mbuf *m, struct ipsec_packet *out)
{
	out->next_header = rte_pktmbuf_mtod(m, const struct rte_ipv6_hdr *)->proto;
	out->bytes = rte_pktmbuf_mtod_offset(m, const uint8_t *, IP6_LEN);
	out->len = m->data_len - IP6_LEN;
}

/* Through rte_ipsec and the device: IPSEC_OK, or why not; bad_number where rte_ipsec refuses the sequence number. */
static enum stat_drop
turn(struct ipsec *i, struct association *sa, struct rte_mbuf *m, enum stat_drop bad_number)
{
	struct rte_crypto_op *op = i->device.op;

	__rte_crypto_op_reset(op, RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	/* The vector of a packet that came in would be part of that of the next one out. */
	memset(rte_crypto_op_ctod_offset(op, void *, DEVICE_IV_AT), 0, DEVICE_IV_MAX);
	rte_errno = 0;
	if (rte_ipsec_pkt_crypto_prepare(&sa->session, &m, &op, 1) != 1)
		return rte_errno == EINVAL || rte_errno == EOVERFLOW ? bad_number : STAT_DROP_ESP_MALFORMED;
	switch (ipsec_device_run(&i->device)) {
	case RTE_CRYPTO_OP_STATUS_SUCCESS:
		break;
	case RTE_CRYPTO_OP_STATUS_AUTH_FAILED:
		return STAT_DROP_ESP_INTEGRITY;
	default:
		return STAT_DROP_ESP_DEVICE;
	}
	return rte_ipsec_pkt_process(&sa->session, &m, 1) == 1 ? IPSEC_OK : STAT_DROP_ESP_MALFORMED;
}

static enum stat_drop
count(const struct ipsec *i, struct association *sa, enum stat_drop why, struct ipsec_packet *out)
{
	bool was_low = ipsec_association_is_low(sa);

	if (why != IPSEC_OK) {
		sa->refused++;
		return why;
	}
	sa->packets++;
	out->low = !was_low && ipsec_association_is_low(sa);
	unload(i->device.m, out);
	return IPSEC_OK;
}

static enum stat_drop
take_in(struct ipsec *i, struct association *sa, const struct addr6 *src, const uint8_t *bytes, size_t len)
{
	enum stat_drop why;
	uint64_t number;
	uint32_t low_be;

	if (!addr6_equal(&sa->a.src, src))
		return STAT_DROP_ESP_SELECTOR;
	if (ipsec_association_ended(sa))
		return STAT_DROP_ESP_ENDED;
	if (len > IPSEC_PACKET_MAX + IPSEC_OVERHEAD)
		return STAT_DROP_ESP_MALFORMED;
	memcpy(&low_be, bytes + offsetof(struct rte_esp_hdr, seq), sizeof(low_be));
	number = ipsec_window_number(&sa->window, sa->a.esn, rte_be_to_cpu_32(low_be));
	if (!ipsec_window_is_new(&sa->window, number))
		return STAT_DROP_ESP_REPLAY;
	why = turn(i, sa, load(i, sa, IPSEC_PROTOCOL, bytes, len), STAT_DROP_ESP_REPLAY);
	if (why == IPSEC_OK)
		ipsec_window_note(&sa->window, number);
	return why;
}

enum stat_drop
ipsec_in(struct ipsec *i, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes, size_t len,
	 struct ipsec_packet *out)
{
	struct association *sa;
	uint32_t spi_be;

	*out = (struct ipsec_packet){.spi = 0};
	if (len < sizeof(struct rte_esp_hdr))
		return STAT_DROP_ESP_MALFORMED;
	memcpy(&spi_be, bytes, sizeof(spi_be));
	sa = ipsec_find_in(i, rte_be_to_cpu_32(spi_be), dst);
	if (sa == NULL)
		return STAT_DROP_ESP_UNKNOWN_SPI;
	out->spi = sa->a.spi;
	return count(i, sa, take_in(i, sa, src, bytes, len), out);
}

static enum stat_drop
give_out(struct ipsec *i, struct association *sa, uint8_t next_header, const uint8_t *bytes, size_t len)
{
	if (ipsec_association_ended(sa))
		return STAT_DROP_ESP_ENDED;
	if (len > IPSEC_PACKET_MAX)
		return STAT_DROP_TOO_BIG;
	return turn(i, sa, load(i, sa, next_header, bytes, len), STAT_DROP_ESP_ENDED);
}

enum stat_drop
ipsec_out(struct ipsec *i, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header, const uint8_t *bytes,
	  size_t len, struct ipsec_packet *out)
{
	struct association *sa = ipsec_find_out(i, src, dst);

	*out = (struct ipsec_packet){.spi = 0};
	if (sa == NULL)
		return STAT_DROP_ESP_NO_ASSOCIATION;
	out->spi = sa->a.spi;
	return count(i, sa, give_out(i, sa, next_header, bytes, len), out);
}
