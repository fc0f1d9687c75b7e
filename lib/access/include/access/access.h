/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The mobile node's link on a mobile access gateway: who is attached, and what each is advertised (RFC 5213
 * sections 6.3 to 6.10, RFC 6543, RFC 6085, RFC 4861 section 6.2). Pure: it sees no socket, no clock, no log and, after
 * access_new, no allocator.
 *
 *	access_step(a, &frame, &actions);	ACCESS_ACT_ATTACHED: ask policy, step the gateway's engine
 *	access_step(a, &serve, &actions);	ACCESS_ACT_FRAME: the router advertisement
 *	sleep until access_due(a), then step with ACCESS_EV_TICK
 *
 * Each host has its link to itself, however many share a port: advertisements go to its own MAC address and carry
 * its own prefixes. The router is the same for a host wherever it attaches: RFC 6543's link-local and MAC address.
 *
 * One owner (the control lcore) calls all of these.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "nd/nd.h"
#include "stat/stat.h"

#define ACCESS_VLAN_ANY		 UINT16_MAX
#define ACCESS_HOST_NONE	 UINT32_MAX
#define ACCESS_HOSTS_MAX	 ((1u << 20) - 1)
#define ACCESS_FRAME_MAX	 (ND_FRAME_MAX + 4) /* with a VLAN tag */
#define ACCESS_ACTIONS_MAX	 32
#define ACCESS_LIFETIME_INFINITE ND_INFINITE

struct access;

struct access_port_settings {
	uint16_t port;
	uint16_t vlan;	     /* the tag of its hosts, 0 for none, or ACCESS_VLAN_ANY: each VLAN is a link of its own */
	struct addr_mac mac; /* zero: RFC 6543's 00-00-5E-00-52-13 */
	struct addr6 link_local; /* zero: RFC 6543's fe80::200:5eff:fe00:5213 */
	uint32_t mtu;		 /* 0: what SERVE says alone */
	uint8_t access_tech;	 /* told with attachments */
};

struct access_settings {
	uint32_t hosts_max;	     /* 1..ACCESS_HOSTS_MAX */
	uint32_t advertise_s;	     /* a served host hears an advertisement at least this often */
	uint32_t router_lifetime_s;  /* at most; the session's remaining lifetime caps it */
	uint32_t advertise_gap_ms;   /* the least time between two advertisements to one host */
	uint32_t refuse_hold_ms;     /* how long a refused host is not asked about again */
	uint32_t detach_hold_ms;     /* how long frames attach no host that a command detached */
	uint32_t echo_replies_per_s; /* for one host */
	uint32_t probe_after_ms;     /* a served host silent for so long is solicited; 0: never */
	uint32_t probe_interval_ms;  /* between two solicitations, and to wait after the last; above 0 */
	uint8_t probe_tries;	     /* solicitations without an answer before it is unreachable; above 0 */
	struct hash_secret secret;
	unsigned int port_count;
	const struct access_port_settings *ports;
};

/* All but the secret and the ports at their defaults. */
struct access_settings access_settings_default(void);

/* A host's name on this gateway. */
struct access_key {
	uint16_t port;
	uint16_t vlan;
	struct addr_mac mac;
};

enum access_event_type {
	ACCESS_EV_TICK,	   /* time has come; also after `more` */
	ACCESS_EV_FRAME,   /* any frame of an unknown host, neighbour discovery and link-local traffic of a known one */
	ACCESS_EV_ATTACH,  /* a command: an association at an access point, say */
	ACCESS_EV_DETACH,  /* a command */
	ACCESS_EV_CARRIER, /* of a port, by rtnetlink; up until told otherwise */
	ACCESS_EV_SERVE,   /* the gateway's engine has a session for the host, or its terms changed */
	ACCESS_EV_UNSERVE, /* its session ended; nothing is done for a host that is not known any more */
	ACCESS_EV_REFUSE,  /* no policy serves it */
	ACCESS_EV_ACTIVE,  /* its uplink counter moved since it was last looked at: it is there */
	ACCESS_EV_MTU,	   /* the mtu of its session's tunnel is another now */
};

struct access_event {
	enum access_event_type type;
	struct clock_now now;
	union {
		struct {
			uint16_t port;
			const uint8_t *bytes; /* the caller's, for the length of the step */
			size_t len;
		} frame;
		struct access_key key; /* ATTACH, DETACH */
		struct {
			uint16_t port;
			bool up;
		} carrier;
		struct {
			uint32_t host;
			struct addr6 link_local; /* the router's on this link; zero: the port's */
			uint32_t lifetime_s;	 /* of the session, from now; no advertised lifetime outlasts it */
			uint32_t mtu;		 /* of the tunnel, 0: not known */
			uint8_t prefix_count;
			uint8_t deprecated; /* a bit for each prefix that the host shall not use for anything new */
			struct addr_prefix prefix[ND_PREFIX_MAX];
		} serve;
		struct {
			uint32_t host;
			uint32_t mtu; /* as that of SERVE */
		} mtu;
		uint32_t host; /* UNSERVE, REFUSE, ACTIVE */
	};
};

