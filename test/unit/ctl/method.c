/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operator sees of mobile nodes, peers and events. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "cases.h"
#include "history.h"
#include "methods.h"

#define AT	  ((uint64_t)1 << 16) /* a second of wall time */
#define STRANGERS 1000		      /* who attach, one behind the other */

/* A list's items by a method with these parameters; a new reference. */
static json_t *
items(struct rig *r, const char *method, const char *params)
{
	json_t *page = ask(r, method, json_loads(params, 0, NULL), NULL);
	json_t *list = json_incref(json_object_get(page, "items"));

	json_decref(page);
	return list;
}

static size_t
count(struct rig *r, const char *method, const char *params)
{
	json_t *list = items(r, method, params);
	size_t n = json_array_size(list);

	json_decref(list);
	return n;
}

static void
history(void)
{
	static const struct {
		const char *what, *key, *value;
	} want[] = {
		{"received", "message", "PBU"}, {"transition", "to", "active"},
		{"sent", "message", "PBA"},	{"event", "kind", "session-opened"},
		{"received", "message", "PBU"}, {"sent", "message", "PBA"},
		{"event", "kind", "handover"},	{"received", "message", "PBU"},
		{"transition", "to", "linger"}, {"sent", "message", "PBA"},
		{"transition", "to", "free"},	{"event", "kind", "session-closed"},
	};
	json_t *list;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	rig_pbu(&r, &(struct update){0});
	rig_pbu(&r, &(struct update){.mag = MAG2, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	rig_pbu(&r, &(struct update){.mag = MAG2, .dereg = true});
	rig_wait(&r, 20000);
	list = items(&r, "mn.history", "{\"mn\": \"" MN1 "\"}");
	CU_ASSERT_EQUAL(json_array_size(list), UNIT_COUNT(want));
	for (unsigned int i = 0; i < UNIT_COUNT(want); i++) {
		const json_t *n = json_array_get(list, i);

		CU_ASSERT_STRING_EQUAL(ask_text(n, "what"), want[i].what);
		CU_ASSERT_STRING_EQUAL(ask_text(n, want[i].key), want[i].value);
		CU_ASSERT(i == 0 || ask_number(n, "at_ms") >= ask_number(json_array_get(list, i - 1), "at_ms"));
	}
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(list, 4), "peer"), MAG2);
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(list, 8), "from"), "active");
	CU_ASSERT_EQUAL(strlen(ask_text(json_array_get(list, 0), "wall")), strlen("2023-11-14T22:13:20.000Z"));
	json_decref(list);
	rig_close(&r);
}

/* The last notes of each alone, and of as many mobile nodes as were asked for; strangers push out strangers alone. */
static void
history_bounds(void)
{
	struct pmip_mn_id id;
	char name[32];
	struct rig r;
	json_t *all;

	rig_open(&r, &(struct wish){.lma = true});
	for (unsigned int i = 0; i < 20; i++)
		rig_pbu(&r, &(struct update){0});
	all = ask(&r, "mn.history", json_pack("{s:s}", "mn", MN1), NULL);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(all, "items")), CTL_NOTES);
	CU_ASSERT_EQUAL(ask_number(all, "noted"), 20 * 2 + 2);
	json_decref(all);
	for (unsigned int i = 0; i < STRANGERS; i++) {
		rig_pbu(&r, &(struct update){.mn = rig_crowd_name(i, name)});
		rig_forget(&r);
	}
	NEED(pmip_mn_id_parse(MN1, &id) == 0);
	CU_ASSERT_PTR_NOT_NULL(ctl_history_find(r.ctl, &id));
	for (unsigned int i = 0; i < STRANGERS; i++) {
		NEED(pmip_mn_id_parse(rig_crowd_name(i, name), &id) == 0);
		CU_ASSERT_EQUAL(ctl_history_find(r.ctl, &id) != NULL, i >= STRANGERS - RIG_HISTORY / 8);
	}
	rig_close(&r);
}

