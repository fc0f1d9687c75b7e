/* SPDX-License-Identifier: BSD-3-Clause */
#include "pcap.h"

#include <byteswap.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC_US 0xa1b2c3d4u /* times in microseconds */
#define MAGIC_NS 0xa1b23c4du /* and in nanoseconds */
#define ETHERNET 1

struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy, snaplen, link_type;
};

struct frame_header {
	uint32_t s, fraction, captured, len;
};

static bool
fail(struct pcap_file *f, const char *path, const char *what)
{
	fprintf(stderr, "%s: %s\n", path, what);
	pcap_unload(f);
	return false;
}

static uint8_t *
read_all(const char *path, size_t *len)
{
	FILE *in = fopen(path, "rb");
	uint8_t *content = NULL;
	long size;

	if (in == NULL)
		return NULL;
	if (fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) >= 0 && fseek(in, 0, SEEK_SET) == 0) {
		content = malloc((size_t)size + 1);
		*len = content != NULL ? fread(content, 1, (size_t)size, in) : 0;
	}
	fclose(in);
	return content;
}

bool
pcap_load(const char *path, struct pcap_file *f)
{
	struct file_header head;
	size_t len = 0, at = sizeof(head);
	bool swap;

	*f = (struct pcap_file){.content = read_all(path, &len)};
	if (f->content == NULL)
		return fail(f, path, strerror(errno));
	if (len < sizeof(head))
		return fail(f, path, "shorter than the header of a capture file");
	memcpy(&head, f->content, sizeof(head));
	swap = head.magic == bswap_32(MAGIC_US) || head.magic == bswap_32(MAGIC_NS);
	if (!swap && head.magic != MAGIC_US && head.magic != MAGIC_NS)
		return fail(f, path, "no capture file of the classic format");
	if ((swap ? bswap_32(head.link_type) : head.link_type) != ETHERNET)
		return fail(f, path, "its frames are not Ethernet");
	f->frame = calloc(len / sizeof(struct frame_header) + 1, sizeof(*f->frame));
	while (f->frame != NULL && at < len) {
		struct frame_header h = {0};
		uint32_t captured;

		if (len - at >= sizeof(h))
			memcpy(&h, f->content + at, sizeof(h));
		captured = swap ? bswap_32(h.captured) : h.captured;
		if (len - at < sizeof(h) || captured > len - at - sizeof(h) || h.captured != h.len)
			return fail(f, path, "a frame is cut short");
		at += sizeof(h);
		f->frame[f->count++] = (struct pcap_frame){.bytes = f->content + at, .len = captured};
		at += captured;
	}
	return f->frame != NULL || fail(f, path, "no memory");
}

void
pcap_unload(struct pcap_file *f)
{
	free(f->frame);
	free(f->content);
	*f = (struct pcap_file){0};
}
