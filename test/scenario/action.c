/* SPDX-License-Identifier: BSD-3-Clause */
/* Actions in words, and whether a line says them. */
#include <string.h>

#include "scenario.h"

static int
prefixes_text(const struct addr_prefix *prefix, unsigned int n, char *text, size_t size)
{
	char one[ADDR_PREFIX_TEXT];
	int len = 0;

	for (unsigned int i = 0; i < n; i++)
		len += snprintf(text + len, size - (size_t)len, "%s%s", i == 0 ? " prefix=" : ",",
				addr_prefix_format(&prefix[i], one));
	return len;
}

static void
forward_text(const struct pmip_action *a, const char *verb, char text[static TEXT_MAX])
{
	char local[ADDR6_TEXT], remote[ADDR6_TEXT];
	int n = snprintf(text, TEXT_MAX, "forward %s session=%u", verb, a->session);

	n += prefixes_text(a->forward.prefix, a->forward.prefix_count, text + n, TEXT_MAX - (size_t)n);
	n += snprintf(text + n, TEXT_MAX - (size_t)n, " local=%s remote=%s", addr6_format(&a->forward.local, local),
		      addr6_format(&a->forward.remote, remote));
	if (a->forward.access)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " host=%u port=%u", a->forward.link.host,
			      a->forward.link.port);
	if (!a->forward.access)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " counters=%s", a->forward.uncounted ? "no" : "yes");
	if (a->forward.gre)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " gre=yes");
	if (a->forward.key_in_given)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " key-in=%u", a->forward.key_in);
	if (a->forward.key_out_given)
		snprintf(text + n, TEXT_MAX - (size_t)n, " key-out=%u", a->forward.key_out);
}

static void
ask_text(const struct pmip_action *a, char text[static TEXT_MAX])
{
	char mn[PMIP_MN_ID_TEXT], addr[ADDR6_TEXT];
	int n = snprintf(text, TEXT_MAX, "ask mn=%s peer=%s", pmip_mn_id_format(&a->ask.mn_id, mn),
			 addr6_format(&a->ask.peer, addr));

	if (a->ask.service.len > 0)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " service=%.*s", a->ask.service.len, a->ask.service.id);
	for (unsigned int i = 0; i < a->ask.vendor_count; i++)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " vendor=%u:%u", a->ask.vendor[i].vendor,
			      a->ask.vendor[i].subtype);
}

static void
access_text(const struct pmip_action *a, char text[static TEXT_MAX])
{
	char addr[ADDR6_TEXT], prefix[ADDR_PREFIX_TEXT];
	int n = snprintf(text, TEXT_MAX, "access set host=%u lifetime=%u", a->access.host, a->access.lifetime_s);

	n += prefixes_text(a->access.prefix, a->access.prefix_count, text + n, TEXT_MAX - (size_t)n);
	if (a->access.prefix_count == 0)
		n += snprintf(text + n, TEXT_MAX - (size_t)n, " prefix=none");
	n += snprintf(text + n, TEXT_MAX - (size_t)n, " link-local=%s", addr6_format(&a->access.link_local, addr));
	for (unsigned int i = 0, some = 0; i < a->access.prefix_count; i++)
		if (a->access.deprecated >> i & 1)
			n += snprintf(text + n, TEXT_MAX - (size_t)n, "%s%s", some++ == 0 ? " deprecated=" : ",",
				      addr_prefix_format(&a->access.prefix[i], prefix));
}

static void
aggregate_text(const struct pmip_action *a, const char *verb, char text[static TEXT_MAX])
{
	char prefix[ADDR_PREFIX_TEXT], local[ADDR6_TEXT], remote[ADDR6_TEXT];

	snprintf(text, TEXT_MAX, "aggregate %s prefix=%s local=%s remote=%s", verb,
		 addr_prefix_format(&a->aggregate.prefix, prefix), addr6_format(&a->aggregate.local, local),
		 addr6_format(&a->aggregate.remote, remote));
}

static void
send_text(const struct pmip_action *a, uint64_t start_wall, char text[static TEXT_MAX])
{
	char src[ADDR6_TEXT], dst[ADDR6_TEXT];
	int n = snprintf(text, TEXT_MAX, "send ");

	n += message_text(&a->send.msg, start_wall, text + n, TEXT_MAX - (size_t)n);
	snprintf(text + n, TEXT_MAX - (size_t)n, " from=%s to=%s", addr6_format(&a->send.src, src),
		 addr6_format(&a->send.dst, dst));
}

void
action_text(const struct pmip_action *a, uint64_t start_wall, char text[static TEXT_MAX])
{
	char mn[PMIP_MN_ID_TEXT], addr[ADDR6_TEXT];

	switch (a->type) {
	case PMIP_ACT_SEND:
		send_text(a, start_wall, text);
		break;
	case PMIP_ACT_FORWARD_SET:
		forward_text(a, "set", text);
		break;
	case PMIP_ACT_FORWARD_HOLD:
		forward_text(a, "hold", text);
		break;
	case PMIP_ACT_FORWARD_CLEAR:
		forward_text(a, "clear", text);
		break;
	case PMIP_ACT_ASK_POLICY:
		ask_text(a, text);
		break;
	case PMIP_ACT_ACCESS_SET:
		access_text(a, text);
		break;
	case PMIP_ACT_ACCESS_CLEAR:
		snprintf(text, TEXT_MAX, "access clear host=%u", a->access.host);
		break;
	case PMIP_ACT_PUBLISH:
		snprintf(text, TEXT_MAX, "publish %s mn=%s status=%u reason=%s peer=%s",
			 pmip_publish_name(a->publish.what), pmip_mn_id_format(&a->publish.mn_id, mn),
			 a->publish.status, mh_status_name(a->publish.status), addr6_format(&a->publish.peer, addr));
		break;
	case PMIP_ACT_PEER:
		snprintf(text, TEXT_MAX, "peer %s peer=%s", pmip_peer_change_name(a->peer.change),
			 addr6_format(&a->peer.peer, addr));
		break;
	case PMIP_ACT_FLOWS:
		flow_action_text(&(struct text){.at = text, .left = TEXT_MAX}, a);
		break;
	case PMIP_ACT_AGGREGATE_SET:
		aggregate_text(a, "set", text);
		break;
	case PMIP_ACT_AGGREGATE_CLEAR:
		aggregate_text(a, "clear", text);
		break;
	}
}

/* Whether a word is there; of KEY=- whether no word has the key. */
static bool
holds(const struct line *happened, const char *word)
{
	size_t len = strlen(word);
	bool absent = len > 2 && strcmp(word + len - 2, "=-") == 0, found = false;

	for (unsigned int i = 0; i < happened->count && !found; i++)
		found = absent ? strncmp(word, happened->word[i], len - 1) == 0 : strcmp(word, happened->word[i]) == 0;
	return found != absent;
}

bool
action_said(const struct line *l, const char *text)
{
	struct line happened;
	unsigned int i;

	if (line_read(text, &happened) != 0)
		return false;
	for (i = 0; i < l->count && strchr(l->word[i], '=') == NULL; i++)
		if (i >= happened.count || strcmp(l->word[i], happened.word[i]) != 0)
			return false;
	if (i < happened.count && strchr(happened.word[i], '=') == NULL)
		return false;
	for (; i < l->count; i++)
		if (!holds(&happened, l->word[i]))
			return false;
	return true;
}
