/* SPDX-License-Identifier: BSD-3-Clause */
#include "compat.h"

#define NAI_PADDED    63
#define MAC_LEN	      6
#define EUI64_LEN     8
#define EUI64_HALF    3 /* bytes of a MAC address on either side of what an EUI-64 has more */
#define PREFIX_FORCED 64

unsigned int
pmip_compat_tolerance(uint32_t compat)
{
	return (compat & PMIP_COMPAT_NO_CHECKSUM ? MH_TAKE_ANY_CHECKSUM : 0) |
	       (compat & PMIP_COMPAT_RELAXED_HDRLEN ? MH_TAKE_TRAILING : 0) |
	       (compat & PMIP_COMPAT_PBA_LENIENT ? MH_TAKE_NO_PROXY : 0);
}

/* Absent, with nothing left of its value: messages are compared as bytes. */
static void
drop_timestamp(struct mh_msg *m)
{
	m->opt.present &= ~(1u << MH_OPT_TIMESTAMP);
	m->opt.timestamp = (struct mh_opt_timestamp){0};
}

static void
drop_link_layer_id(struct mh_msg *m)
{
	m->opt.present &= ~(1u << MH_OPT_MN_LINK_LAYER_ID);
	m->opt.mn_ll_id = (struct mh_opt_mn_ll_id){0};
}

static void
strip_nul(struct mh_opt_mn_id *o)
{
	while (o->len > 0 && o->id[o->len - 1] == 0)
		o->len--;
}

static void
force_prefixes(struct mh_opts *o)
{
	for (unsigned int i = 0; i < o->hnp_count; i++) {
		struct addr_prefix *p = &o->hnp[i].prefix;

		if (p->len > PREFIX_FORCED)
			*p = addr_prefix_mask(&p->addr, PREFIX_FORCED);
	}
}

/* ff:fe in its middle (the IEEE's mapping; the universal bit stays). */
static void
eui64_of_mac(struct mh_opt_mn_ll_id *o)
{
	if (o->len != MAC_LEN)
		return;
	memmove(&o->id[EUI64_LEN - EUI64_HALF], &o->id[EUI64_HALF], EUI64_HALF);
	o->id[EUI64_HALF] = 0xff;
	o->id[EUI64_HALF + 1] = 0xfe;
	o->len = EUI64_LEN;
}

static void
mac_of_eui64(struct mh_opt_mn_ll_id *o)
{
	if (o->len != EUI64_LEN || o->id[EUI64_HALF] != 0xff || o->id[EUI64_HALF + 1] != 0xfe)
		return;
	memmove(&o->id[EUI64_HALF], &o->id[EUI64_LEN - EUI64_HALF], EUI64_HALF);
	memset(&o->id[MAC_LEN], 0, EUI64_LEN - MAC_LEN);
	o->len = MAC_LEN;
}

void
pmip_compat_received(uint32_t compat, struct mh_msg *m)
{
	if (compat & PMIP_COMPAT_NAI_STRIP_NUL)
		strip_nul(&m->opt.mn_id);
	if (compat & PMIP_COMPAT_HNP_FORCE_64)
		force_prefixes(&m->opt);
	if (compat & PMIP_COMPAT_NO_TIMESTAMP)
		drop_timestamp(m);
	if (compat & PMIP_COMPAT_LINK_LAYER_EUI64)
		mac_of_eui64(&m->opt.mn_ll_id);
}

void
pmip_compat_sending(uint32_t compat, struct mh_msg *m)
{
	struct mh_opt_mn_id *id = &m->opt.mn_id;

	if (compat & PMIP_COMPAT_NAI_PAD_63 && mh_has(m, MH_OPT_MN_ID) && id->len < NAI_PADDED) {
		memset(&id->id[id->len], 0, NAI_PADDED - id->len);
		id->len = NAI_PADDED;
	}
	if (compat & PMIP_COMPAT_NO_TIMESTAMP)
		drop_timestamp(m);
	if (compat & PMIP_COMPAT_NO_LINK_LAYER_ID)
		drop_link_layer_id(m);
	if (compat & PMIP_COMPAT_LINK_LAYER_EUI64)
		eui64_of_mac(&m->opt.mn_ll_id);
}
