/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens, a line each: "   12.345  mag1 -> lma1  PBU ...". */
#include <stdarg.h>
#include <string.h>

#include "world.h"

const char *
sim_node_name(const struct sim_world *w, unsigned int node)
{
	static const char *const names[2][SIM_MAGS_MAX] = {{"lma1", "lma2"}, {"mag1", "mag2", "mag3", "mag4"}};

	return node < w->plan.lmas ? names[0][node] : names[1][(node - w->plan.lmas) % SIM_MAGS_MAX];
}

void
sim_say(struct sim_world *w, const char *format, ...)
{
	va_list args;

	if (w->trace == NULL)
		return;
	fprintf(w->trace, "%10.3f  ", (double)w->now_ms / 1000);
	va_start(args, format);
	vfprintf(w->trace, format, args);
	va_end(args);
	fputc('\n', w->trace);
}

static void
say_prefixes(FILE *to, const char *key, const struct addr_prefix *prefix, unsigned int count)
{
	char text[ADDR_PREFIX_TEXT];

	for (unsigned int i = 0; i < count; i++)
		fprintf(to, "%s%s", i == 0 ? key : ",",
			addr6_is_zero(&prefix[i].addr) ? "all-zero" : addr_prefix_format(&prefix[i], text));
}

static void
say_options(FILE *to, const struct mh_msg *m)
{
	struct addr_prefix prefix[MH_HNP_MAX];

	for (unsigned int i = 0; i < m->opt.hnp_count; i++)
		prefix[i] = m->opt.hnp[i].prefix;
	if (mh_has(m, MH_OPT_MN_ID))
		fprintf(to, " mn=%.*s", m->opt.mn_id.len, (const char *)m->opt.mn_id.id);
	say_prefixes(to, " hnp=", prefix, m->opt.hnp_count);
	if (mh_has(m, MH_OPT_HANDOFF_INDICATOR))
		fprintf(to, " hi=%u", m->opt.handoff.value);
	if (mh_has(m, MH_OPT_ACCESS_TECH_TYPE))
		fprintf(to, " att=%u", m->opt.access_tech.value);
	if (mh_has(m, MH_OPT_DELEGATED_PREFIX))
		say_prefixes(to, " dmnp=", &m->opt.dmnp.prefix, 1);
	if (mh_has(m, MH_OPT_GRE_KEY))
		fprintf(to, " gre=%08x", m->opt.gre_key.key);
	if (mh_has(m, MH_OPT_MN_GROUP_ID))
		fprintf(to, " group=%u", m->opt.group.id);
	if (mh_has(m, MH_OPT_RESTART_COUNTER))
		fprintf(to, " counter=%u", m->opt.restart_counter.counter);
	if (mh_has(m, MH_OPT_AUTHENTICATION))
		fprintf(to, " spi=%u", m->opt.auth.spi);
	if (mh_has(m, MH_OPT_MN_LINK_LAYER_ID) && m->opt.mn_ll_id.len > 0)
		fprintf(to, " ll=..%02x", m->opt.mn_ll_id.id[m->opt.mn_ll_id.len - 1]);
	if (mh_has(m, MH_OPT_TIMESTAMP))
		fprintf(to, " ts=%.3f", ((double)m->opt.timestamp.wall - (double)SIM_START_WALL) / 65536);
}

static void
say_head(FILE *to, const struct mh_msg *m)
{
	switch (m->type) {
	case MH_PBU:
		fprintf(to, "PBU seq=%u lifetime=%u", m->pbu.sequence, m->pbu.lifetime * MH_LIFETIME_UNIT_S);
		break;
	case MH_PBA:
		fprintf(to, "PBA %u %s seq=%u lifetime=%u", m->pba.status, mh_status_name(m->pba.status),
			m->pba.sequence, m->pba.lifetime * MH_LIFETIME_UNIT_S);
		break;
	case MH_BRI:
		fprintf(to, "BRI trigger=%u seq=%u flags=%04x", m->bri.trigger, m->bri.sequence, m->bri.flags);
		break;
	case MH_BRA:
		fprintf(to, "BRA %u seq=%u", m->bra.status, m->bra.sequence);
		break;
	case MH_UPN:
		fprintf(to, "UPN reason=%u seq=%u", m->upn.reason, m->upn.sequence);
		break;
	case MH_UPA:
		fprintf(to, "UPA %u seq=%u", m->upa.status, m->upa.sequence);
		break;
	default:
		fprintf(to, "heartbeat %s seq=%u", m->heartbeat.flags & MH_HEARTBEAT_R ? "answer" : "request",
			m->heartbeat.sequence);
		break;
	}
}

