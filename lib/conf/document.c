/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file as libyaml's document: libcyaml forgets where a key stood, takes a key twice and reads no further than the
 * first document. What has not the shape of the rows is refused here, with its line.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yaml.h>

#include "row.h"

#define BYTES_MAX (256u << 20) /* of one file */

struct conf_document {
	const char *path;
	char *text;
	size_t len;
	enum conf_file file;
	bool parsed; /* yaml is to be deleted */
	yaml_document_t yaml;
};

static const yaml_node_t *
node(const struct conf_document *d, int id)
{
	return yaml_document_get_node((yaml_document_t *)&d->yaml, id);
}

static unsigned int
line_of(const yaml_node_t *n)
{
	return (unsigned int)n->start_mark.line + 1;
}

/* A scalar's text; of a scalar with a NUL in it, and of what is none, something that no row is called. */
static const char *
text_of(const yaml_node_t *n)
{
	const char *text = n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : "";

	return n->type == YAML_SCALAR_NODE && strlen(text) == n->data.scalar.length ? text : "(not a word)";
}

/* The same for an error that somebody reads who may not read the file: what has not the form of a name is not repeated.
 */
static const char *
name_of(const yaml_node_t *n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.<";
	const char *text = text_of(n);
	size_t len = strspn(text, letters);

	return len > 0 && len < CONF_NAME && text[len] == '\0' ? text : "(not a word)";
}

/* The pair of a mapping whose key is this, before `end`; NULL where there is none. */
static const yaml_node_pair_t *
find_pair(const struct conf_document *d, const yaml_node_t *map, const char *key, const yaml_node_pair_t *end)
{
	for (const yaml_node_pair_t *p = map->data.mapping.pairs.start; p < end; p++)
		if (strcmp(text_of(node(d, p->key)), key) == 0)
			return p;
	return NULL;
}

static const struct conf_section *
find_section(const struct conf_document *d, const char *key)
{
	for (unsigned int i = 0; i < conf_section_count; i++)
		if (strcmp(conf_section[i].key, key) == 0 && (conf_section[i].files & d->file))
			return &conf_section[i];
	return NULL;
}

static const struct conf_row *
find_row(const struct conf_section *s, const char *key)
{
	for (unsigned int i = 0; i < s->row_count; i++)
		if (strcmp(s->rows[i].key, key) == 0)
			return &s->rows[i];
	return NULL;
}

/* One word of an error about a key, in the line of what is wrong with it; false, for the caller to return. */
static bool
refuse(const struct conf_document *d, struct conf_error *e, const yaml_node_t *at, const struct conf_section *s,
       const struct conf_row *row, const char *what)
{
	conf_error_set(e, d->path, line_of(at), "%s%s%s: %s", s->key, row != NULL ? "." : "",
		       row != NULL ? row->key : "", what);
	return false;
}

static bool
check_scalar(const struct conf_document *d, struct conf_error *e, const struct conf_section *s,
	     const struct conf_row *row, const yaml_node_t *value)
{
	if (value->type != YAML_SCALAR_NODE)
		return refuse(d, e, value, s, row, "expected a single value");
	for (size_t i = 0; i < value->data.scalar.length; i++)
		if (value->data.scalar.value[i] < ' ' || value->data.scalar.value[i] == 0x7f)
			return refuse(d, e, value, s, row, "expected a value without control characters");
	return true;
}

static bool
check_value(const struct conf_document *d, struct conf_error *e, const struct conf_section *s,
	    const struct conf_row *row, const yaml_node_t *value)
{
	if (conf_kind[row->kind].shape == CONF_ONE)
		return check_scalar(d, e, s, row, value);
	if (value->type != YAML_SEQUENCE_NODE)
		return refuse(d, e, value, s, row, "expected a list: [...]");
	for (const yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++)
		if (!check_scalar(d, e, s, row, node(d, *i)))
			return false;
	return true;
}

