/* SPDX-License-Identifier: BSD-3-Clause */
/* Words for what mobile nodes with several interfaces have: flows, shared prefixes, and what vendors' options say. */
#include <stdlib.h>
#include <string.h>

#include "mh/vendor.h"
#include "scenario.h"

#define VENDOR 32473 /* the enterprise number for documentation (RFC 5612) */

/* A letter for each kind of prefix. */
static const struct {
	char letter;
	uint8_t flag;
} kinds[] = {{'t', MH_VENDOR_TEMPORAL}, {'2', MH_VENDOR_LEVEL2}, {'a', MH_VENDOR_AGGREGATE}, {'i', MH_VENDOR_IDLE}};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* In words of lines there is a comma where a selector has a blank. */
void
flow_selector_read(const char *value, struct selector *out, struct complaint *c)
{
	char text[SELECTOR_TEXT];
	const char *why = "it is too long";
	size_t len = strlen(value);

	if (len < sizeof(text)) {
		for (size_t i = 0; i <= len; i++)
			text[i] = value[i] == ',' ? ' ' : value[i];
		if (selector_parse(text, out, &why) == 0)
			return;
	}
	complain(c, "\"%.60s\" is no selector: %s", value, why);
}

void
flow_selector_text(const struct selector *s, char text[static SELECTOR_TEXT])
{
	selector_format(s, text);
	for (char *blank = text; (blank = strchr(blank, ' ')) != NULL;)
		*blank = ',';
}

static void
add_selector(struct text *t, const struct selector *s)
{
	char text[SELECTOR_TEXT];

	flow_selector_text(s, text);
	text_add(t, ",%s", text);
}

static void
read_bids(const char *value, struct mh_opt_flow *f, struct complaint *c)
{
	char *end = NULL;

	for (; f->bid_count < MH_FLOW_BID_MAX; value = end + 1) {
		f->bid[f->bid_count++] = (uint16_t)strtoul(value, &end, 10);
		if (end == value || *end != '+')
			break;
	}
	if (*end != '\0' && *end != ',')
		complain(c, "bids=%s are no numbers with '+' between them", value);
}

/* ID,PRIORITY[,status=N][,bids=N+N][,SELECTOR] */
static void
read_flow(const char *value, struct mh_msg *m, struct complaint *c)
{
	struct mh_opt_flow f = {0};
	unsigned int id, priority, status;
	int at = 0;

	if (sscanf(value, "%u,%u%n", &id, &priority, &at) != 2 || id > UINT16_MAX || priority > UINT16_MAX) {
		complain(c, "flow=%s is no ID,PRIORITY", value);
		return;
	}
	f.id = (uint16_t)id;
	f.priority = (uint16_t)priority;
	value += at + (value[at] == ',');
	if (sscanf(value, "status=%u%n", &status, &at) == 1) {
		f.status = (uint8_t)status;
		value += at + (value[at] == ',');
	}
	if (strncmp(value, "bids=", 5) == 0) {
		read_bids(value + 5, &f, c);
		value += strcspn(value, ",");
		value += *value == ',';
	}
	f.selector_given = *value != '\0';
	if (f.selector_given)
		flow_selector_read(value, &f.selector, c);
	if (!mh_add_flow(m, &f))
		complain(c, "more than %u flows", MH_FLOW_MAX);
}

static void
add_flow(struct text *t, const struct mh_opt_flow *f)
{
	text_add(t, " flow=%u,%u", f->id, f->priority);
	if (f->status != 0)
		text_add(t, ",status=%u", f->status);
	for (unsigned int i = 0; i < f->bid_count; i++)
		text_add(t, "%s%u", i == 0 ? ",bids=" : "+", f->bid[i]);
	if (f->selector_given)
		add_selector(t, &f->selector);
}

/* LETTERS:PREFIX */
static void
read_vendor_prefix(const char *value, struct mh_msg *m, struct complaint *c)
{
	struct mh_vendor_prefix p = {0};

	for (; *value != ':' && *value != '\0'; value++) {
		unsigned int i = 0;

		while (i < KINDS && kinds[i].letter != *value)
			i++;
		if (i == KINDS)
			complain(c, "'%c' is no kind of prefix", *value);
		else
			p.flags |= kinds[i].flag;
	}
	if (*value != ':' || addr_prefix_parse(value + 1, &p.prefix) != 0)
		complain(c, "vendor-prefix: \"%s\" is no :PREFIX", value);
	else if (!mh_vendor_add_prefix(m, VENDOR, &p))
		complain(c, "more than %u vendor options", MH_VENDOR_MAX);
}

