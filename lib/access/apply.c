/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the engine runs. */
#include <errno.h>

#include "engine.h"

int
access_apply_check(const struct access *a, const struct access_settings *s)
{
	return s->hosts_max == a->s.hosts_max && access_settings_in_range(s) ? 0 : -EINVAL;
}

int
access_apply(struct access *a, const struct access_settings *s, const struct clock_now *now)
{
	bool probing = s->probe_after_ms != a->s.probe_after_ms;
	int rc = access_apply_check(a, s);

	if (rc < 0)
		return rc;
	a->s.advertise_s = s->advertise_s;
	a->s.router_lifetime_s = s->router_lifetime_s;
	a->s.probe_after_ms = s->probe_after_ms;
	a->now_ms = now->mono_ms;
	for (uint32_t i = 0; probing && i < a->s.hosts_max; i++)
		if (index_pool_is_taken(&a->ids, i))
			access_watch(a, &a->host[i]);
	return 0;
}
