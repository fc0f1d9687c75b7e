/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A whole node in one thread, on a clock that the test turns: the control lcore, one worker, two ports made of rings,
 * and the neighbours on the core link, which answer solicitations.
 *
 *	correspondent, gateways, anchor ---- router ==== [core 0] node [access 1] ---- mobile nodes
 *	                                       peer -----'
 *	struct rig r;
 *	rig_open(&r, &(struct wish){.lma = true});
 *	rig_pbu(&r, &(struct update){.mag = MAG1});
 *	CU_ASSERT(rig_take_mh(&r, MH_PBA, &pba));
 *	rig_close(&r);
 */
#include <rte_ring.h>

#include "ctl/ctl.h"
#include "nd/nd.h"
#include "source.h"
#include "state.h"
#include "unit.h"

enum { CORE, ACCESS, PORTS };

#define NEED(x)		     CU_ASSERT_FATAL(x)
#define RIG_SESSIONS	     32
#define RIG_HISTORY	     64
#define RIG_FRAME_MAX	     9216
#define RIG_HEARD_MAX	     128
#define RIG_ASSOCIATIONS     8
#define RIG_PARTIAL_NEW	     241
#define RIG_PARTIAL_EXISTING 242

/* Addresses of the picture, as text. */
#define NODE	   "2001:db8:0:c::1" /* this node: anchor and gateway */
#define NODE2	   "2001:db8:0:c::2" /* and its second address */
#define ROUTER	   "2001:db8:0:c::fe"
#define PEER	   "2001:db8:0:c::5" /* another node on the core link */
#define MAG1	   "2001:db8:0:a::1" /* gateways elsewhere */
#define MAG2	   "2001:db8:0:a::2"
#define STRANGER   "2001:db8:0:b::66" /* a gateway that is not authorised */
#define ANCHOR	   "2001:db8:0:b::1"  /* an anchor elsewhere */
#define CN	   "2001:db8:77::1"
#define NOWHERE	   "4000::1" /* no route */
#define NODE_MAC   "02:00:00:00:00:c0"
#define LINK_MAC   "00:00:5e:00:52:13" /* of the node on access links */
#define LINK_LOCAL "fe80::200:5eff:fe00:5213"
#define ROUTER_MAC "02:00:00:00:00:01"
#define PEER_MAC   "02:00:00:00:00:05"
#define MN1_MAC	   "02:00:00:00:aa:01"
#define MN2_MAC	   "02:00:00:00:aa:02"
#define GUEST_MAC  "02:00:00:00:bb:01" /* of no mobile node in the policy */
#define MN1	   "mn1@example.com"
#define MN2	   "mn2@example.com"

struct frame {
	size_t len;
	uint8_t b[RIG_FRAME_MAX];
};