static void
add_vendor_prefixes(struct text *t, const struct mh_msg *m)
{
	struct mh_vendor_prefix list[MH_VENDOR_MAX];
	unsigned int n = mh_vendor_prefixes(m, VENDOR, list, MH_VENDOR_MAX);
	char prefix[ADDR_PREFIX_TEXT];

	for (unsigned int i = 0; i < n; i++) {
		text_add(t, " vendor-prefix=");
		for (unsigned int k = 0; k < KINDS; k++)
			if (list[i].flags & kinds[k].flag)
				text_add(t, "%c", kinds[k].letter);
		text_add(t, ":%s", addr_prefix_format(&list[i].prefix, prefix));
	}
}

/* PREFIX,LIFETIME[,GATEWAY][,more] */
static void
read_delegation(const char *value, struct mh_msg *m, struct complaint *c)
{
	struct mh_vendor_delegation d = {0};
	char prefix[ADDR_PREFIX_TEXT] = "", gateway[ADDR6_TEXT] = "";
	unsigned int lifetime_s;
	int fields = sscanf(value, "%49[^,],%u,%45[^,]", prefix, &lifetime_s, gateway);

	d.more = strstr(value, ",more") != NULL;
	d.lifetime_s = lifetime_s;
	if (fields < 2 || addr_prefix_parse(prefix, &d.prefix) != 0 ||
	    (fields == 3 && strcmp(gateway, "more") != 0 && addr6_parse(gateway, &d.gateway) != 0))
		complain(c, "delegation=%s is no PREFIX,LIFETIME,GATEWAY", value);
	else if (!mh_vendor_add_delegation(m, VENDOR, &d))
		complain(c, "more than %u vendor options", MH_VENDOR_MAX);
}

static void
add_delegations(struct text *t, const struct mh_msg *m)
{
	struct mh_vendor_delegation list[MH_VENDOR_MAX];
	unsigned int n = mh_vendor_delegations(m, VENDOR, list, MH_VENDOR_MAX);
	char prefix[ADDR_PREFIX_TEXT], gateway[ADDR6_TEXT];

	for (unsigned int i = 0; i < n; i++) {
		text_add(t, " delegation=%s,%u", addr_prefix_format(&list[i].prefix, prefix), list[i].lifetime_s);
		if (!addr6_is_zero(&list[i].gateway))
			text_add(t, ",%s", addr6_format(&list[i].gateway, gateway));
		if (list[i].more)
			text_add(t, ",more");
	}
}

void
flow_options_read(const struct line *l, struct mh_msg *m, struct complaint *c)
{
	struct addr_prefix delegated[MH_HNP_MAX];

	for (unsigned int i = 0; i < l->count; i++) {
		if (strncmp(l->word[i], "flow=", 5) == 0)
			read_flow(l->word[i] + 5, m, c);
		if (strncmp(l->word[i], "vendor-prefix=", 14) == 0)
			read_vendor_prefix(l->word[i] + 14, m, c);
		if (strncmp(l->word[i], "delegation=", 11) == 0)
			read_delegation(l->word[i] + 11, m, c);
	}
	if (line_value(l, "bid") != NULL) {
		mh_set(m, MH_OPT_BINDING_ID);
		m->opt.bid.id = (uint16_t)line_number(l, "bid", 0, UINT16_MAX, c);
	}
	if (line_prefixes(l, "dmnp", delegated, NULL, c) > 0) {
		mh_set(m, MH_OPT_DELEGATED_PREFIX);
		m->opt.dmnp.prefix = delegated[0];
	}
}

void
flow_options_text(struct text *t, const struct mh_msg *m)
{
	char prefix[ADDR_PREFIX_TEXT];

	if (mh_has(m, MH_OPT_BINDING_ID))
		text_add(t, " bid=%u", m->opt.bid.id);
	if (mh_has(m, MH_OPT_DELEGATED_PREFIX))
		text_add(t, " dmnp=%s",
			 addr6_is_zero(&m->opt.dmnp.prefix.addr) ? "all-zero"
								 : addr_prefix_format(&m->opt.dmnp.prefix, prefix));
	for (unsigned int i = 0; i < m->opt.flow_count; i++)
		add_flow(t, &m->opt.flow[i]);
	add_vendor_prefixes(t, m);
	add_delegations(t, m);
}

void
flow_action_text(struct text *t, const struct pmip_action *a)
{
	const struct pmip_flows *f = a->flows;
	char prefix[ADDR_PREFIX_TEXT];

	text_add(t, "flows %s session=%u", f != NULL ? "set" : "clear", a->session);
	for (unsigned int i = 0; f != NULL && i < f->share_count; i++)
		text_add(t, " share=%u,%s%s", f->share[i].session, addr_prefix_format(&f->share[i].prefix, prefix),
			 f->share[i].idle ? ",idle" : "");
	for (unsigned int i = 0; f != NULL && i < f->rule_count; i++) {
		text_add(t, " rule=%u", f->rule[i].session);
		add_selector(t, &f->rule[i].selector);
	}
}
