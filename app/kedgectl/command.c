/* SPDX-License-Identifier: BSD-3-Clause */
#include "command.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/words.h"
#include "bundle.h"
#include "columns.h"
#include "complete.h"
#include "config.h"
#include "explain.h"
#include "top.h"
#include "watch.h"

/* Parameters of several commands. */
#define ROLE		 "role", PARAM_STRING, false, "lma or mag alone", "lma mag", 0, 0
#define ROLE_OF		 "role", PARAM_STRING, false, "lma or mag, where the node is both", "lma mag", 0, 0
#define MN(must)	 "mn", PARAM_STRING, must, "the mobile node's identifier", "@session.list mn", 0, 0
#define SESSION		 "session", PARAM_INTEGER, true, "its number, of `session list`", "@session.list session", 0, UINT32_MAX
#define PORT(must, help) "port", PARAM_STRING, must, help, "@port.list port", 0, 0
#define PEER(must)	 "peer", PARAM_STRING, must, "the peer's address", "@peer.list address", 0, 0
#define PREFIX(help)	 "prefix", PARAM_STRING, false, help, NULL, 0, 0
#define VLAN		 "vlan", PARAM_INTEGER, false, "its VLAN", NULL, 0, 4094
#define MAC		 "mac", PARAM_STRING, true, "the host's MAC address", NULL, 0, 0
#define FILE_OF(help)	 "file", PARAM_FILE, false, help, NULL, 0, 0
#define CONFIG_FILE	 FILE_OF("a YAML file; else the one that the daemon was started with")
#define KINDS		 "@event.kinds kind"

static const struct param session_list_params[] = {
	{ROLE},
	{MN(false)},
	{PREFIX("that have this prefix or address")},
	{PEER(false)},
	{"state", PARAM_STRING, false, "in this state alone",
	 "active linger revoking waiting asking registering refreshing held leaving", 0, 0},
	{0},
};
static const struct param session_params[] = {{SESSION}, {ROLE_OF}, {0}};
/* Of these exactly one. */
#define TARGET                                                                                                         \
	{"session", PARAM_INTEGER, false, "this one, by its number", "@session.list session", 0, UINT32_MAX},          \
		{MN(false)}, {PEER(false)},                                                                            \
	{                                                                                                              \
		"all", PARAM_BOOLEAN, false, "all of them", "true", 0, 0                                               \
	}
static const struct param revoke_params[] = {
	TARGET,
	{"realm", PARAM_STRING, false, "those of mobile nodes of this realm", NULL, 0, 0},
	{ROLE_OF},
	{"trigger", PARAM_STRING, false, "why, as the peer is told; else administrative", words_trigger, 0, 0},
	{0},
};
static const struct param notify_params[] = {
	TARGET,
	{"reason", PARAM_STRING, false, "what is asked for; else force-reregistration", words_reason, 0, 0},
	{"vendor", PARAM_INTEGER, false, "of vendor-specific: its private enterprise number", NULL, 0, UINT32_MAX},
	{"type", PARAM_INTEGER, false, "its option's type; else 0", NULL, 0, UINT8_MAX},
	{"data", PARAM_STRING, false, "its option's bytes, in hexadecimal digits", NULL, 0, 0},
	{0},
};
static const struct param mn_list_params[] = {
	{MN(false)},
	{PREFIX("that have this prefix or address")},
	{PEER(false)},
	{0},
};
static const struct param mn_params[] = {{MN(true)}, {0}};
#define PREFIXES(help) "prefixes", PARAM_STRING, false, help, NULL, 0, 0
#define GIVEN_UP                                                                                                       \
	"given_up", PARAM_BOOLEAN, false, "the mobile node has given up its addresses of them elsewhere", "true", 0, 0
static const struct param attach_params[] = {
	{PORT(true, "the access port")},
	{MAC},
	{VLAN},
	{"handoff", PARAM_INTEGER, false, "handoff indicator, where it is known; 4: unknown", "1 2 3 4 5 6", 1, 6},
	{PREFIXES("that come with it from another interface, with commas between")},
	{GIVEN_UP},
	{0},
};
/* Of these so many that one session of the mobile node is left. */
#define TO                                                                                                             \
	{"session", PARAM_INTEGER, false, "to this session of it", "@session.list session", 0, UINT32_MAX},            \
		{"gateway", PARAM_STRING, false, "to its session at this gateway", "@peer.list address", 0, 0},        \
	{                                                                                                              \
		"access", PARAM_STRING, false, "to its session of this access technology", words_technology, 0, 0      \
	}
