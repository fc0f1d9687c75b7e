/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mobility Headers from anyone: first as they come, then with the checksum put right, since no mutation finds it.
 * What decodes must encode, and decode again to the same message.
 */
#include <stdlib.h>

#include "mh/mh.h"
#include "mh/vendor.h"

static const struct addr6 src = {{0x20, 0x01, 0x0d, 0xb8, [15] = 2}};
static const struct addr6 dst = {{0x20, 0x01, 0x0d, 0xb8, [15] = 1}};

static void
round_trip(struct mh_msg *m)
{
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg again;
	int len;

	m->opt.unknown = m->opt.repeated = 0; /* what was skipped is not written */
	for (unsigned int i = 0; i < m->opt.flow_count; i++)
		m->opt.flow[i].fault = 0;
	len = mh_encode(m, &src, &dst, bytes, sizeof(bytes));
	if (len <= 0 || mh_decode(bytes, (size_t)len, &src, &dst, &again) != MH_OK ||
	    memcmp(m, &again, MH_MSG_HEAD) != 0 ||
	    memcmp(m->opt.vendor, again.opt.vendor, m->opt.vendor_count * sizeof(m->opt.vendor[0])) != 0 ||
	    memcmp(m->opt.flow, again.opt.flow, m->opt.flow_count * sizeof(m->opt.flow[0])) != 0)
		abort();
}

/* What is read of a vendor's options is written to the same. */
static void
check_vendor(const struct mh_msg *m, uint32_t vendor)
{
	struct mh_vendor_delegation d[MH_VENDOR_MAX], again[MH_VENDOR_MAX];
	struct mh_vendor_prefix p[MH_VENDOR_MAX];
	unsigned int count = mh_vendor_delegations(m, vendor, d, MH_VENDOR_MAX),
		     prefixes = mh_vendor_prefixes(m, vendor, p, MH_VENDOR_MAX);
	struct mh_msg out = {.type = MH_UPN};

	for (unsigned int i = 0; i < prefixes; i++)
		mh_vendor_add_prefix(&out, vendor, &p[i]);
	for (unsigned int i = 0; i < count; i++)
		mh_vendor_add_delegation(&out, vendor, &d[i]);
	if (count + prefixes > m->opt.vendor_count || out.opt.vendor_count != count + prefixes ||
	    mh_vendor_prefixes(&out, vendor, p, MH_VENDOR_MAX) != prefixes ||
	    mh_vendor_delegations(&out, vendor, again, MH_VENDOR_MAX) != count)
		abort();
	for (unsigned int i = 0; i < count; i++)
		if (again[i].more != d[i].more || again[i].lifetime_s != d[i].lifetime_s ||
		    !addr_prefix_equal(&again[i].prefix, &d[i].prefix) ||
		    !addr6_equal(&again[i].gateway, &d[i].gateway))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_msg m;
	uint8_t *copy;
	uint16_t sum;

	mh_decode(data, size, &src, &dst, &m);
	size -= size % 8;
	if (size == 0 || size > MH_LEN_MAX || (copy = malloc(size)) == NULL)
		return 0;
	memcpy(copy, data, size);
	copy[1] = (uint8_t)(size / 8 - 1);
	sum = mh_checksum(copy, size, &src, &dst);
	copy[4] = (uint8_t)(sum >> 8);
	copy[5] = (uint8_t)sum;
	if (mh_decode(copy, size, &src, &dst, &m) == MH_OK) {
		mh_check_options(&m, MH_PHASE_IDENTIFY);
		mh_check_options(&m, MH_PHASE_REQUEST);
		for (unsigned int i = 0; i < m.opt.vendor_count; i++)
			check_vendor(&m, m.opt.vendor[i].vendor);
		round_trip(&m);
	}
	free(copy);
	return 0;
}
