/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "style.h"

/* What is known of it as comments, so that the whole is a configuration again. */
void
config_show(const json_t *result)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)result, key, value)
	{
		char *text;

		if (strcmp(key, "yaml") == 0 || strcmp(key, "sections") == 0)
			continue;
		text = cell_format(value, cell_format_of(key));
		printf("%s# %s: %s%s\n", style_on(STYLE_DIM), key, text, style_off(STYLE_DIM));
		free(text);
	}
	value = json_object_get(result, "yaml");
	for (const char *c = json_string_value(value); c != NULL && *c != '\0'; c++)
		putchar(*c == '\n' || (unsigned char)*c >= ' ' ? *c : '?');
}
