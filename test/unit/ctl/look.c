/* SPDX-License-Identifier: BSD-3-Clause */
/* What an operator can look at: drops, traces, explanations. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <rte_ethdev.h>

#include "ask.h"
#include "cases.h"
#include "counts.h"
#include "methods.h"
#include "rig.h"
#include "trace.h"

#define FILE_MAX 65536

static const struct wish anchor = {.lma = true}, gateway = {.mag = true};
static uint64_t missed; /* what the devices of this program say that they lost */

/* In place of DPDK's: rings lose nothing by themselves. */
int
rte_eth_stats_get(uint16_t port_id, struct rte_eth_stats *stats)
{
	*stats = (struct rte_eth_stats){
		.imissed = missed, .ierrors = 2 * missed, .rx_nombuf = 3 * missed, .oerrors = 4 * missed};
	return 0;
}

/* A method's result, a new reference; NULL where it refuses, with the reason in `reason`. params is taken. */
static char reason[RPC_REASON_MAX];

static json_t *
call(struct rig *r, const struct rpc_method *rows, const char *name, json_t *params)
{
	struct rpc_error error = {.code = 0};
	json_t *result = NULL;

	while (rows->name != NULL && strcmp(rows->name, name) != 0)
		rows++;
	NEED(rows->name != NULL && params != NULL);
	NEED((rows->handler(r->ctl, params, &result, &error) == 0) == (result != NULL));
	json_decref(params);
	snprintf(reason, sizeof(reason), "%s", error.reason);
	return result;
}

static void
drops(void)
{
	struct addr6 cn = ip6(CN), nowhere = ip6(NOWHERE);
	json_t *list, *item, *balance;
	bool found = false;
	struct frame f;
	struct rig r;
	size_t i;

	rig_open(&r, &anchor);
	f = downlink(&cn, &nowhere, RIG_LEN);
	rig_send(&r, CORE, &f);
	missed = 5;
	list = call(&r, ctl_methods_path, "drop.list", json_pack("{s:i}", "above", 0));
	missed = 0;
	json_array_foreach(json_object_get(list, "items"), i, item)
	{
		const json_t *stages = json_object_get(item, "stage");
		const char *last = json_string_value(json_array_get(stages, json_array_size(stages) - 1));

		CU_ASSERT(ask_number(item, "count") > 0 && last != NULL && ask_text(item, "help")[0] != '\0');
		if (strcmp(ask_text(item, "name"), "route.no-route") == 0)
			found = ask_number(item, "count") == 1 && json_array_size(stages) == 3 &&
				strcmp(last, "route") == 0;
		if (strncmp(ask_text(item, "name"), "port.", 5) == 0)
			CU_ASSERT(ask_number(item, "count") % 10 == 0 && strcmp(last, "port") == 0);
	}
	CU_ASSERT(found);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(list, "items")), 1 + 4);
	json_decref(list);
	list = call(&r, ctl_methods_path, "drop.list", json_pack("{s:i}", "above", 1));
	CU_ASSERT_EQUAL(json_array_size(json_object_get(list, "items")), 0);
	json_decref(list);
	list = call(&r, ctl_methods_path, "drop.list", json_object());
	CU_ASSERT_EQUAL(json_array_size(json_object_get(list, "items")), STAT_DROP_COUNT);
	json_decref(list);
	balance = ctl_balance_json(r.ctl);
	CU_ASSERT(ask_number(balance, "rx") > 0 && ask_number(balance, "drops") == 1);
	CU_ASSERT_EQUAL(ask_number(balance, "missing"), 0);
	json_decref(balance);
	rig_close(&r);
}

/* The comments of a file's packets, a line each; the number of packets. */
static unsigned int
comments(const char *path, char *out, size_t size)
{
	static uint8_t file[FILE_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, file, sizeof(file)) : -1;
	unsigned int packets = 0;

	if (fd >= 0)
		close(fd);
	out[0] = '\0';
	for (ssize_t at = 0; at + 12 <= n;) {
		uint32_t type, len, last, captured;
		uint16_t option[2];

		memcpy(&type, file + at, 4);
		memcpy(&len, file + at + 4, 4);
		CU_ASSERT_FATAL(len >= 12 && len % 4 == 0 && at + (ssize_t)len <= n);
		memcpy(&last, file + at + len - 4, 4);
		CU_ASSERT_EQUAL(len, last);
		if (type == 6) {
			memcpy(&captured, file + at + 20, 4);
			memcpy(option, file + at + 28 + (captured + 3) / 4 * 4, 4);
			CU_ASSERT_EQUAL(option[0], 1);
			snprintf(out + strlen(out), size - strlen(out), "%.*s\n", option[1],
				 (char *)file + at + 32 + (captured + 3) / 4 * 4);
			packets++;
		}
		at += len;
	}
	return packets;
}

