/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * kedge-bench around a node on the wire: it is every host on its links but that node. It answers neighbour
 * solicitations for whatever address, registers its sessions as their gateways or lets mobile nodes attach whose
 * anchor it is, sends packets and takes what comes back.
 */
#include "bench.h"
#include "histogram.h"
#include "search.h"

/* The last bytes of each test packet, in this machine's order. */
struct mark {
	uint16_t magic, trial;
	uint32_t sequence;
	uint64_t tsc;
};
_Static_assert(sizeof(struct mark) == 16, "the mark is added to a checksum in 16-bit words");

struct link {
	struct path_port *port;
	uint16_t eth_id;
	struct addr_mac mac, node_mac;
	bool node_known;
	struct addr6 node; /* asked for where its MAC address is not given */
};

struct tester {
	struct options *o;
	struct rte_mempool *pool;
	struct link link[SIDES];
	struct link *side[SIDES]; /* NULL: there is none; both may be the same */
	struct plan plan;
	struct addr_prefix *home;
	struct traffic traffic;
	bool tunnelled; /* what comes back is */
	bool gateway;	/* the node is one */
	/* Of the trial that runs. */
	uint16_t trial;
	uint64_t sent, received, reordered, stray;
	uint32_t expected;
	struct histogram latency;
	/* A Mobility Header message, and a router advertisement to a station; the frame is the tester's. */
	void (*heard)(struct tester *t, const uint8_t *frame, size_t len);
	void (*advertised)(struct tester *t, const struct addr_mac *to);
	void *heard_user;
};

/* link.c: false after a line on stderr. */
bool link_open(struct tester *t, enum side side);
void link_close(struct tester *t);
/* Take what has come in at all links. */
void link_poll(struct tester *t);
/* Send a frame that was made whole; a full queue loses it. */
void link_send(struct tester *t, const struct link *l, const uint8_t *frame, size_t len);

/* anchor.c: answer the update of a gateway; and let a mobile node say that it is there. */
void anchor_heard(struct tester *t, const uint8_t *frame, size_t len);
void anchor_attach(struct tester *t, uint32_t session);

/* register.c: open all sessions, or close them, but at a gateway, which they leave in silence; false after a line on
 * stderr. */
bool register_sessions(struct tester *t, bool open);

/* No packet that was sent after this one has come before it. Numbers begin again behind the greatest. */
static inline bool
tester_follows(uint32_t *expected, uint32_t sequence)
{
	if ((int32_t)(sequence - *expected) < 0)
		return false;
	*expected = sequence + 1;
	return true;
}

/* trial.c: see search_fn; user is a struct tester. */
bool trial_run(void *user, const struct search_trial *trial, struct search_outcome *out);
/* A test packet that came back; false: it is none. */
bool trial_take(struct tester *t, struct rte_mbuf *m, uint64_t now);
