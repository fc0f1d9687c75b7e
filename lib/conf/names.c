/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values of the kind NAMES: one text, a blank between two names.
 */
#include <string.h>

#include "row.h"

size_t
conf_name_of(const char *names, uint32_t i, const char **name)
{
	for (; i > 0; i--)
		names += strcspn(names, " ") + (strchr(names, ' ') != NULL);
	*name = names;
	return strcspn(names, " ");
}

uint32_t
conf_names_count(const char *names)
{
	const char *name;
	uint32_t n = 0;

	while (conf_name_of(names, n, &name) > 0)
		n++;
	return n;
}

bool
conf_names_hold(const char *names, const char *name)
{
	const char *one;
	size_t len;

	for (uint32_t i = 0; (len = conf_name_of(names, i, &one)) > 0; i++)
		if (strncmp(one, name, len) == 0 && name[len] == '\0')
			return true;
	return false;
}
