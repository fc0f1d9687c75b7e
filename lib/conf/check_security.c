/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What protects signalling: the keys of each peer, and what is asked of its messages.
 */
#include <string.h>

#include "row.h"

#define KEYS_A_PEER 2
#define WINDOW_MIN  64 /* RFC 4303 section 3.4.3 */

#define REFUSE_KEY(i, key, ...) conf_refuse(o, o->secrets, "keys", i, key, __VA_ARGS__)

static bool
is_peer(const struct conf *c, const char *name)
{
	for (uint32_t i = 0; i < c->peers_count; i++)
		if (strcmp(c->peers[i].name, name) == 0)
			return true;
	return false;
}

static unsigned int
keys_of(const struct conf *c, const char *peer, uint32_t before)
{
	unsigned int n = 0;

	for (uint32_t i = 0; i < before; i++)
		n += strcmp(c->keys[i].peer, peer) == 0;
	return n;
}

static bool
check_key(const struct conf *c, const struct conf_origin *o, uint32_t i)
{
	const struct conf_SECRET_KEY *k = &c->keys[i];

	if (!is_peer(c, k->peer))
		return REFUSE_KEY(i, "peer", "no peer is called \"%s\"", k->peer);
	if (keys_of(c, k->peer, i) == KEYS_A_PEER)
		return REFUSE_KEY(i, "peer", "peer \"%s\" has %d keys already", k->peer, KEYS_A_PEER);
	for (uint32_t j = 0; j < i; j++)
		if (strcmp(c->keys[j].peer, k->peer) == 0 && c->keys[j].spi == k->spi)
			return REFUSE_KEY(i, "spi", "peer \"%s\" has another key of the number %u", k->peer, k->spi);
	return true;
}

static const struct suite {
	const char *name;
	unsigned int key_len;
	bool fresh;
} suites[] = {
#define SUITE(id, name, key, salt, integrity, fresh, help) {name, key + salt + integrity, fresh},
#include "base/suite.def"
#undef SUITE
};

static bool
is_own(const struct conf *c, const struct addr6 *a)
{
	return ((c->node.roles & CONF_ROLE_LMA) && addr6_equal(a, &c->lma.address)) ||
	       ((c->node.roles & CONF_ROLE_MAG) && addr6_equal(a, &c->mag.address));
}

#define REFUSE_ASSOCIATION(i, key, ...) conf_refuse(o, o->secrets, "security-associations", i, key, __VA_ARGS__)

static bool
check_association(const struct conf *c, const struct conf_origin *o, uint32_t i)
{
	const struct conf_ASSOCIATION *a = &c->associations[i];
	const struct suite *suite = &suites[a->algorithm];

	for (uint32_t j = 0; j < i; j++) {
		const struct conf_ASSOCIATION *b = &c->associations[j];

		if (strcmp(a->name, b->name) == 0)
			return REFUSE_ASSOCIATION(i, "name", "two associations are called \"%s\"", a->name);
		if (a->spi == b->spi && addr6_equal(&a->destination, &b->destination))
			return REFUSE_ASSOCIATION(i, "spi", "association \"%s\" has the number %u at this destination",
						  b->name, a->spi);
	}
	if (is_own(c, &a->source) == is_own(c, &a->destination))
		return REFUSE_ASSOCIATION(i, "source",
					  "expected the source or the destination to be this node's, and "
					  "the other a peer's");
	if (suite->fresh)
		return REFUSE_ASSOCIATION(i, "algorithm",
					  "%s needs fresh keys, and a file has none (RFC 4106 section 2)", suite->name);
	if (a->key.len != suite->key_len)
		return REFUSE_ASSOCIATION(i, "key", "%s takes a key of %u bytes", suite->name, suite->key_len);
	if (a->window > 0 && a->window < WINDOW_MIN)
		return REFUSE_ASSOCIATION(i, "replay-window", "expected 0 or a number from %d to 1024", WINDOW_MIN);
	if (a->window == 0 && a->extended)
		return REFUSE_ASSOCIATION(i, "replay-window", "extended sequence numbers need a window");
	return true;
}

static bool
check_associations(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->associations_count; i++)
		if (!check_association(c, o, i))
			return false;
	if (c->associations_count > c->security.associations)
		return conf_refuse(o, o->main, "security", 0, "associations",
				   "the file of secrets has %u security associations", c->associations_count);
	for (uint32_t i = 0; c->security.associations == 0 && i < c->peers_count; i++)
		if (c->peers[i].protection == CONF_PROTECTION_ESP)
			return conf_refuse(o, o->main, "peers", i, "protection",
					   "`esp` needs security associations, and `security.associations` is 0");
	return true;
}

bool
conf_check_security(const struct conf *c, const struct conf_origin *o)
{
	for (uint32_t i = 0; i < c->keys_count; i++)
		if (!check_key(c, o, i))
			return false;
	for (uint32_t i = 0; i < c->peers_count; i++)
		if (c->peers[i].protection == CONF_PROTECTION_AUTHENTICATION &&
		    keys_of(c, c->peers[i].name, c->keys_count) == 0)
			return conf_refuse(o, o->main, "peers", i, "protection", "peer \"%s\" has no key in `keys`",
					   c->peers[i].name);
	return check_associations(c, o);
}
