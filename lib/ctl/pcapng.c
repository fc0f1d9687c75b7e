/* SPDX-License-Identifier: BSD-3-Clause */
#include "pcapng.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum block { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_NAME = 2,
	OPTION_FLAGS = 2,
	OPTION_APPLICATION = 4,
	OPTION_RESOLUTION = 9
};
enum direction { INBOUND = 1, OUTBOUND = 2 };

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define LINK_ETHERNET	 1
#define NANOSECONDS	 9
#define PADDED(n)	 (((n) + 3) & ~(size_t)3)
#define ROOM_OPTIONS	 (PADDED(CTL_PCAPNG_COMMENT) + 32)

static void
put(struct ctl_pcapng *f, const void *bytes, size_t n)
{
	static const uint8_t zero[4];

	memcpy(f->buffer + f->used, bytes, n);
	memcpy(f->buffer + f->used + n, zero, PADDED(n) - n);
	f->used += PADDED(n);
}

static void
put16(struct ctl_pcapng *f, uint16_t a, uint16_t b)
{
	const uint16_t both[2] = {a, b};

	put(f, both, sizeof(both));
}

static void
put32(struct ctl_pcapng *f, uint32_t v)
{
	put(f, &v, sizeof(v));
}

static void
put_option(struct ctl_pcapng *f, enum option code, const void *bytes, size_t n)
{
	put16(f, code, (uint16_t)n);
	put(f, bytes, n);
}

static void
put_text(struct ctl_pcapng *f, enum option code, const char *text)
{
	size_t n = strlen(text);

	put_option(f, code, text, n < CTL_PCAPNG_COMMENT ? n : CTL_PCAPNG_COMMENT - 1);
}

/* A block has its length at both ends. */
static size_t
begin(struct ctl_pcapng *f, enum block type)
{
	size_t at = f->used;

	put32(f, type);
	put32(f, 0);
	return at;
}

static void
end(struct ctl_pcapng *f, size_t at)
{
	uint32_t len = (uint32_t)(f->used - at + sizeof(len));

	memcpy(f->buffer + at + sizeof(uint32_t), &len, sizeof(len));
	put32(f, len);
	f->bytes += len;
}

static void
make_room(struct ctl_pcapng *f, size_t n)
{
	if (n > sizeof(f->buffer) - f->used)
		ctl_pcapng_flush(f);
}

static void
interface_block(struct ctl_pcapng *f, const char *name)
{
	static const uint8_t resolution = NANOSECONDS;
	size_t at;

	make_room(f, 64 + ROOM_OPTIONS);
	at = begin(f, BLOCK_INTERFACE);
	put16(f, LINK_ETHERNET, 0);
	put32(f, 0); /* no limit of packets' lengths */
	put_text(f, OPTION_NAME, name);
	put_option(f, OPTION_RESOLUTION, &resolution, sizeof(resolution));
	put16(f, OPTION_END, 0);
	end(f, at);
}

void
ctl_pcapng_begin(struct ctl_pcapng *f, int fd, const char *application, const char *const *interface,
		 unsigned int interfaces)
{
	static const int64_t unknown = -1;
	size_t at;

	f->fd = fd;
	f->error = 0;
	f->bytes = 0;
	f->used = 0;
	at = begin(f, BLOCK_SECTION);
	put32(f, BYTE_ORDER_MAGIC);
	put16(f, 1, 0); /* version */
	put(f, &unknown, sizeof(unknown));
	put_text(f, OPTION_APPLICATION, application);
	put16(f, OPTION_END, 0);
	end(f, at);
	for (unsigned int i = 0; i < interfaces; i++)
		interface_block(f, interface[i]);
}

void
ctl_pcapng_packet(struct ctl_pcapng *f, const struct ctl_pcapng_packet *p)
{
	const uint32_t flags = p->outbound ? OUTBOUND : INBOUND;
	uint32_t len = p->len < CTL_PCAPNG_DATA ? p->len : CTL_PCAPNG_DATA;
	size_t at;

	make_room(f, 64 + PADDED(len) + ROOM_OPTIONS);
	at = begin(f, BLOCK_PACKET);
	put32(f, p->interface);
	put32(f, (uint32_t)(p->wall_ns >> 32));
	put32(f, (uint32_t)p->wall_ns);
	put32(f, len);
	put32(f, p->whole);
	put(f, p->data, len);
	put_text(f, OPTION_COMMENT, p->comment);
	put_option(f, OPTION_FLAGS, &flags, sizeof(flags));
	put16(f, OPTION_END, 0);
	end(f, at);
}

int
ctl_pcapng_flush(struct ctl_pcapng *f)
{
	size_t done = 0;

	while (f->error == 0 && done < f->used) {
		ssize_t n = write(f->fd, f->buffer + done, f->used - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			f->error = n == 0 ? -EIO : -errno;
	}
	f->used = 0;
	return f->error;
}
