/* SPDX-License-Identifier: BSD-3-Clause */
/* A frame from a port: whatever it is, it is taken apart, decoded, and answered, in exactly its own bytes. */
#include "nd/nd.h"

#include <stdlib.h>

#define CHECK(truth)                                                                                                   \
	do {                                                                                                           \
		if (!(truth))                                                                                          \
			abort();                                                                                       \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Random bytes hold no right checksum: decode the message once more with one. */
static void
decode_sealed(const struct nd_frame *f)
{
	static const struct nd_link l;
	static uint8_t payload[UINT16_MAX], out[UINT16_MAX + 54];
	struct nd_frame sealed;
	struct nd_msg m;
	uint16_t sum;
	int len;

	memcpy(payload, f->payload, f->payload_len);
	if (f->payload_len >= 4) {
		payload[2] = payload[3] = 0;
		sum = nd_checksum(&f->ip_src, &f->ip_dst, f->next_header, payload, f->payload_len);
		payload[2] = (uint8_t)(sum >> 8);
		payload[3] = (uint8_t)sum;
	}
	len = nd_ip6_encode(&l, &f->ip_src, &f->ip_dst, f->next_header, f->hop_limit, payload, f->payload_len, out,
			    sizeof(out));
	CHECK(len == (int)(54 + f->payload_len));
	CHECK(nd_frame_decode(out, (size_t)len, &sealed) == 0 && sealed.payload_len <= f->payload_len);
	CHECK(nd_decode(&sealed, &m) != ND_ERR_CHECKSUM);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct nd_link l;
	uint8_t out[ND_FRAME_MAX];
	struct nd_frame f;
	struct nd_msg m;

	nd_error_encode(&l, &(struct addr6){0}, 4, 2, 42, bytes, len, out, sizeof(out));
	if (nd_frame_decode(bytes, len, &f) != 0 || f.ethertype != ND_ETHERTYPE_IP6)
		return 0;
	CHECK(f.ip + f.ip_len <= bytes + len && f.payload + f.payload_len == f.ip + f.ip_len);
	CHECK(f.next_header_at < f.ip_len && f.ip[f.next_header_at] == f.next_header);
	CHECK(f.fault != ND_FAULT_REPORT || f.fault_pointer < f.ip_len);
	if (nd_decode(&f, &m) == ND_OK && m.type == ND_ECHO_REQUEST)
		nd_echo_reply_encode(&l, &f, &f.ip_dst, out, sizeof(out));
	if (f.next_header == ND_PROTO_ICMP6)
		decode_sealed(&f);
	nd_error_encode(&l, &f.ip_dst, 4, f.fault_code, f.fault_pointer, f.ip, f.ip_len, out, sizeof(out));
	return 0;
}
