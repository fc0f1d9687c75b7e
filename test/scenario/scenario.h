/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Scenarios: text files of events at times and of the actions that each must have, played to the engines on a virtual
 * clock. docs/scenarios.md is the format. line.c takes lines apart, message.c, flow.c and action.c are the words for
 * messages and actions, table.c those for what a node has, node.c steps the engines, wire.c carries messages between
 * them, play.c plays a file, coverage.c tells which transitions the files take, main.c finds the files.
 */
#include <stdio.h>

#include "lma/lma.h"
#include "mag/mag.h"

#define LINE_MAX_BYTES 1024
#define WORDS_MAX      48
#define TEXT_MAX       1024 /* of an action */
#define ACTIONS_MAX    512  /* of an event, at all nodes */
#define MAGS_MAX       4
#define NODES_MAX      (1 + MAGS_MAX)
#define AGGREGATES_MAX 16
#define HELD_MAX       16 /* messages on the wire */

/* A line of a file, in words. */
struct line {
	char text[LINE_MAX_BYTES]; /* the words' bytes */
	const char *word[WORDS_MAX];
	unsigned int count;
	bool indented;
};

/* Something that a line says wrong; what is said first counts. */
struct complaint {
	char text[256];
};
void complain(struct complaint *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* line.c */
/* 0; a comment or an empty line has no words. -1 when the line is too long. */
int line_read(const char *text, struct line *out);
/* The value of key=value, NULL when there is none. */
const char *line_value(const struct line *l, const char *key);
/* Values, with a default; a value that is none complains. */
uint64_t line_number(const struct line *l, const char *key, uint64_t def, uint64_t max, struct complaint *c);
struct addr6 line_addr(const struct line *l, const char *key, struct addr6 def, struct complaint *c);
bool line_yes(const struct line *l, const char *key, bool def, struct complaint *c);
struct pmip_mn_id line_mn_id(const struct line *l, struct complaint *c);
/*
 * Comma separated prefixes, "all-zero" among them; how many. In front of one may stand "off-link:", which sets its bit
 * in *off_link, unless that is NULL.
 */
uint8_t line_prefixes(const struct line *l, const char *key, struct addr_prefix out[static MH_HNP_MAX],
		      uint8_t *off_link, struct complaint *c);
/* "1.250" as milliseconds. */
bool line_time(const char *word, uint64_t *ms);
/* Complains about a key that is none of those, a list of words. */
void line_check_keys(const struct line *l, unsigned int from, const char *keys, struct complaint *c);

/* Text that grows; what has no room is left out. */
struct text {
	char *at;
	size_t left;
};
void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* message.c: "pbu seq=1 mn=..." from word `from` on; times are from the start of the scenario. */
void message_read(const struct line *l, unsigned int from, uint64_t start_wall, uint64_t now_wall, struct mh_msg *out,
		  struct complaint *c);
int message_text(const struct mh_msg *m, uint64_t start_wall, char *text, size_t size);

/* flow.c */
void flow_selector_read(const char *value, struct selector *out, struct complaint *c);
void flow_selector_text(const struct selector *s, char text[static SELECTOR_TEXT]);
void flow_options_read(const struct line *l, struct mh_msg *m, struct complaint *c);
void flow_options_text(struct text *t, const struct mh_msg *m);
void flow_action_text(struct text *t, const struct pmip_action *a); /* FLOWS */

/* action.c */
void action_text(const struct pmip_action *a, uint64_t start_wall, char text[static TEXT_MAX]);
/* Whether the line (from its word `from` on) says this: the words before the first key, and each key that it has. */
bool action_said(const struct line *l, const char *text);

/* node.c: the engines of a scenario. */
struct node {
	char name[PMIP_NAME_MAX];
	struct addr6 address;
	struct lma *lma; /* one of the two */
	struct mag *mag;
	struct lma_settings settings; /* of an anchor, as it took them last; the aggregates are these */
	struct pmip_aggregate aggregates[AGGREGATES_MAX];
	bool fail_next;		   /* its next FORWARD_SET cannot be carried out */
	uint64_t stalled_until_ms; /* gets neither ticks nor messages */
	struct pmip_action asked[16];
	unsigned int asked_count;
};

/* What happened since the last event. */
struct happening {
	uint64_t at_ms;
	char text[TEXT_MAX];
};

/* wire.c: what one node sends to another, on its way. */
struct wire {
	unsigned int lose, hold; /* so many of the next messages */
	struct pmip_action held[HELD_MAX];
	unsigned int held_count;
};

struct nodes {
	struct node node[NODES_MAX]; /* the anchor first if there is one: on a tie of time it is the first too */
	unsigned int count;
	struct wire wire;
	struct clock_now now;
	uint64_t start_wall;
	struct happening *happened;
	unsigned int happened_count;
	unsigned int depth;
	struct complaint *complaint;
};

uint64_t node_due(const struct node *n);
/* One more line of what happened at it. */
void node_happens(struct nodes *all, const struct node *n, const char *text);
void node_step(struct nodes *all, struct node *n, struct pmip_event *e);
/* As it would come from the wire. */
void node_receive(struct nodes *all, struct node *n, const struct addr6 *src, const struct addr6 *dst,
		  const struct mh_msg *m);
void node_tick(struct nodes *all, struct node *n);
/* The node of this name or address, NULL when there is none. */
struct node *node_find(struct nodes *all, const char *name);
struct node *node_at(struct nodes *all, const struct addr6 *address);
/* How often its engine took a transition, and how often it tried one that its table does not allow. */
uint64_t node_transitions(const struct node *n, unsigned int from, unsigned int to);
uint64_t node_refused_transitions(const struct node *n);
void node_free(struct node *n);

/* Carry a SEND to the node that it is for, if it is there. */
void wire_carry(struct nodes *all, const struct pmip_action *send);
/* What was held arrives, in order. */
void wire_release(struct nodes *all);

/* setup.c: the lines before the first event. */
struct setup_multihoming {
	char node[PMIP_NAME_MAX]; /* "": all others */
	struct pmip_multihoming is;
};

struct setup {
	struct lma_settings lma;
	bool with_lma;
	struct mag_settings mag[MAGS_MAX];
	char mag_name[MAGS_MAX][PMIP_NAME_MAX];
	unsigned int mag_count;
	struct pmip_timers timers;
	struct pmip_peer_settings peers[16];
	struct pmip_pool_settings pools[16];
	struct pmip_service_settings services[8];
	struct pmip_peer_settings anchors[4]; /* that gateways know something of */
	unsigned int anchor_count;
	struct setup_multihoming multihoming[NODES_MAX + 1];
	unsigned int multihoming_count;
	struct pmip_flow_policy flow_policies[8];
	struct pmip_aggregate aggregates[AGGREGATES_MAX];
};
void setup_init(struct setup *s);
/* False when the line is none of a setup's. */
bool setup_line(struct setup *s, const struct line *l, struct complaint *c);
void setup_make(const struct setup *s, struct nodes *all, struct complaint *c);

/* event.c: carry out "NODE VERB ..." of an `at` line. */
void event_run(struct nodes *all, const struct line *l, struct complaint *c);

/* reload.c: the anchor's settings have this block, or have it no more. */
void reload_aggregate(struct nodes *all, struct node *n, const struct line *l, struct complaint *c);

/* table.c: what the node has of the mobile node that the line names. */
void table_show(struct nodes *all, struct node *n, const struct line *l, struct complaint *c);

/* coverage.c: the transitions of the engines' tables of states, and the files that take them. */
struct coverage;
struct coverage *coverage_new(void);
void coverage_free(struct coverage *c);
void coverage_note(struct coverage *c, const struct nodes *all, const char *path);
/* All transitions, one a line, and how many are taken and not taken; true when all are. */
bool coverage_print(const struct coverage *c);

/*
 * play.c: play a file; with `print` the file is written to stdout with the actions that happened. True when it passed,
 * and then its transitions are noted, if `coverage` is not NULL.
 */
bool play_file(const char *path, bool print, struct coverage *coverage, FILE *report);
