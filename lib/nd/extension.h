/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The walk over IPv6 extension headers (RFC 8200 section 4), bounded by the packet and by ND_EXTENSION_MAX. */
#include "nd/nd.h"

enum extension_walk {
	EXTENSION_RECEIVE, /* as the packet's destination: faults and fragments end the walk */
	EXTENSION_PEEK, /* only to see what the packet carries: faults are passed, and the head of a first fragment */
};

/* Where the walk ended. */
struct extension {
	uint8_t next_header;	 /* of the first header that is not one to walk over */
	uint32_t next_header_at; /* offset of the field that says so */
	uint32_t at;		 /* offset of that header */
	bool fragment;		 /* a Fragment header was passed */
	enum nd_fault fault;
	uint8_t fault_code;
	uint32_t fault_pointer;
};

/* ip holds an IPv6 header at least. 0, or -EINVAL when a header runs past the packet or there are too many. */
int nd_extension_walk(const uint8_t *ip, size_t ip_len, enum extension_walk how, struct extension *out);
