/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages in words. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define KEYS_OF_ANY                                                                                                    \
	"from to seq flags mn hnp hi att ll lla ts alt-coa refresh gre group service vendor vendor-prefix bid dmnp "   \
	"delegation flow"

/* A letter for each flag of a message. */
struct letter {
	char letter;
	uint16_t flag;
};
#define LETTERS_MAX 12

/* The messages, and what their first words say; where a key is NULL they have no such field. */
static const struct kind {
	const char *word;
	enum mh_type type;
	const char *value; /* the key of the field that tells it from others of its type */
	bool lifetime;
	const char *flags; /* those that are set where a line says nothing */
	struct letter letters[LETTERS_MAX];
} kinds[] = {
	{"pbu",
	 MH_PBU,
	 NULL,
	 true,
	 "ap",
	 {{'a', MH_PBU_A}, {'h', MH_PBU_H}, {'p', MH_PBU_P}, {'t', MH_PBU_T}, {'b', MH_PBU_B}}},
	{"pba", MH_PBA, "status", true, "p", {{'p', MH_PBA_P}, {'t', MH_PBA_T}, {'b', MH_PBA_B}}},
	{"bri", MH_BRI, "trigger", false, "p", {{'p', MH_BR_P}, {'v', MH_BR_V}, {'g', MH_BR_G}}},
	{"bra", MH_BRA, "status", false, "p", {{'p', MH_BR_P}, {'v', MH_BR_V}, {'g', MH_BR_G}}},
	{"upn", MH_UPN, "reason", false, "a", {{'a', MH_UPN_A}, {'d', MH_UPN_D}}},
	{"upa", MH_UPA, "status", false, "", {{0, 0}}},
	{"be", MH_BE, "status", false, "", {{0, 0}}},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* What all messages have, wherever it stands in them. */
struct fields {
	unsigned int value;
	uint16_t sequence, flags, lifetime;
};

static void
put_fields(struct mh_msg *m, const struct fields *f)
{
	switch (m->type) {
	case MH_PBU:
		m->pbu = (struct mh_pbu){.sequence = f->sequence, .flags = f->flags, .lifetime = f->lifetime};
		break;
	case MH_PBA:
		m->pba = (struct mh_pba){.status = (uint8_t)f->value,
					 .sequence = f->sequence,
					 .flags = (uint8_t)f->flags,
					 .lifetime = f->lifetime};
		break;
	case MH_BRI:
		m->bri = (struct mh_bri){.trigger = (uint8_t)f->value, .sequence = f->sequence, .flags = f->flags};
		break;
	case MH_BRA:
		m->bra = (struct mh_bra){.status = (uint8_t)f->value, .sequence = f->sequence, .flags = f->flags};
		break;
	case MH_UPN:
		m->upn = (struct mh_upn){.reason = (uint16_t)f->value, .sequence = f->sequence, .flags = f->flags};
		break;
	case MH_UPA:
		m->upa = (struct mh_upa){.status = (uint8_t)f->value, .sequence = f->sequence};
		break;
	case MH_BE:
		m->be.status = (uint8_t)f->value;
		break;
	default:
		break;
	}
}

static struct fields
fields_of(const struct mh_msg *m)
{
	switch (m->type) {
	case MH_PBU:
		return (struct fields){0, m->pbu.sequence, m->pbu.flags, m->pbu.lifetime};
	case MH_PBA:
		return (struct fields){m->pba.status, m->pba.sequence, m->pba.flags, m->pba.lifetime};
	case MH_BRI:
		return (struct fields){m->bri.trigger, m->bri.sequence, m->bri.flags, 0};
	case MH_BRA:
		return (struct fields){m->bra.status, m->bra.sequence, m->bra.flags, 0};
	case MH_UPN:
		return (struct fields){m->upn.reason, m->upn.sequence, m->upn.flags, 0};
	case MH_UPA:
		return (struct fields){m->upa.status, m->upa.sequence, 0, 0};
	case MH_BE:
		return (struct fields){m->be.status, 0, 0, 0};
	default:
		return (struct fields){0};
	}
}

static uint16_t
read_flags(const struct line *l, const struct kind *k, struct complaint *c)
{
	const char *value = line_value(l, "flags");
	uint16_t flags = 0;

	for (value = value != NULL ? value : k->flags; *value != '\0'; value++) {
		unsigned int i = 0;

		while (i < LETTERS_MAX && k->letters[i].letter != *value)
			i++;
		if (i == LETTERS_MAX)
			complain(c, "flag \"%c\" is none of a %s", *value, k->word);
		else
			flags |= k->letters[i].flag;
	}
	return flags;
}

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
	uint8_t off_link = 0, n = line_prefixes(l, "hnp", prefix, &off_link, c);

	for (unsigned int i = 0; i < n; i++) {
		mh_add_hnp(m, &prefix[i]);
		m->opt.hnp[i].off_link = off_link >> i & 1;
	}
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

static void
read_gre_key(const struct line *l, struct mh_msg *m, struct complaint *c)
{
	const char *value = line_value(l, "gre");

	if (value == NULL)
		return;
	mh_set(m, MH_OPT_GRE_KEY);
	m->opt.gre_key.given = strcmp(value, "none") != 0;
	if (m->opt.gre_key.given)
		m->opt.gre_key.key = (uint32_t)line_number(l, "gre", 0, UINT32_MAX, c);
}

/* ENTERPRISE:SUBTYPE, and bytes in hexadecimal where there are some. */
static void
read_vendor(const struct line *l, struct mh_msg *m, struct complaint *c)
{
	const char *value = line_value(l, "vendor");
	struct mh_opt_vendor v = {0};
	unsigned int vendor, subtype, byte;
	int at = 0;

	if (value == NULL)
		return;
	if (sscanf(value, "%u:%u%n", &vendor, &subtype, &at) != 2 || subtype > 255) {
		complain(c, "vendor=%s is no ENTERPRISE:SUBTYPE", value);
		return;
	}
	v.vendor = vendor;
	v.subtype = (uint8_t)subtype;
	value += at + (value[at] == ':');
	for (; v.len < MH_VENDOR_DATA_MAX && sscanf(value, "%2x", &byte) == 1; value += 2)
		v.data[v.len++] = (uint8_t)byte;
	mh_add_vendor(m, &v);
}

static void
read_service(const struct line *l, struct mh_msg *m, struct complaint *c)
{
	const char *service = line_value(l, "service");

	if (line_value(l, "group") != NULL) {
		mh_set(m, MH_OPT_MN_GROUP_ID);
		m->opt.group =
			(struct mh_opt_group){MH_GROUP_BULK, (uint32_t)line_number(l, "group", 0, UINT32_MAX, c)};
	}
	if (service == NULL)
		return;
	mh_set(m, MH_OPT_SERVICE_SELECTION);
	m->opt.service.len = (uint8_t)strnlen(service, MH_SERVICE_MAX);
	memcpy(m->opt.service.id, service, m->opt.service.len);
}

static const struct kind *
find_kind(const char *word)
{
	for (unsigned int i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].word, word) == 0)
			return &kinds[i];
	return NULL;
}

