/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * A node's host room on a clock of its own: cases step it, then look at the actions of the last step.
 *
 * The node is 2001:db8:a::1/64 on RIG_PORT and 2001:db8:b::1/64 on RIG_PORT_TAGGED, VLAN 7. Its neighbours are
 * numbered: number n has 2001:db8:a::1:n, fe80::1:n and the MAC address 02:00:00:00:bb:n.
 */
#include "host/host.h"
#include "rig_nd.h"

#define RIG_PORT	1
#define RIG_PORT_TAGGED 2

extern struct host *rig;
extern struct host_actions rig_out;
extern uint64_t rig_now_ms;
extern struct addr6 rig_own, rig_link_local, rig_own_tagged;
extern const struct addr_mac rig_mac, rig_mac_tagged;
extern const struct addr6 rig_none, rig_all_nodes;

/* A node whose first tick is still to come. */
void rig_start_tentative(uint32_t neighbours_max);
/* A node with usable addresses. */
void rig_start(uint32_t neighbours_max);
void rig_stop(void);

struct addr6 rig_addr(const char *text);
struct addr6 rig_global(uint8_t n);
struct addr_mac rig_mac_of(uint8_t n);

void rig_step(struct host_event e);
void rig_tick(uint64_t at_ms);
/* Tick at each deadline until the clock stands at at_ms. */
void rig_run(uint64_t at_ms);
void rig_frame(uint16_t port, const uint8_t *bytes, size_t len);
void rig_send(const struct addr6 *next_hop, uint8_t mark);
void rig_resolve(const struct addr6 *next_hop, bool once);
void rig_release(const struct addr6 *next_hop);
void rig_static(enum host_event_type type, const struct addr6 *addr, const struct addr_mac *mac);
/* Neighbour n asks from src for target. */
void rig_ns(uint8_t n, const struct addr6 *src, const struct addr6 *target);
/* Somebody advertises target with the MAC address of number n. */
void rig_na(uint8_t n, const struct addr6 *target, uint8_t flags);
/* The same without a link-layer address in it. */
void rig_na_bare(uint8_t n, const struct addr6 *target, uint8_t flags);
void rig_icmp(uint8_t n, const struct addr6 *src, const struct addr6 *dst, uint8_t *icmp, size_t len);
void rig_echo(uint8_t n, const struct addr6 *src, const struct addr6 *dst);

RIG_ACTIONS(host);
uint64_t rig_drops(enum stat_drop d);
/* HOST_STATE_COUNT where there is no such neighbour. */
enum host_state rig_state(const struct addr6 *addr);
unsigned int rig_neighbours(void);

extern const struct unit_case neighbour_cases[], upper_cases[], flood_cases[];
extern const unsigned int neighbour_case_count, upper_case_count, flood_case_count;
