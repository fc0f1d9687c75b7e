/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the values of a document to struct conf, a row a key.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "row.h"

/* One file on its way into a struct conf. */
struct load {
	const struct conf_document *document;
	struct conf_values *values;
	struct conf_error *error;
	struct conf *c;
};

/* An element of a section: where it comes from and where it goes. */
struct element {
	const struct conf_section *section;
	uint32_t index;
	const struct conf_raw *raw; /* NULL where the section is not there */
	char *into;
};

static unsigned int
line_of(const struct load *l, const struct element *e, const char *key)
{
	return conf_document_line(l->document, e->section->key, e->index, key);
}

static bool
refuse(const struct load *l, const struct element *e, const struct conf_row *row, const char *text)
{
	bool secret = row->kind == CONF_KIND_SECRET;
	char expected[256];

	conf_expected(row, expected, sizeof(expected));
	/* What was meant for a secret is not repeated. */
	conf_error_set(l->error, conf_document_path(l->document), line_of(l, e, row->key),
		       "%s.%s: expected %s%s%.200s%s", e->section->key, row->key, expected, secret ? "" : ", got \"",
		       secret ? "" : text, secret ? "" : "\"");
	return false;
}

static bool
load_list(const struct load *l, const struct element *e, const struct conf_row *row, const struct conf_raw *raw)
{
	const struct conf_kind *kind = &conf_kind[row->kind];
	char *value = e->into + row->offset;

	if (raw->list_count > CONF_ITEMS_MAX) {
		conf_error_set(l->error, conf_document_path(l->document), line_of(l, e, row->key),
			       "%s.%s: expected %d items at most, got %u", e->section->key, row->key, CONF_ITEMS_MAX,
			       raw->list_count);
		return false;
	}
	for (uint32_t i = 0; i < raw->list_count; i++)
		if (!kind->parse(row, raw->list[i], value, i))
			return refuse(l, e, row, raw->list[i]);
	if (kind->shape == CONF_ITEMS)
		*conf_count(value) = raw->list_count;
	return true;
}

/* One key: what stands in the file, or its default. A section that is not there has no keys that must be given. */
static bool
load_key(const struct load *l, const struct element *e, unsigned int key)
{
	const struct conf_row *row = &e->section->rows[key];
	const struct conf_kind *kind = &conf_kind[row->kind];
	const struct conf_raw *raw = e->raw != NULL ? &e->raw[key] : NULL;
	const char *text = raw != NULL && raw->text != NULL ? raw->text : row->initial;

	if (kind->shape != CONF_ONE && raw != NULL && raw->list != NULL)
		return load_list(l, e, row, raw);
	if (text == NULL && e->raw != NULL) {
		conf_error_set(l->error, conf_document_path(l->document), line_of(l, e, NULL), "%s.%s: must be given",
			       e->section->key, row->key);
		return false;
	}
	if (text == NULL || kind->shape != CONF_ONE)
		return true; /* the default of every list is the empty one */
	return kind->parse(row, text, e->into + row->offset, 0) || refuse(l, e, row, text);
}

static bool
load_element(const struct load *l, const struct element *e)
{
	for (unsigned int key = 0; key < e->section->row_count; key++)
		if (!load_key(l, e, key))
			return false;
	return true;
}

static bool
no_memory(const struct load *l)
{
	conf_error_set(l->error, conf_document_path(l->document), 0, "no memory");
	return false;
}

/* Append so many elements to the *count that are there. */
static bool
load_packed(const struct load *l, unsigned int section, uint32_t *count, uint32_t more)
{
	const struct conf_section *s = &conf_section[section];
	struct conf_packed *p = (struct conf_packed *)(void *)((char *)l->c + s->offset);

	if (!conf_pack_room(p, *count + more))
		return no_memory(l);
	for (uint32_t i = 0; i < more; i++) {
		struct conf_MOBILE_NODE room = {0};
		struct element e = {s, i, conf_values_of(l->values, section, i), (char *)&room};

		if (!load_element(l, &e))
			return false;
		if (!conf_pack(p, *count, s, e.into))
			return no_memory(l);
		++*count;
	}
	conf_pack_end(p, *count);
	return true;
}

static bool
load_array(const struct load *l, unsigned int section, uint32_t *count, uint32_t more)
{
	const struct conf_section *s = &conf_section[section];
	char *array;

	memcpy(&array, (char *)l->c + s->offset, sizeof(array));
	array = reallocarray(array, (size_t)*count + more, s->size);
	if (array == NULL)
		return no_memory(l);
	memcpy((char *)l->c + s->offset, &array, sizeof(array));
	memset(array + *count * s->size, 0, more * s->size);
	for (uint32_t i = 0; i < more; i++) {
		struct element e = {s, i, conf_values_of(l->values, section, i), array + *count * s->size};

		if (!load_element(l, &e))
			return false;
		++*count;
	}
	return true;
}

