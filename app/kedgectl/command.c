/* SPDX-License-Identifier: BSD-3-Clause */
#include "command.h"

#include <stdint.h>
#include <string.h>

static const struct rpc_param session_list_params[] = {
	{"role", RPC_STRING, false, "lma or mag alone", 0, 0},
	{"mn", RPC_STRING, false, "of this mobile node alone", 0, 0},
	{"state", RPC_STRING, false, "in this state alone", 0, 0},
	{0},
};
static const struct column session_columns[] = {
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
	{"HANDOVERS", "handovers", FORMAT_NUMBER},
	{0},
};
static const struct rpc_param session_get_params[] = {
	{"session", RPC_INTEGER, true, "its number, of `session list`", 0, UINT32_MAX},
	{"role", RPC_STRING, false, "lma or mag, where the node is both", 0, 0},
	{0},
};
static const struct rpc_param attach_params[] = {
	{"port", RPC_STRING, true, "the access port", 0, 0},
	{"mac", RPC_STRING, true, "the host's MAC address", 0, 0},
	{"vlan", RPC_INTEGER, false, "its VLAN", 0, 4094},
	{"handoff", RPC_INTEGER, false, "handoff indicator, where it is known; 4: unknown", 1, 5},
	{0},
};
static const struct rpc_param detach_params[] = {
	{"mac", RPC_STRING, true, "the host's MAC address", 0, 0},
	{"port", RPC_STRING, false, "the access port; else any", 0, 0},
	{"vlan", RPC_INTEGER, false, "its VLAN", 0, 4094},
	{0},
};
static const struct rpc_param stat_params[] = {
	{"all", RPC_BOOLEAN, false, "those that are zero too", 0, 0},
	{0},
};
static const struct column port_columns[] = {
	{"PORT", "port", FORMAT_TEXT},
	{"ROLE", "role", FORMAT_TEXT},
	{"LINK", "link", FORMAT_TEXT},
	{"DEVICE", "device", FORMAT_TEXT},
	{"MAC", "mac", FORMAT_TEXT},
	{"MTU", "mtu", FORMAT_NUMBER},
	{"RX PACKETS", "rx_packets", FORMAT_NUMBER},
	{"RX BYTES", "rx_bytes", FORMAT_BYTES},
	{"TX PACKETS", "tx_packets", FORMAT_NUMBER},
	{"TX BYTES", "tx_bytes", FORMAT_BYTES},
	{"ADDRESSES", "addresses", FORMAT_TEXT},
	{0},
};
static const struct column neighbour_columns[] = {
	{"PORT", "port", FORMAT_TEXT},	 {"ADDRESS", "address", FORMAT_TEXT}, {"MAC", "mac", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT}, {"STATIC", "static", FORMAT_TEXT},   {0},
};
static const struct column tunnel_columns[] = {
	{"TUNNEL", "tunnel", FORMAT_NUMBER},
	{"LOCAL", "local", FORMAT_TEXT},
	{"REMOTE", "remote", FORMAT_TEXT},
	{"MTU", "mtu", FORMAT_NUMBER},
	{"SESSIONS", "sessions", FORMAT_NUMBER},
	{"NEXT HOP", "next_hop", FORMAT_TEXT},
	{"NEXT HOP STATE", "next_hop_state", FORMAT_TEXT},
	{"PORT", "port", FORMAT_TEXT},
	{0},
};
static const struct column route_columns[] = {
	{"PREFIX", "prefix", FORMAT_TEXT},
	{"VIA", "via", FORMAT_TEXT},
	{"PORT", "port", FORMAT_TEXT},
	{"STATE", "state", FORMAT_TEXT},
	{0},
};
static const struct column pool_columns[] = {
	{"POOL", "pool", FORMAT_TEXT},	 {"PREFIX", "prefix", FORMAT_TEXT}, {"LENGTH", "length", FORMAT_NUMBER},
	{"USED", "used", FORMAT_NUMBER}, {"TOTAL", "total", FORMAT_NUMBER}, {0},
};
static const struct rpc_param log_params[] = {
	{"level", RPC_STRING, true, "error, warning, notice, info or debug", 0, 0},
	{"room", RPC_STRING, false, "one room's lines; else all", 0, 0},
	{0},
};

const struct command commands[] = {
	{"server", "hello", "Who answers, and what it is", "server.hello", NULL, NULL},
	{"session", "list", "The binding cache and the binding update list", "session.list", session_list_params,
	 session_columns},
	{"session", "get", "All of one session", "session.get", session_get_params, NULL},
	{"mn", "attach", "Tell that a host attached to an access port", "mn.attach", attach_params, NULL},
	{"mn", "detach", "Tell that a host left", "mn.detach", detach_params, NULL},
	{"stat", "get", "Counters and drop reasons of all lcores together", "stat.get", stat_params, NULL},
	{"port", "list", "The ports and what passed them", "port.list", NULL, port_columns},
	{"neighbour", "list", "Neighbours of this node", "neighbour.list", NULL, neighbour_columns},
	{"tunnel", "list", "Tunnels in use", "tunnel.list", NULL, tunnel_columns},
	{"route", "list", "Configured and connected routes", "route.list", NULL, route_columns},
	{"pool", "list", "Prefix pools and how full they are", "pool.list", NULL, pool_columns},
	{"log", "set", "Say how much is logged", "log.set", log_params, NULL},
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *
command_find(const char *noun, const char *verb)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].noun, noun) == 0 && strcmp(commands[i].verb, verb) == 0)
			return &commands[i];
	return NULL;
}