static void
peers(void)
{
	struct rpc_error error;
	json_t *peer, *sent;
	struct frame late;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	rig_pbu(&r, &(struct update){0});
	rig_pbu(&r, &(struct update){.mn = MN2});
	r.now.wall += AT;
	late = rig_update(&r, &(struct update){.mn = MN2});
	r.now.wall += 600 * AT; /* this node's clock goes wrong */
	rig_send(&r, CORE, &late);
	peer = ask(&r, "peer.get", json_pack("{s:s}", "peer", MAG1), NULL);
	sent = json_object_get(peer, "sent");
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "name"), "gateways");
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "role"), "mag");
	CU_ASSERT_EQUAL(ask_number(peer, "sessions"), 2);
	CU_ASSERT_EQUAL(ask_number(json_object_get(peer, "received"), "PBU"), 3);
	CU_ASSERT_EQUAL(ask_number(sent, "PBA/0 ACCEPTED"), 2);
	CU_ASSERT_EQUAL(ask_number(sent, "PBA/156 TIMESTAMP_MISMATCH"), 1);
	CU_ASSERT_EQUAL(ask_number(peer, "last_heard_ms"), 0);
	CU_ASSERT_EQUAL(ask_number(peer, "skew_ms"), -600000);
	json_decref(peer);
	CU_ASSERT_EQUAL(count(&r, "peer.list", "{\"name\": \"gateways\"}"), 1);
	CU_ASSERT_EQUAL(count(&r, "peer.list", "{\"name\": \"nobody\"}"), 0);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"clock-skew\"}"), 1);
	peer = ask(&r, "peer.list", json_pack("{s:s}", "name", "here"), NULL); /* of whom nobody was heard */
	NEED(json_array_size(json_object_get(peer, "items")) == 1);
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(peer, "items"), 0), "state"), "never");
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(peer, "items"), 0), "role"), "mag");
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(peer, "items"), 0), "address"),
			       "2001:db8:0:c::/126");
	json_decref(peer);
	peer = ask(&r, "peer.get", json_pack("{s:s}", "peer", MAG2), NULL);
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "state"), "never");
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "name"), "gateways");
	json_decref(peer);
	CU_ASSERT_PTR_NULL(ask(&r, "peer.get", json_pack("{s:s}", "peer", CN), &error));
	CU_ASSERT_STRING_EQUAL(error.reason, "unknown-peer");
	rig_close(&r);
}

/* A gateway whose anchor is silent: it is lost once, however many sessions miss it, and back at its first word. */
static void
lost(void)
{
	struct frame first = solicitation(MN1_MAC), second = solicitation(MN2_MAC);
	struct mh_msg pbu, last = {0};
	json_t *peer;
	struct rig r;

	rig_open(&r, &(struct wish){.mag = true, .here = ANCHOR "/128"}); /* at a gateway too it has its name */
	rig_send(&r, ACCESS, &first);
	rig_send(&r, ACCESS, &second);
	for (unsigned int i = 0; i < 200 && count(&r, "event.list", "{\"kind\": \"peer-lost\"}") == 0; i++) {
		rig_wait(&r, 1000);
		while (rig_take_mh(&r, MH_PBU, &pbu))
			last = pbu;
		rig_forget(&r);
	}
	rig_wait(&r, 5000);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"peer-lost\"}"), 1);
	peer = ask(&r, "peer.get", json_pack("{s:s}", "peer", ANCHOR), NULL);
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "state"), "lost");
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "name"), "here");
	CU_ASSERT(json_is_null(json_object_get(peer, "last_heard_ms")));
	CU_ASSERT_STRING_EQUAL(ask_text(peer, "role"), "lma");
	json_decref(peer);
	rig_pba(&r, &last, MH_STATUS_INSUFFICIENT_RESOURCES, NULL);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"peer-back\"}"), 1);
	rig_close(&r);
}

static void
pools(void)
{
	char name[32];
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .crowd = 40}); /* of 16 prefixes */
	for (unsigned int i = 0; i < 14; i++)
		rig_pbu(&r, &(struct update){.mn = rig_crowd_name(i, name)});
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"pool-low\"}"), 0);
	rig_pbu(&r, &(struct update){.mn = rig_crowd_name(14, name)});
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"pool-low\"}"), 1);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"pool-exhausted\"}"), 0);
	for (unsigned int i = 15; i < 20; i++)
		rig_pbu(&r, &(struct update){.mn = rig_crowd_name(i, name)});
	rig_wait(&r, 3000);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"pool-exhausted\"}"), 1);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"attach-refused\"}"), 4);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"session-opened\", \"mn\": \"n3@crowd.example\"}"), 1);
	rig_close(&r);
}

