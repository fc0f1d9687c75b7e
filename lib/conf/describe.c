/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rows as documentation, and as a JSON Schema for editors.
 */
#include "row.h"

static void
describe_row(const struct conf_row *row, FILE *out)
{
	const struct conf_kind *kind = &conf_kind[row->kind];
	char expected[256];

	conf_expected(row, expected, sizeof(expected));
	fprintf(out, "| `%s` | %s%s", row->key, kind->shape == CONF_ONE ? "" : "a list, each item ", expected);
	if (row->initial == NULL)
		fputs(" | must be given", out);
	else if (row->initial[0] == '\0')
		fputs(" | none", out);
	else
		fprintf(out, " | `%s`", row->initial);
	fprintf(out, " | %s | %s |\n", row->help, row->change == CONF_CHANGE_LIVE ? "at once" : "restart");
}

/* Why keys of a section take a restart, each reason once. */
static void
describe_restart(const struct conf_section *s, FILE *out)
{
	for (unsigned int i = 0; i < s->row_count; i++) {
		const char *why = conf_change_why[s->rows[i].change];
		bool said = why == NULL;

		for (unsigned int k = 0; k < i; k++)
			said = said || s->rows[k].change == s->rows[i].change;
		if (said)
			continue;
		fputs("\nRestart for", out);
		for (unsigned int k = i; k < s->row_count; k++)
			if (s->rows[k].change == s->rows[i].change)
				fprintf(out, "%s `%s`", k > i ? "," : "", s->rows[k].key);
		fprintf(out, ": %s.\n", why);
	}
}

/* What the words of `peers.compat` mean. */
static void
describe_compat(FILE *out)
{
	fputs("\n## Words of `compat`\n\n| word | what it does |\n|---|---|\n"
#define COMPAT(NAME, key, help) "| `" key "` | " help " |\n"
#include "base/compat.def"
#undef COMPAT
	      ,
	      out);
}

void
conf_describe(FILE *out)
{
	fputs("# Configuration\n\n"
	      "The keys of the YAML file that `kedged -c FILE` reads, a section a table. A section that is not there "
	      "has\n"
	      "its defaults; one of a role that the node has not may not be there. `kedged -c FILE --check` says "
	      "whether\n"
	      "a file is good, and `--print` what is in effect, defaults included. The last column says what a change\n"
	      "of the key takes in a node that runs: it is taken over `at once`, or it needs a `restart`; of a list "
	      "the\n"
	      "first key stands for items that are added and removed. [reload.md](reload.md) says how changes are "
	      "made.\n"
	      "Editors complete and check the file by `yaml/kedge.schema.json`, which its first line may name:\n"
	      "`# yaml-language-server: $schema=kedge.schema.json`.\n",
	      out);
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];

		fprintf(out, "\n## `%s`\n\n%s.", s->key, s->help);
		if (s->list)
			fputs(" A list, each item with these keys.", out);
		if (s->role != 0)
			fprintf(out, " For the role `%s`.", s->role == CONF_ROLE_LMA ? "lma" : "mag");
		fputs("\n\n| key | value | default | meaning | a change |\n|---|---|---|---|---|\n", out);
		for (unsigned int k = 0; k < s->row_count; k++)
			describe_row(&s->rows[k], out);
		describe_restart(s, out);
	}
	describe_compat(out);
}

/* What one text of a value may be. */
static void
schema_scalar(const struct conf_row *row, FILE *out)
{
	const struct conf_kind *kind = &conf_kind[row->kind];

	if (kind->words != NULL) {
		fputs("\"enum\": [", out);
		for (uint32_t v = row->min; kind->words[v] != NULL; v++) {
			fputs(v > row->min ? ", " : "", out);
			conf_quote_json(kind->words[v], out);
		}
		fputc(']', out);
	} else if (kind->form == CONF_NUMBER && kind->schema != NULL) {
		fprintf(out, "\"anyOf\": [{%s}]", kind->schema);
	} else if (kind->schema != NULL) {
		fputs(kind->schema, out);
	} else {
		fprintf(out, "\"type\": \"integer\", \"minimum\": %u, \"maximum\": %u", row->min, row->max);
	}
}

static void
schema_row(const struct conf_row *row, FILE *out)
{
	const struct conf_kind *kind = &conf_kind[row->kind];

	fprintf(out, "\"%s\": {\"description\": ", row->key);
	conf_quote_json(row->help, out);
	if (row->initial != NULL && row->initial[0] != '\0') {
		fputs(", \"default\": ", out);
		conf_print_json_text(kind, row->initial, out);
	}
	if (kind->shape == CONF_ONE) {
		fputs(", ", out);
		schema_scalar(row, out);
	} else {
		fprintf(out, ", \"type\": \"array\", \"maxItems\": %d, \"items\": {", CONF_ITEMS_MAX);
		schema_scalar(row, out);
		fputc('}', out);
	}
	fputc('}', out);
}

/* A mapping with the keys of a section. */
static void
schema_element(const struct conf_section *s, const char *indent, FILE *out)
{
	const char *between = "";

	fputs("\"type\": \"object\", \"additionalProperties\": false, \"required\": [", out);
	for (unsigned int i = 0; i < s->row_count; i++) {
		if (s->rows[i].initial != NULL)
			continue;
		fprintf(out, "%s\"%s\"", between, s->rows[i].key);
		between = ", ";
	}
	fputs("], \"properties\": {\n", out);
	for (unsigned int i = 0; i < s->row_count; i++) {
		fputs(indent, out);
		schema_row(&s->rows[i], out);
		fputs(i + 1 < s->row_count ? ",\n" : "\n", out);
	}
}

void
conf_schema(FILE *out)
{
	fputs("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
	      "  \"$comment\": \"Written from the rows of lib/conf/include/conf/key.def.\",\n"
	      "  \"title\": \"Kedge\",\n  \"description\": \"The configuration of kedged, a policy file or a file of "
	      "secrets.\",\n"
	      "  \"anyOf\": [{\"required\": [\"node\", \"ports\"]}, {\"required\": [\"mobile-nodes\"], "
	      "\"maxProperties\": 1}, {\"required\": [\"keys\"], \"maxProperties\": 1}],\n"
	      "  \"type\": \"object\",\n  \"additionalProperties\": false,\n  \"properties\": {\n",
	      out);
	for (unsigned int i = 0; i < conf_section_count; i++) {
		const struct conf_section *s = &conf_section[i];

		fprintf(out, "    \"%s\": {\"description\": ", s->key);
		conf_quote_json(s->help, out);
		fputs(s->list ? ",\n      \"type\": \"array\", \"items\": {" : ",\n      ", out);
		schema_element(s, "        ", out);
		fprintf(out, "      }}%s%s\n", s->list ? "}" : "", i + 1 < conf_section_count ? "," : "");
	}
	fputs("  }\n}\n", out);
}
