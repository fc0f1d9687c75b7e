/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames out of a capture: classic pcap of this machine's byte order, Ethernet. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_malloc.h>

#include "bench.h"

#define MAGIC_US  0xa1b2c3d4u
#define MAGIC_NS  0xa1b23c4du
#define ETHERNET  1
#define FRAME_MAX 2048

struct pcap_file {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, link;
};

struct pcap_record {
	uint32_t seconds, fraction, captured, len;
};

static bool
refuse(const char *file, const char *why)
{
	fprintf(stderr, "kedge-bench: %s: %s\n", file, why);
	return false;
}

/* The next frame that has octets, and not too many; false at the end of the file. */
static bool
next_frame(FILE *f, struct pcap_record *r, uint8_t bytes[static FRAME_MAX])
{
	while (fread(r, sizeof(*r), 1, f) == 1) {
		if (r->captured == 0 || r->captured > FRAME_MAX) {
			if (fseek(f, r->captured, SEEK_CUR) != 0)
				return false;
		} else {
			return fread(bytes, 1, r->captured, f) == r->captured;
		}
	}
	return false;
}

/* How many frames there are, and the longest. */
static uint32_t
measure(FILE *f, uint32_t max, uint32_t *longest)
{
	uint8_t bytes[FRAME_MAX];
	struct pcap_record r;
	uint32_t n = 0;

	*longest = 0;
	for (; n < max && next_frame(f, &r, bytes); n++)
		*longest = RTE_MAX(*longest, r.captured);
	return n;
}

static bool
load(struct traffic *t, const struct options *o, struct rte_mempool *pool, FILE *f)
{
	struct pcap_file head;
	struct pcap_record r;
	uint8_t bytes[FRAME_MAX];
	uint32_t count, longest;

	if (fread(&head, sizeof(head), 1, f) != 1 || (head.magic != MAGIC_US && head.magic != MAGIC_NS))
		return refuse(o->pcap, "is no pcap file of this machine's byte order");
	if (head.link != ETHERNET)
		return refuse(o->pcap, "holds no Ethernet frames");
	count = measure(f, o->flows, &longest);
	if (count == 0)
		return refuse(o->pcap, "holds no frame that fits");
	if (!traffic_room(t, count, longest, o->burst, pool))
		return false;
	fseek(f, sizeof(head), SEEK_SET);
	for (uint32_t i = 0; i < count && next_frame(f, &r, bytes); i++) {
		memcpy(t->heads + (size_t)i * t->stride, bytes, r.captured);
		t->len[i] = r.captured;
	}
	return true;
}

bool
traffic_load(struct traffic *t, const struct options *o, struct rte_mempool *pool)
{
	FILE *f = fopen(o->pcap, "rb");
	bool done;

	if (f == NULL)
		return refuse(o->pcap, strerror(errno));
	done = load(t, o, pool, f);
	fclose(f);
	return done;
}

static bool
write_frames(const struct traffic *t, FILE *f)
{
	const struct pcap_file head = {
		.magic = MAGIC_US, .major = 2, .minor = 4, .snaplen = FRAME_MAX, .link = ETHERNET};
	uint8_t bytes[FRAME_MAX] = {0};

	fwrite(&head, sizeof(head), 1, f);
	for (uint32_t i = 0; i < t->count; i++) {
		const struct pcap_record r = {.captured = t->len[i], .len = t->len[i]};

		memcpy(bytes, t->heads + (size_t)i * t->stride, RTE_MIN(t->stride, t->len[i]));
		fwrite(&r, sizeof(r), 1, f);
		fwrite(bytes, r.len, 1, f);
	}
	return fflush(f) == 0 && !ferror(f);
}

int
pcap_write(const struct options *o)
{
	const struct plan plan = plan_of_memory(world_port_in(o->which));
	struct traffic t = {0};
	FILE *f = fopen(o->to_pcap, "wb");
	bool fine = f != NULL && traffic_make(&t, o, &plan, NULL) && write_frames(&t, f);

	if (f == NULL || (fclose(f) != 0 && fine) || !fine)
		fine = refuse(o->to_pcap, strerror(errno));
	traffic_free(&t);
	return fine ? 0 : 1;
}
