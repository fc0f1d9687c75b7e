/* SPDX-License-Identifier: BSD-3-Clause */
#include "partial.h"

void
partial_settings(struct rig *r)
{
	static const char *const prefixes[] = {P1, P2, P3};

	rig_settings(r);
	r->s.multihoming.partial_new = NEW;
	r->s.multihoming.partial_existing = EXISTING;
	r->s.revocation = true;
	for (unsigned int i = 0; i < 3; i++)
		r->profile.prefix[i] = rig_prefix(prefixes[i]);
	r->profile.prefix_count = 3;
}

int
partial_attach(struct rig *r)
{
	struct pbu p = multi_at(1, MH_HANDOFF_NEW_INTERFACE, NULL);

	return rig_send(r, &p);
}

void
partial_open(struct rig *r)
{
	partial_settings(r);
	rig_start(r);
	CU_ASSERT_EQUAL(partial_attach(r), 0);
}

bool
partial_has(struct rig *r, unsigned int mag, const char *a, const char *b, const char *c)
{
	const char *const want[] = {a, b, c};
	struct addr6 coa = rig_mag(mag);
	unsigned int count = (a != NULL) + (b != NULL) + (c != NULL);
	struct lma_view v;

	for (uint32_t at = 0; lma_next(r->l, at, &v); at = v.session + 1) {
		if (!addr6_equal(&v.proxy_coa, &coa))
			continue;
		for (unsigned int i = 0; i < v.prefix_count && i < count; i++) {
			struct addr_prefix p = rig_prefix(want[i]);

			if (!addr_prefix_equal(&v.prefix[i], &p))
				return false;
		}
		return v.prefix_count == count;
	}
	return count == 0;
}

bool
partial_names(const struct mh_msg *m, const char *a, const char *b)
{
	unsigned int count = (a != NULL) + (b != NULL);

	for (unsigned int i = 0; i < count && i < m->opt.hnp_count; i++) {
		struct addr_prefix p = rig_prefix(i == 0 ? a : b);

		if (!addr_prefix_equal(&m->opt.hnp[i].prefix, &p))
			return false;
	}
	return m->opt.hnp_count == count;
}
