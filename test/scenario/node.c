/* SPDX-License-Identifier: BSD-3-Clause */
/* Steps of the engines, and what becomes of their actions. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define DEPTH_MAX 16 /* answers to answers; more is a scenario that goes round in circles */

uint64_t
node_due(const struct node *n)
{
	uint64_t due = n->lma != NULL ? lma_due(n->lma) : mag_due(n->mag);

	return due > n->stalled_until_ms ? due : n->stalled_until_ms;
}

void
node_happens(struct nodes *all, const struct node *n, const char *text)
{
	struct happening *h;

	if (all->happened_count == ACTIONS_MAX) {
		complain(all->complaint, "more than %u actions of one event", ACTIONS_MAX);
		return;
	}
	h = &all->happened[all->happened_count++];
	h->at_ms = all->now.mono_ms;
	if (snprintf(h->text, sizeof(h->text), "%s %s", n->name, text) >= (int)sizeof(h->text))
		complain(all->complaint, "an action is too long to show");
}

/* False when the rest of the list is to be dropped. */
static bool
apply(struct nodes *all, struct node *n, const struct pmip_action *a)
{
	char text[TEXT_MAX];

	action_text(a, all->start_wall, text);
	node_happens(all, n, text);
	if (a->type == PMIP_ACT_SEND) {
		wire_carry(all, a);
	} else if (a->type == PMIP_ACT_ASK_POLICY && n->asked_count < sizeof(n->asked) / sizeof(n->asked[0])) {
		n->asked[n->asked_count++] = *a;
	} else if (a->type == PMIP_ACT_FORWARD_SET && n->fail_next) {
		n->fail_next = false;
		node_step(all, n,
			  &(struct pmip_event){.type = PMIP_EV_EFFECT_FAILED, .failed = {.action = a, .error = -28}});
		return false;
	}
	return true;
}

static void
engine_step(struct node *n, const struct pmip_event *e, struct pmip_actions *out)
{
	if (n->lma != NULL)
		lma_step(n->lma, e, out);
	else
		mag_step(n->mag, e, out);
}

void
node_step(struct nodes *all, struct node *n, struct pmip_event *e)
{
	struct pmip_actions *out = calloc(1, sizeof(*out));

	if (all->now.mono_ms < n->stalled_until_ms)
		complain(all->complaint, "%s is stalled", n->name);
	if (out == NULL || all->depth == DEPTH_MAX) {
		complain(all->complaint, "the nodes do not stop answering each other");
		free(out);
		return;
	}
	all->depth++;
	e->now = all->now;
	engine_step(n, e, out);
	for (unsigned int i = 0; i < out->count; i++)
		if (!apply(all, n, &out->list[i]))
			break;
	if (out->more)
		node_tick(all, n);
	all->depth--;
	free(out);
}

void
node_tick(struct nodes *all, struct node *n)
{
	node_step(all, n, &(struct pmip_event){.type = PMIP_EV_TICK});
}

void
node_receive(struct nodes *all, struct node *n, const struct addr6 *src, const struct addr6 *dst,
	     const struct mh_msg *m)
{
	struct pmip_event e = {.type = PMIP_EV_MESSAGE, .message = {.src = *src, .dst = *dst}};
	uint8_t bytes[MH_LEN_MAX];
	struct mh_msg arrived;
	int len = mh_encode(m, src, dst, bytes, sizeof(bytes));
	enum mh_error error = len < 0 ? MH_ERR_OPTION : mh_decode(bytes, (size_t)len, src, dst, &arrived);

	if (error != MH_OK) {
		complain(all->complaint, "the message cannot be sent: %s", mh_error_name(error));
		return;
	}
	e.message.msg = &arrived;
	node_step(all, n, &e);
}

struct node *
node_find(struct nodes *all, const char *name)
{
	for (unsigned int i = 0; i < all->count; i++)
		if (strcmp(all->node[i].name, name) == 0)
			return &all->node[i];
	return NULL;
}

struct node *
node_at(struct nodes *all, const struct addr6 *address)
{
	for (unsigned int i = 0; i < all->count; i++)
		if (addr6_equal(&all->node[i].address, address))
			return &all->node[i];
	return NULL;
}

uint64_t
node_transitions(const struct node *n, unsigned int from, unsigned int to)
{
	return n->lma != NULL ? lma_transitions(n->lma, from, to) : mag_transitions(n->mag, from, to);
}

uint64_t
node_refused_transitions(const struct node *n)
{
	return n->lma != NULL ? lma_refused_transitions(n->lma) : mag_transitions_refused(n->mag);
}

void
node_free(struct node *n)
{
	lma_free(n->lma);
	mag_free(n->mag);
}