void
sim_say_message(struct sim_world *w, unsigned int from, unsigned int to, const struct mh_msg *m, const char *what)
{
	if (w->trace == NULL)
		return;
	fprintf(w->trace, "%10.3f  %s -> %s %s: ", (double)w->now_ms / 1000, sim_node_name(w, from),
		sim_node_name(w, to), what);
	say_head(w->trace, m);
	say_options(w->trace, m);
	fputc('\n', w->trace);
}

static void
say_forward(struct sim_world *w, const struct sim_node *n, const struct pmip_action *a)
{
	char remote[ADDR6_TEXT];

	const char *verb = a->type == PMIP_ACT_FORWARD_SET    ? "forwards"
			   : a->type == PMIP_ACT_FORWARD_HOLD ? "holds"
							      : "ends forwarding of";

	fprintf(w->trace, "%10.3f  %s %s session %u", (double)w->now_ms / 1000, sim_node_name(w, n->index), verb,
		a->session);
	say_prefixes(w->trace, " ", a->forward.prefix, a->forward.prefix_count);
	fprintf(w->trace, " remote=%s\n", addr6_format(&a->forward.remote, remote));
}

static void
say_flows(struct sim_world *w, const struct sim_node *n, const struct pmip_action *a)
{
	char text[SELECTOR_TEXT];

	fprintf(w->trace, "%10.3f  %s shares of session %u:%s", (double)w->now_ms / 1000, sim_node_name(w, n->index),
		a->session, a->flows == NULL ? " nothing" : "");
	for (unsigned int i = 0; a->flows != NULL && i < a->flows->share_count; i++) {
		const struct pmip_share *s = &a->flows->share[i];

		say_prefixes(w->trace, " ", &s->prefix, 1);
		fprintf(w->trace, " with session %u%s;", s->session, s->idle ? ", idle" : "");
	}
	for (unsigned int i = 0; a->flows != NULL && i < a->flows->rule_count; i++)
		fprintf(w->trace, " %s by session %u;", selector_format(&a->flows->rule[i].selector, text),
			a->flows->rule[i].session);
	fputc('\n', w->trace);
}

void
sim_say_action(struct sim_world *w, const struct sim_node *n, const struct pmip_action *a)
{
	if (w->trace == NULL)
		return;
	switch (a->type) {
	case PMIP_ACT_SEND:
		for (unsigned int i = 0; i < w->nodes; i++)
			if (addr6_equal(&w->node[i].address, &a->send.dst))
				sim_say_message(w, n->index, i, &a->send.msg, "leaves");
		break;
	case PMIP_ACT_FORWARD_SET:
	case PMIP_ACT_FORWARD_HOLD:
	case PMIP_ACT_FORWARD_CLEAR:
		say_forward(w, n, a);
		break;
	case PMIP_ACT_ACCESS_SET:
		sim_say(w, "%s advertises %u prefixes to host %u", sim_node_name(w, n->index), a->access.prefix_count,
			a->access.host);
		break;
	case PMIP_ACT_ACCESS_CLEAR:
		sim_say(w, "%s forgets host %u", sim_node_name(w, n->index), a->access.host);
		break;
	case PMIP_ACT_PUBLISH:
		sim_say(w, "%s tells: %s session %d", sim_node_name(w, n->index), pmip_publish_name(a->publish.what),
			(int)a->session);
		break;
	case PMIP_ACT_FLOWS:
		say_flows(w, n, a);
		break;
	case PMIP_ACT_ASK_POLICY:
	case PMIP_ACT_PEER:
	case PMIP_ACT_AGGREGATE_SET:
	case PMIP_ACT_AGGREGATE_CLEAR:
		break;
	}
}