/* What a case may want otherwise; zero is the usual. */
struct wish {
	bool lma, mag;
	const char *mag_address; /* NODE */
	const char *anchor;	 /* of the gateway: ANCHOR, or NODE where it is both */
	bool mute;		 /* neighbours do not answer */
	bool no_default;	 /* no default route */
	uint32_t be_rate;	 /* 10 */
	uint32_t heartbeat_ms;	 /* 0: no heartbeats are sent */
	uint32_t inject_ring;
	uint32_t prefixes;    /* room in the prefix table: 64 */
	uint32_t lifetime_s;  /* of the gateway's sessions: 3600 */
	uint32_t bindack_ms;  /* how long the gateway waits for its first answer: 1000 */
	bool asks_link_local; /* the gateway's on access links is the anchor's to give */
	uint32_t sessions;    /* of each role: RIG_SESSIONS */
	uint32_t crowd;	      /* mobile nodes beside MN1 and MN2: rig_crowd_name */
	const char *pool;     /* that prefixes are given from: "2001:db8:1::/60" */
	bool not_ready;	      /* rig_open returns before own addresses are usable */
	bool local_routing;
	bool mss_clamp, fragment;
	const char *fixed; /* the prefix that policy gives MN1; none, and it has one of the pool */
	uint16_t core_vlan, access_vlan;
	uint16_t mtu;		/* of both ports: 1500 */
	uint8_t tunnel_limit;	/* the limit of tunnels made here; 0: no option */
	uint8_t tunnel_dscp;	/* of their packets; 0: what they carry */
	unsigned int punt_ring; /* slots of each of the worker's rings to the control lcore */
	uint32_t reassemblies;	/* packets put together of fragments at once: 4 */
	uint32_t punt_rate;	/* packets a second of each class that reach the control lcore; 0: any number */
	bool uncounted;		/* sessions are not */
	bool esp;		/* there is a table of security associations, with one that came from MAG1 */
	bool esp_alone;		/* gateways elsewhere are spoken to by ESP alone */
	const char *here;	/* the prefix of the peer of this name: some of the core link */
	bool keys;		/* their messages are authenticated, by the keys of rig_key */
	bool revocation;	/* gateways are told which sessions end */
	bool multihoming;	/* all of it; RIG_PARTIAL_NEW and RIG_PARTIAL_EXISTING are the handoff indicators */
	const char *aggregate;	/* the gateway's own, of temporal prefixes */
	unsigned int aggregate_count; /* the gateway cuts from the one that is this node's */
	const struct pmip_aggregate *aggregates;
	bool flow_policy;    /* MN1's UDP takes its Ethernet, by the policy "video" */
	bool no_probes;	     /* silent hosts are not asked whether they are there */
	bool keep_dead;	     /* the sessions of a gateway that answers no heartbeats stay */
	uint32_t icmp_burst; /* ICMPv6 errors of the worker at once, at next to no rate: 64 */
};

struct rig {
	struct clock_now now;
	struct rte_mempool *pool;
	struct rte_ring *rx[PORTS], *tx[PORTS]; /* as the node sees them */
	struct path_port *path_port[PORTS];
	struct ctl_port port[PORTS];
	struct ctl_route route;
	struct pmip_pool_settings prefix_pool;
	struct fwd *fwd;
	struct path *path;
	struct path_worker *worker;
	struct policy *policy;
	struct lma *lma;
	struct mag *mag;
	struct access *access;
	struct host *host;
	struct ipsec *ipsec;
	struct ctl *ctl;
	/* As the engines were made: what a change of settings begins with. */
	struct lma_settings lma_settings;
	struct pmip_peer_settings peers[2];
	struct mag_settings mag_settings;
	struct access_settings access_settings;
	struct source source; /* of other settings */
	int wake_fd;
	char socket[64], look[64]; /* the control socket, and the one that is read only */
	bool mute;
	size_t cut; /* 0, or frames come in two segments, so many octets in the first */
	uint16_t sequence;
	unsigned int heard_count[PORTS];
	struct frame heard[PORTS][RIG_HEARD_MAX];
};

/* The name of a mobile node of the crowd; buf has room for 32 bytes. */
const char *rig_crowd_name(uint32_t n, char *buf);

/* The process's EAL; false with a message. */
bool rig_start_eal(void);
void rig_open(struct rig *r, const struct wish *wish);
/* Check that each packet was accounted and every mbuf came back, and free all. */
void rig_close(struct rig *r);

/* Turn both loops until nothing is left to do; what leaves the node is heard. */
void rig_run(struct rig *r);
/* Let time pass, in steps that no timer of the node is shorter than. */
void rig_wait(struct rig *r, uint64_t ms);
/* Let a frame come in, and run. */
void rig_send(struct rig *r, int port, const struct frame *f);
/* The same without running. The frame is untagged; on a port with a VLAN it comes in tagged. */
void rig_feed(struct rig *r, int port, const struct frame *f);
/* The same with the very bytes of the frame, which may be none. */
void rig_feed_bytes(struct rig *r, int port, const void *bytes, size_t len);

/* Take the first heard frame that passes; its bytes are the caller's. False when there is none. */
bool rig_take(struct rig *r, int port, bool (*wanted)(const struct nd_frame *f, const void *arg), const void *arg,
	      struct frame *out, struct nd_frame *at);
bool rig_take_mh(struct rig *r, enum mh_type type, struct mh_msg *out);
/* The first neighbour discovery or ICMPv6 message of this type; at may be NULL. */
bool rig_take_nd(struct rig *r, int port, enum nd_type type, struct nd_msg *out, struct nd_frame *at);
/* The first packet of this next header to this address; at may be NULL. */
bool rig_take_packet(struct rig *r, int port, const char *dst, uint8_t next_header, struct nd_frame *at);
void rig_forget(struct rig *r); /* what was heard so far */

