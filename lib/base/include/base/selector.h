/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Which packets are of a flow (RFC 6088): ranges of fields of the inner packet, as it goes to the mobile node, so that
 * the source is the correspondent's.
 *
 *	selector_parse("protocol=udp source-port=5004-5010", &s, &why);
 *	if (selector_matches(&s, &packet))
 *
 * All functions are pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/* Fields that a selector says something of; the others may be anything. In the order of RFC 6088 section 4. */
enum selector_field {
	SELECTOR_SRC = 1,
	SELECTOR_DST = 2,
	SELECTOR_SPI = 4,
	SELECTOR_FLOW_LABEL = 8,
	SELECTOR_SRC_PORT = 16,
	SELECTOR_DST_PORT = 32,
	SELECTOR_TRAFFIC_CLASS = 64,
	SELECTOR_PROTOCOL = 128,
};

/* Numbers in host order, the first and the last of each range; those of fields that it has not are zero. */
struct selector {
	uint16_t fields; /* enum selector_field; 0: every packet */
	uint8_t traffic_class[2];
	uint8_t protocol[2]; /* behind extension headers */
	uint16_t src_port[2];
	uint16_t dst_port[2];
	uint32_t spi[2];
	uint32_t flow_label[2]; /* 20 bits */
	struct addr6 src[2];
	struct addr6 dst[2];
};

/* What is known of a packet: a field that is not, of a later fragment say, matches no range of it. */
struct selector_packet {
	uint16_t fields;
	uint8_t traffic_class;
	uint8_t protocol;
	uint16_t src_port, dst_port;
	uint32_t spi;
	uint32_t flow_label;
	struct addr6 src, dst;
};

bool selector_matches(const struct selector *s, const struct selector_packet *p);
/* No range ends before it begins, none is past its field. */
bool selector_check(const struct selector *s);
bool selector_equal(const struct selector *a, const struct selector *b);

/*
 * Text: fields as KEY=VALUE or KEY=FIRST-LAST between spaces, each once: source and destination (an address or a
 * prefix), spi, flow-label, source-port, destination-port, traffic-class, protocol (tcp, udp, icmpv6, sctp, esp or a
 * number). "any" is every packet. parse: 0 or -EINVAL, with *why pointing to static words.
 */
#define SELECTOR_TEXT 400
int selector_parse(const char *text, struct selector *out, const char **why);
char *selector_format(const struct selector *s, char buf[static SELECTOR_TEXT]);
