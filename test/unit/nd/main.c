/* SPDX-License-Identifier: BSD-3-Clause */
#include "cases.h"

static const struct unit_case cases[] = {
	{"the checksum is the 16-bit one's complement sum, for every length and alignment", checksum_matches_reference},
	{"the checksum over a message that holds its own is 0", checksum_of_vectors},

	{"a frame is taken apart into addresses, hop limit and payload", frame_fields},
	{"one VLAN tag is taken off and put on, without its priority bits", frame_vlan},
	{"Ethernet padding behind the payload is left out", frame_padding},
	{"a frame cut anywhere is refused, without a read past it", frame_truncated},
	{"RFC 8200 4: up to eight extension headers are passed", frame_extensions},
	{"an extension header cut anywhere is refused, without a read past it", frame_extension_cut},
	{"RFC 8200 4.2: an unknown option does what its two highest bits say", frame_option_actions},
	{"RFC 8200 4.2: an option that runs past its header drops the packet", frame_malformed_options},
	{"RFC 8200 4.4: a Routing header with segments left is reported", frame_routing_header},
	{"RFC 8200 4.1: hop-by-hop options behind another header are reported", frame_late_hop_by_hop},

	{"valid messages are taken, with unknown and foreign options and reserved bits", decode_good},
	{"RFC 4861 6.1.1: each check of a router solicitation", decode_6_1_1},
	{"RFC 4861 6.1.2: each check of a router advertisement", decode_6_1_2},
	{"RFC 4861 7.1.1: each check of a neighbour solicitation", decode_7_1_1},
	{"RFC 4861 7.1.2: each check of a neighbour advertisement", decode_7_1_2},
	{"what is no ICMPv6 message, no packet or too short is told apart", decode_others},
	{"RFC 6980 5: neighbour discovery with a Fragment header is refused", decode_fragmented},
	{"RFC 4861 4.2: an advertisement's fields and options are read", decode_ra},
	{"prefixes past ND_PREFIX_MAX are left out", decode_many_prefixes},
	{"a prefix longer than 128 bits is left out", decode_bad_prefix_length},
	{"RFC 4861 4.4: a neighbour advertisement's target, flags and address are read", decode_na},
	{"a group's MAC is not taken for a neighbour's", decode_group_mac},
	{"RFC 4443 3: type, code, MTU, pointer and invoking packet of errors are read", decode_errors},
	{"a message cut anywhere, its length and checksum made good, is never read past", decode_short_messages},
	{"every error has a name", decode_error_names},

	{"every builder writes what scapy writes", encode_golden},
	{"every builder says -ENOSPC for each size too small, and writes nothing past it", encode_no_room},
	{"RFC 4862 5.4.2, RFC 4861 7.2.4: DAD solicitations and the answer to one", encode_dad},
	{"an advertisement's prefixes are masked, its preferred lifetime is no longer than the valid",
	 encode_ra_limits},
	{"RFC 6085: a group's packet goes to the link's MAC where there is one", encode_rfc6085},
	{"an IPv6 packet of any payload up to 65535 bytes", encode_ip6},
	{"no echo reply to less than an echo request", encode_echo_short},

	{"RFC 4443 3: each error is what scapy writes", error_golden},
	{"RFC 4443 2.4 (c): as much of the invoking packet as fits in 1280 bytes", error_fits_1280},
	{"RFC 4443 2.4 (e.1), (e.2): no error about an ICMPv6 error or a redirect", error_e1_e2},
	{"RFC 4443 2.4 (e.1): nor behind extension headers", error_e1_behind_extensions},
	{"RFC 4443 2.4 (e.1): nor in a first fragment", error_e1_fragments},
	{"RFC 4443 2.4 (e.3): about a group's packet, Packet Too Big and option problems alone", error_e3},
	{"RFC 4443 2.4 (e.4), (e.5): the same for a link-layer group", error_e4_e5},
	{"RFC 4443 2.4 (e.6): none to a source that is no single node", error_e6},
	{"no error about what is no IPv6 packet", error_not_ip6},
};

struct vectors nd_vectors;

const struct addr_mac mac_a = {{2, 0, 0, 0, 0xaa, 1}}, mac_b = {{2, 0, 0, 0, 0xbb, 2}};
const struct addr6 ll_a = {{0xfe, 0x80, [14] = 0xaa, 1}}, ll_b = {{0xfe, 0x80, [14] = 0xbb, 2}};
const struct addr6 addr_a = {{0x20, 1, 0xd, 0xb8, 0, 0xa, [15] = 1}}, addr_b = {{0x20, 1, 0xd, 0xb8, 0, 0xb, [15] = 2}};
const struct addr6 any, all_nodes = {{0xff, 2, [15] = 1}};
const struct addr6 target = {{0x20, 1, 0xd, 0xb8, 0, 0xb, [13] = 0x12, 0x34, 0x56}};

const struct vector *
vector_named(const char *name)
{
	return vectors_get(&nd_vectors, name);
}

int
main(void)
{
	if (vectors_load(TEST_DIR "/vectors/nd.txt", &nd_vectors) != 0)
		return 1;
	return unit_main("nd", cases, UNIT_COUNT(cases));
}
