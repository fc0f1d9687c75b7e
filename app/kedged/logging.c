/* SPDX-License-Identifier: BSD-3-Clause */
#include "logging.h"

#include <stdio.h>
#include <string.h>

#include <rte_log.h>

#include "base/log.h"

static const char *const rooms[] = {"ctl",  "lma",  "mag", "access", "host",  "rpc",
				    "conf", "path", "fwd", "ipsec",  "kedged"};
static int types[RTE_DIM(rooms)];

static const uint32_t level_of[] = {
	[LOG_ERROR] = RTE_LOG_ERR, [LOG_WARNING] = RTE_LOG_WARNING, [LOG_NOTICE] = RTE_LOG_NOTICE,
	[LOG_INFO] = RTE_LOG_INFO, [LOG_DEBUG] = RTE_LOG_DEBUG,
};

static const char *const word_of[] = {
	[LOG_ERROR] = "error", [LOG_WARNING] = "warning", [LOG_NOTICE] = "notice",
	[LOG_INFO] = "info",   [LOG_DEBUG] = "debug",
};

static void
sink(enum log_level level, const char *room, const char *line)
{
	unsigned int i = 0;

	while (i + 1 < RTE_DIM(rooms) && strcmp(rooms[i], room) != 0)
		i++;
	rte_log(level_of[level], (uint32_t)types[i], "%s %s: %s\n", word_of[level], room, line);
}

void
logging_start(uint32_t level)
{
	char name[32];

	rte_openlog_stream(stderr);
	for (unsigned int i = 0; i < RTE_DIM(rooms); i++) {
		snprintf(name, sizeof(name), "kedge.%s", rooms[i]);
		types[i] = rte_log_register_type_and_pick_level(name, level_of[level]);
		if (types[i] < 0)
			types[i] = RTE_LOGTYPE_USER1;
	}
	log_set_sink(sink);
}

void
logging_level(uint32_t level)
{
	rte_log_set_level_pattern("kedge.*", level_of[level]);
}
