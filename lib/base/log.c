/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/log.h"

#include <stddef.h>
#include <stdio.h>

static log_sink_fn *log_sink;

void
log_set_sink(log_sink_fn *sink)
{
	log_sink = sink;
}

void
log_write(enum log_level level, const char *room, const char *format, ...)
{
	char line[1024];
	va_list ap;

	if (log_sink == NULL)
		return;
	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	/* What a peer or a file says may stand in a line, but may not begin one. */
	for (char *c = line; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	log_sink(level, room, line);
}
