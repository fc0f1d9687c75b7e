/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of the world share. world.c makes it and lets time pass, engine.c makes its engines, node.c steps them
 * and carries out their actions, wire.c is what is under way, op.c is what happens from outside; ledger.c and reach.c
 * are the model, and judge.c and check.c the invariants.
 */
#include "base/rate.h"
#include "pmip/auth.h"
#include "pmip/heartbeat.h"
#include "sim.h"

#define SIM_START_WALL	((uint64_t)1700000000 << 16)
#define SIM_FLIGHTS_MAX 512
#define SIM_HEARD_MAX	128
#define SIM_SENT_MAX	128
#define SIM_RECORDED	128
#define SIM_ASKED_MAX	64    /* revocations of an anchor that are told from their repetitions */
#define SIM_BOOTED_MS	1000  /* what every node's clock that only grows shows at first */
#define SIM_REVOKED	255   /* in place of an answer's status */
#define SIM_DEPTH_MAX	3     /* message, policy answer, failed effect: as in the daemon */
#define SIM_NOTICED_MS	1000  /* until a host that nobody serves is seen by its traffic */
#define SIM_POLICY_MS	10000 /* an anchor waits no longer for policy */
#define SIM_RETRY_MS	1000  /* until an anchor sets once more what could not be set */
#define SIM_SELECTORS	5     /* kinds of packets that flows are of */
#define SIM_POLICIES	2

/* What a node was asked to forward for a session. */
struct sim_forward {
	bool set;
	bool held;   /* its packets lead nowhere */
	bool failed; /* the last change could not be carried out */
	uint8_t prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX];
	struct addr6 local, remote;
	uint32_t host;
	bool gre, key_in_given, key_out_given;
	uint32_t key_in, key_out;
};

/* How a session of an anchor shares its prefixes, as it was told: a way is that of the moment. */
struct sim_share {
	struct addr_prefix prefix;
	struct addr6 remote;
	bool idle;
};

struct sim_rule {
	struct selector selector;
	struct addr6 remote;
};

struct sim_flows {
	unsigned int share_count, rule_count;
	struct sim_share share[PMIP_SHARES_MAX];
	struct sim_rule rule[PMIP_FLOWS_MAX];
};

/* An update as it came to an anchor, or left a gateway. */
struct sim_update {
	uint64_t at_ms, wall;
	uint64_t last_ms; /* when the last copy came */
	struct addr6 src, coa;
	uint16_t sequence, lifetime;
	uint64_t timestamp;
	uint8_t handoff, access_tech;
	int mn;
	bool any_prefix; /* it asks for no prefix in particular */
	bool pulls;	 /* and for those of another session */
	bool answered;
	bool mismatch;	  /* refused for its time */
	bool accepted;	  /* anchor */
	uint16_t granted; /* by its answer */
	struct mh_opt_mn_ll_id ll_id;
};

/* A binding as an anchor has acknowledged it. */
struct sim_entry {
	bool used;
	bool lingers;	 /* de-registered */
	bool revoked;	 /* an operator has ended it, and it goes soon */
	bool may_end;	 /* its gateway has, perhaps */
	bool asked;	 /* its gateway is asked whether it left, by a revocation of this number */
	bool may_linger; /* and has said so */
	bool grouped;	 /* it is extended with others */
	bool gone;	 /* in this step */
	uint16_t asked_sequence;
	bool waited; /* the last update had waited for the de-registration */
	int mn;
	uint8_t access_tech;
	struct mh_opt_mn_ll_id ll_id;
	uint8_t prefix_count;
	struct addr_prefix prefix[MH_HNP_MAX];
	struct addr6 coa;
	uint64_t timestamp;
	uint16_t sequence, lifetime;
	uint64_t accepted_ms, ends_ms;
};

/* How a gateway comes to what it cuts from. */
enum sim_cuts { SIM_CUTS_ASKED, SIM_CUTS_CONFIGURED, SIM_CUTS_NOTHING };

