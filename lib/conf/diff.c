/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is different between two configurations. Of a list both sides' items are sorted by their first key and walked
 * side by side: there may be a million mobile nodes.
 */
#include <stdlib.h>
#include <string.h>

#include "row.h"

struct diff {
	struct conf_differences *out;
	uint32_t room, live; /* in the list; those in it that take no restart */
	bool failed;	     /* no memory */
};

/* An item of a list, by its name and then its place: of two with one name the first matches the other side's first. */
struct item {
	const uint8_t *name;
	size_t len;
	uint32_t place;
};

static bool
reserve(struct diff *d)
{
	uint32_t room = d->room > 0 ? 2 * d->room : 64;
	struct conf_differences *more;

	if (d->room > d->out->count)
		return true;
	more = realloc(d->out, sizeof(*more) + room * sizeof(more->list[0]));
	if (more == NULL)
		return false;
	d->out = more;
	d->room = room;
	return true;
}

/* Count a difference; one to fill in, or NULL where the list does not take it. */
static struct conf_difference *
note(struct diff *d, const struct conf_row *row)
{
	const char *why = conf_change_why[row->change];
	struct conf_difference *out;

	d->out->total++;
	d->out->restart += why != NULL;
	if (d->failed || (why == NULL && d->live == CONF_DIFFERENCES_MAX))
		return NULL;
	if (!reserve(d)) {
		d->failed = true;
		return NULL;
	}
	d->live += why == NULL;
	out = &d->out->list[d->out->count++];
	*out = (struct conf_difference){.why = why};
	return out;
}

/* What writes to a text of its own; end_text gives it, the caller's. */
static FILE *
begin_text(char **text, size_t *len)
{
	return open_memstream(text, len);
}

static char *
end_text(struct diff *d, FILE *f, char **text)
{
	if (f == NULL || fclose(f) != 0)
		d->failed = true;
	return f != NULL ? *text : NULL;
}

static char *
value_text(struct diff *d, const struct conf_row *row, const char *element)
{
	char *text = NULL;
	size_t len;
	FILE *f = begin_text(&text, &len);

	if (f != NULL)
		conf_print_plain(row, element + row->offset, f);
	return end_text(d, f, &text);
}

/* An item as it came or went: all of it but its name. */
static char *
item_text(struct diff *d, const struct conf_section *s, const char *element)
{
	char *text = NULL;
	size_t len;
	FILE *f = begin_text(&text, &len);

	for (unsigned int i = 1; f != NULL && i < s->row_count; i++) {
		fprintf(f, "%s%s: ", i == 1 ? "{" : ", ", s->rows[i].key);
		conf_print_plain(&s->rows[i], element + s->rows[i].offset, f);
		fputs(i + 1 == s->row_count ? "}" : "", f);
	}
	return end_text(d, f, &text);
}

/* "section.key", "section[item].key", "section[item]", "section". */
static char *
key_text(struct diff *d, const struct conf_section *s, const char *element, const struct conf_row *row)
{
	char *text = NULL;
	size_t len;
	FILE *f = begin_text(&text, &len);

	if (f != NULL) {
		fputs(s->key, f);
		if (s->list && element != NULL) {
			fputc('[', f);
			conf_print_plain(&s->rows[0], element + s->rows[0].offset, f);
			fputc(']', f);
		}
		if (row != NULL)
			fprintf(f, ".%s", row->key);
	}
	return end_text(d, f, &text);
}

static bool
same_value(const struct conf_row *row, const char *a, const char *b)
{
	return conf_items(row, a + row->offset) == conf_items(row, b + row->offset) &&
	       memcmp(a + row->offset, b + row->offset, row->size) == 0;
}

static void
diff_element(struct diff *d, const struct conf_section *s, const char *from, const char *to)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		const struct conf_row *row = &s->rows[i];
		struct conf_difference *out = same_value(row, from, to) ? NULL : note(d, row);

		if (out == NULL)
			continue;
		out->key = key_text(d, s, from, row);
		out->from = value_text(d, row, from);
		out->to = value_text(d, row, to);
	}
}

static void
diff_item(struct diff *d, const struct conf_section *s, const char *from, const char *to)
{
	struct conf_difference *out = note(d, &s->rows[0]);

	if (out == NULL)
		return;
	out->key = key_text(d, s, from != NULL ? from : to, NULL);
	out->from = from != NULL ? item_text(d, s, from) : NULL;
	out->to = to != NULL ? item_text(d, s, to) : NULL;
}

