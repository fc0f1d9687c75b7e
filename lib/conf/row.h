/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The rows of key.def at run time: sections, keys and kinds, and what the files of this room give each other.
 */
#include <stddef.h>

#include "conf/conf.h"

#define CONF_WORKERS_MAX 64 /* of the packet path */

enum conf_kind_id {
#define KIND(NAME, read, written, shape, form, words, expected, schema) CONF_KIND_##NAME,
#include "kind.def"
#undef KIND
	CONF_KIND_COUNT
};

/* What a change takes: rows of change.def. */
enum conf_change {
#define CHANGE(NAME, why) CONF_CHANGE_##NAME,
#include "conf/change.def"
#undef CHANGE
};

struct conf_row {
	const char *key;
	enum conf_kind_id kind;
	enum conf_change change;
	size_t offset, size; /* of the value in its section's struct; of a list without its count */
	const char *initial; /* the default as text, NULL: the key must be given */
	uint32_t min, max;
	const char *help;
};

/* Places in conf_section. */
enum conf_section_id {
#define SECTION_BEGIN(NAME, member, yaml, shape, role, help) CONF_SECTION_##NAME,
#define KEY(NAME, field, key, KIND, CHANGE, def, min, max, help)
#define SECTION_END(NAME)
#include "conf/key.def"
#undef SECTION_BEGIN
#undef KEY
#undef SECTION_END
};

/* The files of a configuration, as bits. */
enum conf_file { CONF_FILE_MAIN = 1, CONF_FILE_POLICY = 2, CONF_FILE_SECRETS = 4 };

struct conf_section {
	const char *key;
	bool list, ordered, packed;
	unsigned int files; /* enum conf_file bits: that may hold it */
	uint32_t role;	    /* enum conf_role that the section belongs to; 0: every node has it */
	const char *help;
	size_t offset;	     /* in struct conf: of the struct, of the array's pointer, or of struct conf_packed */
	size_t count_offset; /* in struct conf, of a list's count */
	size_t size;	     /* of one struct */
	const struct conf_row *rows;
	unsigned int row_count;
};

/* A kind: how a value is read from text and written as text. */
struct conf_kind {
	const char *expected;	  /* what a text must be; NULL where words or the row's range say it */
	const char *const *words; /* by value, from the row's minimum, NULL behind the last */
	enum {
		CONF_ONE,    /* one text */
		CONF_ITEMS,  /* a list of up to CONF_ITEMS_MAX texts, the count in front of the items */
		CONF_MEMBERS /* a list of texts that make one value */
	} shape;
	/* Parse one text (of a list: the i-th) into the value; false when it does not fit. */
	bool (*parse)(const struct conf_row *row, const char *text, void *value, uint32_t i);
	/* Write the value (of items: the i-th) as text that parse takes: at most CONF_TEXT bytes. */
	void (*format)(const struct conf_row *row, const void *value, uint32_t i, char *out);
	/* How it stands in YAML and in JSON, and its JSON Schema, where words or the row's range do not say it. */
	enum {
		CONF_NUMBER, /* as it is; what is no number is quoted in JSON */
		CONF_BOOLEAN,
		CONF_WORD,  /* as it is in YAML */
		CONF_QUOTED /* in both */
	} form;
	const char *schema;
};

extern const struct conf_section conf_section[];
extern const unsigned int conf_section_count;
extern const char *const conf_change_why[];
extern const struct conf_kind conf_kind[CONF_KIND_COUNT];

/* parse.c, format.c: what the rows of kind.def name. */
#define KIND(NAME, read, written, shape, form, words, expected, schema)                                                \
	bool conf_parse_##read(const struct conf_row *row, const char *text, void *value, uint32_t i);                 \
	void conf_format_##written(const struct conf_row *row, const void *value, uint32_t i, char *out);
#include "kind.def"
#undef KIND