static const struct param move_params[] = {
	{MN(true)},
	TO,
	{PREFIXES("these, with commas between; else, at an anchor, all of its other sessions")},
	{"keep", PARAM_STRING, false, "what the session that they come from keeps; else none", "none idle shared", 0,
	 0},
	{GIVEN_UP},
	{ROLE_OF},
	{0},
};
static const struct param cut_params[] = {
	{MN(true)},
	TO,
	{"count", PARAM_INTEGER, false, "so many more; else 1", NULL, 1, 4},
	{0},
};
#define FLOW_ID(must, help) "id", PARAM_INTEGER, must, help, NULL, 1, UINT16_MAX
static const struct param flow_add_params[] = {
	{MN(true)},
	{"selector", PARAM_STRING, true, "which packets: \"protocol=udp source-port=5004\", or any", NULL, 0, 0},
	{"priority", PARAM_INTEGER, true, "the lowest is looked at first", NULL, 1, UINT16_MAX},
	TO,
	{FLOW_ID(false, "its number; else the lowest that is free")},
	{0},
};
static const struct param flow_move_params[] = {
	{MN(true)},
	{FLOW_ID(true, "its number, of `flow list`")},
	TO,
	{0},
};
static const struct param flow_del_params[] = {{MN(true)}, {FLOW_ID(true, "its number, of `flow list`")}, {0}};
static const struct param detach_params[] = {{MAC}, {PORT(false, "the access port; else any")}, {VLAN}, {0}};
static const struct param aggregate_list_params[] = {
	{ROLE},
	{"gateway", PARAM_STRING, false, "those of this gateway", "@aggregate.list gateway", 0, 0},
	{0},
};
static const struct param peer_list_params[] = {
	{"name", PARAM_STRING, false, "the peer of this name", "@peer.list name", 0, 0},
	{"address", PARAM_STRING, false, "the peer of this address", "@peer.list address", 0, 0},
	{0},
};
static const struct param peer_params[] = {{PEER(true)}, {0}};
static const struct param port_params[] = {{PORT(true, "the port's name")}, {0}};
static const struct param profile_params[] = {{MN(false)}, {0}};
static const struct param stat_params[] = {
	{"all", PARAM_BOOLEAN, false, "those that are zero too", "true false", 0, 0},
	{0},
};
static const struct param drop_params[] = {
	{"above", PARAM_INTEGER, false, "counted more often than this; -1: all", NULL, -1, INT64_MAX},
	{0},
};
static const struct param log_params[] = {
	{"level", PARAM_STRING, true, "the least important lines that are written", "error warning notice info debug",
	 0, 0},
	{"room", PARAM_STRING, false, "one room's lines; else all", "@log.get room", 0, 0},
	{0},
};
static const struct param event_list_params[] = {
	{"kind", PARAM_STRING, false, "of this kind alone", KINDS, 0, 0},
	{MN(false)},
	{0},
};
static const struct param event_watch_params[] = {
	{"kinds", PARAM_STRING, false, "of these kinds alone, with commas between", KINDS, 0, 0},
	{0},
};
static const struct param config_params[] = {{CONFIG_FILE}, {0}};
static const struct param explain_params[] = {
	{"hex", PARAM_STRING, false, "the packet as hexadecimal digits", NULL, 0, 0},
	{"dst", PARAM_STRING, false, "a packet to this address", NULL, 0, 0},
	{"src", PARAM_STRING, false, "from this address", NULL, 0, 0},
	{"mn", PARAM_STRING, false, "a packet to this mobile node, or with dst from it", "@session.list mn", 0, 0},
	{PORT(false, "as it would come in there")},
	{"size", PARAM_INTEGER, false, "its length in bytes", NULL, 40, 65535},
	{"protocol", PARAM_STRING, false, "what it is; else udp where it has ports", "udp tcp", 0, 0},
	{"source_port", PARAM_INTEGER, false, "its source port", NULL, 0, UINT16_MAX},
	{"destination_port", PARAM_INTEGER, false, "its destination port", NULL, 0, UINT16_MAX},
	{0},
};
static const struct param trace_start_params[] = {
	{"file", PARAM_STRING, false, "name of the pcapng file in the daemon's trace-directory", NULL, 0, 0},
	{MN(false)},
	{PREFIX("packets from or to this prefix")},
	{PORT(false, "packets of this port")},
	{"drop", PARAM_STRING, false, "packets dropped for this reason", "@drop.list name", 0, 0},
	{"packets", PARAM_INTEGER, false, "end after so many packets", NULL, 1, INT32_MAX},
	{"bytes", PARAM_INTEGER, false, "end after so many bytes", NULL, 1, INT64_MAX},
	{"seconds", PARAM_INTEGER, false, "end after so many seconds", NULL, 1, 86400},
	{0},
};
static const struct param trace_stop_params[] = {
	{"trace", PARAM_INTEGER, false, "its number, of `trace list`; else all", "@trace.list trace", 0, UINT32_MAX},
	{0},
};
static const struct param bundle_params[] = {
	{FILE_OF("the archive; else kedge-NAME-TIME.tar.gz in this folder")},
	{0},
};