/* wire.c */
struct addr6 ip6(const char *text);
struct addr_mac mac(const char *text);
struct addr_prefix prefix(const char *text);
/* From src to dst with this payload, between two MAC addresses. */
struct frame packet(const char *src_mac, const char *dst_mac, const struct addr6 *src, const struct addr6 *dst,
		    uint8_t next_header, const void *payload, size_t len);
/* A UDP packet of len bytes in all; from the router to the node. */
struct frame downlink(const struct addr6 *src, const struct addr6 *dst, size_t len);
#define RIG_LEN 200 /* octets of the packets below */
/* So many packets of the correspondent node; what they become is forgotten. */
void rig_send_down(struct rig *r, const struct addr6 *to, unsigned int n);
/* One of a host, out of the tunnel from a gateway. */
void rig_send_up(struct rig *r, const struct addr6 *from, const char *mag);
/* The same from a host of the access link. */
struct frame uplink(const char *host_mac, const struct addr6 *src, const struct addr6 *dst);
/* The packet of inner in a tunnel to the node. */
struct frame tunnelled(const char *from, const char *to, const struct frame *inner);
struct frame echo_request(const struct addr6 *src, const struct addr6 *dst);
struct frame solicitation(const char *host_mac); /* a router solicitation */

/* An update of a remote gateway as a case wants it; what is zero is usual. */
struct update {
	const char *mn;	 /* MN1 */
	const char *mag; /* MAG1 */
	uint8_t handoff; /* unknown, or not changed where `hnp` is given */
	bool dereg;
	const struct addr_prefix *hnp; /* ALL_ZERO */
	const char *alt_coa;
	const char *ll_id; /* of its interface: MN1_MAC, or MN2_MAC of others */
	uint8_t att;	   /* MH_ATT_WLAN */
};
void rig_pbu(struct rig *r, const struct update *u);
/* Any message to the node as a frame. */
struct frame rig_message(const char *from, const struct mh_msg *m);
/* Key number n of gateways elsewhere: the node begins with the first alone. */
struct pmip_key rig_key(unsigned int n);
/* The update as a frame, for rig_feed. */
struct frame rig_update(struct rig *r, const struct update *u);
/* The anchor elsewhere answers the gateway's update; hnp NULL: refused. */
void rig_pba(struct rig *r, const struct mh_msg *pbu, enum mh_status status, const struct addr_prefix *hnp);

/* What the tables and the counters say. */
uint64_t rig_value(struct rig *r, const struct addr_prefix *p);
void rig_stats(struct rig *r, struct stat_block *total); /* of all writers */
uint64_t rig_drops(struct rig *r, enum stat_drop why);	 /* of all writers */
uint64_t rig_count(struct rig *r, enum stat_counter what);
/* The prefix that the only session of the anchor, or of the gateway, has. */
struct addr_prefix rig_prefix_of_lma(struct rig *r);
struct addr6 rig_host_in(const struct addr_prefix *p);
/* A gateway with a session. */
void rig_open_served(struct rig *r, const struct wish *wish, const struct addr_prefix *home);
/*
 * The session that has the prefix and a tunnel is put in GRE, as when its ends have agreed on these keys (NULL: none).
 * What ctl_forward_set says, or -ENOENT.
 */
int rig_gre(struct rig *r, const struct addr_prefix *home, const uint32_t *key_in, const uint32_t *key_out);
/* The session of the anchor that has a prefix. */
uint32_t rig_session_of(struct rig *r, const struct addr_prefix *home);
/* How the session that has the prefix shares, as its engine would say it: what ctl_forward_flows says. */
int rig_flows(struct rig *r, const struct addr_prefix *home, const struct pmip_flows *flows);
/* What lies in a prefix is a gateway's, or with NULL nobody's any more. */
int rig_aggregate(struct rig *r, const char *text, const char *mag);
/* True and the mtu of the only tunnel. */
bool rig_only_tunnel(struct rig *r, uint16_t *mtu);
