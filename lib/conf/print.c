/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The configuration in effect as YAML, and the rows as documentation.
 */
#include <string.h>

#include "row.h"

static void
print_value(const struct conf_row *row, const char *value, FILE *out)
{
	const struct conf_kind *kind = &conf_kind[row->kind];
	uint32_t count = kind->shape == CONF_ITEMS ? *conf_count((char *)value) : 1;

	if (kind->shape != CONF_ONE)
		fputc('[', out);
	for (uint32_t i = 0; i < count; i++) {
		fputs(i > 0 ? ", " : "", out);
		kind->format(row, value, i, out);
	}
	if (kind->shape != CONF_ONE)
		fputc(']', out);
}

/* The keys of one element; in a list the first follows the dash. */
static void
print_element(const struct conf_section *s, const char *element, FILE *out)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		fprintf(out, "%s%s: ", !s->list ? "  " : i == 0 ? "  - " : "    ", s->rows[i].key);
		print_value(&s->rows[i], element + s->rows[i].offset, out);
		fputc('\n', out);
	}
}

void
conf_print(const struct conf *c, FILE *out)
{
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];
		const char *at = (const char *)c + s->offset;
		uint32_t count = 1;

		if (s->role != 0 && !(c->node.roles & s->role))
			continue;
		if (s->list) {
			memcpy(&count, (const char *)c + s->count_offset, sizeof(count));
			memcpy(&at, (const char *)c + s->offset, sizeof(at));
		}
		if (s->offset == offsetof(struct conf, mobile_nodes))
			count = c->inline_nodes; /* the others come from the policy file again */
		if (count > 0)
			fprintf(out, "%s:\n", s->key);
		for (uint32_t k = 0; k < count; k++)
			print_element(s, at + k * s->size, out);
	}
}

static void
describe_row(const struct conf_row *row, FILE *out)
{
	const struct conf_kind *kind = &conf_kind[row->kind];
	char expected[160];

	conf_expected(row, expected, sizeof(expected));
	fprintf(out, "| `%s` | %s%s", row->key, kind->shape == CONF_ONE ? "" : "a list, each item ", expected);
	if (row->initial == NULL)
		fputs(" | must be given", out);
	else if (row->initial[0] == '\0')
		fputs(" | none", out);
	else
		fprintf(out, " | `%s`", row->initial);
	fprintf(out, " | %s |\n", row->help);
}

void
conf_describe(FILE *out)
{
	fputs("# Configuration\n\n"
	      "The keys of the YAML file that `kedged -c FILE` reads, a section a table. A section that is not there "
	      "has\n"
	      "its defaults; one of a role that the node has not may not be there. `kedged -c FILE --check` says "
	      "whether\n"
	      "a file is good, and `--print` what is in effect, defaults included.\n",
	      out);
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];

		fprintf(out, "\n## `%s`\n\n%s.", s->key, s->help);
		if (s->list)
			fputs(" A list, each item with these keys.", out);
		if (s->role != 0)
			fprintf(out, " For the role `%s`.", s->role == CONF_ROLE_LMA ? "lma" : "mag");
		fputs("\n\n| key | value | default | meaning |\n|---|---|---|---|\n", out);
		for (unsigned int k = 0; k < s->row_count; k++)
			describe_row(&s->rows[k], out);
	}
}