/* States of a host. */
enum access_state {
#define ACCESS_STATE(name, text, help) ACCESS_##name,
#include "access/state.def"
#undef ACCESS_STATE
	ACCESS_STATE_COUNT
};

enum access_detach {
#define ACCESS_DETACH(name, text, help) ACCESS_DETACH_##name,
#include "access/detach.def"
#undef ACCESS_DETACH
	ACCESS_DETACH_COUNT
};

enum access_action_type {
	ACCESS_ACT_FRAME,    /* send these bytes from the port */
	ACCESS_ACT_ATTACHED, /* answered by SERVE, REFUSE or nothing; ends with DETACHED or UNSERVE */
	ACCESS_ACT_DETACHED, /* of a host that was told as attached and neither refused nor unserved; its id is void */
	ACCESS_ACT_HOST_SET, /* the forwarding plane shall know this host as one of this state and not punt its data */
	ACCESS_ACT_HOST_CLEAR,	 /* and now forget it: its next frame is punted */
	ACCESS_ACT_ROUTER_TAKEN, /* the host has the address that the router has on its link, or was to have by a SERVE
				    that is void then; answered by SERVE with another, or nothing */
};

struct access_action {
	enum access_action_type type;
	union {
		struct {
			uint16_t port;
			uint16_t len;
			uint8_t bytes[ACCESS_FRAME_MAX];
		} frame;
		struct {
			uint32_t host;
			struct access_key key;
			uint8_t access_tech;	 /* ATTACHED */
			enum access_state state; /* HOST_SET */
			enum access_detach why;	 /* DETACHED */
		} host;				 /* all others */
	};
};

/* One step's effects, to be applied in order; cleared (count, more) by the caller. */
struct access_actions {
	unsigned int count;
	bool more; /* step again with a tick at once */
	struct access_action list[ACCESS_ACTIONS_MAX];
};

/* A host as it may be shown. Points into the engine until its next step. */
struct access_view {
	uint32_t host; /* never the id of another host soon after */
	struct access_key key;
	enum access_state state;
	uint64_t since_ms;	 /* mono, in this state */
	uint64_t heard_ms;	 /* mono, its last frame that came here, or word of its traffic */
	uint8_t probes;		 /* solicitations since, while it is silent */
	uint64_t expires_ms;	 /* mono, of the session, where served */
	struct addr6 link_local; /* the host's own, zero while not known */
	struct addr6 router;	 /* the link-local address that it knows the gateway by */
	uint32_t mtu;		 /* as advertised, 0: not advertised */
	uint8_t prefix_count;
	uint8_t deprecated; /* a bit for each prefix that is advertised with a preferred lifetime of 0 */
	const struct addr_prefix *prefix;
};

/* NULL when memory is short or a setting is out of its range (two ports with one id, no hosts). Copies what it
 * keeps. */
struct access *access_new(const struct access_settings *s);
void access_free(struct access *a);

/*
 * Other settings while the engine runs: advertisement, router lifetime, probing. An advertisement that is due already
 * comes at its old time; with another time to probe every host is looked at once. 0, or -EINVAL with nothing changed:
 * out of range, or another number of hosts. access_apply_check says the same beforehand.
 */
int access_apply_check(const struct access *a, const struct access_settings *s);
int access_apply(struct access *a, const struct access_settings *s, const struct clock_now *now);

/* One event in, its actions out. */
void access_step(struct access *a, const struct access_event *e, struct access_actions *out);
/* When it next wants an ACCESS_EV_TICK (mono milliseconds), UINT64_MAX if never. */
uint64_t access_due(const struct access *a);

/* Walk the hosts: *at is 0 at first and moved on; false when there are no more. */
bool access_next(const struct access *a, uint32_t *at, struct access_view *out);
/* By its id; false when there is no such host any more. */
bool access_get(const struct access *a, uint32_t host, struct access_view *out);
/* The id of a host, or ACCESS_HOST_NONE. */
uint32_t access_find_host(const struct access *a, const struct access_key *key);
uint32_t access_host_count(const struct access *a);

const char *access_state_name(enum access_state s);
const char *access_detach_name(enum access_detach d);
/* The engine's counters; it alone writes them. */
const struct stat_block *access_stat(const struct access *a);
