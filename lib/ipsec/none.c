/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where DPDK comes without rte_ipsec: there is no table, and who asks for one is told so.
 */
#include <errno.h>

#include "ipsec/ipsec.h"

struct ipsec *
ipsec_new(const struct ipsec_settings *s, int *error)
{
	*error = -ENOTSUP;
	return NULL;
}

void
ipsec_free(struct ipsec *i)
{
}

int
ipsec_add(struct ipsec *i, const struct ipsec_association *a, const struct ipsec_key *key)
{
	return -ENOTSUP;
}

int
ipsec_del(struct ipsec *i, enum ipsec_way way, uint32_t spi, const struct addr6 *dst)
{
	return -ENOENT;
}

bool
ipsec_next(const struct ipsec *i, uint32_t *at, struct ipsec_view *out)
{
	return false;
}

uint32_t
ipsec_count(const struct ipsec *i)
{
	return 0;
}

enum stat_drop
ipsec_in(struct ipsec *i, const struct addr6 *src, const struct addr6 *dst, const uint8_t *bytes, size_t len,
	 struct ipsec_packet *out)
{
	return STAT_DROP_ESP_UNKNOWN_SPI;
}

enum stat_drop
ipsec_out(struct ipsec *i, const struct addr6 *src, const struct addr6 *dst, uint8_t next_header, const uint8_t *bytes,
	  size_t len, struct ipsec_packet *out)
{
	return STAT_DROP_ESP_NO_ASSOCIATION;
}