void
message_read(const struct line *l, unsigned int from, uint64_t start_wall, uint64_t now_wall, struct mh_msg *out,
	     struct complaint *c)
{
	const struct kind *k = find_kind(from < l->count ? l->word[from] : "");
	char keys[192];
	struct fields f;

	*out = (struct mh_msg){.type = MH_NONE};
	if (k == NULL) {
		complain(c, "\"%s\" is no message", from < l->count ? l->word[from] : "");
		return;
	}
	snprintf(keys, sizeof(keys), KEYS_OF_ANY "%s %s", k->lifetime ? " lifetime" : "",
		 k->value != NULL ? k->value : "");
	line_check_keys(l, from + 1, keys, c);
	f = (struct fields){.sequence = (uint16_t)line_number(l, "seq", 0, 65535, c),
			    .flags = read_flags(l, k, c),
			    .lifetime = (uint16_t)(line_number(l, "lifetime", 0, 262140, c) / MH_LIFETIME_UNIT_S)};
	if (k->value != NULL)
		f.value = (unsigned int)line_number(l, k->value, 0, k->type == MH_UPN ? 65535 : 255, c);
	out->type = k->type;
	put_fields(out, &f);
	read_options(l, out, c);
	read_link(l, out, c);
	read_gre_key(l, out, c);
	read_vendor(l, out, c);
	read_service(l, out, c);
	flow_options_read(l, out, c);
	read_timestamp(l, start_wall, now_wall, out, c);
}

