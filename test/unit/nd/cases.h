/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The cases of unit_nd, by file, and what they share. */
#include "nd/nd.h"
#include "unit.h"
#include "vectors.h"

extern struct vectors nd_vectors; /* test/vectors/nd.txt */

#define ETHER_LEN 14
#define IP6_LEN	  40
#define HEAD_LEN  (ETHER_LEN + IP6_LEN)

/* The bytes of nd_vectors by name. */
const struct vector *vector_named(const char *name);
/* The addresses of make-vectors.py. */
extern const struct addr_mac mac_a, mac_b;
extern const struct addr6 ll_a, ll_b, addr_a, addr_b, any, all_nodes, target;

void checksum_matches_reference(void);
void checksum_of_vectors(void);

void frame_fields(void);
void frame_vlan(void);
void frame_padding(void);
void frame_truncated(void);
void frame_extensions(void);
void frame_extension_cut(void);
void frame_option_actions(void);
void frame_malformed_options(void);
void frame_routing_header(void);
void frame_late_hop_by_hop(void);

void decode_good(void);
void decode_6_1_1(void);
void decode_6_1_2(void);
void decode_7_1_1(void);
void decode_7_1_2(void);
void decode_others(void);
void decode_fragmented(void);
void decode_ra(void);
void decode_many_prefixes(void);
void decode_bad_prefix_length(void);
void decode_na(void);
void decode_group_mac(void);
void decode_errors(void);
void decode_short_messages(void);
void decode_error_names(void);

void encode_golden(void);
void encode_no_room(void);
void encode_dad(void);
void encode_ra_limits(void);
void encode_rfc6085(void);
void encode_ip6(void);
void encode_echo_short(void);

void error_golden(void);
void error_fits_1280(void);
void error_e1_e2(void);
void error_e1_behind_extensions(void);
void error_e1_fragments(void);
void error_e3(void);
void error_e4_e5(void);
void error_e6(void);
void error_not_ip6(void);