struct sim_node {
	unsigned int index;
	struct addr6 address;
	struct lma *lma; /* one of the two */
	struct mag *mag;
	struct pmip_auth *auth;
	struct pmip_heartbeat *heartbeat;
	unsigned int keys; /* step of their change */
	uint64_t started_ms, started_wall;
	struct rate answers;
	uint64_t cut_until_ms[SIM_NODES_MAX]; /* to each node */
	uint64_t heard_ms[SIM_NODES_MAX];     /* the last answer to a heartbeat */
	uint64_t wanted_ms[SIM_NODES_MAX];    /* when heartbeats to it began */
	uint64_t ended_ms[SIM_NODES_MAX]; /* anchor: sessions of a gateway that were accepted until then may be ended */
	uint64_t unanswered_ms[SIM_NODES_MAX]; /* when it is told no more that all is revoked; 0: it has answered */
	uint64_t dead_ms[SIM_NODES_MAX];       /* it failed then; 0: it did not */
	uint64_t grouped_ms[SIM_NODES_MAX];    /* gateway: when the update was sent that extended all it has with an */
	uint64_t group_ends_ms[SIM_NODES_MAX]; /* anchor, and until when that lasts */
	uint64_t put_off_ms;		       /* gateway: when sessions may have been put off, at the latest */
	uint64_t pace_ms, pace_credit;
	uint32_t asked[SIM_ASKED_MAX], asked_count; /* anchor: numbers of revocations, plus 1 */
	bool wants[SIM_NODES_MAX];		    /* it has sessions with it */
	bool accepted;				    /* gateway: it has acknowledged the revocation of this step */
	uint64_t renewed_ms[SIM_NODES_MAX];	    /* gateway: that this anchor is asked for all its sessions */
	bool ticking;				    /* its step is by time alone */
	bool heartbeat_more;
	int64_t offset_ms; /* of the time of day, at set_ms */
	int32_t ppm;
	uint64_t set_ms;
	uint64_t stamp; /* gateway: of the last update, 0 where its clock was set since */
	uint64_t stalled_until_ms;
	uint64_t disturbed_ms; /* the last time that something was done to it from outside */
	uint64_t ticked_ms;
	uint64_t failed_ms; /* the last time that forwarding could not be set */
	uint64_t refused;   /* transitions */
	unsigned int fail_next, idle_ticks, crashes;
	bool more;
	bool slow_policy;		    /* anchor: a question was not answered at once, ever */
	struct addr6 aggregate[SIM_BLOCKS]; /* anchor: where what lies in each block goes */
	uint8_t gateway[SIM_BLOCKS];	    /* anchor: whose each is by its settings, plus 1; 0: nobody's */
	enum sim_cuts cuts;		    /* gateway */
	int block;			    /* gateway: that it is configured with */
	uint64_t listed_ms; /* the last time that its list, or what was said of it, did not simply arrive */
	uint8_t strangers;  /* anchor: a bit for each gateway that is no peer of it */
	struct sim_forward forward[SIM_SESSIONS_MAX];
	struct sim_update update[SIM_HEARD_MAX]; /* heard by an anchor, sent by a gateway: a ring */
	unsigned int update_count;
	struct sim_entry entry[SIM_SESSIONS_MAX]; /* anchor */
	uint16_t sent[SIM_NODES_MAX + 1];	  /* messages to each node, and questions */
	uint16_t fate_at[SIM_NODES_MAX + 1];	  /* the next fate of that direction */
};

/* An interface of a mobile node. */
struct sim_if {
	int spot; /* where it is, or SIM_NOBODY */
	uint64_t told_ms;
	uint32_t host[SIM_SPOTS_MAX]; /* as its gateway knows it there; 0: not at all */
	uint8_t advertised[SIM_SPOTS_MAX], deprecated[SIM_SPOTS_MAX];
	struct addr_prefix prefix[SIM_SPOTS_MAX][MH_HNP_MAX];
	uint64_t calm_ms;		      /* the last time that something kept it from being served */
	uint8_t refused[SIM_MAGS_MAX];	      /* the last answer that each gateway got, where that is a refusal */
	uint64_t revoked_ms[SIM_MAGS_MAX];    /* when it was revoked there, last */
	uint64_t granted_ms[SIM_MAGS_MAX];    /* until when each may serve it, by its anchor's word */
	uint64_t registered_ms[SIM_MAGS_MAX]; /* the last time that an update of its own was accepted */
	bool grouped[SIM_MAGS_MAX];	      /* it is extended with others since */
	bool judged;
};

