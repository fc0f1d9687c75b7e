/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Capture files of the classic format, in the byte order of the machine that wrote them.
 *
 *	struct pcap_file f;
 *	if (pcap_load("core.pcap", &f))
 *		...f.frame[i].bytes, f.frame[i].len...
 *	pcap_unload(&f);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pcap_frame {
	uint8_t *bytes;
	size_t len;
};

struct pcap_file {
	struct pcap_frame *frame;
	unsigned int count;
	uint8_t *content;
};

/* False with a message on stderr: no such file, not Ethernet, cut short, or a frame that was not captured whole. */
bool pcap_load(const char *path, struct pcap_file *f);
/* Also of a file that was not loaded. */
void pcap_unload(struct pcap_file *f);
