/* SPDX-License-Identifier: BSD-3-Clause */
/* What a session has: a few prefixes, with a bit of each mask for each of them. */
#include <string.h>

#include "engine.h"

int
mag_prefixes_find(const struct mag_prefixes *l, const struct addr_prefix *p)
{
	for (int i = 0; i < l->count; i++)
		if (addr_prefix_equal(&l->prefix[i], p))
			return i;
	return -1;
}

uint8_t
mag_prefixes_all(const struct mag_prefixes *l)
{
	return (uint8_t)((1u << l->count) - 1);
}

uint8_t
mag_prefixes_hosted(const struct mag_prefixes *l)
{
	return (uint8_t)(mag_prefixes_all(l) & ~(l->off_link | l->idle));
}

uint8_t
mag_prefixes_own(const struct mag_prefixes *l)
{
	return (uint8_t)(mag_prefixes_hosted(l) & ~l->temporal);
}

uint8_t
mag_prefixes_overlapping(const struct mag_prefixes *l, const struct mag_prefixes *these)
{
	uint8_t mask = 0;

	for (unsigned int i = 0; i < l->count; i++)
		for (unsigned int j = 0; j < these->count; j++)
			if (addr_prefix_overlaps(&l->prefix[i], &these->prefix[j]))
				mask |= (uint8_t)(1u << i);
	return mask;
}

struct mag_come
mag_prefixes_come(const struct mag_prefixes *before, const struct mag_prefixes *after, const struct mag_prefixes *these)
{
	struct mag_come out = {0};

	for (unsigned int i = 0; i < these->count; i++) {
		int at = mag_prefixes_find(after, &these->prefix[i]),
		    was = mag_prefixes_find(before, &these->prefix[i]);

		if (at < 0 || !(mag_prefixes_hosted(after) & 1u << at))
			continue;
		mag_prefixes_add(&out.all, &these->prefix[i]);
		if (was >= 0 && before->idle & 1u << was)
			mag_prefixes_add(&out.home, &these->prefix[i]);
	}
	return out;
}

int
mag_prefixes_add(struct mag_prefixes *l, const struct addr_prefix *p)
{
	size_t behind = l->pulled + l->cut;

	if (l->count + behind == MH_HNP_MAX)
		return -1;
	memmove(&l->prefix[l->count + 1], &l->prefix[l->count], behind * sizeof(*p));
	l->prefix[l->count] = *p;
	return l->count++;
}

uint8_t
mag_prefixes_copy(const struct mag_prefixes *l, uint8_t mask, struct addr_prefix out[static MH_HNP_MAX])
{
	uint8_t n = 0;

	for (unsigned int i = 0; i < l->count; i++)
		if (mask & 1u << i)
			out[n++] = l->prefix[i];
	return n;
}

/* One more, with the bits that it has in another list. */
static void
add_from(struct mag_prefixes *l, const struct mag_prefixes *from, unsigned int i)
{
	int at = mag_prefixes_add(l, &from->prefix[i]);

	if (at < 0)
		return;
	l->off_link |= (uint8_t)((from->off_link >> i & 1) << at);
	l->idle |= (uint8_t)((from->idle >> i & 1) << at);
	l->temporal |= (uint8_t)((from->temporal >> i & 1) << at);
}

void
mag_prefixes_drop(struct mag_prefixes *l, uint8_t mask)
{
	struct mag_prefixes kept = {.pulled = l->pulled, .cut = l->cut};

	memcpy(kept.prefix, &l->prefix[l->count], (size_t)(l->pulled + l->cut) * sizeof(*l->prefix));
	for (unsigned int i = 0; i < l->count; i++)
		if (!(mask & 1u << i))
			add_from(&kept, l, i);
	*l = kept;
}

bool
mag_prefixes_equal(const struct mag_prefixes *a, const struct mag_prefixes *b)
{
	return a->count == b->count && a->off_link == b->off_link && a->idle == b->idle && a->temporal == b->temporal &&
	       memcmp(a->prefix, b->prefix, a->count * sizeof(*a->prefix)) == 0;
}

/* Which of a list's another has not: of those off link, or of the others. */
static uint8_t
missing(const struct mag_prefixes *l, const struct mag_prefixes *in, bool off_link)
{
	uint8_t mask = 0;

	for (unsigned int i = 0; i < l->count; i++) {
		int at = mag_prefixes_find(in, &l->prefix[i]);

		if (at < 0 || (in->off_link >> at & 1) != off_link)
			mask |= (uint8_t)(1u << i);
	}
	return mask;
}

/* Its own are more than all else. */
static int
add_own(struct mag_prefixes *l, const struct addr_prefix *p)
{
	int at = mag_prefixes_find(l, p);
	uint8_t own = mag_prefixes_own(l);

	if (at < 0 && (at = mag_prefixes_add(l, p)) < 0 && own != mag_prefixes_all(l)) {
		mag_prefixes_drop(l, (uint8_t)(1u << (31 - __builtin_clz(mag_prefixes_all(l) & ~own))));
		at = mag_prefixes_add(l, p);
	}
	return at;
}

/*
 * What is granted, pulled or not, is its own from now on, but that a refresh of what is idle leaves it idle. What it
 * has besides stays, where there is room; but those off link are all that an answer says there are, where it speaks of
 * any (RFC 7864 section 3.3).
 */
struct mag_prefixes
mag_prefixes_granted(const struct mag_session *s, const struct mag_prefixes *granted)
{
	uint8_t gone = s->has.pulled > 0 ? 0 : missing(&s->has, granted, false) & mag_prefixes_hosted(&s->has);
	bool active = s->has.pulled > 0 || s->asks_any;
	struct mag_prefixes l = s->has;
	int at;

	l.pulled = 0;
	l.cut = 0;
	if (granted->off_link != 0)
		gone |= missing(&s->has, granted, true) & s->has.off_link;
	mag_prefixes_drop(&l, gone);
	for (unsigned int i = 0; i < granted->count; i++) {
		if (granted->off_link & 1u << i) {
			if (mag_prefixes_find(&l, &granted->prefix[i]) < 0)
				add_from(&l, granted, i);
			continue;
		}
		at = add_own(&l, &granted->prefix[i]);
		if (at < 0)
			continue;
		l.off_link &= (uint8_t) ~(1u << at);
		if (active)
			l.idle &= (uint8_t) ~(1u << at);
	}
	return l;
}