/* The keys of one mapping of a section. */
static bool
check_keys(const struct conf_document *d, struct conf_error *e, const struct conf_section *s, const yaml_node_t *map)
{
	if (map->type != YAML_MAPPING_NODE)
		return refuse(d, e, map, s, NULL, "expected keys with values");
	for (const yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = node(d, p->key);
		const struct conf_row *row = find_row(s, text_of(key));
		const yaml_node_pair_t *before = find_pair(d, map, text_of(key), p);

		if (row == NULL) {
			conf_error_set(e, d->path, line_of(key), "%s.%s: no such key", s->key, name_of(key));
			return false;
		}
		if (before != NULL) {
			conf_error_set(e, d->path, line_of(key), "%s.%s: given twice, first in line %u", s->key,
				       row->key, line_of(node(d, before->key)));
			return false;
		}
		if (!check_value(d, e, s, row, node(d, p->value)))
			return false;
	}
	return true;
}

static bool
check_section(const struct conf_document *d, struct conf_error *e, const struct conf_section *s,
	      const yaml_node_t *value)
{
	if (!s->list)
		return check_keys(d, e, s, value);
	if (value->type != YAML_SEQUENCE_NODE)
		return refuse(d, e, value, s, NULL, "expected a list");
	for (const yaml_node_item_t *i = value->data.sequence.items.start; i < value->data.sequence.items.top; i++)
		if (!check_keys(d, e, s, node(d, *i)))
			return false;
	return true;
}

static const yaml_node_t *
root_of(const struct conf_document *d)
{
	return yaml_document_get_root_node((yaml_document_t *)&d->yaml);
}

static bool
check_root(const struct conf_document *d, struct conf_error *e)
{
	const yaml_node_t *root = root_of(d);

	if (root == NULL || root->type != YAML_MAPPING_NODE) {
		conf_error_set(e, d->path, root != NULL ? line_of(root) : 1, "expected sections of keys with values");
		return false;
	}
	for (const yaml_node_pair_t *p = root->data.mapping.pairs.start; p < root->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = node(d, p->key);
		const struct conf_section *s = find_section(d, text_of(key));
		const yaml_node_pair_t *before = find_pair(d, root, text_of(key), p);

		if (s == NULL) {
			conf_error_set(e, d->path, line_of(key), "%s: no such section%s", name_of(key),
				       d->file == CONF_FILE_POLICY    ? " in a policy file"
				       : d->file == CONF_FILE_SECRETS ? " in a file of secrets"
								      : "");
			return false;
		}
		if (before != NULL) {
			conf_error_set(e, d->path, line_of(key), "%s: given twice, first in line %u", s->key,
				       line_of(node(d, before->key)));
			return false;
		}
		if (!check_section(d, e, s, node(d, p->value)))
			return false;
	}
	return true;
}

/* Where libyaml met what it refuses. Of bytes that are no text it knows how many stand before them, and no line. */
static unsigned int
problem_line(const struct conf_document *d, const yaml_parser_t *parser)
{
	unsigned int line = 1;

	if (parser->error != YAML_READER_ERROR)
		return (unsigned int)parser->problem_mark.line + 1;
	for (size_t i = 0; i < parser->problem_offset && i < d->len; i++)
		line += d->text[i] == '\n';
	return line;
}

static bool
load_one(const struct conf_document *d, yaml_parser_t *parser, yaml_document_t *out, struct conf_error *e)
{
	if (yaml_parser_load(parser, out))
		return true;
	conf_error_set(e, d->path, problem_line(d, parser), "not YAML: %s",
		       parser->problem != NULL ? parser->problem : "no memory");
	return false;
}

