/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The forwarding tables: prefixes, sessions, tunnels, adjacencies, access hosts, routes, and those of flows.h. The
 * control lcore is their only writer; workers read them without locks between two quiescent reports.
 *
 *	struct fwd *f = fwd_new(&settings);			control lcore
 *	int tunnel = fwd_tunnel_add(f, &local, &remote, mtu, &tun_plain);
 *	fwd_session_set(f, id, &line);
 *	fwd_prefix_add(f, &prefix, fwd_value(tunnel, id, 0));
 *
 *	fwd_prefix_find_bulk(f, keys, n, values);		any worker
 *	fwd_quiesce(f, worker);					once a turn
 *
 * Control lcore: a line that a find returned is good until the next change or fwd_reclaim.
 * What is deleted or replaced is reused only after every worker has been quiet (rte_rcu_qsbr). What a worker
 * has read stays as it was until that worker's next fwd_quiesce.
 * Errors are negative errno values. -EAGAIN: the memory for this change is still held by a worker that has not
 * been quiet yet; nothing was changed, try again after the next turn.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/hash.h"
#include "tun/tun.h"

#define FWD_BURST_MAX	64 /* keys of one bulk look-up */
#define FWD_PREFIX_MAX	(1u << 28)
#define FWD_SESSION_MAX (1u << 28)
#define FWD_TUNNEL_MAX	(1u << 20)
#define FWD_NONE	UINT32_MAX
#define FWD_VALUE_NONE	0 /* no such prefix */
#define FWD_SESSION_NONE                                                                                               \
	(FWD_SESSION_MAX - 1) /* of a value that is no session's: what is behind a route into a tunnel */

struct fwd;

struct fwd_settings {
	uint32_t prefixes; /* greatest number of each */
	uint32_t sessions;
	uint32_t tunnels;
	uint32_t adjacencies;
	uint32_t hosts;
	uint32_t routes;
	uint32_t flow_lists;  /* sessions that have a list of fwd/flows.h at once */
	unsigned int workers; /* 1..; worker ids are 0..workers-1 */
	struct hash_secret secret;
	int socket; /* NUMA node, -1: any */
};

/* A value word of the prefix table: bits 0-19 tunnel, 20-47 session, 48-62 flags, 63 MORE (of the table itself). */
enum fwd_flag {
	FWD_UNCOUNTED = 1, /* its packets are not counted as its session's */
	FWD_ACCESS = 2,	   /* the prefix's host is on an access link of this node: deliver by its session line */
	FWD_LOCAL = 4,	/* uplink packets are routed here and not tunnelled: this node is anchor and gateway at once */
	FWD_DIRECT = 8, /* uplink packets to hosts of this node's links go there and not to the anchor */
	FWD_GRE = 16,	/* the tunnel's packets are in GRE, with the keys of the session line (RFC 5845) */
	FWD_FLOWS = 32, /* the session has a list of fwd/flows.h: some packets may go and come by other ways */
};

static inline uint64_t
fwd_value(uint32_t tunnel, uint32_t session, unsigned int flags)
{
	return (uint64_t)tunnel | (uint64_t)session << 20 | (uint64_t)flags << 48;
}

static inline uint32_t
fwd_value_tunnel(uint64_t v)
{
	return v & 0xfffff;
}

static inline uint32_t
fwd_value_session(uint64_t v)
{
	return v >> 20 & 0xfffffff;
}

static inline unsigned int
fwd_value_flags(uint64_t v)
{
	return v >> 48 & 0x7fff;
}

/* What the packets' way depends on. */
static inline unsigned int
fwd_value_way(uint64_t v)
{
	return fwd_value_flags(v) & ~(unsigned int)FWD_UNCOUNTED;
}

_Static_assert(FWD_UNCOUNTED == 1, "the bit behind the session's number, for fwd_value_counts");

/* Whose counts: the session's number, and beyond all of them where FWD_UNCOUNTED, the bit behind it, is set. */
static inline uint32_t
fwd_value_counts(uint64_t v)
{
	return v >> 20 & 0x1fffffff;
}

/* What the packet path needs of one session; replaced whole. All zero until it is set. */
struct fwd_session {
	struct addr_mac mac;	 /* of the host, where FWD_ACCESS is set */
	uint16_t port;		 /* access port */
	uint16_t vlan;		 /* 0: untagged */
	struct addr_mac src_mac; /* this node's on the access link */
	/* Where FWD_GRE is set, as packets come in and go out of this node; of the keys those that are 0 are none. */
	uint8_t gre_in, gre_out; /* TUN_GRE_PLAIN or TUN_GRE_KEY */
	uint32_t key_in, key_out;
};

enum fwd_adjacency_state {
	FWD_ADJACENCY_FREE,
	FWD_ADJACENCY_GLEAN, /* destinations are on this link; their MAC has to be asked for: punt */
	FWD_ADJACENCY_WAIT,  /* a next hop that is being asked for: punt */
	FWD_ADJACENCY_READY,
};