static void
expect_file(const char *path, const char *want)
{
	char got[2048];

	comments(path, got, sizeof(got));
	CU_ASSERT_STRING_EQUAL(got, want);
	if (strcmp(got, want) != 0)
		printf("got:\n%sexpected:\n%s", got, want);
}

#define ENCAPSULATED "classify-core downlink encap adjacency tx\n"

static void
traces(void)
{
	struct addr6 host, cn = ip6(CN), nowhere = ip6(NOWHERE);
	struct addr_prefix home;
	char path[64];
	struct frame f;
	struct rig r;
	json_t *t;

	snprintf(path, sizeof(path), "/tmp/unit_ctl_%d.pcapng", (int)getpid());
	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	home = rig_prefix_of_lma(&r);
	host = rig_host_in(&home);
	rig_send_down(&r, &host, 1); /* before it began */
	t = call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s, s:s}", "file", path, "mn", MN1));
	NEED(t != NULL);
	CU_ASSERT_STRING_EQUAL(ask_text(t, "state"), "running");
	json_decref(t);
	rig_send_down(&r, &host, 2);
	f = downlink(&cn, &nowhere, RIG_LEN); /* of somebody else */
	rig_send(&r, CORE, &f);
	rig_send_up(&r, &host, MAG2);
	CU_ASSERT_PTR_NULL(call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s}", "file", path)));
	CU_ASSERT_STRING_EQUAL(reason, "file-exists");
	t = call(&r, ctl_methods_trace, "trace.stop", json_pack("{s:i}", "trace", 1));
	CU_ASSERT_EQUAL(ask_number(json_array_get(json_object_get(t, "items"), 0), "packets"), 3);
	json_decref(t);
	expect_file(path, ENCAPSULATED ENCAPSULATED "classify-core decap: dropped uplink.wrong-tunnel\n");
	rig_send_down(&r, &host, 1);
	expect_file(path, ENCAPSULATED ENCAPSULATED "classify-core decap: dropped uplink.wrong-tunnel\n");
	CU_ASSERT_PTR_NULL(call(&r, ctl_methods_trace, "trace.stop", json_pack("{s:i}", "trace", 1)));
	CU_ASSERT_STRING_EQUAL(reason, "unknown-trace");
	unlink(path);
	rig_close(&r);
}

/* The only trace of a file that send_down fills and a limit ends: how many packets are in it. */
static unsigned int
trace_until(const char *limit, int value, unsigned int packets, uint64_t wait_ms)
{
	char file[64], lines[4096];
	struct addr_prefix home;
	struct addr6 host;
	unsigned int n;
	const json_t *ended;
	struct stat st;
	struct rig r;
	json_t *t;

	snprintf(file, sizeof(file), "/tmp/unit_ctl_%d.pcapng", (int)getpid());
	rig_open(&r, &anchor);
	rig_pbu(&r, &(struct update){.mag = MAG1});
	home = rig_prefix_of_lma(&r);
	host = rig_host_in(&home);
	t = call(&r, ctl_methods_trace, "trace.start",
		 json_pack("{s:s, s:s, s:i}", "file", file, "prefix", "2001:db8:1::/60", limit, value));
	NEED(t != NULL);
	json_decref(t);
	rig_send_down(&r, &host, packets);
	rig_wait(&r, wait_ms);
	t = call(&r, ctl_methods_trace, "trace.list", json_object());
	ended = json_array_get(json_object_get(t, "items"), 0);
	n = comments(file, lines, sizeof(lines));
	CU_ASSERT_STRING_EQUAL(ask_text(ended, "state"), "ended");
	CU_ASSERT_STRING_EQUAL(ask_text(ended, "why"), limit);
	CU_ASSERT_EQUAL(ask_number(ended, "packets"), n);
	CU_ASSERT(stat(file, &st) == 0 && st.st_size == ask_number(ended, "bytes"));
	CU_ASSERT(st.st_size <= 4096);
	json_decref(t);
	unlink(file);
	rig_close(&r);
	return n;
}

static void
trace_limits(void)
{
	unsigned int n = trace_until("bytes", 4096, 30, 0);

	CU_ASSERT(n >= 5 && n < 30);
	CU_ASSERT_EQUAL(trace_until("packets", 4, 6, 0), 4);
	CU_ASSERT_EQUAL(trace_until("seconds", 2, 3, 2500), 3);
}