/* One document and no second. */
static bool
parse(struct conf_document *d, struct conf_error *e)
{
	yaml_parser_t parser;
	yaml_document_t next;
	bool good = false;

	if (!yaml_parser_initialize(&parser)) {
		conf_error_set(e, d->path, 0, "no memory");
		return false;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)d->text, d->len);
	d->parsed = load_one(d, &parser, &d->yaml, e);
	/* Behind an empty file's stream there is nothing to ask for. */
	if (d->parsed && root_of(d) == NULL) {
		good = true;
	} else if (d->parsed && load_one(d, &parser, &next, e)) {
		good = yaml_document_get_root_node(&next) == NULL;
		if (!good)
			conf_error_set(e, d->path, (unsigned int)next.start_mark.line + 1,
				       "a second document: expected one a file");
		yaml_document_delete(&next);
	}
	yaml_parser_delete(&parser);
	return good;
}

/* Why a file is no place for secrets; NULL: it is one. */
static const char *
why_open(FILE *file)
{
	struct stat s;

	if (fstat(fileno(file), &s) < 0)
		return strerror(errno);
	if (s.st_uid != geteuid())
		return "holds secrets and is another user's";
	if (s.st_mode & (S_IRWXG | S_IRWXO))
		return "holds secrets and is open to others than its owner; chmod 600 closes it";
	return NULL;
}

static bool
read_file(struct conf_document *d, struct conf_error *e)
{
	FILE *file = fopen(d->path, "re");
	const char *problem = NULL;
	size_t room = 0, n = 1;

	if (file == NULL) {
		conf_error_set(e, d->path, 0, "%s", strerror(errno));
		return false;
	}
	if (d->file == CONF_FILE_SECRETS)
		problem = why_open(file);
	while (problem == NULL && n > 0) {
		char *text = d->text;

		if (d->len == room) {
			room = room == 0 ? 16384 : 2 * room;
			text = room <= BYTES_MAX ? realloc(d->text, room) : NULL;
		}
		if (text == NULL) {
			problem = room <= BYTES_MAX ? "no memory" : "longer than 256 MB";
			break;
		}
		d->text = text;
		n = fread(d->text + d->len, 1, room - d->len, file);
		d->len += n;
		if (ferror(file))
			problem = strerror(errno);
	}
	if (problem != NULL)
		conf_error_set(e, d->path, 0, "%s", problem);
	fclose(file);
	return problem == NULL;
}

struct conf_document *
conf_document_load(const char *path, enum conf_file file, struct conf_error *e)
{
	struct conf_document *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		conf_error_set(e, path, 0, "no memory");
		return NULL;
	}
	d->path = path;
	d->file = file;
	if (read_file(d, e) && parse(d, e) && check_root(d, e))
		return d;
	conf_document_free(d);
	return NULL;
}

void
conf_document_free(struct conf_document *d)
{
	if (d == NULL)
		return;
	if (d->parsed)
		yaml_document_delete(&d->yaml);
	if (d->text != NULL && d->file == CONF_FILE_SECRETS)
		explicit_bzero(d->text, d->len);
	free(d->text);
	free(d);
}

const char *
conf_document_path(const struct conf_document *d)
{
	return d->path;
}

const char *
conf_document_text(const struct conf_document *d, size_t *len)
{
	*len = d->len;
	return d->text;
}

static const yaml_node_pair_t *
find_key(const struct conf_document *d, const yaml_node_t *map, const char *key)
{
	return find_pair(d, map, key, map->data.mapping.pairs.top);
}

bool
conf_document_has(const struct conf_document *d, const char *section)
{
	return find_key(d, root_of(d), section) != NULL;
}

unsigned int
conf_document_line(const struct conf_document *d, const char *section, uint32_t element, const char *key)
{
	const yaml_node_pair_t *p = find_key(d, root_of(d), section);
	const yaml_node_t *map;
	unsigned int line;

	if (p == NULL)
		return 1;
	line = line_of(node(d, p->key));
	map = node(d, p->value);
	if (map->type == YAML_SEQUENCE_NODE) {
		if (element >= map->data.sequence.items.top - map->data.sequence.items.start)
			return line;
		map = node(d, map->data.sequence.items.start[element]);
		line = line_of(map);
	}
	p = key != NULL ? find_key(d, map, key) : NULL;
	return p != NULL ? line_of(node(d, p->key)) : line;
}