#define SA_WAY(must)	"direction", PARAM_STRING, must, "of the packets", "in out", 0, 0
#define SA_END(n, must) n, PARAM_STRING, must, "of the packets", "@sa.list " n, 0, 0
#define SA_SPI(must)	"spi", PARAM_INTEGER, must, "its number", "@sa.list spi", 256, UINT32_MAX

static const struct param sa_list_params[] = {
	{SA_WAY(false)}, {SA_END("source", false)}, {SA_END("destination", false)}, {SA_SPI(false)}, {0},
};
static const struct param sa_add_params[] = {
	{SA_WAY(true)},
	{SA_END("source", true)},
	{SA_END("destination", true)},
	{SA_SPI(true)},
	{"algorithm", PARAM_STRING, true, "encryption and integrity", words_suite, 0, 0},
	{"key", PARAM_SECRET, true, "in hexadecimal, encryption first; -: a line of the standard input", NULL, 0, 0},
	{"extended", PARAM_BOOLEAN, false, "extended sequence numbers", "true false", 0, 0},
	{"window", PARAM_INTEGER, false, "of received numbers; 0: replays are not found", NULL, 0, 1024},
	{"sequence", PARAM_INTEGER, false, "the greatest number before", NULL, 0, INT64_MAX},
	{"packets_max", PARAM_INTEGER, false, "it ends behind so many packets", NULL, 0, INT64_MAX},
	{0},
};
static const struct param sa_del_params[] = {{SA_WAY(true)}, {SA_END("destination", true)}, {SA_SPI(true)}, {0}};

/* A command that is one call. */
#define CALL(n, v, h, p) .noun = n, .verb = v, .help = h, .method = n "." v, .params = p