/* Where a frame goes: replaced whole. */
struct fwd_adjacency {
	struct addr_mac dst_mac, src_mac;
	uint16_t port;
	uint16_t vlan;
	uint16_t mtu;  /* of the port: the greatest IPv6 packet */
	uint8_t state; /* enum fwd_adjacency_state */
} __attribute__((aligned(32)));

enum fwd_tunnel_flag {
	FWD_TUNNEL_GRE = 1, /* its values have FWD_GRE */
};

/* A tunnel as workers see it: the first cache line for sending, the second for the check of what comes in. */
struct fwd_tunnel {
	struct tun_template header;
	uint32_t adjacency; /* FWD_NONE: no route, or no such tunnel */
	uint16_t mtu;	    /* greatest inner packet */
	uint8_t flags;	    /* enum fwd_tunnel_flag */
	struct addr6 local __attribute__((aligned(64)));
	struct addr6 remote;
} __attribute__((aligned(64)));
_Static_assert(offsetof(struct fwd_tunnel, local) == 64, "what sending needs of a tunnel is one cache line");

struct fwd_host_key {
	struct addr_mac mac;
	uint16_t port;
	uint16_t vlan;
	uint16_t zero;
};
_Static_assert(sizeof(struct fwd_host_key) == 12, "a hash key has no padding");

/* NULL with rte_errno ENOMEM, or EINVAL for settings out of range. Control lcore, as all that follows. */
struct fwd *fwd_new(const struct fwd_settings *s);
/* Workers have stopped. NULL is allowed. */
void fwd_free(struct fwd *f);

/*
 * Prefixes: a key is the upper half of a /64. Any other length is refused with -EINVAL (a shorter prefix is one
 * entry a /64), and so are ::/64, whose key marks a free slot, and the values FWD_VALUE_NONE and those with bit 63.
 * replace is one store: workers see the old or the new value.
 */
int fwd_prefix_add(struct fwd *f, const struct addr_prefix *p, uint64_t value);	    /* -EEXIST, -ENOSPC, -EAGAIN */
int fwd_prefix_replace(struct fwd *f, const struct addr_prefix *p, uint64_t value); /* -ENOENT */
int fwd_prefix_del(struct fwd *f, const struct addr_prefix *p);			    /* -ENOENT */
uint64_t fwd_prefix_get(const struct fwd *f, const struct addr_prefix *p);	    /* FWD_VALUE_NONE */
uint32_t fwd_prefix_count(const struct fwd *f);
/*
 * Room for so many prefixes, or more: the only table that grows while workers read. A greater one is made by the next
 * calls of fwd_reclaim, a slice each, and until then the old number is what fits. 0; -EINVAL: more than FWD_PREFIX_MAX;
 * -ENOMEM; -EAGAIN: the last growth is not over. The other numbers of struct fwd_settings are those of fwd_new.
 */
int fwd_prefix_reserve(struct fwd *f, uint32_t prefixes);
/* What was reserved; and whether fwd_reclaim has yet to make it, so that the control lcore does not sleep. */
uint32_t fwd_prefix_capacity(const struct fwd *f);
bool fwd_prefix_growing(const struct fwd *f);

/*
 * Session lines by an index that the caller owns (< settings.sessions). -ERANGE, -EAGAIN. The line is set before
 * the prefixes that lead to it are added. The caller gives an index to another session only when the prefixes of
 * the old one were deleted a turn ago: a worker may hold their values until it is quiet.
 */
int fwd_session_set(struct fwd *f, uint32_t id, const struct fwd_session *line);

/*
 * Tunnels, found by their two addresses and whether they are of GRE: add counts uses, del takes one back and frees the
 * tunnel with the last one. add returns an index (1..; 0 is no tunnel), -ENOSPC or -EAGAIN; a tunnel in use keeps its
 * mtu and style. mtu is the greatest inner packet. use, del and set_adjacency: -ENOENT, and the last -EAGAIN.
 */
int fwd_tunnel_add(struct fwd *f, const struct addr6 *local, const struct addr6 *remote, uint16_t mtu,
		   const struct tun_style *style);
int fwd_tunnel_use(struct fwd *f, uint32_t tunnel); /* one more of a tunnel that has some */
int fwd_tunnel_del(struct fwd *f, uint32_t tunnel);
int fwd_tunnel_set_adjacency(struct fwd *f, uint32_t tunnel, uint32_t adjacency, uint16_t mtu);
const struct fwd_tunnel *fwd_tunnel_find(const struct fwd *f, uint32_t tunnel); /* NULL when not in use */
uint32_t fwd_tunnel_uses(const struct fwd *f, uint32_t tunnel);
/* The next tunnel in use after index `after` (0 to begin), or 0. */
uint32_t fwd_tunnel_next(const struct fwd *f, uint32_t after);

