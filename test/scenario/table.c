/* SPDX-License-Identifier: BSD-3-Clause */
/* What a node has of a mobile node with several interfaces, in words: the tables that documents have beside figures. */
#include <stdarg.h>
#include <string.h>

#include "scenario.h"

#define BID_MAX 16 /* sessions of a mobile node */

static const char *
yes(bool is)
{
	return is ? "yes" : "no";
}

static void happens(struct nodes *all, const struct node *n, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void
happens(struct nodes *all, const struct node *n, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	node_happens(all, n, text);
}

static void
anchor_row(struct nodes *all, const struct node *n, const struct lma_row_view *r)
{
	char prefix[ADDR_PREFIX_TEXT], gateway[ADDR6_TEXT], mac[ADDR_MAC_TEXT];
	struct addr_mac ll = {0};
	struct lma_view s;

	if (!lma_find(n->lma, r->session, &s))
		return;
	if (s.mn_ll_id->len == sizeof(ll.b))
		memcpy(ll.b, s.mn_ll_id->id, sizeof(ll.b));
	happens(all, n, "row session=%u bid=%u prefix=%s gateway=%s ll=%s att=%u state=%s kind=%s owned=%s off-link=%s",
		r->session, r->bid, addr_prefix_format(&r->prefix, prefix), addr6_format(&s.proxy_coa, gateway),
		addr_mac_format(&ll, mac), s.access_tech, r->idle ? "idle" : "active", lma_row_kind_name(r->kind),
		yes(r->owned), yes(r->off_link));
}

/* " idle=1+3", or nothing. */
static char *
bids_text(uint16_t bids, char text[static 64])
{
	struct text t = {.at = text, .left = 64};

	text[0] = '\0';
	for (unsigned int bid = 1; bid <= BID_MAX; bid++)
		if (bids & 1u << (bid - 1))
			text_add(&t, "%s%u", text[0] == '\0' ? " idle=" : "+", bid);
	return text;
}

/* Rows in the order of their sessions' numbers, then flows in that of their priorities. */
static void
anchor_table(struct nodes *all, const struct node *n, const struct pmip_mn_id *id)
{
	char selector[SELECTOR_TEXT], idle[64];
	struct lma_flow_view f;
	struct lma_row_at at = {0};
	struct lma_row_view r;

	while (lma_next_row(n->lma, id, &at, &r))
		anchor_row(all, n, &r);
	for (unsigned int i = 0; lma_next_flow(n->lma, id, i, &f); i++) {
		flow_selector_text(&f.selector, selector);
		happens(all, n, "flow id=%u priority=%u session=%d bid=%u active=%s waiting=%s policy=%s%s selector=%s",
			f.id, f.priority, (int)f.session, f.bid, yes(f.active), yes(f.waiting), f.policy,
			bids_text(f.idle, idle), selector);
	}
}

static void
gateway_table(struct nodes *all, const struct node *n, const struct pmip_mn_id *id)
{
	char prefix[ADDR_PREFIX_TEXT];
	struct mag_view v;

	for (bool more = mag_next_of(n->mag, id, PMIP_SESSION_NONE, &v); more;
	     more = mag_next_of(n->mag, id, v.session, &v))
		for (unsigned int i = 0; i < v.prefix_count; i++)
			happens(all, n, "row session=%u prefix=%s att=%u state=%s kind=%s off-link=%s", v.session,
				addr_prefix_format(&v.prefix[i], prefix), v.link.access_tech,
				v.idle >> i & 1 ? "idle" : "active", v.temporal >> i & 1 ? "temporal" : "permanent",
				yes(v.off_link >> i & 1));
}

void
table_show(struct nodes *all, struct node *n, const struct line *l, struct complaint *c)
{
	const struct pmip_mn_id id = line_mn_id(l, c);

	if (n->lma != NULL)
		anchor_table(all, n, &id);
	else
		gateway_table(all, n, &id);
}