const struct command commands[] = {
	{CALL("server", "hello", "Who answers, and what it is", NULL), .bundled = 1},
	{CALL("session", "list", "The binding cache and the binding update list", session_list_params),
	 .columns = columns_session, .bundled = 1},
	{CALL("session", "get", "All of one session", session_params)},
	{CALL("session", "close", "End a session", session_params)},
	{CALL("session", "revoke", "End sessions, and have peers told", revoke_params)},
	{CALL("session", "notify", "Have gateways register sessions again", notify_params)},
	{CALL("mn", "list", "Mobile nodes, served and refused", mn_list_params), .columns = columns_mn, .bundled = 1},
	{CALL("mn", "get", "All of one mobile node", mn_params)},
	{CALL("mn", "history", "The last messages and transitions of one mobile node", mn_params),
	 .columns = columns_history, .whole = true},
	{CALL("mn", "attach", "Tell that a host attached to an access port", attach_params)},
	{CALL("mn", "detach", "Tell that a host left", detach_params)},
	{CALL("mn", "move", "Have prefixes of a mobile node go to another session of it", move_params)},
	{CALL("mn", "cut", "Cut more temporal prefixes for a session, at its gateway", cut_params)},
	{CALL("mn", "rows", "Which session of a mobile node has which of its prefixes", mn_params),
	 .columns = columns_row, .whole = true},
	{CALL("flow", "add", "Have a flow of a mobile node take one of its sessions", flow_add_params)},
	{CALL("flow", "move", "Have a flow take another session", flow_move_params)},
	{CALL("flow", "del", "Forget a flow", flow_del_params)},
	{CALL("flow", "list", "The flows of a mobile node, and which session each takes", mn_params),
	 .columns = columns_flow, .whole = true},
	{CALL("aggregate", "list", "Prefixes that gateways cut prefixes of sessions from", aggregate_list_params),
	 .columns = columns_aggregate, .bundled = 1},
	{CALL("peer", "list", "The gateways or anchors that this node speaks with", peer_list_params),
	 .columns = columns_peer, .bundled = 1},
	{CALL("peer", "get", "All of one peer, messages by status too", peer_params)},
	{CALL("sa", "list", "Security associations of ESP, without their keys", sa_list_params), .columns = columns_sa,
	 .bundled = 1},
	{CALL("sa", "add", "Add a security association", sa_add_params)},
	{CALL("sa", "del", "Remove a security association", sa_del_params)},
	{CALL("port", "list", "The ports and what passed them", NULL), .columns = columns_port, .bundled = 2},
	{CALL("port", "show", "All of one port: its queues, its driver's counters", port_params)},
	{CALL("neighbour", "list", "Neighbours of this node", NULL), .columns = columns_neighbour, .bundled = 1},
	{CALL("tunnel", "list", "Tunnels in use, and whether their next hop answers", NULL), .columns = columns_tunnel,
	 .bundled = 1},
	{CALL("route", "list", "Configured and connected routes", NULL), .columns = columns_route, .bundled = 1},
	{CALL("pool", "list", "Prefix pools and how full they are", NULL), .columns = columns_pool, .bundled = 1},
	{CALL("profile", "list", "Policy: who is served, and how", profile_params), .columns = columns_profile,
	 .bundled = 1},
	{CALL("stat", "get", "Counters and drop reasons of all lcores together", stat_params), .bundled = 2},
	{CALL("stat", "stages", "What passed each stage of the packet path, and what it cost", NULL),
	 .columns = columns_stage, .whole = true, .bundled = 2},
	{CALL("drop", "list", "Drop reasons, where and why", drop_params), .columns = columns_drop, .bundled = 2},
	{CALL("packet", "explain", "What would happen to a packet, stage by stage, without sending it", explain_params),
	 .show = explain_show},
	{CALL("event", "list", "The last events", event_list_params), .columns = columns_event, .bundled = 1},
	{CALL("event", "watch", "Events as they happen, until interrupted", event_watch_params),
	 .columns = columns_event, .run = watch_events},
	{CALL("event", "kinds", "The kinds of events, and what each says", NULL), .columns = columns_kind,
	 .whole = true},
	{CALL("trace", "start", "Write packets into a pcapng file, with the stage and drop reason of each",
	      trace_start_params)},
	{CALL("trace", "stop", "End a trace", trace_stop_params), .columns = columns_trace, .whole = true},
	{CALL("trace", "list", "Traces, those that ended too", NULL), .columns = columns_trace, .whole = true,
	 .bundled = 1},
	{CALL("config", "get", "The configuration in effect, without its secrets", NULL), .show = config_show,
	 .bundled = 1},
	{CALL("config", "check", "Whether a file is good", config_params)},
	{CALL("config", "diff", "What a file would change, and what of it needs a restart", config_params)},
	{CALL("config", "apply", "Take over a file: all of it or nothing", config_params)},
	{CALL("config", "rollback", "Go back to what was in effect before the last apply", NULL)},
	{CALL("log", "get", "How much each room logs", NULL), .bundled = 1},
	{CALL("log", "set", "Say how much is logged", log_params)},
	{CALL("rpc", "discover", "The methods of the control socket, as OpenRPC", NULL), .bundled = 1},
	{"support", "bundle", "Everything that a bug report needs in one archive, secrets left out", NULL,
	 bundle_params, .run = bundle_run},
	{"top", "", "A live screen of rates; --once prints one frame", NULL, NULL, .run = top_run},
	{"completion", "bash", "The completion script of bash", NULL, NULL, .run = complete_bash},
	{"completion", "zsh", "The completion script of zsh", NULL, NULL, .run = complete_zsh},
	{"completion", "words", "What may stand next behind these words: for the scripts", NULL, NULL,
	 .words = complete_words},
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *
command_find(const char *noun, const char *verb)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].noun, noun) == 0 &&
		    (commands[i].verb[0] == '\0' || (verb != NULL && strcmp(commands[i].verb, verb) == 0)))
			return &commands[i];
	return NULL;
}

const struct param *
command_param(const struct command *c, const char *name)
{
	for (const struct param *p = c->params; p != NULL && p->name != NULL; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

const char *
command_name(const struct command *c, char name[static COMMAND_NAME_MAX])
{
	snprintf(name, COMMAND_NAME_MAX, "%s%s%s", c->noun, c->verb[0] != '\0' ? " " : "", c->verb);
	return name;
}
