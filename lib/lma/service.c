/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Services that are asked for by name: RFC 5149. A service keeps its place as long as a session has it, whatever the
 * settings are by then; place i is number i + 1, and number 0 is the default one: plain access.
 */
#include <errno.h>

#include "engine.h"

static bool
is_named(const struct lma_service *v, const char *name, size_t len)
{
	return strlen(v->s.name) == len && memcmp(v->s.name, name, len) == 0;
}

static uint8_t
number_of(const struct lma *l, const char *name, size_t len)
{
	for (unsigned int i = 0; i < LMA_SERVICES_MAX; i++)
		if (l->service[i].offered && is_named(&l->service[i], name, len))
			return (uint8_t)(i + 1);
	return LMA_SERVICE_UNKNOWN;
}

void
lma_service_note(const struct lma *l, struct lma_update *u)
{
	u->service_named = mh_has(&u->msg, MH_OPT_SERVICE_SELECTION);
	u->service = 0;
	if (u->service_named)
		u->service = number_of(l, u->msg.opt.service.id, u->msg.opt.service.len);
	else if (u->policy == LMA_POLICY_FOUND && u->profile.service[0] != '\0')
		u->service = number_of(l, u->profile.service, strlen(u->profile.service));
}

/* Whether a session is one that an update without a prefix may be about. */
bool
lma_service_is_of(const struct lma_session *s, const struct lma_update *u)
{
	const struct lma_binding *b = &s->binding;

	return u->service_named ? b->service == u->service : !b->service_named;
}

bool
lma_service_changes(const struct lma_session *s, const struct lma_update *u)
{
	return u->service_named && u->service != s->binding.service;
}

enum mh_status
lma_service_check(const struct lma_update *u)
{
	const char *only = u->policy == LMA_POLICY_FOUND ? u->profile.service : "";
	const struct mh_opt_service *asked = &u->msg.opt.service;

	if (u->service == LMA_SERVICE_UNKNOWN)
		return MH_STATUS_SERVICE_AUTHORIZATION_FAILED;
	if (u->service_named && only[0] != '\0' &&
	    (strlen(only) != asked->len || memcmp(only, asked->id, asked->len) != 0))
		return MH_STATUS_SERVICE_AUTHORIZATION_FAILED;
	return MH_STATUS_ACCEPTED;
}

bool
lma_service_has_room(const struct lma *l, uint8_t service)
{
	const struct lma_service *v = service != 0 ? &l->service[service - 1] : NULL;

	return v == NULL || v->s.sessions_max == 0 || v->sessions < v->s.sessions_max;
}

const char *
lma_service_pool(const struct lma *l, uint8_t service)
{
	return service != 0 ? l->service[service - 1].s.pool : "";
}

bool
lma_service_is_uncounted(const struct lma *l, uint8_t service)
{
	return service != 0 && l->service[service - 1].s.uncounted;
}

const char *
lma_service_name(const struct lma *l, uint8_t service)
{
	return service != 0 ? l->service[service - 1].s.name : "";
}

void
lma_service_set(struct lma *l, struct lma_session *s, uint8_t service)
{
	uint8_t *number = &s->binding.service;

	if (*number != 0)
		l->service[*number - 1].sessions--;
	*number = service;
	if (service != 0)
		l->service[service - 1].sessions++;
}

/* The place for a service: its own, or one that nothing has any more. */
static struct lma_service *
place_of(struct lma_service *list, const char *name)
{
	struct lma_service *unused = NULL;

	for (unsigned int i = 0; i < LMA_SERVICES_MAX; i++) {
		if (is_named(&list[i], name, strlen(name)))
			return &list[i];
		if (unused == NULL && !list[i].offered && list[i].sessions == 0)
			unused = &list[i];
	}
	return unused;
}

static bool
is_twice(const struct pmip_service_settings *s, unsigned int i)
{
	for (unsigned int k = 0; k < i; k++)
		if (strcmp(s[k].name, s[i].name) == 0)
			return true;
	return false;
}

int
lma_services_replace(struct lma_service *list, const struct pmip_service_settings *s, unsigned int count)
{
	for (unsigned int i = 0; i < LMA_SERVICES_MAX; i++)
		list[i].offered = false;
	for (unsigned int i = 0; i < count; i++) {
		struct lma_service *v = is_twice(s, i) ? NULL : place_of(list, s[i].name);

		if (v == NULL)
			return -EBUSY;
		v->s = s[i];
		v->offered = true;
	}
	return 0;
}
