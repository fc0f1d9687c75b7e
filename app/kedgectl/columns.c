/* SPDX-License-Identifier: BSD-3-Clause */
#include "columns.h"

const struct column columns_session[] = {
	{"ROLE", "role", FORMAT_TEXT},
	{"SESSION", "session", FORMAT_NUMBER},
	{"MOBILE NODE", "mn", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},
	{"PREFIXES", "prefixes", FORMAT_TEXT},
	{"PEER", "peer", FORMAT_TEXT},
	{"EXPIRES", "expires_in_s", FORMAT_SECONDS},
	{"LIFETIME", "lifetime_s", FORMAT_SECONDS},
	{"PORT", "port", FORMAT_TEXT},
	{"MAC", "mac", FORMAT_TEXT},
	{"ATT", "access_technology", FORMAT_NUMBER},
	{"HANDOVERS", "handovers", FORMAT_COUNT},
	{"BID", "bid", FORMAT_NUMBER},
	{0},
};
const struct column columns_mn[] = {
	{"MOBILE NODE", "mn", FORMAT_TEXT},
	{"ROLE", "sessions/role", FORMAT_TEXT},
	{"STATE", "sessions/state", FORMAT_TEXT},
	{"PREFIXES", "sessions/prefixes", FORMAT_TEXT},
	{"PEER", "sessions/peer", FORMAT_TEXT},
	{"SESSION", "sessions/session", FORMAT_TEXT},
	{"PORT", "sessions/port", FORMAT_TEXT},
	{"MAC", "sessions/mac", FORMAT_TEXT},
	{0},
};
const struct column columns_history[] = {
	{"TIME", "wall", FORMAT_TIME},	       {"WHAT", "what", FORMAT_TEXT}, {"TEXT", "text", FORMAT_TEXT},
	{"SESSION", "session", FORMAT_NUMBER}, {"ROLE", "role", FORMAT_TEXT}, {0},
};
const struct column columns_row[] = {
	{"SESSION", "session", FORMAT_NUMBER},
	{"PREFIX", "prefix", FORMAT_TEXT},
	{"GATEWAY", "gateway", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},
	{"OWNED", "owned", FORMAT_TEXT},
	{"BID", "bid", FORMAT_NUMBER},
	{"KIND", "kind", FORMAT_TEXT},
	{"OFF LINK", "off_link", FORMAT_TEXT},
	{"ATT", "access_technology", FORMAT_NUMBER},
	{"ROLE", "role", FORMAT_TEXT},
	{0},
};
const struct column columns_flow[] = {
	{"ID", "id", FORMAT_NUMBER},
	{"PRIORITY", "priority", FORMAT_NUMBER},
	{"SELECTOR", "selector", FORMAT_TEXT},
	{"SESSION", "session", FORMAT_NUMBER},
	{"GATEWAY", "gateway", FORMAT_TEXT},
	{"ACTIVE", "active", FORMAT_TEXT},
	{"WAITING", "waiting", FORMAT_TEXT},
	{"BID", "bid", FORMAT_NUMBER},
	{"IDLE", "idle", FORMAT_TEXT},
	{"POLICY", "policy", FORMAT_TEXT},
	{0},
};
const struct column columns_aggregate[] = {
	{"PREFIX", "prefix", FORMAT_TEXT}, {"GATEWAY", "gateway", FORMAT_TEXT},
	{"OWN", "own", FORMAT_TEXT},	   {"STATE", "state", FORMAT_TEXT},
	{"SOURCE", "source", FORMAT_TEXT}, {"LIFETIME", "lifetime_s", FORMAT_SECONDS},
	{"ROLE", "role", FORMAT_TEXT},	   {0},
};
const struct column columns_peer[] = {
	{"PEER", "name", FORMAT_TEXT},
	{"ADDRESS", "address", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},
	{"SESSIONS", "sessions", FORMAT_NUMBER},
	{"HEARD", "last_heard_ms", FORMAT_MS},
	{"SKEW", "skew_ms", FORMAT_MS},
	{"RECEIVED", "received", FORMAT_SUM},
	{"SENT", "sent", FORMAT_SUM},
	{"ROLE", "role", FORMAT_TEXT},
	{"PROTECTION", "protection", FORMAT_TEXT},
	{0},
};
const struct column columns_sa[] = {
	{"WAY", "direction", FORMAT_TEXT},	 {"SPI", "spi", FORMAT_NUMBER},
	{"SOURCE", "source", FORMAT_TEXT},	 {"DESTINATION", "destination", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},	 {"PACKETS", "packets", FORMAT_COUNT},
	{"REFUSED", "refused", FORMAT_COUNT},	 {"SEQUENCE", "sequence", FORMAT_NUMBER},
	{"ALGORITHM", "algorithm", FORMAT_TEXT}, {0},
};
const struct column columns_port[] = {
	{"PORT", "port", FORMAT_TEXT},
	{"ROLE", "role", FORMAT_TEXT},
	{"LINK", "link", FORMAT_TEXT},
	{"RX PACKETS", "rx_packets", FORMAT_COUNT},
	{"RX BYTES", "rx_bytes", FORMAT_BYTES},
	{"TX PACKETS", "tx_packets", FORMAT_COUNT},
	{"TX BYTES", "tx_bytes", FORMAT_BYTES},
	{"TX FULL", "tx_full", FORMAT_COUNT},
	{"MTU", "mtu", FORMAT_NUMBER},
	{"ADDRESSES", "addresses", FORMAT_TEXT},
	{"MAC", "mac", FORMAT_TEXT},
	{"DEVICE", "device", FORMAT_TEXT},
	{"DRIVER", "driver", FORMAT_TEXT},
	{0},
};
const struct column columns_neighbour[] = {
	{"PORT", "port", FORMAT_TEXT},
	{"ADDRESS", "address", FORMAT_TEXT},
	{"MAC", "mac", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},
	{"STATIC", "static", FORMAT_TEXT},
	{"KEPT", "kept", FORMAT_TEXT},
	{0},
};
const struct column columns_tunnel[] = {
	{"TUNNEL", "tunnel", FORMAT_NUMBER},
	{"REMOTE", "remote", FORMAT_TEXT},
	{"NEXT HOP STATE", "next_hop_state", FORMAT_TEXT},
	{"MTU", "mtu", FORMAT_NUMBER},
	{"SESSIONS", "sessions", FORMAT_NUMBER},
	{"NEXT HOP", "next_hop", FORMAT_TEXT},
	{"PORT", "port", FORMAT_TEXT},
	{"LOCAL", "local", FORMAT_TEXT},
	{0},
};
const struct column columns_route[] = {
	{"PREFIX", "prefix", FORMAT_TEXT},
	{"VIA", "via", FORMAT_TEXT},
	{"PORT", "port", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},
	{0},
};
const struct column columns_pool[] = {
	{"POOL", "pool", FORMAT_TEXT},	   {"PREFIX", "prefix", FORMAT_TEXT},	{"USED", "used", FORMAT_NUMBER},
	{"TOTAL", "total", FORMAT_NUMBER}, {"LENGTH", "length", FORMAT_NUMBER}, {0},
};
const struct column columns_profile[] = {
	{"MOBILE NODE", "mn", FORMAT_TEXT},
	{"MAC", "macs", FORMAT_TEXT},
	{"ANCHOR", "lma", FORMAT_TEXT},
	{"POOL", "pool", FORMAT_TEXT},
	{"PREFIXES", "prefixes", FORMAT_TEXT},
	{"WANTED", "prefixes_wanted", FORMAT_NUMBER},
	{"ATT", "access_technology", FORMAT_NUMBER},
	{"FLOW POLICIES", "flow_policies", FORMAT_TEXT},
	{0},
};
const struct column columns_drop[] = {
	{"DROP", "name", FORMAT_TEXT},
	{"WHERE", "stage", FORMAT_TEXT},
	{"COUNT", "count", FORMAT_COUNT},
	{"WHY", "help", FORMAT_TEXT},
	{0},
};
const struct column columns_stage[] = {
	{"STAGE", "stage", FORMAT_TEXT},
	{"PACKETS", "packets", FORMAT_COUNT},
	{"BURSTS", "bursts", FORMAT_COUNT},
	{"A BURST", "packets_per_burst", FORMAT_NUMBER},
	{"CYCLES A PACKET", "cycles_per_packet", FORMAT_NUMBER},
	{"WHAT IT IS", "help", FORMAT_TEXT},
	{0},
};
const struct column columns_kind[] = {
	{"KIND", "kind", FORMAT_TEXT},
	{"SEVERITY", "severity", FORMAT_TEXT},
	{"WHAT IT SAYS", "help", FORMAT_TEXT},
	{0},
};
const struct column columns_event[] = {
	{"TIME", "at", FORMAT_TIME},   {"SEQ", "seq", FORMAT_NUMBER},	      {"KIND", "kind", FORMAT_TEXT},
	{"TEXT", "text", FORMAT_TEXT}, {"SEVERITY", "severity", FORMAT_TEXT}, {0},
};
const struct column columns_trace[] = {
	{"TRACE", "trace", FORMAT_NUMBER}, {"FILE", "file", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},   {"PACKETS", "packets", FORMAT_COUNT},
	{"BYTES", "bytes", FORMAT_BYTES},  {"LOST", "lost", FORMAT_COUNT},
	{"WHY", "why", FORMAT_TEXT},	   {0},
};
