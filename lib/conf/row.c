/* SPDX-License-Identifier: BSD-3-Clause */
#include "row.h"

#include <stdarg.h>
#include <string.h>

const char *const conf_change_why[] = {
#define CHANGE(NAME, why) [CONF_CHANGE_##NAME] = why,
#include "conf/change.def"
#undef CHANGE
};

#define SECTION_BEGIN(NAME, member, yaml, shape, role, help) static const struct conf_row rows_##NAME[] = {
#define KEY(NAME, fieldname, yaml, KIND, CHANGE, def, low, high, text)                                                 \
	{.key = yaml,                                                                                                  \
	 .kind = CONF_KIND_##KIND,                                                                                     \
	 .change = CONF_CHANGE_##CHANGE,                                                                               \
	 .offset = offsetof(struct conf_##NAME, fieldname),                                                            \
	 .size = sizeof(((struct conf_##NAME *)NULL)->fieldname),                                                      \
	 .initial = def,                                                                                               \
	 .min = low,                                                                                                   \
	 .max = high,                                                                                                  \
	 .help = text},
#define SECTION_END(NAME)                                                                                              \
	}                                                                                                              \
	;
#include "conf/key.def"
#undef SECTION_BEGIN
#undef KEY
#undef SECTION_END

static const struct conf_row rows_TIMERS[] = {
#define TIMER(fieldname, yaml, unit, def, low, high, source, text)                                                     \
	{.key = yaml,                                                                                                  \
	 .kind = CONF_KIND_U32,                                                                                        \
	 .offset = offsetof(struct conf_timers, fieldname),                                                            \
	 .size = sizeof(uint32_t),                                                                                     \
	 .initial = #def,                                                                                              \
	 .min = low,                                                                                                   \
	 .max = high,                                                                                                  \
	 .help = text " (" unit "; " source ")"},
#include "base/timer.def"
#undef TIMER
};

#define COUNT_OF_ONE(member)	 0
#define COUNT_OF_LIST(member)	 offsetof(struct conf, member##_count)
#define IS_ONE			 false
#define IS_LIST			 true
#define COUNT_OF_ORDERED(member) COUNT_OF_LIST(member)
#define IS_ORDERED		 true
#define ORDERED_ONE		 false
#define ORDERED_LIST		 false
#define ORDERED_ORDERED		 true
#define COUNT_OF_NODES(member)	 COUNT_OF_LIST(member)
#define IS_NODES		 true
#define ORDERED_NODES		 false
#define COUNT_OF_SECRETS(member) COUNT_OF_LIST(member)
#define IS_SECRETS		 true
#define ORDERED_SECRETS		 false
#define PACKED_ONE		 false
#define PACKED_LIST		 false
#define PACKED_ORDERED		 false
#define PACKED_NODES		 true
#define PACKED_SECRETS		 false
#define FILES_ONE		 CONF_FILE_MAIN
#define FILES_LIST		 CONF_FILE_MAIN
#define FILES_ORDERED		 CONF_FILE_MAIN
#define FILES_NODES		 (CONF_FILE_MAIN | CONF_FILE_POLICY)
#define FILES_SECRETS		 CONF_FILE_SECRETS
#define ROWS(array)		 .rows = array, .row_count = sizeof(array) / sizeof((array)[0])

const struct conf_section conf_section[] = {
#define SECTION_BEGIN(NAME, member, yaml, shape, of, text)                                                             \
	{.key = yaml,                                                                                                  \
	 .list = IS_##shape,                                                                                           \
	 .ordered = ORDERED_##shape,                                                                                   \
	 .packed = PACKED_##shape,                                                                                     \
	 .files = FILES_##shape,                                                                                       \
	 .role = of,                                                                                                   \
	 .help = text,                                                                                                 \
	 .offset = offsetof(struct conf, member),                                                                      \
	 .count_offset = COUNT_OF_##shape(member),                                                                     \
	 .size = sizeof(struct conf_##NAME),                                                                           \
	 ROWS(rows_##NAME)},
#define KEY(NAME, field, key, KIND, CHANGE, def, min, max, help)
#define SECTION_END(NAME)
#include "conf/key.def"
#undef SECTION_BEGIN
#undef KEY
#undef SECTION_END
	{.key = "timers",
	 .files = CONF_FILE_MAIN,
	 .help = "Protocol timers and counts",
	 .offset = offsetof(struct conf, timers),
	 .size = sizeof(struct conf_timers),
	 ROWS(rows_TIMERS)},
};

const unsigned int conf_section_count = sizeof(conf_section) / sizeof(conf_section[0]);

static const struct conf_packed *
packed_of(const struct conf *c, const struct conf_section *s)
{
	return (const struct conf_packed *)(const void *)((const char *)c + s->offset);
}

uint32_t
conf_element_count(const struct conf *c, const struct conf_section *s)
{
	uint32_t count = 1;

	if (s->list)
		memcpy(&count, (const char *)c + s->count_offset, sizeof(count));
	return count;
}

/* Of a section that is not packed. */
static const char *
array_of(const struct conf *c, const struct conf_section *s)
{
	const char *at = (const char *)c + s->offset;

	if (s->list)
		memcpy(&at, (const char *)c + s->offset, sizeof(at));
	return at;
}

const char *
conf_element(const struct conf *c, const struct conf_section *s, uint32_t i, struct conf_MOBILE_NODE *room)
{
	if (!s->packed)
		return array_of(c, s) + i * s->size;
	conf_unpack(packed_of(c, s), i, s, (char *)room);
	return (const char *)room;
}

const uint8_t *
conf_element_name(const struct conf *c, const struct conf_section *s, uint32_t i, size_t *len)
{
	if (s->packed)
		return conf_packed_name(packed_of(c, s), i, len);
	*len = s->rows[0].size;
	return (const uint8_t *)array_of(c, s) + i * s->size + s->rows[0].offset;
}

size_t
conf_element_bytes(const struct conf *c, const struct conf_section *s)
{
	const struct conf_packed *p = packed_of(c, s);
	uint32_t count = conf_element_count(c, s);

	return s->packed ? p->room + (p->at != NULL ? count + 1 : 0) * sizeof(*p->at) : count * s->size;
}

const struct conf_MOBILE_NODE *
conf_mobile_node(const struct conf *c, uint32_t i, struct conf_MOBILE_NODE *out)
{
	conf_unpack(&c->mobile_nodes, i, &conf_section[CONF_SECTION_MOBILE_NODE], (char *)out);
	return out;
}

void
conf_error_set(struct conf_error *e, const char *path, unsigned int line, const char *format, ...)
{
	int n = line > 0 ? snprintf(e->text, sizeof(e->text), "%s:%u: ", path, line)
			 : snprintf(e->text, sizeof(e->text), "%s: ", path);
	va_list ap;

	if (n >= 0 && (size_t)n < sizeof(e->text)) {
		va_start(ap, format);
		vsnprintf(e->text + n, sizeof(e->text) - (size_t)n, format, ap);
		va_end(ap);
	}
	/* One line for the terminal, whatever the file says. */
	for (char *c = e->text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}