/* Word what the text of a row must be: "a number from 4 to 262140". */
void conf_expected(const struct conf_row *row, char *buf, size_t size);
/* Where the count of the CONF_ITEMS at value is. */
uint32_t *conf_count(void *value);
/* How many texts a value has: of a list its items, else one. */
uint32_t conf_items(const struct conf_row *row, const void *value);
/* How many elements a section has: 1 where it is no list. */
uint32_t conf_element_count(const struct conf *c, const struct conf_section *s);
/* Element i of a section; *room is where that of a packed one is put. */
const char *conf_element(const struct conf *c, const struct conf_section *s, uint32_t i, struct conf_MOBILE_NODE *room);
/* The bytes of its name, the value of its first key. */
const uint8_t *conf_element_name(const struct conf *c, const struct conf_section *s, uint32_t i, size_t *len);
/* The bytes that all elements of a list take. */
size_t conf_element_bytes(const struct conf *c, const struct conf_section *s);
/* pack.c: elements of which there are many. Room for so many: false when there is no memory. */
bool conf_pack_room(struct conf_packed *p, uint32_t count);
/* Put in element i, behind the one before it: false when there is no memory. */
bool conf_pack(struct conf_packed *p, uint32_t i, const struct conf_section *s, const char *element);
/* There are so many: what was too much room is given back. */
void conf_pack_end(struct conf_packed *p, uint32_t count);
void conf_unpack(const struct conf_packed *p, uint32_t i, const struct conf_section *s, char *element);
/* The value of its first key, a text: it has no NUL at its end. */
const uint8_t *conf_packed_name(const struct conf_packed *p, uint32_t i, size_t *len);
void conf_pack_free(struct conf_packed *p);

/* print.c: texts in double quotes, texts of a kind, values, as JSON; and values as they are. */
void conf_quote_json(const char *text, FILE *out);
void conf_print_json_text(const struct conf_kind *kind, const char *text, FILE *out);
void conf_print_plain(const struct conf_row *row, const char *value, FILE *out);

/* Word an error: "FILE:LINE: ...", or "FILE: ..." for line 0. */
void conf_error_set(struct conf_error *e, const char *path, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* document.c: a file in memory, and where each key stands in it. */
struct conf_document;

/*
 * Read a file and check that it has the shape of the rows of the sections that it may hold; NULL with *error filled in.
 * That of secrets must be its owner's alone, and the owner this process's user. The path must outlive the document.
 */
struct conf_document *conf_document_load(const char *path, enum conf_file file, struct conf_error *error);
void conf_document_free(struct conf_document *d);
const char *conf_document_path(const struct conf_document *d);
const char *conf_document_text(const struct conf_document *d, size_t *len);
bool conf_document_has(const struct conf_document *d, const char *section);
/* The line of a key; of its element or section where the key is not there or NULL; 1 where neither is. */
unsigned int conf_document_line(const struct conf_document *d, const char *section, uint32_t element, const char *key);

/* schema.c: a document's values as libcyaml read them, one struct conf_raw a key. */
struct conf_raw {
	char *text;
	char **list;
	uint32_t list_count;
};

struct conf_values;

struct conf_values *conf_values_load(const struct conf_document *d, struct conf_error *error);
void conf_values_free(struct conf_values *v);
/* How many elements a section has; of one that is no list 0 or 1. */
uint32_t conf_values_count(const struct conf_values *v, unsigned int section);
/* An element's values, in the order of the section's rows. */
const struct conf_raw *conf_values_of(const struct conf_values *v, unsigned int section, uint32_t element);

/* What a configuration was loaded from; NULL where there is no such file. */
struct conf_origin {
	const struct conf_document *main;
	struct conf_document *policy;
	struct conf_document *secrets;
	struct conf_error *error;
};

#define ID_MAX 253 /* bytes of an NAI (RFC 7542 section 2.3) */

/* check.c: what no single row can say; false with the error filled in. */
bool conf_check(const struct conf *c, const struct conf_origin *o);
/* check_security.c: the same for what protects signalling. */
bool conf_check_security(const struct conf *c, const struct conf_origin *o);
/* check_multihoming.c: the same for mobile nodes with several interfaces. */
bool conf_check_multihoming(const struct conf *c, const struct conf_origin *o);
/* check_nodes.c: the same for mobile nodes. */
bool conf_check_nodes(const struct conf *c, const struct conf_origin *o);

/* Word an error of a check about a key of a document; false, for the caller to return. */
bool conf_refuse(const struct conf_origin *o, const struct conf_document *d, const char *section, uint32_t element,
		 const char *key, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The port whose link holds an address, or CONF_NO_PORT. */
#define CONF_NO_PORT UINT32_MAX
uint32_t conf_port_of_link(const struct conf *c, const struct addr6 *a);
/* names.c: the length of the i-th of the names of a value of the kind NAMES, and in *name where it begins; 0 behind the
 * last. */
size_t conf_name_of(const char *names, uint32_t i, const char **name);
uint32_t conf_names_count(const char *names);
/* True for an address that one node may have and routers forward. */
bool conf_is_global(const struct addr6 *a);
