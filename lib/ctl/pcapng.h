/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Files of packets with a comment each (pcapng, draft-ietf-opsawg-pcapng), written in small pieces. DPDK's own writer
 * has no comments of packets (rte_pcapng_copy of 22.11), which are what these files are made for.
 *
 *	struct ctl_pcapng f;
 *	ctl_pcapng_begin(&f, fd, "kedged 1.0", names, n);
 *	ctl_pcapng_packet(&f, &(struct ctl_pcapng_packet){...});
 *	rc = ctl_pcapng_flush(&f);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CTL_PCAPNG_BUFFER  65536
#define CTL_PCAPNG_COMMENT 256	 /* bytes of a comment, NUL included */
#define CTL_PCAPNG_DATA	   16384 /* of a packet that are kept */

struct ctl_pcapng {
	int fd;
	int error;	/* of the first write that failed: negative errno */
	uint64_t bytes; /* of the file, with what is not written yet */
	size_t used;
	uint8_t buffer[CTL_PCAPNG_BUFFER];
};

struct ctl_pcapng_packet {
	uint32_t interface;
	bool outbound;
	uint64_t wall_ns;
	const uint8_t *data;
	uint32_t len;	/* of data */
	uint32_t whole; /* of the packet */
	const char *comment;
};

/* The heads: of the file, and of each interface by its name. The descriptor stays the caller's. */
void ctl_pcapng_begin(struct ctl_pcapng *f, int fd, const char *application, const char *const *interface,
		      unsigned int interfaces);
void ctl_pcapng_packet(struct ctl_pcapng *f, const struct ctl_pcapng_packet *p);
/* Write what waits: 0, or the negative errno of the first write that failed. */
int ctl_pcapng_flush(struct ctl_pcapng *f);
