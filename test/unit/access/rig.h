/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A gateway's access room on a clock of its own: cases step it, then look at the actions of the last step.
 */
#include "access/access.h"
#include "rig_nd.h"

#define RIG_PORT	3
#define RIG_PORT_TAGGED 4
#define RIG_PORT_MTU	1500

extern struct access *rig;
extern struct access_actions rig_out;
extern uint64_t rig_now_ms;

extern const struct addr_mac rig_router_mac; /* RFC 6543 */
extern const struct addr6 rig_router;	     /* RFC 6543 */
extern const struct addr6 rig_all_nodes, rig_all_routers;

/* Silent hosts are left alone. */
void rig_start(uint32_t hosts_max);
/* The same with these addresses of the router on RIG_PORT. */
void rig_start_as(const struct addr_mac *mac, const struct addr6 *link_local);
/* Silent hosts are solicited, at the default times. */
void rig_start_probing(uint32_t hosts_max);
void rig_stop(void);

struct access_key rig_key(uint8_t host);   /* of host number 1.. on RIG_PORT */
struct addr6 rig_link_local(uint8_t host); /* its link-local address */
struct addr_prefix rig_prefix(const char *text);

void rig_step(struct access_event e);
void rig_tick(uint64_t at_ms);
void rig_frame(uint16_t port, const uint8_t *bytes, size_t len);
void rig_rs(uint8_t host);
void rig_ns(uint8_t host, const struct addr6 *src, const struct addr6 *target);
void rig_na(uint8_t host, const struct addr6 *target);
void rig_echo(uint8_t host, const struct addr6 *dst);
void rig_data(uint8_t host);
void rig_data_to(uint8_t host, const struct addr6 *dst);
/* Attach by a command; the id. */
uint32_t rig_attach(uint8_t host);
/* Serve one prefix for some time. */
void rig_serve(uint32_t host, const char *prefix, uint32_t lifetime_s);
/* Serve nothing but a router of this link-local address, for a minute. */
void rig_serve_as(uint32_t host, struct addr6 router);
/* Attach and serve. */
uint32_t rig_served(uint8_t host, const char *prefix, uint32_t lifetime_s);
void rig_unserve(uint32_t host);
void rig_refuse(uint32_t host);
void rig_detach(uint8_t host);
void rig_active(uint32_t host);
void rig_mtu(uint32_t host, uint32_t mtu);
void rig_carrier(uint16_t port, bool up);

RIG_ACTIONS(access);
/* Whether the last step had exactly this frame and no other action. */
bool rig_only(enum nd_type type);
/* Tick until the host is not served any more, or has had time enough for that. */
void rig_silence(uint32_t host);
uint64_t rig_drops(enum stat_drop d);
uint64_t rig_counter(enum stat_counter c);
enum access_state rig_state(uint32_t host);

extern const struct unit_case advertise_cases[], apply_cases[], detach_cases[], flood_cases[], probe_cases[],
	receive_cases[], router_cases[];
extern const unsigned int advertise_case_count, apply_case_count, detach_case_count, flood_case_count, probe_case_count,
	receive_case_count, router_case_count;