static void
drops(void)
{
	struct addr6 src = ip6(CN), dst = ip6("2001:db8:1:0:1::1");
	struct frame f = downlink(&src, &dst, 100);
	json_t *list;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	for (unsigned int second = 0; second < 4; second++) { /* two seconds above 100 packets, one below, one above */
		for (unsigned int i = 0; i < (second == 2 ? 50 : 150); i++) {
			rig_feed(&r, CORE, &f);
			rig_run(&r);
		}
		rig_wait(&r, 1000);
	}
	list = items(&r, "event.list", "{\"kind\": \"drop-rate\"}");
	CU_ASSERT_EQUAL(json_array_size(list), 4); /* and the ICMPv6 errors that were above their own rate */
	CU_ASSERT_EQUAL(ask_number(json_array_get(list, 0), "per_s"), 150);
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(list, 0), "severity"), "warning");
	CU_ASSERT(strstr(ask_text(json_array_get(list, 0), "text"), ask_text(json_array_get(list, 0), "drop")) != NULL);
	json_decref(list);
	/* A device that counts from zero again, as after it was reset, has not dropped all that there is. */
	r.ctl->alarm_drop[STAT_DROP_PORT_MISSED] = 5;
	rig_wait(&r, 1000);
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"drop-rate\"}"), 4);
	rig_close(&r);
}

/* A client that watches hears of an attachment while it waits. */
static void
watches(void)
{
	json_t *note;
	struct rig r;
	int fd;

	rig_open(&r, &(struct wish){.lma = true});
	fd = ask_open(&r, r.look);
	ask_send(&r, fd,
		 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"event.watch\",\"params\":{\"kinds\":\"session-opened,"
		 "handover\"}}\n");
	note = ask_line(&r, fd);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(json_object_get(note, "result"), "watching")), 2);
	json_decref(note);
	rig_pbu(&r, &(struct update){0});
	note = ask_line(&r, fd);
	CU_ASSERT_STRING_EQUAL(ask_text(note, "method"), "event");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(note, "params"), "kind"), "session-opened");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(note, "params"), "mn"), MN1);
	json_decref(note);
	rig_pbu(&r, &(struct update){.mag = MAG2, .handoff = MH_HANDOFF_BETWEEN_MAGS});
	note = ask_line(&r, fd);
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(note, "params"), "kind"), "handover");
	json_decref(note);
	close(fd);
	rig_close(&r);
}

static void
filters(void)
{
	static const struct {
		const char *method, *params;
		size_t items;
	} rows[] = {
		{"session.list", "{\"peer\": \"" MAG1 "\"}", 1},
		{"session.list", "{\"peer\": \"" MAG2 "\"}", 1},
		{"session.list", "{\"peer\": \"" CN "\"}", 0},
		{"session.list", "{\"prefix\": \"2001:db8:1::/48\"}", 2},
		{"session.list", "{\"prefix\": \"2001:db8:2::/48\"}", 0},
		{"session.list", "{\"prefix\": \"2001:db8:1::7\"}", 1},
		{"session.list", "{\"mn\": \"" MN1 "\", \"peer\": \"" MAG2 "\"}", 0},
		{"session.list", "{\"brief\": true}", 2},
		{"mn.list", "{}", 2},
		{"mn.list", "{\"mn\": \"" MN1 "\"}", 1},
		{"mn.list", "{\"peer\": \"" MAG2 "\"}", 1},
		{"profile.list", "{\"mn\": \"" MN1 "\"}", 1},
		{"profile.list", "{\"mn\": \"nobody\"}", 0},
		{"profile.list", "{\"limit\": 1}", 1},
		{"tunnel.list", "{\"remote\": \"2001:db8:0:a:0:0:0:1\"}", 1},
		{"tunnel.list", "{\"next_hop_state\": \"unresolved\"}", 0},
		{"route.list", "{\"state\": \"connected\"}", 2},
		{"route.list", "{\"via\": \"" ROUTER "\"}", 1},
		{"neighbour.list", "{\"address\": \"" ROUTER "\"}", 1},
		{"neighbour.list", "{\"port\": \"access\"}", 0},
		{"pool.list", "{\"pool\": \"homes\"}", 1},
		{"pool.list", "{\"pool\": \"guests\"}", 0},
	};
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	rig_pbu(&r, &(struct update){0});
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++) {
		size_t n = count(&r, rows[i].method, rows[i].params);

		CU_ASSERT_EQUAL(n, rows[i].items);
		if (n != rows[i].items)
			printf("%s %s: %zu items\n", rows[i].method, rows[i].params, n);
	}
	rig_close(&r);
}