/*
 * Adjacencies: add returns an index (0..), -ENOSPC or -EAGAIN; replace and del -ENOENT. state FWD_ADJACENCY_FREE is
 * -EINVAL. Tunnels and routes that lead to an adjacency are turned away from it before it is deleted.
 */
int fwd_adjacency_add(struct fwd *f, const struct fwd_adjacency *a);
int fwd_adjacency_replace(struct fwd *f, uint32_t id, const struct fwd_adjacency *a);
int fwd_adjacency_del(struct fwd *f, uint32_t id);
const struct fwd_adjacency *fwd_adjacency_find(const struct fwd *f, uint32_t id); /* NULL when not in use */

/*
 * Hosts of access links: session FWD_NONE while the attachment is pending (such packets are dropped as
 * HOST_PENDING). add replaces an existing one's session. -EINVAL where key.zero is not zero,
 * -ENOSPC, -EAGAIN, -ENOENT.
 */
int fwd_host_add(struct fwd *f, const struct fwd_host_key *k, uint32_t session);
int fwd_host_del(struct fwd *f, const struct fwd_host_key *k);

/*
 * Routes, longest prefix first; local addresses are routes to FWD_ROUTE_LOCAL, and what is behind a tunnel is one to
 * FWD_ROUTE_TUNNEL | tunnel. add replaces the route of the same prefix. -EINVAL: bits set past the length, -ENOSPC,
 * -ENOENT. Nothing is seen by workers before the commit.
 */
#define FWD_ROUTE_LOCAL	 0xfffffe
#define FWD_ROUTE_TUNNEL 0x1000000
int fwd_route_add(struct fwd *f, const struct addr_prefix *p, uint32_t adjacency);
int fwd_route_del(struct fwd *f, const struct addr_prefix *p);
/* Make what was added and deleted since the last commit visible, all of it or nothing. 0 or -EAGAIN. */
int fwd_route_commit(struct fwd *f);
/* The adjacency for dst by the committed routes, FWD_ROUTE_LOCAL, FWD_ROUTE_TUNNEL | tunnel, or FWD_NONE. */
uint32_t fwd_route_find(const struct fwd *f, const struct addr6 *dst);
/* The tunnel that a route leads into; 0: it leads into none. */
static inline uint32_t
fwd_route_tunnel(uint32_t adjacency)
{
	return adjacency >> 20 == FWD_ROUTE_TUNNEL >> 20 ? adjacency & (FWD_TUNNEL_MAX - 1) : 0;
}

/* Take back what every worker has let go of, and do the next slice of a growth; once a control turn. Never waits. */
void fwd_reclaim(struct fwd *f);

/*
 * Any worker. A worker is offline until it says otherwise; it reads nothing here while offline. Between two calls
 * of fwd_quiesce what it read stays valid.
 */
void fwd_worker_online(struct fwd *f, unsigned int worker);
void fwd_worker_offline(struct fwd *f, unsigned int worker);
void fwd_quiesce(struct fwd *f, unsigned int worker);
/* values[i] of the /64 that holds the address whose upper half is keys_be[i]; n <= FWD_BURST_MAX. */
void fwd_prefix_find_bulk(const struct fwd *f, const uint64_t *keys_be, unsigned int n, uint64_t *values);
/* FWD_NONE and *known = false where there is no such host. */
uint32_t fwd_host_find(const struct fwd *f, const struct fwd_host_key *k, bool *known);
/*
 * The own addresses, those with a committed route of length 128 to FWD_ROUTE_LOCAL. fwd_own_near: one may lie in the
 * /64 whose upper half is upper_be; where it says no, no destination there has such a route of any length.
 */
#define FWD_OWN_MAX 128
struct fwd_own {
	uint64_t filter; /* a bit for each /64 that has one */
	uint32_t count;
	bool more; /* than are listed: other lengths, or too many */
	struct addr6 address[FWD_OWN_MAX];
};
const struct fwd_own *fwd_own_get(const struct fwd *f);
static inline bool fwd_own_near(const struct fwd_own *o, uint64_t upper_be);
static inline bool fwd_own_holds(const struct fwd_own *o, const struct addr6 *a);
/* Bulk: of each destination what fwd_route_find would give; n <= FWD_BURST_MAX. */
void fwd_route_find_bulk(const struct fwd *f, const struct addr6 *dst, unsigned int n, uint32_t *adjacency);
/*
 * Lines by index, any index: of one that is out of range or not in use, a line of zeros, and a tunnel without an
 * adjacency. Never NULL.
 */
static inline const struct fwd_session *fwd_session_get(const struct fwd *f, uint32_t id);
static inline const struct fwd_tunnel *fwd_tunnel_get(const struct fwd *f, uint32_t tunnel);
static inline const struct fwd_adjacency *fwd_adjacency_get(const struct fwd *f, uint32_t id);
/* A session's line is wanted soon: into L2, for more of such can be under way. */
static inline void fwd_session_prefetch(const struct fwd *f, uint32_t id);

#include "fwd/read.h"
