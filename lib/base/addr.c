/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

int
addr6_parse(const char *text, struct addr6 *out)
{
	struct addr6 a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		return -EINVAL;
	*out = a;
	return 0;
}

struct addr_prefix
addr_prefix_mask(const struct addr6 *a, uint8_t len)
{
	struct addr_prefix p = {.addr = *a, .len = len};

	for (unsigned int i = len / 8; i < sizeof(p.addr); i++) {
		unsigned int keep = i == len / 8 ? len % 8 : 0;

		p.addr.b[i] &= (uint8_t)(0xff00 >> keep);
	}
	return p;
}

int
addr_prefix_parse(const char *text, struct addr_prefix *out)
{
	const char *slash = strchr(text, '/');
	struct addr_prefix p, masked;
	char addr[ADDR6_TEXT];
	unsigned int len = 0;

	if (slash == NULL || (size_t)(slash - text) >= sizeof(addr))
		return -EINVAL;
	memcpy(addr, text, (size_t)(slash - text));
	addr[slash - text] = '\0';
	/* One way to write a length: "064" is octal to some readers. */
	if (slash[1] == '\0' || strlen(slash + 1) > 3 || (slash[1] == '0' && slash[2] != '\0'))
		return -EINVAL;
	for (const char *c = slash + 1; *c != '\0'; c++) {
		if (*c < '0' || *c > '9')
			return -EINVAL;
		len = len * 10 + (unsigned int)(*c - '0');
	}
	if (len > 128 || addr6_parse(addr, &p.addr) < 0)
		return -EINVAL;
	p.len = (uint8_t)len;
	masked = addr_prefix_mask(&p.addr, p.len);
	if (!addr_prefix_equal(&masked, &p))
		return -EINVAL;
	*out = p;
	return 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
addr_mac_parse(const char *text, struct addr_mac *out)
{
	struct addr_mac m;

	if (strlen(text) != ADDR_MAC_TEXT - 1 || (text[2] != ':' && text[2] != '-'))
		return -EINVAL;
	for (unsigned int i = 0; i < sizeof(m.b); i++) {
		int high = hex_digit(text[3 * i]), low = hex_digit(text[3 * i + 1]);

		if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != text[2]))
			return -EINVAL;
		m.b[i] = (uint8_t)(high << 4 | low);
	}
	*out = m;
	return 0;
}

char *
addr6_format(const struct addr6 *a, char buf[static ADDR6_TEXT])
{
	if (inet_ntop(AF_INET6, a, buf, ADDR6_TEXT) == NULL)
		buf[0] = '\0';
	return buf;
}

char *
addr_prefix_format(const struct addr_prefix *p, char buf[static ADDR_PREFIX_TEXT])
{
	size_t len = strlen(addr6_format(&p->addr, buf));

	snprintf(buf + len, ADDR_PREFIX_TEXT - len, "/%u", p->len);
	return buf;
}

char *
addr_mac_format(const struct addr_mac *m, char buf[static ADDR_MAC_TEXT])
{
	snprintf(buf, ADDR_MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", m->b[0], m->b[1], m->b[2], m->b[3], m->b[4],
		 m->b[5]);
	return buf;
}

bool
addr_prefix_holds(const struct addr_prefix *p, const struct addr6 *a)
{
	struct addr_prefix q = addr_prefix_mask(a, p->len);

	return addr_prefix_equal(p, &q);
}

bool
addr_prefix_overlaps(const struct addr_prefix *p, const struct addr_prefix *q)
{
	return p->len <= q->len ? addr_prefix_holds(p, &q->addr) : addr_prefix_holds(q, &p->addr);
}

struct addr6
addr6_link_local(const struct addr_mac *mac)
{
	return (struct addr6){{0xfe, 0x80, 0, 0, 0, 0, 0, 0, mac->b[0] ^ 2, mac->b[1], mac->b[2], 0xff, 0xfe, mac->b[3],
			       mac->b[4], mac->b[5]}};
}

struct addr6
addr6_solicited_node(const struct addr6 *a)
{
	return (struct addr6){{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, a->b[13], a->b[14], a->b[15]}};
}

struct addr_mac
addr_mac_of_group(const struct addr6 *group)
{
	return (struct addr_mac){{0x33, 0x33, group->b[12], group->b[13], group->b[14], group->b[15]}};
}