/* A table of which little is in use is walked in bounded pages that may be empty, to its end. */
static void
sparse(void)
{
	json_int_t after = 0;
	unsigned int pages = 0, found = 0;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true, .sessions = 3 * METHODS_SCAN_MAX});
	rig_pbu(&r, &(struct update){0});
	while (after >= 0 && pages < 8) {
		json_t *page = ask(&r, "session.list", json_pack("{s:I}", "after", after), NULL);
		const json_t *next = json_object_get(page, "next");

		found += (unsigned int)json_array_size(json_object_get(page, "items"));
		after = json_is_null(next) ? -1 : json_integer_value(next);
		pages++;
		json_decref(page);
	}
	CU_ASSERT_EQUAL(pages, 3);
	CU_ASSERT_EQUAL(found, 1);
	CU_ASSERT(r.ctl->figures.items_max <= ctl_figures_items_limit(r.ctl));
	rig_close(&r);
}

static void
closes(void)
{
	struct rpc_error error;
	struct rig r;

	rig_open(&r, &(struct wish){.lma = true});
	rig_pbu(&r, &(struct update){0});
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 1);
	json_decref(ask(&r, "session.close", json_pack("{s:i}", "session", 0), NULL));
	CU_ASSERT_EQUAL(lma_session_count(r.lma), 0);
	CU_ASSERT_PTR_NULL(ask(&r, "session.close", json_pack("{s:i}", "session", 0), &error));
	CU_ASSERT_STRING_EQUAL(error.reason, "unknown-session");
	CU_ASSERT_EQUAL(count(&r, "event.list", "{\"kind\": \"session-closed\"}"), 1);
	rig_close(&r);
}

static void
port_show(void)
{
	struct rpc_error error;
	struct rig r;
	json_t *p;

	rig_open(&r, &(struct wish){.lma = true});
	p = ask(&r, "port.show", json_pack("{s:s}", "port", "core"), NULL);
	CU_ASSERT_STRING_EQUAL(ask_text(p, "port"), "core");
	CU_ASSERT(json_object_size(json_object_get(p, "xstats")) > 0);
	CU_ASSERT_EQUAL(ask_number(json_array_get(json_object_get(p, "queues"), 0), "rx_packets"),
			ask_number(p, "rx_packets"));
	CU_ASSERT_EQUAL(ask_number(json_array_get(json_object_get(p, "shares"), 0), "packets"),
			ask_number(p, "rx_packets"));
	CU_ASSERT(json_real_value(json_object_get(p, "imbalance")) == 1); /* of one queue */
	CU_ASSERT_STRING_EQUAL(ask_text(p, "spread"), "queues");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(p, "rss"), "tunnels"), "none");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(json_object_get(p, "rss"), "types")), 0);
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(p, "rss"), "key"), "");
	json_decref(p);
	CU_ASSERT_PTR_NULL(ask(&r, "port.show", json_pack("{s:s}", "port", "none"), &error));
	CU_ASSERT_STRING_EQUAL(error.reason, "unknown-port");
	rig_close(&r);
}

const struct unit_case method_cases[] = {
	{"mn.history has messages, transitions and events in their order", history},
	{"mn.history is bounded, and strangers push out strangers alone", history_bounds},
	{"peers are counted by message and status, with their clocks", peers},
	{"a peer is lost once and comes back", lost},
	{"a pool is told of when it is low and when it is empty, once", pools},
	{"many drops in a second are told of, again after a second without", drops},
	{"who watches is told", watches},
	{"lists are narrowed by what they show", filters},
	{"a sparse table is walked in bounded pages", sparse},
	{"session.close ends a session", closes},
	{"a port is shown with its queues, what workers took of it, and its driver's counters", port_show},
};
const unsigned int method_case_count = UNIT_COUNT(method_cases);
