/* SPDX-License-Identifier: BSD-3-Clause */
#include "vector.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct vector vectors[VECTOR_MAX];
static unsigned int vector_count;

static bool
read_hex(const char *line, struct vector *v)
{
	for (const char *at = line; *at != '\0';) {
		char digits[3] = {at[0], at[1], '\0'};

		if (isspace((unsigned char)*at)) {
			at++;
			continue;
		}
		if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]) || v->len == sizeof(v->bytes))
			return false;
		v->bytes[v->len++] = (uint8_t)strtoul(digits, NULL, 16);
		at += 2;
	}
	return true;
}

static bool
read_head(const char *line, struct vector *v)
{
	char src[ADDR6_TEXT], dst[ADDR6_TEXT];

	return sscanf(line, "%63s %45s %45s", v->name, src, dst) == 3 && addr6_parse(src, &v->src) == 0 &&
	       addr6_parse(dst, &v->dst) == 0;
}

static bool
read_line(const char *line)
{
	if (line[0] == '#' || line[0] == '\n')
		return true;
	if (line[0] == ' ')
		return vector_count > 0 && read_hex(line, &vectors[vector_count - 1]);
	return vector_count < VECTOR_MAX && read_head(line, &vectors[vector_count++]);
}

const struct vector *
vector_all(unsigned int *count)
{
	char line[256];
	bool good = true;
	FILE *f;

	if (vector_count == 0 && (f = fopen(TEST_DIR "/vectors/mh.txt", "r")) != NULL) {
		while (good && fgets(line, sizeof(line), f) != NULL)
			good = read_line(line);
		fclose(f);
	}
	*count = good ? vector_count : 0;
	return vectors;
}

const struct vector *
vector_find(const char *name)
{
	unsigned int count;
	const struct vector *all = vector_all(&count);

	for (unsigned int i = 0; i < count; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	return NULL;
}
