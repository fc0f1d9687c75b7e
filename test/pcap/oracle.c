/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the node says beforehand that it would do (packet.explain), held against what it does. What it makes itself, and
 * what depends on the moment, is not foretold: answers, full rings, spent rates.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "oracle.h"

static bool
wrong(struct oracle *o, const char *what)
{
	printf("  %s: explained: %s\n", o->g->folder, what);
	o->failed = true;
	return false;
}

/* For this, a packet that would be punted is dropped. */
static bool
is_of_punts(enum stat_drop why)
{
	return why == STAT_DROP_PUNT_RING_FULL ||
	       (why >= STAT_DROP_POLICED_SIGNALLING && why <= STAT_DROP_POLICED_RESOLVE);
}

/* What becomes of a fragment that was kept lies with the others. */
static bool
is_of_the_moment(const struct oracle *o, enum stat_drop why)
{
	return (o->kept > 0 && stat_drop_happens_in(why, "reassemble")) || why == STAT_DROP_ICMP_RATE ||
	       why == STAT_DROP_TX_FULL || is_of_punts(why);
}

void
oracle_begin(struct oracle *o, const struct golden *g, struct rig *r)
{
	o->g = g;
	o->r = r;
	o->failed = false;
	o->sent_count = o->punted = o->kept = 0;
	memset(o->drop, 0, sizeof(o->drop));
	o->before = *path_stats(r->path, 0);
}

static void
foresee(struct oracle *o, const struct path_explain_end *e)
{
	struct oracle_frame *f = &o->sent[o->sent_count];

	o->punted += e->end == PATH_PUNTED;
	o->kept += e->end == PATH_KEPT;
	if (e->end == PATH_DROPPED)
		o->drop[e->drop]++;
	if (e->end != PATH_SENT || o->sent_count == ORACLE_FRAMES)
		return;
	f->port = e->out;
	f->frame.len = rte_pktmbuf_data_len(e->m);
	memcpy(f->frame.b, rte_pktmbuf_mtod(e->m, const void *), f->frame.len);
	o->sent_count++;
}

/* The stage that refused a packet is one of those in its reason's row. */
static bool
is_in_its_place(const struct path_explanation *x, enum stat_drop why)
{
	const struct path_explain_step *last = &x->step[x->step_count - 1];

	for (; last > x->step && strcmp(path_stage_row(last->stage)->name, "error") == 0; last--)
		;
	return stat_drop_happens_in(why, path_stage_row(last->stage)->name);
}

void
oracle_ask(struct oracle *o, int port, const uint8_t *bytes, size_t len)
{
	struct path_explanation x;

	if (path_explain(o->r->path, (uint16_t)port, bytes, len, &x) != 0) {
		wrong(o, "no answer");
		return;
	}
	if (x.step_count == 0 || x.end_count == 0)
		wrong(o, "no stage, or no end");
	for (unsigned int i = 0; i < x.end_count; i++) {
		foresee(o, &x.end[i]);
		if (x.end[i].end == PATH_DROPPED && !is_in_its_place(&x, x.end[i].drop))
			wrong(o, stat_drop_row(x.end[i].drop)->name);
	}
	path_explain_free(&x);
}

static bool
same_frame(const struct oracle *o, int port, const struct frame *a, const struct frame *b)
{
	size_t at = 0;

	while (at < a->len && a->len == b->len && (a->b[at] == b->b[at] || golden_is_free(o->g, port, at)))
		at++;
	return at == a->len;
}

/* All that was foretold went out, in its order. */
static bool
judge_sent(struct oracle *o, int port)
{
	unsigned int heard = 0;

	for (unsigned int i = 0; i < o->sent_count; i++) {
		const struct oracle_frame *f = &o->sent[i];

		if (f->port != port)
			continue;
		while (heard < o->r->heard_count[port] && !same_frame(o, port, &f->frame, &o->r->heard[port][heard]))
			heard++;
		if (heard++ == o->r->heard_count[port])
			return wrong(o, "a frame that did not go out");
	}
	return true;
}

bool
oracle_judge(struct oracle *o)
{
	const struct stat_block *now = path_stats(o->r->path, 0);
	uint64_t punted = now->counter[STAT_PUNTED] - o->before.counter[STAT_PUNTED];

	for (unsigned int why = 0; why < STAT_DROP_COUNT; why++)
		punted += is_of_punts(why) ? now->drop[why] - o->before.drop[why] : 0;
	for (unsigned int why = 0; why < STAT_DROP_COUNT; why++)
		if (!is_of_the_moment(o, why) && now->drop[why] - o->before.drop[why] != o->drop[why])
			wrong(o, stat_drop_row(why)->name);
	/* What the control lcore has to say may come back to it for its next hop. */
	if (punted < o->punted)
		wrong(o, "a packet that was not punted");
	for (int port = 0; port < PORTS; port++)
		judge_sent(o, port);
	return !o->failed;
}
