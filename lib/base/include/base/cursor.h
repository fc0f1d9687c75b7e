/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Bounded cursors over bytes: a read or a write past the end does nothing but set `failed`, so a codec
 * is straight code with one check at its end.
 *
 *	struct cursor c = cursor_on(bytes, len);
 *	uint16_t sequence = cursor_u16(&c);
 *	struct addr6 a = cursor_addr6(&c);
 *	if (c.failed)
 *		return MH_ERR_SHORT;
 *
 * Numbers are in network order on the wire and in host order in C. All functions are pure.
 */
#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"

/* Reads from [at, end); does not own the bytes. After a failure nothing is left and every read gives zero. */
struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool failed;
};

/* Writes to [at, end); does not own the bytes. After a failure nothing more is written. */
struct writer {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool failed;
};

/* bytes may be NULL when len is 0. */
static inline struct cursor
cursor_on(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	return (struct cursor){.at = at, .end = len > 0 ? at + len : at};
}

static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* len bytes that stay where they are, or NULL. */
static inline const uint8_t *
cursor_bytes(struct cursor *c, size_t len)
{
	const uint8_t *p = c->at;

	if (c->failed || cursor_left(c) < len) {
		c->failed = true;
		c->at = c->end; /* so that a loop over what is left ends */
		return NULL;
	}
	if (len > 0)
		c->at += len;
	return p;
}

static inline void
cursor_copy(struct cursor *c, void *to, size_t len)
{
	const uint8_t *p = cursor_bytes(c, len);

	if (len == 0)
		return;
	if (p != NULL)
		memcpy(to, p, len);
	else
		memset(to, 0, len);
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	uint8_t v;

	cursor_copy(c, &v, sizeof(v));
	return v;
}

static inline uint16_t
cursor_u16(struct cursor *c)
{
	uint16_t v;

	cursor_copy(c, &v, sizeof(v));
	return be16toh(v);
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	uint32_t v;

	cursor_copy(c, &v, sizeof(v));
	return be32toh(v);
}

static inline uint64_t
cursor_u64(struct cursor *c)
{
	uint64_t v;

	cursor_copy(c, &v, sizeof(v));
	return be64toh(v);
}

static inline struct addr6
cursor_addr6(struct cursor *c)
{
	struct addr6 a;

	cursor_copy(c, &a, sizeof(a));
	return a;
}

/* A cursor of its own over the next len bytes, which this one skips. */
static inline struct cursor
cursor_sub(struct cursor *c, size_t len)
{
	const uint8_t *p = cursor_bytes(c, len);

	return c->failed ? (struct cursor){.failed = true} : cursor_on(p, len);
}

static inline struct writer
writer_on(void *bytes, size_t len)
{
	return (struct writer){.start = bytes, .at = bytes, .end = (uint8_t *)bytes + len};
}

/* Bytes written so far. */
static inline size_t
writer_len(const struct writer *w)
{
	return (size_t)(w->at - w->start);
}

/* len bytes to fill in, or NULL. */
static inline uint8_t *
writer_bytes(struct writer *w, size_t len)
{
	uint8_t *p = w->at;

	if (w->failed || (size_t)(w->end - w->at) < len) {
		w->failed = true;
		return NULL;
	}
	w->at += len;
	return p;
}

static inline void
writer_copy(struct writer *w, const void *from, size_t len)
{
	uint8_t *p = writer_bytes(w, len);

	if (p != NULL && len > 0)
		memcpy(p, from, len);
}

static inline void
writer_zero(struct writer *w, size_t len)
{
	uint8_t *p = writer_bytes(w, len);

	if (p != NULL)
		memset(p, 0, len);
}

static inline void
writer_u8(struct writer *w, uint8_t v)
{
	writer_copy(w, &v, sizeof(v));
}

static inline void
writer_u16(struct writer *w, uint16_t v)
{
	v = htobe16(v);
	writer_copy(w, &v, sizeof(v));
}

static inline void
writer_u32(struct writer *w, uint32_t v)
{
	v = htobe32(v);
	writer_copy(w, &v, sizeof(v));
}

static inline void
writer_u64(struct writer *w, uint64_t v)
{
	v = htobe64(v);
	writer_copy(w, &v, sizeof(v));
}

static inline void
writer_addr6(struct writer *w, const struct addr6 *a)
{
	writer_copy(w, a, sizeof(*a));
}