/* A disk that takes no more ends the trace and nothing else; what was written of it stays. */
static void
trace_full_disk(void)
{
	struct rlimit all, little = {.rlim_cur = 1000};
	struct addr6 cn = ip6(CN);
	char path[64];
	struct stat st;
	struct rig r;
	json_t *t;

	snprintf(path, sizeof(path), "/tmp/unit_ctl_%d.pcapng", (int)getpid());
	NEED(signal(SIGXFSZ, SIG_IGN) != SIG_ERR && getrlimit(RLIMIT_FSIZE, &all) == 0);
	little.rlim_max = all.rlim_max;
	rig_open(&r, &anchor);
	t = call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s}", "file", path));
	NEED(t != NULL && setrlimit(RLIMIT_FSIZE, &little) == 0);
	json_decref(t);
	rig_send_down(&r, &cn, 10);
	setrlimit(RLIMIT_FSIZE, &all);
	t = call(&r, ctl_methods_trace, "trace.list", json_object());
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(t, "items"), 0), "why"), "write-error");
	CU_ASSERT(stat(path, &st) == 0 && st.st_size == 1000);
	json_decref(t);
	unlink(path);
	rig_close(&r);
}

static void
trace_refusals(void)
{
	static const struct {
		const char *name, *value, *reason;
	} wrong[] = {
		{"file", "/etc/here.pcapng", "bad-file"},
		{"file", "/tmp/../etc/here.pcapng", "bad-file"},
		{"file", "../here.pcapng", "bad-file"},
		{"file", "/tmp/..", "bad-file"},
		{"file", "/tmp", "bad-file"},
		{"file", ".", "bad-file"},
		{"mn", "nobody@example.com", "unknown-mn"},
		{"prefix", "2001:db8::/129", "bad-prefix"},
		{"port", "backdoor", "unknown-port"},
		{"drop", "route.lost", "unknown-drop"},
		{"drop", "mh.checksum", "not-of-a-worker"},
		{"drop", "port.missed", "not-of-a-worker"},
	};
	char path[64];
	struct rig r;

	rig_open(&r, &anchor);
	for (unsigned int i = 0; i < UNIT_COUNT(wrong); i++) {
		CU_ASSERT_PTR_NULL(
			call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s}", wrong[i].name, wrong[i].value)));
		CU_ASSERT_STRING_EQUAL(reason, wrong[i].reason);
	}
	r.ctl->s.trace_directory = "/nowhere/at/all";
	CU_ASSERT_PTR_NULL(call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s}", "file", "here.pcapng")));
	CU_ASSERT_STRING_EQUAL(reason, "file-not-writable");
	r.ctl->s.trace_directory = "/tmp";
	for (unsigned int i = 0; i <= PATH_TRACE_MAX; i++) {
		json_t *t;

		snprintf(path, sizeof(path), "/tmp/unit_ctl_%d_%u.pcapng", (int)getpid(), i);
		t = call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s}", "file", path));
		CU_ASSERT((t != NULL) == (i < PATH_TRACE_MAX));
		json_decref(t);
		unlink(path);
	}
	CU_ASSERT_STRING_EQUAL(reason, "too-many-traces");
	for (unsigned int i = 1; i <= PATH_TRACE_MAX; i++)
		json_decref(call(&r, ctl_methods_trace, "trace.stop", json_pack("{s:i}", "trace", i)));
	snprintf(path, sizeof(path), "/tmp/unit_ctl_%d_link.pcapng", (int)getpid());
	NEED(symlink("/tmp/unit_ctl_elsewhere", path) == 0);
	CU_ASSERT_PTR_NULL(call(&r, ctl_methods_trace, "trace.start", json_pack("{s:s}", "file", path)));
	CU_ASSERT_STRING_EQUAL(reason, "file-exists");
	CU_ASSERT(access("/tmp/unit_ctl_elsewhere", F_OK) != 0);
	unlink(path);
	rig_close(&r);
}

static json_t *
explain(struct rig *r, json_t *params)
{
	return call(r, ctl_methods_explain, "packet.explain", params);
}

/* The question's verdict, and this member of the answer. */
static void
expect_verdict(struct rig *r, json_t *params, const char *verdict, const char *member, const char *value)
{
	json_t *x = explain(r, params);

	NEED(x != NULL);
	CU_ASSERT_STRING_EQUAL(ask_text(x, "verdict"), verdict);
	if (member != NULL)
		CU_ASSERT_STRING_EQUAL(ask_text(x, member), value);
	CU_ASSERT(json_array_size(json_object_get(x, "stages")) > 0);
	json_decref(x);
}