/* Append the elements of a list section to those that are there. */
static bool
load_list_section(const struct load *l, unsigned int section)
{
	const struct conf_section *s = &conf_section[section];
	uint32_t *count = (uint32_t *)((char *)l->c + s->count_offset);
	uint32_t more = conf_values_count(l->values, section);

	if (more == 0)
		return true;
	return s->packed ? load_packed(l, section, count, more) : load_array(l, section, count, more);
}

static bool
load_sections(const struct load *l)
{
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];
		struct element e = {s, 0, NULL, (char *)l->c + s->offset};

		if (s->list) {
			if (!load_list_section(l, i))
				return false;
			continue;
		}
		if (conf_values_count(l->values, i) > 0)
			e.raw = conf_values_of(l->values, i, 0);
		if (!load_element(l, &e))
			return false;
	}
	return true;
}

/* What stands in a policy file or a file of secrets, behind what is there. */
static bool
load_lists(const struct load *l)
{
	for (unsigned int i = 0; i < conf_section_count; i++)
		if (conf_section[i].list && !load_list_section(l, i))
			return false;
	return true;
}

static bool
load_file(const struct conf_document *d, bool (*sections)(const struct load *), struct conf *c,
	  struct conf_error *error)
{
	struct load l = {.document = d, .error = error, .c = c, .values = conf_values_load(d, error)};
	bool good = l.values != NULL && sections(&l);

	conf_values_free(l.values);
	return good;
}

/* The path of another file: relative to the folder of the configuration. */
static char *
beside(const char *path, const char *file)
{
	const char *slash = strrchr(path, '/');
	char *out = NULL;

	if (file[0] == '/' || slash == NULL)
		return strdup(file);
	return asprintf(&out, "%.*s/%s", (int)(slash - path), path, file) >= 0 ? out : NULL;
}

/* Another file that the configuration names, where it does: false with the error filled in. */
static bool
load_other(struct conf *c, const struct conf_origin *o, const char *name, enum conf_file file,
	   struct conf_document **out)
{
	char *path;

	if (name[0] == '\0')
		return true;
	path = beside(conf_document_path(o->main), name);
	*out = path != NULL ? conf_document_load(path, file, o->error) : NULL;
	if (*out == NULL)
		free(path);
	return *out != NULL && load_file(*out, load_lists, c, o->error);
}

static void
free_other(struct conf_document *d)
{
	char *path = d != NULL ? (char *)conf_document_path(d) : NULL;

	conf_document_free(d);
	free(path);
}

/* The other files, where there are any, and the checks of all. */
static bool
load_others(struct conf *c, struct conf_origin *o)
{
	bool good;

	c->inline_nodes = c->mobile_nodes_count;
	good = load_other(c, o, c->policy.file, CONF_FILE_POLICY, &o->policy) &&
	       load_other(c, o, c->security.secrets, CONF_FILE_SECRETS, &o->secrets) && conf_check(c, o) &&
	       conf_check_security(c, o) && conf_check_multihoming(c, o) && conf_check_nodes(c, o);
	free_other(o->policy);
	free_other(o->secrets);
	return good;
}

struct conf *
conf_load(const char *path, struct conf_error *error)
{
	struct conf *c = calloc(1, sizeof(*c));
	struct conf_document *document;
	struct conf_origin origin = {.error = error};
	bool good = false;

	conf_error_set(error, path, 0, "no memory");
	document = c != NULL ? conf_document_load(path, CONF_FILE_MAIN, error) : NULL;
	origin.main = document;
	if (document != NULL)
		good = load_file(document, load_sections, c, error) && load_others(c, &origin);
	conf_document_free(document);
	/* Files take many times what is kept of them. What malloc kept of that, tables made later would have to clear.
	 */
	malloc_trim(0);
	if (good)
		return c;
	conf_free(c);
	return NULL;
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];
		char *array;

		if (!s->list || s->packed)
			continue;
		memcpy(&array, (char *)c + s->offset, sizeof(array));
		if (array != NULL && s->files == CONF_FILE_SECRETS)
			explicit_bzero(array, conf_element_bytes(c, s));
		free(array);
	}
	conf_pack_free(&c->mobile_nodes);
	free(c);
}