/* Of documents later than RFC 5213. */
static void
add_later_options(struct text *t, const struct mh_msg *m)
{
	const struct mh_opts *o = &m->opt;

	if (mh_has(m, MH_OPT_GRE_KEY) && o->gre_key.given)
		text_add(t, " gre=%u", o->gre_key.key);
	else if (mh_has(m, MH_OPT_GRE_KEY))
		text_add(t, " gre=none");
	if (mh_has(m, MH_OPT_MN_GROUP_ID))
		text_add(t, " group=%u", o->group.id);
	if (mh_has(m, MH_OPT_SERVICE_SELECTION))
		text_add(t, " service=%.*s", o->service.len, o->service.id);
	for (unsigned int i = 0; i < o->vendor_count; i++)
		text_add(t, " vendor=%u:%u", o->vendor[i].vendor, o->vendor[i].subtype);
	flow_options_text(t, m);
}

static void
add_options(struct text *t, const struct mh_msg *m, uint64_t start_wall)
{
	const struct mh_opts *o = &m->opt;
	char addr[ADDR6_TEXT], prefix[ADDR_PREFIX_TEXT], mac[ADDR_MAC_TEXT];
	struct addr_mac ll;

	if (mh_has(m, MH_OPT_MN_ID))
		text_add(t, " mn=%.*s", o->mn_id.len, (const char *)o->mn_id.id);
	for (unsigned int i = 0; i < o->hnp_count; i++)
		text_add(t, "%s%s%s", i == 0 ? " hnp=" : ",", o->hnp[i].off_link ? "off-link:" : "",
			 addr6_is_zero(&o->hnp[i].prefix.addr) ? "all-zero"
							       : addr_prefix_format(&o->hnp[i].prefix, prefix));
	if (mh_has(m, MH_OPT_HANDOFF_INDICATOR))
		text_add(t, " hi=%u", o->handoff.value);
	if (mh_has(m, MH_OPT_ACCESS_TECH_TYPE))
		text_add(t, " att=%u", o->access_tech.value);
	if (mh_has(m, MH_OPT_MN_LINK_LAYER_ID) && o->mn_ll_id.len == sizeof(ll.b)) {
		memcpy(ll.b, o->mn_ll_id.id, sizeof(ll.b));
		text_add(t, " ll=%s", addr_mac_format(&ll, mac));
	}
	if (mh_has(m, MH_OPT_LINK_LOCAL_ADDRESS))
		text_add(t, " lla=%s", addr6_format(&o->link_local.addr, addr));
	if (mh_has(m, MH_OPT_TIMESTAMP))
		text_add(t, " ts=%.3f", ((double)o->timestamp.wall - (double)start_wall) / 65536);
	if (mh_has(m, MH_OPT_ALTERNATE_COA))
		text_add(t, " alt-coa=%s", addr6_format(&o->alt_coa.addr, addr));
	add_later_options(t, m);
}

static void
add_fields(struct text *t, const struct mh_msg *m, const struct kind *k)
{
	struct fields f = fields_of(m);

	text_add(t, "%s", k->word);
	if (k->value != NULL)
		text_add(t, " %s=%u", k->value, f.value);
	if (m->type == MH_PBA)
		text_add(t, " reason=%s", mh_status_name(f.value));
	if (m->type != MH_BE)
		text_add(t, " seq=%u", f.sequence);
	if (k->lifetime)
		text_add(t, " lifetime=%u", f.lifetime * MH_LIFETIME_UNIT_S);
	text_add(t, " flags=");
	for (unsigned int i = 0; i < LETTERS_MAX; i++)
		if (f.flags & k->letters[i].flag)
			text_add(t, "%c", k->letters[i].letter);
}

int
message_text(const struct mh_msg *m, uint64_t start_wall, char *text, size_t size)
{
	struct text t = {.at = text, .left = size};
	const struct kind *k = NULL;

	for (unsigned int i = 0; i < KINDS && k == NULL; i++)
		k = kinds[i].type == m->type ? &kinds[i] : NULL;
	if (k == NULL)
		text_add(&t, "message type=%s", mh_type_name(m->type));
	else
		add_fields(&t, m, k);
	add_options(&t, m, start_wall);
	return (int)(t.at - text);
}