static int
compare_names(const struct item *a, const struct item *b)
{
	int order = memcmp(a->name, b->name, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static int
compare_items(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = compare_names(x, y);

	return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The items of a list in the order of their names; the caller's. */
static struct item *
sort_items(const struct conf *c, const struct conf_section *s)
{
	uint32_t count = conf_element_count(c, s);
	struct item *items = calloc((size_t)count + 1, sizeof(*items));

	for (uint32_t i = 0; items != NULL && i < count; i++) {
		items[i].name = conf_element_name(c, s, i, &items[i].len);
		items[i].place = i;
	}
	if (items != NULL)
		qsort(items, count, sizeof(*items), compare_items);
	return items;
}

static char *
names_text(struct diff *d, const struct conf *c, const struct conf_section *s)
{
	uint32_t count = conf_element_count(c, s);
	struct conf_MOBILE_NODE room;
	char *text = NULL;
	size_t len;
	FILE *f = begin_text(&text, &len);

	for (uint32_t i = 0; f != NULL && i < count; i++) {
		fputs(i > 0 ? ", " : "", f);
		conf_print_plain(&s->rows[0], conf_element(c, s, i, &room) + s->rows[0].offset, f);
	}
	return end_text(d, f, &text);
}

/* A list of which both sides' items are known: those that both have stand in another order. */
static void
diff_order(struct diff *d, const struct conf_section *s, const struct conf *from, const struct conf *to)
{
	struct conf_difference *out = note(d, &s->rows[0]);

	if (out == NULL)
		return;
	out->key = key_text(d, s, NULL, NULL);
	out->from = names_text(d, from, s);
	out->to = names_text(d, to, s);
}

/* A side of a list: its items in the order of their names. */
struct side {
	const struct conf *c;
	struct item *items;
	uint32_t count, at;
	struct conf_MOBILE_NODE room;
};

static struct side
side_of(const struct conf *c, const struct conf_section *s)
{
	return (struct side){.c = c, .items = sort_items(c, s), .count = conf_element_count(c, s)};
}

static const char *
element_of(struct side *side, const struct conf_section *s)
{
	return conf_element(side->c, s, side->items[side->at].place, &side->room);
}

/* Walk both sides; place[i] is where the other side has the i-th item, or UINT32_MAX. */
static void
diff_items(struct diff *d, const struct conf_section *s, struct side *from, struct side *to, uint32_t *place)
{
	while (from->at < from->count || to->at < to->count) {
		int order = from->at == from->count ? 1
			    : to->at == to->count   ? -1
						    : compare_names(&from->items[from->at], &to->items[to->at]);
		const char *old = order <= 0 ? element_of(from, s) : NULL;
		const char *new = order >= 0 ? element_of(to, s) : NULL;

		if (order != 0)
			diff_item(d, s, old, new);
		else if (memcmp(old, new, s->size) != 0)
			diff_element(d, s, old, new);
		if (order == 0)
			place[from->items[from->at].place] = to->items[to->at].place;
		from->at += order <= 0;
		to->at += order >= 0;
	}
}

static void
diff_list(struct diff *d, const struct conf_section *s, const struct conf *from, const struct conf *to)
{
	struct side old = side_of(from, s), new = side_of(to, s);
	uint32_t *place = malloc((old.count + 1) * sizeof(*place)), last = 0;
	bool moved = false;

	if (old.items == NULL || new.items == NULL || place == NULL) {
		d->failed = true;
	} else {
		memset(place, 0xff, (old.count + 1) * sizeof(*place));
		diff_items(d, s, &old, &new, place);
		for (uint32_t i = 0; i < old.count; i++) {
			if (place[i] == UINT32_MAX)
				continue;
			moved = moved || place[i] < last;
			last = place[i];
		}
		if (moved && s->ordered)
			diff_order(d, s, from, to);
	}
	free(place);
	free(new.items);
	free(old.items);
}

struct conf_differences *
conf_diff(const struct conf *from, const struct conf *to)
{
	struct diff d = {.out = calloc(1, sizeof(*d.out))};

	if (d.out == NULL)
		return NULL;
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];

		if (s->list)
			diff_list(&d, s, from, to);
		else
			diff_element(&d, s, (const char *)from + s->offset, (const char *)to + s->offset);
	}
	if (!d.failed)
		return d.out;
	conf_differences_free(d.out);
	return NULL;
}

void
conf_differences_free(struct conf_differences *d)
{
	if (d == NULL)
		return;
	for (uint32_t i = 0; i < d->count; i++) {
		free(d->list[i].key);
		free(d->list[i].from);
		free(d->list[i].to);
	}
	free(d);
}

size_t
conf_size(const struct conf *c)
{
	size_t size = sizeof(*c);

	for (unsigned int i = 0; i < conf_section_count; i++)
		size += conf_section[i].list ? conf_element_bytes(c, &conf_section[i]) : 0;
	return size;
}
