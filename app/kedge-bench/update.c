/* SPDX-License-Identifier: BSD-3-Clause */
/* The Proxy Binding Updates of gateways that are played here. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mh/mh.h"
#include "update.h"

#define NAME "mn%" PRIu32 "@example.com"

int
update_encode(const struct update *u, const struct addr6 *src, const struct addr6 *dst, uint8_t *out, size_t size)
{
	struct mh_msg pbu = {.type = MH_PBU,
			     .pbu = {.sequence = u->sequence, .flags = MH_PBU_A, .lifetime = u->lifetime}};

	mh_add_hnp(&pbu, &u->prefix);
	mh_set(&pbu, MH_OPT_HANDOFF_INDICATOR);
	mh_set(&pbu, MH_OPT_ACCESS_TECH_TYPE);
	mh_set(&pbu, MH_OPT_MN_ID);
	mh_set(&pbu, MH_OPT_TIMESTAMP);
	pbu.opt.handoff.value = u->handoff;
	pbu.opt.access_tech.value = MH_ATT_WLAN;
	pbu.opt.mn_id.subtype = 1;
	pbu.opt.mn_id.len = update_name(u->session, (char *)pbu.opt.mn_id.id, sizeof(pbu.opt.mn_id.id));
	pbu.opt.timestamp.wall = u->wall;
	return mh_encode(&pbu, src, dst, out, size);
}

unsigned int
update_name(uint32_t session, char *out, size_t size)
{
	return (unsigned int)snprintf(out, size, NAME, session);
}

uint32_t
update_session_of(const uint8_t *id, uint8_t len)
{
	char text[UINT8_MAX + 1] = "", name[32];
	uint32_t session;

	memcpy(text, id, len);
	if (sscanf(text, "mn%" SCNu32, &session) != 1)
		return UPDATE_OF_NONE;
	update_name(session, name, sizeof(name));
	return strcmp(name, text) == 0 ? session : UPDATE_OF_NONE;
}

uint64_t
update_wall_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec << 16 | ((uint64_t)t.tv_nsec << 16) / 1000000000;
}
