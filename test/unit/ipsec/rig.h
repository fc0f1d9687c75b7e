/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What the files of unit_ipsec share: a gateway that speaks to an anchor, both in one table.
 */
#include "ipsec/ipsec.h"
#include "unit.h"
#include "vectors.h"

#define SPI	 0x1234 /* of make-esp.py */
#define MOBILITY 135
#define TABLE	 8				     /* associations at most */
#define ESN_LAST (UINT64_MAX - 2 * IPSEC_WINDOW_MAX) /* the last extended number */

extern const struct addr6 gateway, anchor, stranger;
extern struct vectors vectors;
extern const char *const rig_drivers[]; /* those of DPDK that have all suites; NULL behind the last */

/* A table, with the first driver; the program ends without it. */
struct ipsec *rig_new(void);
struct ipsec *rig_new_on(const char *driver);
/* From the gateway to the anchor, with make-esp.py's keys and SPI and a window of 64. */
struct ipsec_association rig_association(enum ipsec_way way, enum ipsec_suite suite);
int rig_add(struct ipsec *i, const struct ipsec_association *a);
/* The key of make-esp.py. */
struct ipsec_key rig_key(enum ipsec_suite suite);

/* Of packets from the gateway to the anchor. */
enum stat_drop rig_in(struct ipsec *i, const uint8_t *bytes, size_t len, struct ipsec_packet *out);
enum stat_drop rig_out(struct ipsec *i, const uint8_t *bytes, size_t len, struct ipsec_packet *out);
/* A vector received: its verdict, and its message where it is "ok". */
enum stat_drop rig_take(struct ipsec *i, const struct vector *v);
/* The only association of this way. */
struct ipsec_view rig_view(const struct ipsec *i, enum ipsec_way way);
const struct vector *rig_vector(enum ipsec_suite suite, const char *name);

extern const struct unit_case table_cases[], packet_cases[], suite_cases[], window_cases[];
extern const unsigned int table_cases_n, packet_cases_n, suite_cases_n, window_cases_n;
