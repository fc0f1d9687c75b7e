/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names of services (RFC 5149). A name is long and many sessions have the same, so it is kept once, for as long as one
 * of them has it. The first place is that of no name: plain access, which no option is sent for.
 */
#include "engine.h"

int
mag_service_take(struct mag *g, const char *name)
{
	unsigned int place = 0;

	if (name[0] == '\0')
		return 0;
	for (unsigned int i = 1; i < MAG_SERVICES_MAX; i++) {
		struct mag_service *v = &g->service[i];

		if (strcmp(v->name, name) == 0) {
			v->sessions++;
			return (int)i;
		}
		if (v->sessions == 0 && place == 0)
			place = i;
	}
	if (place == 0)
		return -1;
	g->service[place].sessions = 1;
	memcpy(g->service[place].name, name, strlen(name) + 1);
	return (int)place;
}

void
mag_service_put(struct mag *g, int place)
{
	if (place > 0)
		g->service[place].sessions--;
}

const char *
mag_service_name(const struct mag *g, const struct mag_session *s)
{
	return g->service[s->service].name;
}

void
mag_service_put_option(const struct mag *g, const struct mag_session *s, struct mh_msg *m)
{
	const char *name = mag_service_name(g, s);

	if (name[0] == '\0')
		return;
	mh_set(m, MH_OPT_SERVICE_SELECTION);
	m->opt.service.len = (uint8_t)strlen(name);
	memcpy(m->opt.service.id, name, m->opt.service.len);
}

bool
mag_service_said(const struct mag *g, const struct mag_session *s, const struct mh_msg *m)
{
	const char *name = mag_service_name(g, s);

	return !mh_has(m, MH_OPT_SERVICE_SELECTION) ||
	       (m->opt.service.len == strlen(name) && memcmp(m->opt.service.id, name, m->opt.service.len) == 0);
}