struct sim_mn {
	uint64_t disturbed_ms; /* by what became of a message or a question, or by another interface */
	uint64_t lost_ms;      /* by what became of a message or a question alone */
	uint64_t moved_ms;     /* the last time that its prefixes were told to move */
	uint64_t asked_ms;     /* its last notification, */
	unsigned int asked;    /* and how many there were in that second */
	bool denied;	       /* policy did not know it, once */
	bool orphaned;	       /* its anchor may have had a session of it that no gateway had, once */
};

enum sim_flight_kind { SIM_FLY_MESSAGE, SIM_FLY_POLICY, SIM_FLY_ATTACH, SIM_FLY_DETACH };

/* Something that will arrive. */
struct sim_flight {
	enum sim_flight_kind kind;
	uint64_t at_ms, order;
	unsigned int from, to;
	uint32_t token; /* POLICY */
	bool found;
	int who, spot; /* mobile node, or interface; SIM_NOBODY */
	uint8_t handoff;
	int pull;	  /* ATTACH: which prefixes come with it, or SIM_NOBODY */
	bool noticed;	  /* ATTACH: by its traffic, if it is not known there yet */
	uint32_t record;  /* MESSAGE: its number */
	uint64_t came_ms; /* a recorded one: when it was taken, 0: it was not */
	uint16_t len;
	uint8_t bytes[SIM_MESSAGE_MAX];
};

/* What a node shows. */
struct sim_shown {
	uint32_t sessions, waiting;
	uint64_t due_ms, sum;
};

/* An acknowledgement that an anchor sends, and the update that it answers. */
struct sim_answer {
	const struct mh_msg *msg;
	const struct sim_update *update;
	struct sim_entry *entry; /* that has one of its prefixes, or NULL */
	bool multi;		 /* it is about a mobile node that has none */
};

struct sim_world {
	const struct sim_history *h;
	struct sim_plan plan; /* as it is now: its times change */
	unsigned int nodes;
	uint64_t now_ms;
	struct sim_node node[SIM_NODES_MAX];
	struct sim_flows (*flows)[SIM_SESSIONS_MAX]; /* of each anchor */
	struct sim_if iface[SIM_IFS_MAX];
	struct sim_mn mn[SIM_MNS_MAX];
	struct pmip_mn_id mn_id[SIM_MNS_MAX];
	uint32_t hosts; /* ids given so far */
	struct sim_flight *flight;
	uint16_t flying[SIM_FLIGHTS_MAX]; /* indexes: the first flight_count are used */
	unsigned int flight_count;
	uint64_t order;
	struct pmip_actions *actions;
	unsigned int depth;
	unsigned int ignored; /* a bit for each invariant that is not judged */
	bool leaving;	      /* the curtain */
	bool hostile;	      /* what is delivered is not as its sender sent it */
	struct sim_flight recorded[SIM_RECORDED];
	unsigned int recorded_count;
	struct sim_result result;
	struct sim_coverage coverage;
	FILE *trace;
};

