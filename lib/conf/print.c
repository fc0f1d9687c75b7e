/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration in effect as YAML and as JSON.
 */
#include <ctype.h>
#include <string.h>

#include "row.h"

/* Double quotes, where alone YAML takes every character, if need be as an escape. */
static void
quote_yaml(const char *text, FILE *out)
{
	const unsigned char *c = (const unsigned char *)text;

	fputc('"', out);
	while (*c != '\0') {
		/* The bytes of one character of UTF-8, which libyaml has checked. */
		unsigned int more = *c < 0xc0 ? 0 : *c < 0xe0 ? 1 : *c < 0xf0 ? 2 : 3;
		uint32_t point = more == 0 ? *c : *c & (0x3fu >> more);

		for (c++; more > 0 && *c != '\0'; more--, c++)
			point = point << 6 | (*c & 0x3f);
		if (point == '"' || point == '\\')
			fprintf(out, "\\%c", (char)point);
		else if (point >= ' ' && point < 0x7f)
			fputc((char)point, out);
		else
			fprintf(out, "\\U%08X", point);
	}
	fputc('"', out);
}

void
conf_quote_json(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out); /* control characters were refused when the file was read */
	}
	fputc('"', out);
}

static void
yaml_text(const struct conf_kind *kind, const char *text, FILE *out)
{
	if (kind->form == CONF_QUOTED)
		quote_yaml(text, out);
	else
		fputs(text, out);
}

void
conf_print_json_text(const struct conf_kind *kind, const char *text, FILE *out)
{
	if (kind->form == CONF_BOOLEAN)
		fputs(strcmp(text, "yes") == 0 ? "true" : "false", out);
	else if (kind->form == CONF_NUMBER && isdigit((unsigned char)text[0]))
		fputs(text, out);
	else
		conf_quote_json(text, out);
}

static void
plain_text(const struct conf_kind *kind, const char *text, FILE *out)
{
	fputs(text, out);
}

static void
print_value(const struct conf_row *row, const char *value,
	    void (*print)(const struct conf_kind *kind, const char *text, FILE *out), FILE *out)
{
	const struct conf_kind *kind = &conf_kind[row->kind];
	uint32_t count = conf_items(row, value);

	if (kind->shape != CONF_ONE)
		fputc('[', out);
	for (uint32_t i = 0; i < count; i++) {
		char text[CONF_TEXT];

		fputs(i > 0 ? ", " : "", out);
		kind->format(row, value, i, text);
		print(kind, text, out);
	}
	if (kind->shape != CONF_ONE)
		fputc(']', out);
}

void
conf_print_plain(const struct conf_row *row, const char *value, FILE *out)
{
	print_value(row, value, plain_text, out);
}

/* The keys of one element; in a list the first follows the dash. */
static void
print_element(const struct conf_section *s, const char *element, FILE *out)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		fprintf(out, "%s%s: ", !s->list ? "  " : i == 0 ? "  - " : "    ", s->rows[i].key);
		print_value(&s->rows[i], element + s->rows[i].offset, yaml_text, out);
		fputc('\n', out);
	}
}

static bool
is_of_node(const struct conf *c, const struct conf_section *s)
{
	return s->role == 0 || (c->node.roles & s->role);
}

void
conf_print(const struct conf *c, bool nodes, FILE *out)
{
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];
		uint32_t count = conf_element_count(c, s);
		struct conf_MOBILE_NODE room;

		if (!is_of_node(c, s) || !(s->files & CONF_FILE_MAIN))
			continue;
		if (s->files & CONF_FILE_POLICY)
			count = nodes ? c->inline_nodes : 0; /* the others come from the policy file again */
		if (count > 0)
			fprintf(out, "%s:\n", s->key);
		for (uint32_t k = 0; k < count; k++)
			print_element(s, conf_element(c, s, k, &room), out);
	}
}

static void
print_object(const struct conf_section *s, const char *element, FILE *out)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		fprintf(out, "%s\"%s\": ", i == 0 ? "{" : ", ", s->rows[i].key);
		print_value(&s->rows[i], element + s->rows[i].offset, conf_print_json_text, out);
	}
	fputc('}', out);
}

void
conf_print_json(const struct conf *c, FILE *out)
{
	const char *between = "{";

	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];
		uint32_t count = conf_element_count(c, s);
		struct conf_MOBILE_NODE room;

		if (!is_of_node(c, s) || s->files != CONF_FILE_MAIN)
			continue;
		fprintf(out, "%s\"%s\": %s", between, s->key, s->list ? "[" : "");
		between = ", ";
		for (uint32_t k = 0; k < count; k++) {
			fputs(k > 0 ? ", " : "", out);
			print_object(s, conf_element(c, s, k, &room), out);
		}
		fputs(s->list ? "]" : "", out);
	}
	fputc('}', out);
}
