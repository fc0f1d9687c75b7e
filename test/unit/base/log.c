/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/log.h"

#include <string.h>

#include "cases.h"

static struct {
	unsigned int lines;
	enum log_level level;
	char room[16];
	char line[2048];
} seen;

static void
sink(enum log_level level, const char *room, const char *line)
{
	seen.lines++;
	seen.level = level;
	strncpy(seen.room, room, sizeof(seen.room) - 1);
	strncpy(seen.line, line, sizeof(seen.line) - 1);
}

void
log_silent(void)
{
	memset(&seen, 0, sizeof(seen));
	log_set_sink(sink);
	log_set_sink(NULL);
	log_write(LOG_ERROR, "conf", "nobody hears");
	CU_ASSERT_EQUAL(seen.lines, 0);
}

void
log_line(void)
{
	char text[3000];

	log_set_sink(sink);
	log_write(LOG_WARNING, "conf", "port added name=%s id=%d", "core", 3);
	CU_ASSERT_EQUAL(seen.lines, 1);
	CU_ASSERT_EQUAL(seen.level, LOG_WARNING);
	CU_ASSERT_STRING_EQUAL(seen.room, "conf");
	CU_ASSERT_STRING_EQUAL(seen.line, "port added name=core id=3");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	log_write(LOG_DEBUG, "conf", "%s", text);
	CU_ASSERT_EQUAL(strlen(seen.line), 1023);
	log_set_sink(NULL);
}

void
log_control(void)
{
	log_set_sink(sink);
	log_write(LOG_INFO, "rpc", "name=%s", "a\nERROR b\r\x1b[2J\x7f \xc3\xa4");
	CU_ASSERT_STRING_EQUAL(seen.line, "name=a?ERROR b??[2J? \xc3\xa4");
	log_set_sink(NULL);
}
