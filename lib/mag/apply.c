/* SPDX-License-Identifier: BSD-3-Clause */
/* Other settings while the engine runs. */
#include <errno.h>
#include <string.h>

#include "engine.h"

int
mag_apply_check(const struct mag *g, const struct mag_settings *s)
{
	bool same = addr6_equal(&s->address, &g->s.address) && addr6_equal(&s->link_local, &g->s.link_local) &&
		    s->sessions_max == g->s.sessions_max &&
		    memcmp(&s->secret, &g->s.secret, sizeof(s->secret)) == 0; /* tables are made by these */

	return same && mag_settings_in_range(s) ? 0 : -EINVAL;
}

int
mag_apply(struct mag *g, const struct mag_settings *s)
{
	int rc = mag_apply_check(g, s);

	if (rc < 0)
		return rc;
	g->s = *s;
	return 0;
}
