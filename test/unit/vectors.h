/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The packets under test/vectors/: lines of NAME VERDICT HEX, made by make-vectors.py.
 *
 *	static struct vectors all;
 *	if (vectors_load(TEST_DIR "/vectors/nd.txt", &all) != 0)
 *		return 1;
 *	const struct vector *v = vectors_get(&all, "ns-dad");
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VECTORS_MAX 128
#define VECTOR_LEN  2048

struct vector {
	char name[64];
	char verdict[32];
	size_t len;
	uint8_t bytes[VECTOR_LEN];
};

struct vectors {
	size_t count;
	struct vector row[VECTORS_MAX];
};

/* 0, or -1 when the file cannot be read or holds what is no vector. */
static inline int
vectors_load(const char *path, struct vectors *out)
{
	static char line[2 * VECTOR_LEN + 128];
	FILE *file = fopen(path, "r");
	int at;

	out->count = 0;
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		struct vector *v = &out->row[out->count];
		unsigned int byte;

		if (line[0] == '#')
			continue;
		if (out->count == VECTORS_MAX || sscanf(line, "%63s %31s %n", v->name, v->verdict, &at) != 2)
			break;
		for (v->len = 0; v->len < VECTOR_LEN && sscanf(line + at, "%2x", &byte) == 1; at += 2)
			v->bytes[v->len++] = (uint8_t)byte;
		out->count++;
	}
	if (file == NULL || !feof(file) || out->count == 0) {
		fprintf(stderr, "%s: cannot be read\n", path);
		return -1;
	}
	fclose(file);
	return 0;
}

/* The vector of that name; the program ends without it. */
static inline const struct vector *
vectors_get(const struct vectors *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->row[i].name, name) == 0)
			return &all->row[i];
	fprintf(stderr, "no vector %s\n", name);
	exit(1);
}

/* len bytes in an allocation of that size, so that a sanitizer sees the first read past them. The caller frees. */
static inline uint8_t *
vector_copy(const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len);

	if (copy == NULL && len > 0)
		exit(1);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}
