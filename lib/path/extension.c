/* SPDX-License-Identifier: BSD-3-Clause */
/* What a packet carries behind extension headers (RFC 8200 section 4). */
#include "stage.h"

#define EXTENSIONS_MAX 4 /* in a row; who needs more is not looked into */

void
path_upper_walk(const struct wire_ip6 *ip, uint32_t len, struct path_upper *u)
{
	const uint8_t *bytes = (const uint8_t *)ip;

	for (unsigned int i = 0; i < EXTENSIONS_MAX; i++) {
		uint32_t header;

		if (u->next_header != WIRE_HOP_BY_HOP && u->next_header != WIRE_DESTINATION &&
		    u->next_header != WIRE_ROUTING)
			return;
		if (len - u->at < WIRE_EXTENSION_UNIT)
			return;
		header = WIRE_EXTENSION_UNIT * (bytes[u->at + 1] + 1u);
		if (header > len - u->at)
			return;
		u->next_header = bytes[u->at];
		u->at += header;
	}
}
