/* SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <errno.h>

#include "fwd/memory.h"

#define END UINT32_MAX /* of the quarantine list */

/* Where an entry stands: in which slot, how many lines behind its home. */
struct place {
	uint32_t home;
	uint32_t passed;
	unsigned int slot;
};

uint32_t
fwd_table_lines_for(uint32_t capacity)
{
	/* At most 5 entries in 8 slots: then one line in ten has passed an entry on, and few have passed two on. */
	uint64_t lines = ((uint64_t)capacity * 8 / 5 + FWD_TABLE_SLOTS - 1) / FWD_TABLE_SLOTS;

	return rte_align64pow2(RTE_MAX(lines, (uint64_t)FWD_TABLE_PROBES));
}

int
fwd_table_init(struct fwd_table *t, uint32_t lines, uint32_t capacity, const struct hash_secret *secret, int socket)
{
	*t = (struct fwd_table){
		.find_bulk = fwd_table_reader_fn(fwd_table_reader_best()),
		.secret = *secret,
		.mask = lines - 1,
		.far = lines >= FWD_TABLE_FAR,
		.probes = RTE_MIN(lines, (uint32_t)FWD_TABLE_PROBES),
		.quarantine = END,
		.capacity = capacity,
	};
	t->lines = fwd_memory_new((size_t)lines * sizeof(*t->lines), socket);
	t->notes = fwd_memory_new((size_t)lines * sizeof(*t->notes), socket);
	return t->lines == NULL || t->notes == NULL ? -ENOMEM : 0;
}

void
fwd_table_touch(struct fwd_table *t, uint32_t from, uint32_t n)
{
	fwd_memory_touch(&t->lines[from], (size_t)n * sizeof(*t->lines));
	fwd_memory_touch(&t->notes[from], (size_t)n * sizeof(*t->notes));
}

void
fwd_table_fini(struct fwd_table *t)
{
	fwd_memory_free(t->lines, ((size_t)t->mask + 1) * sizeof(*t->lines));
	fwd_memory_free(t->notes, ((size_t)t->mask + 1) * sizeof(*t->notes));
	t->lines = NULL;
	t->notes = NULL;
}

static uint32_t
place_line(const struct fwd_table *t, const struct place *p)
{
	return (p->home + p->passed) & t->mask;
}

static bool
table_locate(const struct fwd_table *t, uint64_t key, struct place *p)
{
	p->home = fwd_table_home(t, key);
	for (p->passed = 0; p->passed < t->probes; p->passed++) {
		const struct fwd_table_line *line = &t->lines[place_line(t, p)];

		for (p->slot = 0; p->slot < FWD_TABLE_SLOTS; p->slot++)
			if (line->key[p->slot] == key)
				return true;
		if (!(line->value[0] & FWD_TABLE_MORE))
			return false;
	}
	return false;
}

/* A slot for key that is free and out of quarantine, as near to its home as there is one. */
static bool
table_vacancy(const struct fwd_table *t, uint64_t key, struct place *p)
{
	p->home = fwd_table_home(t, key);
	for (p->passed = 0; p->passed < t->probes; p->passed++) {
		uint32_t at = place_line(t, p);
		unsigned int quarantined = t->notes[at].retired | t->notes[at].waiting;

		for (p->slot = 0; p->slot < FWD_TABLE_SLOTS; p->slot++)
			if (t->lines[at].key[p->slot] == 0 && !(quarantined & 1u << p->slot))
				return true;
	}
	return false;
}

/* Store a value and keep MORE of the word that it goes to. */
static void
value_store(struct fwd_table_line *line, unsigned int slot, uint64_t value)
{
	__atomic_store_n(&line->value[slot], value | (line->value[slot] & FWD_TABLE_MORE), __ATOMIC_RELEASE);
}

/* An entry begins to stand at p: the lines that it passed say MORE. */
static void
passed_in(struct fwd_table *t, const struct place *p)
{
	for (uint32_t i = 0; i < p->passed; i++) {
		uint32_t at = (p->home + i) & t->mask;

		if (t->notes[at].passed++ == 0)
			__atomic_fetch_or(&t->lines[at].value[0], FWD_TABLE_MORE, __ATOMIC_RELEASE);
	}
}

/* It stands there no more: those that no other entry passed say so. */
static void
passed_out(struct fwd_table *t, const struct place *p)
{
	for (uint32_t i = 0; i < p->passed; i++) {
		uint32_t at = (p->home + i) & t->mask;

		if (--t->notes[at].passed == 0)
			__atomic_fetch_and(&t->lines[at].value[0], ~FWD_TABLE_MORE, __ATOMIC_RELEASE);
	}
}

int
fwd_table_add(struct fwd_table *t, uint64_t key, uint64_t value)
{
	struct place p;
	struct fwd_table_line *line;

	if (table_locate(t, key, &p))
		return -EEXIST;
	if (t->count == t->capacity)
		return -ENOSPC;
	if (!table_vacancy(t, key, &p))
		return t->quarantine == END ? -ENOSPC : -EAGAIN;
	line = &t->lines[place_line(t, &p)];
	passed_in(t, &p);
	value_store(line, p.slot, value);
	__atomic_store_n(&line->key[p.slot], key, __ATOMIC_RELEASE);
	t->count++;
	return 0;
}

int
fwd_table_replace(struct fwd_table *t, uint64_t key, uint64_t value)
{
	struct place p;

	if (!table_locate(t, key, &p))
		return -ENOENT;
	value_store(&t->lines[place_line(t, &p)], p.slot, value);
	return 0;
}

static void
quarantine_add(struct fwd_table *t, uint32_t at, unsigned int slot)
{
	struct fwd_table_note *note = &t->notes[at];

	if (!(note->retired | note->waiting)) {
		note->next = t->quarantine;
		t->quarantine = at;
	}
	note->retired |= 1u << slot;
}

int
fwd_table_del(struct fwd_table *t, uint64_t key)
{
	struct place p;
	uint32_t at;

	if (!table_locate(t, key, &p))
		return -ENOENT;
	at = place_line(t, &p);
	__atomic_store_n(&t->lines[at].key[p.slot], 0, __ATOMIC_RELEASE);
	quarantine_add(t, at, p.slot);
	passed_out(t, &p);
	t->count--;
	return 0;
}

uint64_t
fwd_table_get(const struct fwd_table *t, uint64_t key)
{
	struct place p;

	if (!table_locate(t, key, &p))
		return FWD_TABLE_NONE;
	return t->lines[place_line(t, &p)].value[p.slot] & ~FWD_TABLE_MORE;
}

bool
fwd_table_turn(struct fwd_table *t)
{
	uint32_t *link = &t->quarantine;

	while (*link != END) {
		struct fwd_table_note *note = &t->notes[*link];

		note->waiting = note->retired;
		note->retired = 0;
		if (note->waiting)
			link = &note->next;
		else
			*link = note->next;
	}
	return t->quarantine != END;
}
