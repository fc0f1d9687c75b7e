/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* A mobile node with two interfaces, each at a gateway of its own. */
#include "rig.h"

#define P1 "2001:db8:1::/64"   /* at MAG1, by WLAN: session 0 */
#define P2 "2001:db8:1:1::/64" /* at MAG2, by Ethernet: session 1 */
#define P3 "2001:db8:1:2::/64" /* another mobile node's */

/* Its sessions are open. */
void multihoming_open(struct rig *r, const struct wish *wish);
