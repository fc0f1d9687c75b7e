/* SPDX-License-Identifier: BSD-3-Clause */
/* A case played to a whole node: its set-up, then what comes in and what goes out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle.h"

#define SETTLE_MS 500 /* for advertisements to hosts that a set-up made known */

struct play {
	const struct golden *g;
	struct rig *r;
	bool begun; /* set-up is over */
	bool failed;
	struct pmip_flows flows; /* of the one session that shares */
	struct stat_block all;	 /* at the end of set-up */
	unsigned int sent[PORTS];
};

static void
fail(struct play *p, const struct golden_step *s, const char *what)
{
	printf("  %s/case.txt:%u: %s\n", p->g->folder, s->line, what);
	p->failed = true;
}

/* What went out since the last look. Of frames that differ, the first of a port is shown. */
static void
judge(struct play *p)
{
	for (int port = 0; port < PORTS; port++) {
		for (unsigned int i = 0; i < p->r->heard_count[port] && !p->failed; i++)
			p->failed = !golden_judge_frame(p->g, port, p->sent[port] + i, &p->r->heard[port][i]);
		p->sent[port] += p->r->heard_count[port];
	}
	rig_forget(p->r);
}

static void
update(struct play *p, const struct golden_step *s, bool dereg)
{
	struct addr_prefix home = dereg ? prefix(s->word[3]) : (struct addr_prefix){0};
	struct mh_msg pba;

	rig_pbu(p->r, &(struct update){.mn = s->word[1], .mag = s->word[2], .dereg = dereg, .hnp = &home});
	if (!rig_take_mh(p->r, MH_PBA, &pba) || pba.pba.status != MH_STATUS_ACCEPTED)
		fail(p, s, "the anchor did not accept the update");
}

static void
attach(struct play *p, const struct golden_step *s)
{
	uint32_t before = fwd_prefix_count(p->r->fwd);
	struct frame rs = solicitation(s->word[1]);
	struct mh_msg pbu;

	rig_send(p->r, ACCESS, &rs);
	if (s->count == 3) {
		struct addr_prefix home = prefix(s->word[2]);

		if (!rig_take_mh(p->r, MH_PBU, &pbu)) {
			fail(p, s, "the gateway sent no update");
			return;
		}
		rig_pba(p->r, &pbu, MH_STATUS_ACCEPTED, &home);
	}
	if (fwd_prefix_count(p->r->fwd) != before + 1)
		fail(p, s, "the node is not served");
}

/* A key, or NULL for `-`. */
static const uint32_t *
key_of(const char *word, uint32_t *key)
{
	*key = (uint32_t)strtoul(word, NULL, 0);
	return strcmp(word, "-") != 0 ? key : NULL;
}

static void
put_in_gre(struct play *p, const struct golden_step *s)
{
	struct addr_prefix home = prefix(s->word[1]);
	uint32_t in, out;

	if (rig_gre(p->r, &home, key_of(s->word[2], &in), key_of(s->word[3], &out)) != 0)
		fail(p, s, "no session with that prefix is put in GRE");
}

static void
say_flows(struct play *p, const struct golden_step *s)
{
	struct addr_prefix home = prefix(s->word[1]);

	if (rig_flows(p->r, &home, &p->flows) != 0)
		fail(p, s, "no session with that prefix shares it");
}

static void
share(struct play *p, const struct golden_step *s)
{
	struct addr_prefix other = prefix(s->word[2]);

	p->flows.share[p->flows.share_count++] = (struct pmip_share){.prefix = prefix(s->word[1]),
								     .session = rig_session_of(p->r, &other),
								     .idle = strcmp(s->word[3], "idle") == 0};
	say_flows(p, s);
}

static void
add_flow(struct play *p, const struct golden_step *s)
{
	struct pmip_flow_rule *rule = &p->flows.rule[p->flows.rule_count++];
	struct addr_prefix other = prefix(s->word[2]);
	char text[GOLDEN_TEXT] = "";
	const char *why;

	for (unsigned int i = 3; i < s->count; i++) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "%s%s", used > 0 ? " " : "", s->word[i]);
	}
	rule->session = rig_session_of(p->r, &other);
	if (selector_parse(text, &rule->selector, &why) != 0)
		fail(p, s, why);
	say_flows(p, s);
}

