/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The security associations: their table, and those of the file of secrets.
 */
#include <errno.h>
#include <string.h>

#include "node.h"

static bool
is_own(const struct conf *c, const struct addr6 *a)
{
	return ((c->node.roles & CONF_ROLE_LMA) && addr6_equal(a, &c->lma.address)) ||
	       ((c->node.roles & CONF_ROLE_MAG) && addr6_equal(a, &c->mag.address));
}

_Static_assert(CONF_SECRET_MAX == IPSEC_KEY_MAX, "what conf takes fits");

static bool
add(struct node *n, const struct conf_ASSOCIATION *from)
{
	const struct ipsec_association a = {.way = is_own(n->conf, &from->source) ? IPSEC_OUT : IPSEC_IN,
					    .src = from->source,
					    .dst = from->destination,
					    .spi = from->spi,
					    .suite = from->algorithm,
					    .esn = from->extended,
					    .window = from->window};
	struct ipsec_key key = {.len = from->key.len};
	int rc;

	memcpy(key.bytes, from->key.bytes, from->key.len);
	rc = ipsec_add(n->ipsec, &a, &key);
	explicit_bzero(&key, sizeof(key));
	return rc == 0 || node_fail("security association %s: %s", from->name, strerror(-rc));
}

bool
node_make_security(struct node *n)
{
	const struct conf *c = n->conf;
	struct ipsec_settings s = {
		.device = c->security.crypto_device,
		.associations_max = c->security.associations,
		.secret = n->secret,
	};
	int error;

	if (s.associations_max == 0)
		return true;
	n->ipsec = ipsec_new(&s, &error);
	if (n->ipsec == NULL)
		return node_fail("the crypto device could not be made: %s; `security.crypto-device` is %s",
				 error == -ENODEV    ? "DPDK has no such driver here"
				 : error == -ENOTSUP ? "this kedged was built without ESP"
						     : strerror(-error),
				 s.device);
	for (uint32_t i = 0; i < c->associations_count; i++)
		if (!add(n, &c->associations[i]))
			return false;
	return true;
}
