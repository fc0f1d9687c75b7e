/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rows as a libcyaml schema. Every scalar is read as a string: libcyaml's own numbers and booleans take "3600s",
 * "010" and "maybe", so parse.c reads those.
 */
#include <malloc.h>
#include <stdlib.h>

#include <cyaml/cyaml.h>

#include "row.h"

#define SECTIONS_MAX 32
#define KEYS_MAX     32 /* of one section */

/* A section as libcyaml read it: conf_raw by element and row. */
struct raw_section {
	struct conf_raw *elements; /* NULL where the section is not there */
	uint32_t count;		   /* of a list */
};

struct conf_values {
	cyaml_schema_field_t keys[SECTIONS_MAX][KEYS_MAX + 1];
	cyaml_schema_value_t element[SECTIONS_MAX];
	cyaml_schema_field_t sections[SECTIONS_MAX + 1];
	cyaml_schema_value_t top;
	struct raw_section *root; /* by section */
};

static const cyaml_schema_value_t text_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

/* The greatest power of two up to a size, 32 at least. */
static size_t
power_below(size_t size)
{
	return size < 32 ? 32 : (size_t)1 << (63 - __builtin_clzll(size));
}

/* libcyaml grows an array by one item at a time: give it room for twice as many, or a long list costs its square. */
static void *
memory(void *ctx, void *ptr, size_t size)
{
	size_t room = power_below(size);

	if (size == 0) {
		free(ptr);
		return NULL;
	}
	/* A block was asked for as a power of two; what malloc gave beyond it is not ours. */
	if (ptr != NULL && size <= power_below(malloc_usable_size(ptr)))
		return ptr;
	return realloc(ptr, room < size ? 2 * room : room);
}

static const cyaml_config_t config = {
	.log_fn = NULL, /* document.c has said already what is wrong, in the operator's words */
	.mem_fn = memory,
	.log_level = CYAML_LOG_ERROR,
};

#define OPTIONAL (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

/* The field of row k of its section. */
static cyaml_schema_field_t
key_field(const struct conf_row *row, uint32_t k)
{
	uint32_t at = k * (uint32_t)sizeof(struct conf_raw);

	if (conf_kind[row->kind].shape == CONF_ONE)
		return (cyaml_schema_field_t){
			.key = row->key,
			.data_offset = at + offsetof(struct conf_raw, text),
			.value = {CYAML_VALUE_STRING(OPTIONAL, char, 0, CYAML_UNLIMITED)},
		};
	return (cyaml_schema_field_t){
		.key = row->key,
		.data_offset = at + offsetof(struct conf_raw, list),
		.count_offset = at + offsetof(struct conf_raw, list_count),
		.count_size = sizeof(uint32_t),
		.value = {CYAML_VALUE_SEQUENCE(OPTIONAL, char *, &text_value, 0, CYAML_UNLIMITED)},
	};
}

/* The field of section i, whose elements have the keys of keys[i]. */
static cyaml_schema_field_t
section_field(struct conf_values *v, uint32_t i)
{
	cyaml_schema_value_t *element = &v->element[i];
	uint32_t at = i * (uint32_t)sizeof(struct raw_section);
	cyaml_schema_field_t field = {
		.key = conf_section[i].key,
		.data_offset = at + offsetof(struct raw_section, elements),
		.count_offset = at + offsetof(struct raw_section, count),
		.count_size = sizeof(uint32_t),
	};

	*element = (cyaml_schema_value_t){CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct conf_raw, v->keys[i])};
	element->data_size = conf_section[i].row_count * (uint32_t)sizeof(struct conf_raw);
	if (conf_section[i].list) {
		field.value = (cyaml_schema_value_t){
			CYAML_VALUE_SEQUENCE(OPTIONAL, struct conf_raw, element, 0, CYAML_UNLIMITED)};
		field.value.data_size = element->data_size;
	} else {
		field.value = *element;
		field.value.flags = OPTIONAL;
	}
	return field;
}

static bool
make_schema(struct conf_values *v)
{
	if (conf_section_count > SECTIONS_MAX)
		return false;
	for (uint32_t i = 0; i < conf_section_count; i++) {
		if (conf_section[i].row_count > KEYS_MAX)
			return false;
		for (uint32_t k = 0; k < conf_section[i].row_count; k++)
			v->keys[i][k] = key_field(&conf_section[i].rows[k], k);
		v->sections[i] = section_field(v, i);
	}
	v->top = (cyaml_schema_value_t){CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct conf_raw, v->sections)};
	v->top.data_size = conf_section_count * (uint32_t)sizeof(struct raw_section);
	return true;
}

struct conf_values *
conf_values_load(const struct conf_document *d, struct conf_error *error)
{
	struct conf_values *v = calloc(1, sizeof(*v));
	cyaml_err_t rc = CYAML_ERR_OOM;
	const char *text;
	size_t len;

	text = conf_document_text(d, &len);
	if (v != NULL && make_schema(v))
		rc = cyaml_load_data((const uint8_t *)text, len, &config, &v->top, (cyaml_data_t **)&v->root, NULL);
	if (rc == CYAML_OK)
		return v;
	conf_error_set(error, conf_document_path(d), 0, "%s", cyaml_strerror(rc));
	free(v);
	return NULL;
}

void
conf_values_free(struct conf_values *v)
{
	if (v == NULL)
		return;
	cyaml_free(&config, &v->top, v->root, 0);
	free(v);
}

uint32_t
conf_values_count(const struct conf_values *v, unsigned int section)
{
	const struct raw_section *s = &v->root[section];

	return conf_section[section].list ? s->count : s->elements != NULL;
}

const struct conf_raw *
conf_values_of(const struct conf_values *v, unsigned int section, uint32_t element)
{
	return v->root[section].elements + (size_t)element * conf_section[section].row_count;
}
