/* SPDX-License-Identifier: BSD-3-Clause */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_UNKNOWN "the server gave no message"
#define REASON_UNKNOWN	"unknown"

static void
set(struct rpc_error *e, int code, const char *parameter, const char *reason, const char *format, va_list args)
{
	*e = (struct rpc_error){.code = code};
	snprintf(e->reason, sizeof(e->reason), "%s", reason);
	snprintf(e->parameter, sizeof(e->parameter), "%s", parameter);
	vsnprintf(e->message, sizeof(e->message), format, args);
}

void
rpc_error_set(struct rpc_error *e, int code, const char *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(e, code, "", reason, format, args);
	va_end(args);
}

int
rpc_refuse(struct rpc_error *err, const char *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, RPC_REFUSED, "", reason, format, args);
	va_end(args);
	return -1;
}

int
rpc_refuse_param(struct rpc_error *err, const char *parameter, const char *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set(err, RPC_INVALID_PARAMS, parameter, reason, format, args);
	va_end(args);
	return -1;
}

/* Text that may have been cut in the middle of a character, or hold what a client sent: always valid. */
static json_t *
text(const char *s)
{
	json_t *t = json_string(s);
	char ascii[RPC_TEXT_MAX];
	size_t n = 0;

	if (t != NULL)
		return t;
	for (; s[n] != '\0' && n < sizeof(ascii) - 1; n++)
		ascii[n] = (unsigned char)s[n] < 0x80 ? s[n] : '?';
	ascii[n] = '\0';
	return json_string(ascii);
}

json_t *
rpc_error_answer(const struct rpc_error *e, json_t *id)
{
	json_t *data = json_pack("{s:o}", "reason", text(e->reason));

	if (e->data != NULL)
		json_object_update(data, e->data);
	json_decref(e->data);
	if (e->parameter[0] != '\0')
		json_object_set_new(data, "parameter", text(e->parameter));
	return json_pack("{s:s, s:{s:i, s:o, s:o}, s:o}", "jsonrpc", "2.0", "error", "code", e->code, "message",
			 text(e->message), "data", data, "id", id != NULL ? id : json_null());
}

static void
copy_text(char *to, size_t size, const json_t *object, const char *key, const char *fallback)
{
	const char *value = json_string_value(json_object_get(object, key));

	snprintf(to, size, "%s", value != NULL ? value : fallback);
}

void
rpc_error_read(const json_t *object, struct rpc_error *e)
{
	const json_t *data = json_object_get(object, "data");

	*e = (struct rpc_error){.code = (int)json_integer_value(json_object_get(object, "code"))};
	copy_text(e->message, sizeof(e->message), object, "message", MESSAGE_UNKNOWN);
	copy_text(e->reason, sizeof(e->reason), data, "reason", REASON_UNKNOWN);
	copy_text(e->parameter, sizeof(e->parameter), data, "parameter", "");
}
