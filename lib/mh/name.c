/* SPDX-License-Identifier: BSD-3-Clause */
#include "mh/mh.h"

#define NAME_UNKNOWN "UNKNOWN"

static const char *const type_names[] = {
	[MH_NONE] = "NONE",
#define MH_MSG(NAME, field, type, subtype, fixed_len, first, source) [MH_##NAME] = #NAME,
#include "mh/msg.def"
#undef MH_MSG
};

static const char *const status_names[] = {
#define MH_STATUS_ROW(name, value, source) [value] = #name,
#include "mh/status.def"
#undef MH_STATUS_ROW
};

static const char *const error_names[MH_ERR_COUNT] = {
	[MH_OK] = "OK",
	[MH_ERR_SHORT] = "SHORT",
	[MH_ERR_PAYLOAD_PROTO] = "PAYLOAD_PROTO",
	[MH_ERR_HDR_LEN] = "HDR_LEN",
	[MH_ERR_CHECKSUM] = "CHECKSUM",
	[MH_ERR_TYPE] = "TYPE",
	[MH_ERR_SUBTYPE] = "SUBTYPE",
	[MH_ERR_NOT_PROXY] = "NOT_PROXY",
	[MH_ERR_OPTION] = "OPTION",
};

static const char *
name_at(const char *const *names, size_t count, unsigned int i)
{
	return i < count && names[i] != NULL ? names[i] : NAME_UNKNOWN;
}

const char *
mh_type_name(enum mh_type t)
{
	return name_at(type_names, sizeof(type_names) / sizeof(type_names[0]), t);
}

const char *
mh_status_name(unsigned int status)
{
	return name_at(status_names, sizeof(status_names) / sizeof(status_names[0]), status);
}

const char *
mh_error_name(enum mh_error e)
{
	return name_at(error_names, MH_ERR_COUNT, e);
}