/* world.c */
void sim_fault(struct sim_world *w, enum sim_invariant i, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct clock_now sim_now(const struct sim_world *w, const struct sim_node *n);
unsigned int sim_ifs(const struct sim_world *w); /* their numbers are below; the second of a node may not exist */
bool sim_if_exists(const struct sim_world *w, unsigned int i);
int sim_mn_find(const struct sim_world *w, const struct mh_msg *m);
struct sim_node *sim_lma_of(struct sim_world *w, int mn);
struct sim_node *sim_mag_at(struct sim_world *w, int spot);
bool sim_is_barred(const struct sim_world *w, int mn);

/* engine.c */
struct pmip_timers sim_timers(const struct sim_plan *p);
struct addr_prefix sim_fixed_prefix(const struct sim_world *w, int mn);
void sim_engine_make(struct sim_world *w, struct sim_node *n);
void sim_engine_free(struct sim_world *w, struct sim_node *n);
void sim_engine_apply(struct sim_world *w, struct sim_node *n); /* other settings while it runs */
int sim_engine_try(struct sim_world *w, struct sim_node *n);	/* the same, with what it says: 0 or a negative errno */

/* node.c */
void sim_step(struct sim_world *w, struct sim_node *n, struct pmip_event *e);
void sim_step_heartbeat(struct sim_world *w, struct sim_node *n, struct pmip_event *e);
uint64_t sim_due(const struct sim_world *w, const struct sim_node *n);
void sim_tick(struct sim_world *w, struct sim_node *n);
void sim_profile(const struct sim_world *w, int mn, bool gateway, struct pmip_profile *out);

static inline void
sim_at_least(uint64_t *at_ms, uint64_t ms)
{
	if (*at_ms < ms)
		*at_ms = ms;
}

/* wire.c */
struct sim_flight *sim_fly(struct sim_world *w, enum sim_flight_kind kind, uint64_t at_ms);
void sim_send(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);
void sim_ask(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);
uint64_t sim_flight_due(const struct sim_world *w);
void sim_land(struct sim_world *w);
void sim_carry(struct sim_world *w, struct sim_node *n, struct sim_node *to, const struct mh_msg *msg);
struct sim_node *sim_node_at(struct sim_world *w, const struct addr6 *a);
/* A message does not simply arrive, until then: nobody is held to what it should have done. */
void sim_disturb(struct sim_world *w, const struct mh_msg *m, struct sim_node *from, struct sim_node *to,
		 uint64_t until_ms);

/* edge.c */
struct pmip_key sim_key(const struct sim_world *w, unsigned int a, unsigned int b, unsigned int number);
/* What a node's configuration says of another; false when it is no peer. */
bool sim_peer_settings(const struct sim_world *w, const struct sim_node *n, unsigned int peer,
		       struct pmip_peer_settings *out);
/* A time of day as a message's stamp. */
uint64_t sim_stamp(uint64_t wall);
int sim_encode(struct sim_world *w, struct sim_node *n, unsigned int to, const struct mh_msg *m,
	       uint8_t bytes[static SIM_MESSAGE_MAX]);
/* MALFORMED, too, from a node that does not run. */
enum pmip_auth_verdict sim_deliver(struct sim_world *w, unsigned int from, unsigned int to, const uint8_t *bytes,
				   size_t len);

/* reach.c: one sends in GRE what the other does not take. */
bool sim_are_other_keys(const struct sim_forward *at_lma, const struct sim_forward *at_mag);

/* moves.c */
bool sim_moves(const struct sim_world *w); /* nodes know how prefixes and flows do */
/* Its prefixes and flows may move: it has two interfaces, and nodes know how. */
bool sim_is_multi(const struct sim_world *w, int mn);
struct pmip_multihoming sim_multihoming(const struct sim_world *w);
struct selector sim_selector(unsigned int kind, const struct addr_prefix *prefix);
const struct pmip_flow_policy *sim_policies(void);
uint8_t sim_choose_prefixes(const struct sim_world *w, unsigned int i, unsigned int which,
			    struct addr_prefix out[MH_HNP_MAX]);
uint32_t sim_session_of(const struct sim_world *w, const struct sim_node *n, unsigned int i);
void sim_move(struct sim_world *w, unsigned int i, bool gateway, unsigned int what);
void sim_flow(struct sim_world *w, unsigned int i, uint16_t id, unsigned int what);

/* aggregates.c: blocks are known by number. */
struct addr_prefix sim_block(unsigned int block);
/* Whose it is by an anchor's settings; zero: nobody's. */
struct addr6 sim_block_gateway(const struct sim_world *w, const struct sim_node *lma, unsigned int block);
void sim_blocks_start(struct sim_world *w, struct sim_node *n);
unsigned int sim_blocks_list(const struct sim_world *w, const struct sim_node *lma,
			     struct pmip_aggregate out[static SIM_BLOCKS]);
/* The first that an anchor has for a gateway; of 0 bits: none. */
struct addr_prefix sim_aggregate(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag);
/* Whether it is of one of them; and of any block at all. */
bool sim_is_cut_from(const struct sim_world *w, const struct sim_node *lma, const struct sim_node *mag,
		     const struct addr_prefix *p);
bool sim_is_temporal(const struct sim_world *w, const struct addr_prefix *p);
void sim_gateway_id(unsigned int node, struct pmip_mn_id *out);
/* The gateway whose aggregate a message is about, SIM_NOBODY: it is about something else. */
int sim_gateway_named(const struct sim_world *w, const struct mh_msg *m);
/* Whether it is about a gateway and its aggregate; the wire may have changed its name. */
bool sim_is_of_gateway(const struct sim_world *w, const struct mh_msg *m);
void sim_blocks_change(struct sim_world *w, struct sim_node *lma, unsigned int block, int gateway);
void sim_blocks_cuts(struct sim_world *w, struct sim_node *mag, unsigned int how);
void sim_cut(struct sim_world *w, unsigned int i, unsigned int count);
void sim_blocks_judge(struct sim_world *w, const struct sim_node *lma, const struct pmip_action *a);
void sim_check_uncut(struct sim_world *w, const struct sim_node *mag);

/* rows.c */
struct addr6 sim_address_in(const struct addr_prefix *p, uint64_t host);
void sim_flows_set(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);
void sim_aggregate_set(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);
bool sim_is_settled(const struct sim_world *w, const struct sim_node *n);
const char *sim_why_apart(const struct sim_world *w, unsigned int i, const struct sim_node *mag,
			  const struct sim_node *lma);

/* show.c */
struct sim_shown sim_show(const struct sim_node *n);
struct sim_shown sim_show_all(const struct sim_node *n); /* and what it counts and forwards */

/* hostile.c: a message that was on the wire, sent by somebody who has no key. */
void sim_hostile(struct sim_world *w, struct sim_node *n, int how, int which);

/* ending.c */
bool sim_target(struct sim_world *w, const struct sim_node *n, int what, struct pmip_target *out);
void sim_ending_command(struct sim_world *w, struct sim_node *n, const struct pmip_target *t, uint8_t trigger);
void sim_ending_heard(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m);
void sim_ending_sent(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);
/* What a gateway has agreed to be over it does not forward. */
void sim_ending_obeyed(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m);
/* A gateway extends a session whose last update is this. */
void sim_ending_extends(struct sim_world *w, struct sim_node *n, const struct sim_update *before);
/* Whether something other than its lifetime may have ended a binding by now. */
bool sim_ending_may(const struct sim_world *w, const struct sim_node *n, const struct sim_entry *e);
uint64_t sim_revocation_ms(const struct sim_world *w); /* what an unanswered one takes */
uint64_t sim_paced_ms(const struct sim_world *w);      /* what the pace makes of all sessions */

/* peers.c */
void sim_peers_check(struct sim_world *w, struct sim_node *n);
void sim_peer_changed(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);

/* stranger.c: a message from an address that is no peer's. */
void sim_stranger(struct sim_world *w, struct sim_node *n, int mn, int choice);

/* op.c */
void sim_op_run(struct sim_world *w, const struct sim_op *op);
uint8_t sim_access_tech(unsigned int i);
void sim_attach(struct sim_world *w, unsigned int i, int spot, uint8_t handoff, int pull);
void sim_detach(struct sim_world *w, unsigned int i, int spot);
void sim_forget_host(struct sim_world *w, struct sim_node *n, uint32_t host);
uint32_t sim_nth_session(const struct sim_node *n, int nth);

/* ledger.c */
void sim_ledger_heard(struct sim_world *w, struct sim_node *n, unsigned int from, const struct mh_msg *m);
void sim_ledger_sent(struct sim_world *w, struct sim_node *n, const struct pmip_action *a);
void sim_ledger_closed(struct sim_world *w, struct sim_node *n, uint32_t session);
/* An anchor gives up a session, before what else it does in this step. */
void sim_ledger_gone(struct sim_node *n, const struct pmip_action *a);
struct sim_entry *sim_entry_find(struct sim_node *n, const struct addr_prefix *prefix, unsigned int count);

/* The invariants' functions, as their rows name them. */
#define SIM_INVARIANT(NAME, text, answer, step, help)                                                                  \
	void answer(struct sim_world *w, struct sim_node *n, const struct sim_answer *a);                              \
	void step(struct sim_world *w, struct sim_node *n);
#include "invariant.def"
#undef SIM_INVARIANT
void sim_judge(struct sim_world *w, struct sim_node *n, const struct sim_answer *a);
void sim_check(struct sim_world *w, struct sim_node *n);
void sim_check_silence(struct sim_world *w);
void sim_check_begin(struct sim_world *w, struct sim_node *mag, uint32_t host); /* its gateway begins to serve it */
void sim_check_empty(struct sim_world *w);

/* trace.c: a line each, if somebody reads. */
void sim_say(struct sim_world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_say_action(struct sim_world *w, const struct sim_node *n, const struct pmip_action *a);
void sim_say_message(struct sim_world *w, unsigned int from, unsigned int to, const struct mh_msg *m, const char *what);
const char *sim_node_name(const struct sim_world *w, unsigned int node);
