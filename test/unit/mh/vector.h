/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The golden messages of test/vectors/mh.txt. */
#include <stddef.h>
#include <stdint.h>

#include "mh/mh.h"

#define VECTOR_MAX 16

struct vector {
	char name[64];
	struct addr6 src, dst;
	size_t len;
	uint8_t bytes[MH_LEN_MAX];
};

/* All of them, read once; the count is 0 when the file cannot be read. */
const struct vector *vector_all(unsigned int *count);
/* The one of this name, or NULL. */
const struct vector *vector_find(const char *name);
