/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Where the lines of rooms without DPDK go. The daemon routes them to rte_log, tests to a buffer.
 * A line is a message first and key=value after it: log_write(LOG_INFO, "conf", "port added name=%s", n).
 * Engines (pmip, lma, mag, access, host) do not log: they publish.
 */
#include <stdarg.h>

enum log_level { LOG_ERROR = 1, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG };

typedef void log_sink_fn(enum log_level level, const char *room, const char *line);

/* NULL (the default) drops all lines. Call before threads start. */
void log_set_sink(log_sink_fn *sink);
/* Hand one line of up to 1023 bytes to the sink; the rest is cut off, control characters become '?'. */
void log_write(enum log_level level, const char *room, const char *format, ...) __attribute__((format(printf, 3, 4)));
