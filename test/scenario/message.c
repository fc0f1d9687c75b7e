/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages in words. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define KEYS_OF_ANY "from to seq lifetime mn hnp hi att ll lla ts alt-coa refresh"

/* "now", or seconds since the start of the scenario. */
static void
read_timestamp(const struct line *l, uint64_t start_wall, uint64_t now_wall, struct mh_msg *m, struct complaint *c)
{
	const char *value = line_value(l, "ts");
	bool before = value != NULL && value[0] == '-';
	uint64_t ms = 0;

	if (value == NULL)
		return;
	mh_set(m, MH_OPT_TIMESTAMP);
	m->opt.timestamp.wall = now_wall;
	if (strcmp(value, "now") == 0)
		return;
	if (!line_time(value + before, &ms))
		complain(c, "ts=%s is neither a time in seconds nor \"now\"", value);
	m->opt.timestamp.wall = before ? start_wall - clock_wall_of_ms(ms) : start_wall + clock_wall_of_ms(ms);
}

static void
read_link(const struct line *l, struct mh_msg *m, struct complaint *c)
{
	const char *mac = line_value(l, "ll");
	struct addr_mac a = {0};

	if (mac != NULL && addr_mac_parse(mac, &a) != 0)
		complain(c, "ll=%s is no MAC address", mac);
	if (mac != NULL) {
		mh_set(m, MH_OPT_MN_LINK_LAYER_ID);
		m->opt.mn_ll_id.len = sizeof(a.b);
		memcpy(m->opt.mn_ll_id.id, a.b, sizeof(a.b));
	}
	if (line_value(l, "lla") != NULL) {
		mh_set(m, MH_OPT_LINK_LOCAL_ADDRESS);
		m->opt.link_local.addr = line_addr(l, "lla", m->opt.link_local.addr, c);
	}
}

static void
read_options(const struct line *l, struct mh_msg *m, struct complaint *c)
{
	struct addr_prefix prefix[MH_HNP_MAX];
	uint8_t n = line_prefixes(l, "hnp", prefix, c);

	for (unsigned int i = 0; i < n; i++)
		mh_add_hnp(m, &prefix[i]);
	if (line_value(l, "mn") != NULL) {
		struct pmip_mn_id id = line_mn_id(l, c);

		mh_set(m, MH_OPT_MN_ID);
		m->opt.mn_id.subtype = id.subtype;
		m->opt.mn_id.len = id.len;
		memcpy(m->opt.mn_id.id, id.id, id.len);
	}
	if (line_value(l, "hi") != NULL) {
		mh_set(m, MH_OPT_HANDOFF_INDICATOR);
		m->opt.handoff.value = (uint8_t)line_number(l, "hi", 0, 255, c);
	}
	if (line_value(l, "att") != NULL) {
		mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
		m->opt.access_tech.value = (uint8_t)line_number(l, "att", 0, 255, c);
	}
	if (line_value(l, "alt-coa") != NULL) {
		mh_set(m, MH_OPT_ALTERNATE_COA);
		m->opt.alt_coa.addr = line_addr(l, "alt-coa", m->opt.alt_coa.addr, c);
	}
	if (line_value(l, "refresh") != NULL) {
		mh_set(m, MH_OPT_BINDING_REFRESH_ADVICE);
		m->opt.refresh_advice.interval =
			(uint16_t)(line_number(l, "refresh", 0, 262140, c) / MH_LIFETIME_UNIT_S);
	}
}

void
message_read(const struct line *l, unsigned int from, uint64_t start_wall, uint64_t now_wall, struct mh_msg *out,
	     struct complaint *c)
{
	const char *type = from < l->count ? l->word[from] : "";
	uint16_t lifetime = (uint16_t)(line_number(l, "lifetime", 0, 262140, c) / MH_LIFETIME_UNIT_S);
	uint16_t sequence = (uint16_t)line_number(l, "seq", 0, 65535, c);

	*out = (struct mh_msg){.type = MH_NONE};
	if (strcmp(type, "pbu") == 0) {
		line_check_keys(l, from + 1, KEYS_OF_ANY, c);
		out->type = MH_PBU;
		out->pbu = (struct mh_pbu){.sequence = sequence, .lifetime = lifetime, .flags = MH_PBU_A | MH_PBU_P};
	} else if (strcmp(type, "pba") == 0) {
		line_check_keys(l, from + 1, KEYS_OF_ANY " status", c);
		out->type = MH_PBA;
		out->pba = (struct mh_pba){.sequence = sequence,
					   .lifetime = lifetime,
					   .flags = MH_PBA_P,
					   .status = (uint8_t)line_number(l, "status", 0, 255, c)};
	} else {
		complain(c, "\"%s\" is neither pbu nor pba", type);
	}
	read_options(l, out, c);
	read_link(l, out, c);
	read_timestamp(l, start_wall, now_wall, out, c);
}

/* Text that grows; what has no room is left out. */
struct text {
	char *at;
	size_t left;
};

static void add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->at, t->left, format, args);
	va_end(args);
	if (n > 0 && (size_t)n < t->left) {
		t->at += n;
		t->left -= (size_t)n;
	}
}

static void
add_options(struct text *t, const struct mh_msg *m, uint64_t start_wall)
{
	const struct mh_opts *o = &m->opt;
	char addr[ADDR6_TEXT], prefix[ADDR_PREFIX_TEXT], mac[ADDR_MAC_TEXT];
	struct addr_mac ll;

	if (mh_has(m, MH_OPT_MN_ID))
		add(t, " mn=%.*s", o->mn_id.len, (const char *)o->mn_id.id);
	for (unsigned int i = 0; i < o->hnp_count; i++)
		add(t, "%s%s", i == 0 ? " hnp=" : ",",
		    addr6_is_zero(&o->hnp[i].prefix.addr) ? "all-zero" : addr_prefix_format(&o->hnp[i].prefix, prefix));
	if (mh_has(m, MH_OPT_HANDOFF_INDICATOR))
		add(t, " hi=%u", o->handoff.value);
	if (mh_has(m, MH_OPT_ACCESS_TECH_TYPE))
		add(t, " att=%u", o->access_tech.value);
	if (mh_has(m, MH_OPT_MN_LINK_LAYER_ID) && o->mn_ll_id.len == sizeof(ll.b)) {
		memcpy(ll.b, o->mn_ll_id.id, sizeof(ll.b));
		add(t, " ll=%s", addr_mac_format(&ll, mac));
	}
	if (mh_has(m, MH_OPT_LINK_LOCAL_ADDRESS))
		add(t, " lla=%s", addr6_format(&o->link_local.addr, addr));
	if (mh_has(m, MH_OPT_TIMESTAMP))
		add(t, " ts=%.3f", ((double)o->timestamp.wall - (double)start_wall) / 65536);
}

int
message_text(const struct mh_msg *m, uint64_t start_wall, char *text, size_t size)
{
	struct text t = {.at = text, .left = size};

	if (m->type == MH_PBU)
		add(&t, "pbu seq=%u lifetime=%u", m->pbu.sequence, m->pbu.lifetime * MH_LIFETIME_UNIT_S);
	else if (m->type == MH_PBA)
		add(&t, "pba status=%u reason=%s seq=%u lifetime=%u", m->pba.status, mh_status_name(m->pba.status),
		    m->pba.sequence, m->pba.lifetime * MH_LIFETIME_UNIT_S);
	else
		add(&t, "message type=%s", mh_type_name(m->type));
	add_options(&t, m, start_wall);
	return (int)(t.at - text);
}