static void
explain_anchor(void)
{
	struct rig r;
	json_t *x;

	rig_open(&r, &anchor);
	CU_ASSERT_PTR_NULL(explain(&r, json_pack("{s:s}", "mn", MN1)));
	CU_ASSERT_STRING_EQUAL(reason, "unknown-mn");
	rig_pbu(&r, &(struct update){.mag = MAG1});
	x = explain(&r, json_pack("{s:s}", "mn", MN1));
	CU_ASSERT_STRING_EQUAL(ask_text(x, "verdict"), "sent");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(x, "out"), "port"), "core");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(x, "out"), "dst_mac"), ROUTER_MAC);
	CU_ASSERT_EQUAL(ask_number(json_object_get(x, "out"), "tunnel"), 1);
	CU_ASSERT_EQUAL(json_array_size(json_object_get(x, "frames")), 1);
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(x, "stages"), 0), "detail"),
			       "to its session, or without one: no route");
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(x, "stages"), 1), "did"), "passed to encap");
	/* The frame that it was made from gives the same answer. */
	expect_verdict(&r, json_pack("{s:s}", "hex", ask_text(x, "frame")), "sent", NULL, NULL);
	json_decref(x);
	x = explain(&r, json_pack("{s:s, s:i}", "mn", MN1, "size", 1500));
	CU_ASSERT_STRING_EQUAL(ask_text(x, "drop"), "encap.too-big");
	CU_ASSERT_EQUAL(ask_number(json_object_get(x, "answer"), "icmp6_type"), 2);
	CU_ASSERT_EQUAL(ask_number(json_object_get(x, "answer"), "word"), 1460);
	json_decref(x);
	expect_verdict(&r, json_pack("{s:s, s:s}", "mn", MN1, "dst", CN), "sent", NULL, NULL);
	expect_verdict(&r, json_pack("{s:s}", "dst", NOWHERE), "dropped", "drop", "route.no-route");
	expect_verdict(&r, json_pack("{s:s}", "dst", NODE), "punted", "punt", "own");
	expect_verdict(&r, json_pack("{s:s}", "hex", ""), "dropped", "drop", "classify.frame-short");
	expect_verdict(&r, json_pack("{s:s, s:s}", "hex", "02 00:00", "port", "access"), "dropped", "drop",
		       "classify.frame-short");
	CU_ASSERT_PTR_NULL(explain(&r, json_pack("{s:s}", "hex", "02 0")));
	CU_ASSERT_STRING_EQUAL(reason, "bad-hex");
	CU_ASSERT_PTR_NULL(explain(&r, json_object()));
	CU_ASSERT_STRING_EQUAL(reason, "bad-question");
	CU_ASSERT_PTR_NULL(explain(&r, json_pack("{s:s, s:s}", "dst", CN, "hex", "00")));
	CU_ASSERT_STRING_EQUAL(reason, "bad-question");
	CU_ASSERT_PTR_NULL(explain(&r, json_pack("{s:s}", "dst", "somewhere")));
	CU_ASSERT_STRING_EQUAL(reason, "bad-address");
	CU_ASSERT_PTR_NULL(explain(&r, json_pack("{s:s, s:i}", "dst", CN, "size", 9216)));
	CU_ASSERT_STRING_EQUAL(reason, "too-long");
	rig_close(&r);
}

static void
explain_gateway(void)
{
	struct addr_prefix home = prefix("2001:db8:1:7::/64");
	struct frame rs = solicitation(MN1_MAC);
	struct mh_msg pbu;
	struct rig r;
	json_t *x;

	rig_open(&r, &gateway);
	rig_send(&r, ACCESS, &rs);
	NEED(rig_take_mh(&r, MH_PBU, &pbu));
	rig_pba(&r, &pbu, MH_STATUS_ACCEPTED, &home);
	x = explain(&r, json_pack("{s:s}", "mn", MN1));
	CU_ASSERT_STRING_EQUAL(ask_text(x, "verdict"), "sent");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(x, "out"), "port"), "access");
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(x, "stages"), 0), "detail"),
			       "a tunnel's packet to an own address");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(x, "out"), "dst_mac"), MN1_MAC);
	json_decref(x);
	x = explain(&r, json_pack("{s:s, s:s}", "mn", MN1, "dst", CN));
	CU_ASSERT_STRING_EQUAL(ask_text(x, "port"), "access");
	CU_ASSERT_STRING_EQUAL(ask_text(json_array_get(json_object_get(x, "stages"), 0), "detail"), "a host's packet");
	CU_ASSERT_STRING_EQUAL(ask_text(json_object_get(x, "out"), "port"), "core");
	json_decref(x);
	/* Its packet on a port that it is not on. */
	expect_verdict(&r, json_pack("{s:s, s:s, s:s}", "mn", MN1, "dst", NOWHERE, "port", "core"), "dropped", "drop",
		       "route.no-route");
	rig_close(&r);
}

const struct unit_case look_cases[] = {
	{"every drop has a name, a place and a count, and the books balance", drops},
	{"a trace writes the packets of a mobile node with their stages and drop reasons", traces},
	{"a trace ends by its packets, its bytes and its seconds", trace_limits},
	{"a full disk ends a trace", trace_full_disk},
	{"a trace that cannot be is refused with the reason", trace_refusals},
	{"an anchor explains packets to and from a mobile node, and any frame", explain_anchor},
	{"a gateway explains packets to and from a mobile node", explain_gateway},
};
const unsigned int look_case_count = UNIT_COUNT(look_cases);