/* The neighbours fall silent: from here on the case alone says what comes in. */
static void
begin(struct play *p)
{
	if (p->begun)
		return;
	rig_wait(p->r, SETTLE_MS);
	rig_forget(p->r);
	p->r->mute = true;
	p->begun = true;
	rig_stats(p->r, &p->all);
}

/* All frames at once, or in bursts of these sizes and the last of them again. */
static void
feed(struct play *p, const struct golden_step *s)
{
	static struct oracle oracle; /* too large for a stack */
	int port = golden_port(s->word[1]);
	unsigned int burst = 4;

	begin(p);
	for (unsigned int i = 0; i < s->in.count;) {
		unsigned int n = s->count > 4 ? (unsigned int)atoi(s->word[burst]) : s->in.count;

		oracle_begin(&oracle, p->g, p->r);
		for (unsigned int k = i; k < i + n && k < s->in.count; k++)
			oracle_ask(&oracle, port, s->in.frame[k].bytes, s->in.frame[k].len);
		for (; n > 0 && i < s->in.count; n--, i++)
			rig_feed_bytes(p->r, port, s->in.frame[i].bytes, s->in.frame[i].len);
		rig_run(p->r);
		p->failed = !oracle_judge(&oracle) || p->failed;
		judge(p);
		burst += burst + 1 < s->count;
	}
}

static void
step(struct play *p, const struct golden_step *s)
{
	struct frame rs;

	switch (s->verb) {
	case GOLDEN_REGISTER:
	case GOLDEN_DEREGISTER:
		update(p, s, s->verb == GOLDEN_DEREGISTER);
		break;
	case GOLDEN_ATTACH:
		attach(p, s);
		break;
	case GOLDEN_GRE:
		put_in_gre(p, s);
		break;
	case GOLDEN_SHARE:
		share(p, s);
		break;
	case GOLDEN_FLOW:
		add_flow(p, s);
		break;
	case GOLDEN_AGGREGATE:
		if (rig_aggregate(p->r, s->word[1], s->word[2]) != 0)
			fail(p, s, "the prefix is not the gateway's");
		break;
	case GOLDEN_SOLICIT:
		rs = solicitation(s->word[1]);
		rig_send(p->r, ACCESS, &rs);
		break;
	case GOLDEN_IN:
		feed(p, s);
		break;
	case GOLDEN_WAIT:
		begin(p);
		rig_wait(p->r, strtoull(s->word[1], NULL, 10));
		judge(p);
		break;
	}
}

/* With something to record, though no packet ever passes: none is plain. */
static bool
stage_all(struct path *path)
{
	static const struct path_trace_filter none[PATH_TRACE_MAX] = {
		{.on = true, .port = PATH_PORT_NONE - 1, .drop = PATH_TRACE_ALL}};

	return path_trace_set(path, none) == 0;
}

bool
golden_play(const struct golden *g, bool staged, size_t cut)
{
	static struct rig rig; /* too large for a stack */
	struct play p = {.g = g, .r = &rig};
	struct stat_block all;

	rig_open(&rig, &g->wish);
	p.failed = staged && !stage_all(rig.path);
	rig.cut = cut;
	for (unsigned int i = 0; i < g->step_count && !p.failed; i++)
		step(&p, &g->step[i]);
	begin(&p);
	for (int port = 0; port < PORTS; port++)
		p.failed = !golden_judge_count(g, port, p.sent[port]) || p.failed;
	rig_stats(&rig, &all);
	p.failed = !golden_judge_stats(g, &p.all, &all) || p.failed;
	p.failed = !golden_judge_balance(g, path_stats(rig.path, 0)) || p.failed;
	rig_close(&rig);
	return !p.failed;
}
