/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traces of packets, begun and ended by command.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "methods.h"
#include "trace.h"

#define PACKETS	      1000 /* limits that are not given */
#define PACKETS_MAX   10000000
#define BYTES	      (16 << 20)
#define BYTES_MAX     (1 << 30)
#define BYTES_MIN     4096
#define SECONDS	      60
#define SECONDS_MAX   86400
#define DEFAULT_NAMES 1000

static void
add_session(struct path_trace_filter *f, const struct addr_prefix *prefix, unsigned int count)
{
	for (unsigned int i = 0; i < count && f->prefix_count < PATH_TRACE_PREFIXES; i++)
		f->prefix[f->prefix_count++] = prefix[i];
}

/* What a mobile node has now: its prefixes, and where it is on a link of this node, its MAC addresses. */
static int
want_mn(const struct ctl *c, struct ctl_trace_wish *w, struct rpc_error *err)
{
	struct pmip_mn_id id;
	struct lma_view lma = {.session = PMIP_SESSION_NONE};
	struct mag_view mag = {.session = PMIP_SESSION_NONE};
	bool found = false;

	if (pmip_mn_id_parse(w->mn, &id) < 0)
		return rpc_refuse_param(err, "mn", "bad-identifier", "an identifier has 1 to %d bytes", MH_MN_ID_MAX);
	for (; c->s.lma != NULL && lma_next_of(c->s.lma, &id, lma.session, &lma); found = true)
		add_session(&w->filter, lma.prefix, lma.prefix_count);
	for (; c->s.mag != NULL && mag_next_of(c->s.mag, &id, mag.session, &mag); found = true) {
		add_session(&w->filter, mag.prefix, mag.prefix_count);
		if (w->filter.station_count < PATH_TRACE_STATIONS)
			w->filter.station[w->filter.station_count++] = mag.link.mac;
	}
	found = found && w->filter.prefix_count + w->filter.station_count > 0; /* else it would be everything */
	return found ? 0 : rpc_refuse_param(err, "mn", "unknown-mn", "no session of %s here", w->mn);
}

static int
want_prefix(struct ctl_trace_wish *w, struct rpc_error *err)
{
	struct addr_prefix *p = &w->filter.prefix[w->filter.prefix_count];

	if (addr6_parse(w->prefix, &p->addr) == 0)
		p->len = 128;
	else if (addr_prefix_parse(w->prefix, p) < 0)
		return rpc_refuse_param(err, "prefix", "bad-prefix", "expected a prefix or an address, got \"%s\"",
					w->prefix);
	w->filter.prefix_count++;
	return 0;
}

static int
want_port(const struct ctl *c, struct ctl_trace_wish *w, struct rpc_error *err)
{
	const struct ctl_port *p = ctl_port_find_name(c, w->port);

	if (p == NULL)
		return rpc_refuse_param(err, "port", "unknown-port", "no port is called \"%s\"", w->port);
	w->filter.port = p->id;
	return 0;
}

/* Whether a worker drops for it; what the control lcore drops was punted before. */
static bool
is_of_worker(enum stat_drop why)
{
	for (unsigned int s = 0; s < path_stage_count(); s++)
		if (stat_drop_happens_in(why, path_stage_row(s)->name))
			return true;
	return false;
}

static int
want_drop(struct ctl_trace_wish *w, struct rpc_error *err)
{
	unsigned int why = 0;

	if (strcmp(w->drop, "any") == 0) {
		w->filter.drop = PATH_TRACE_DROPS;
		return 0;
	}
	while (why < STAT_DROP_COUNT && strcmp(stat_drop_row(why)->name, w->drop) != 0)
		why++;
	if (why == STAT_DROP_COUNT)
		return rpc_refuse_param(err, "drop", "unknown-drop", "no drop reason \"%s\"; drop.list has them all",
					w->drop);
	if (!is_of_worker(why))
		return rpc_refuse_param(err, "drop", "not-of-a-worker", "workers do not drop for %s, but: %s", w->drop,
					stat_drop_row(why)->where);
	w->filter.drop = (uint16_t)why;
	return 0;
}

/* By a name that no file of the folder has yet. */
static bool
default_file(const struct ctl *c, const char *folder, char *file)
{
	const char *socket = strrchr(c->s.socket_path, '/');
	int stem;

	socket = socket != NULL ? socket + 1 : c->s.socket_path;
	stem = (int)strcspn(socket, ".");
	for (unsigned int i = c->traces->number + 1; i <= c->traces->number + DEFAULT_NAMES; i++) {
		if (snprintf(file, CTL_TRACE_FILE, "%s/%.*s-trace-%u.pcapng", folder, stem, socket, i) >=
		    CTL_TRACE_FILE)
			return false;
		if (access(file, F_OK) != 0)
			break;
	}
	return true;
}

/* A name in the folder for traces, or the whole path of a file there. */
static int
want_file(const struct ctl *c, const json_t *params, char *file, struct rpc_error *err)
{
	const char *wanted = rpc_param_string(params, "file", ""), *name = strrchr(wanted, '/');
	char buf[CTL_TRACE_FILE];
	const char *folder = ctl_trace_directory(c, buf);
	size_t len = strlen(folder);
	bool fits;

	if (name != NULL && ((size_t)(name - wanted) != len || memcmp(wanted, folder, len) != 0))
		return rpc_refuse_param(err, "file", "bad-file", "traces are written to %s", folder);
	name = name != NULL ? name + 1 : wanted;
	if (wanted[0] == '\0')
		fits = default_file(c, folder, file);
	else
		fits = name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		       snprintf(file, CTL_TRACE_FILE, "%s/%s", folder, name) < CTL_TRACE_FILE;
	return fits ? 0 : rpc_refuse_param(err, "file", "bad-file", "expected the name of a file for %s", folder);
}

static bool
copy_word(const json_t *params, const char *name, char *to, size_t size)
{
	const char *from = rpc_param_string(params, name, "");

	return snprintf(to, size, "%s", from) < (int)size;
}

static int
read_wish(const struct ctl *c, const json_t *params, struct ctl_trace_wish *w, struct rpc_error *err)
{
	if (want_file(c, params, w->file, err) < 0)
		return -1;
	if (!copy_word(params, "mn", w->mn, sizeof(w->mn)))
		return rpc_refuse_param(err, "mn", "bad-identifier", "an identifier has 1 to %d bytes", MH_MN_ID_MAX);
	if (!copy_word(params, "prefix", w->prefix, sizeof(w->prefix)) ||
	    !copy_word(params, "port", w->port, sizeof(w->port)) ||
	    !copy_word(params, "drop", w->drop, sizeof(w->drop)))
		return rpc_refuse(err, "too-long", "prefix, port and drop have less than %d bytes", CTL_TRACE_WORD);
	w->packets = (uint64_t)rpc_param_integer(params, "packets", PACKETS);
	w->bytes = (uint64_t)rpc_param_integer(params, "bytes", BYTES);
	w->seconds = (uint64_t)rpc_param_integer(params, "seconds", SECONDS);
	w->filter = (struct path_trace_filter){.port = PATH_PORT_NONE, .drop = PATH_TRACE_ALL};
	if ((w->mn[0] != '\0' && want_mn(c, w, err) < 0) || (w->prefix[0] != '\0' && want_prefix(w, err) < 0) ||
	    (w->port[0] != '\0' && want_port(c, w, err) < 0) || (w->drop[0] != '\0' && want_drop(w, err) < 0))
		return -1;
	return 0;
}

static json_t *
trace_json(const struct ctl_trace *t)
{
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:{s:I, s:I, s:I}}", "trace",
			 (int)t->number, "state", t->out != NULL ? "running" : "ended", "why",
			 t->why != NULL ? t->why : "", "file", t->wish.file, "mn", t->wish.mn, "prefix", t->wish.prefix,
			 "port", t->wish.port, "drop", t->wish.drop, "packets", (json_int_t)t->packets, "bytes",
			 (json_int_t)t->bytes, "lost", (json_int_t)t->lost, "limits", "packets",
			 (json_int_t)t->wish.packets, "bytes", (json_int_t)t->wish.bytes, "seconds",
			 (json_int_t)t->wish.seconds);
}

static int
trace_start(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl_trace_wish wish = {.packets = 0};
	struct ctl *c = user;
	struct ctl_trace *t;
	int rc;

	if (read_wish(c, params, &wish, err) < 0)
		return -1;
	rc = ctl_trace_start(c, &wish, &t);
	if (rc == -EBUSY)
		return rpc_refuse(err, "too-many-traces", "%d traces run already", PATH_TRACE_MAX);
	if (rc == -EEXIST)
		return rpc_refuse_param(err, "file", "file-exists", "%s is there already", wish.file);
	if (rc < 0)
		return rpc_refuse_param(err, "file", "file-not-writable", "%s: %s", wish.file, strerror(-rc));
	*result = trace_json(t);
	return *result != NULL ? 0 : -1;
}

static int
trace_stop(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	json_int_t number = rpc_param_integer(params, "trace", 0);
	json_t *items = json_array();

	ctl_trace_turn(c); /* what has passed by now is in it */
	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++) {
		struct ctl_trace *t = &c->traces->trace[i];

		if (t->out == NULL || (number != 0 && t->number != number))
			continue;
		ctl_trace_stop(c, t, "stopped");
		json_array_append_new(items, trace_json(t));
	}
	if (number == 0 || json_array_size(items) > 0)
		return ctl_methods_page(items, -1, result);
	json_decref(items);
	return rpc_refuse_param(err, "trace", "unknown-trace", "no trace %d runs", (int)number);
}

static int
trace_list(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	json_t *items = json_array();

	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		if (c->traces->trace[i].number != 0)
			json_array_append_new(items, trace_json(&c->traces->trace[i]));
	return ctl_methods_page(items, -1, result);
}

static const struct rpc_param start_params[] = {
	{"file", RPC_STRING, false, "The name of a new file in `control.trace-directory`; else one is chosen", 0, 0,
	 NULL},
	{"mn", RPC_STRING, false, "Packets of this mobile node's prefixes and MAC addresses alone", 0, 0, NULL},
	{"prefix", RPC_STRING, false, "Packets from or to this prefix or address alone, in a tunnel or not", 0, 0,
	 NULL},
	{"port", RPC_STRING, false, "Packets that come in or go out on this port alone", 0, 0, NULL},
	{"drop", RPC_STRING, false, "Dropped packets alone: for this reason, or for `any`", 0, 0, NULL},
	{"packets", RPC_INTEGER, false, "It ends with so many (1000)", 1, PACKETS_MAX, NULL},
	{"bytes", RPC_INTEGER, false, "It ends before the file is larger (16 MiB)", BYTES_MIN, BYTES_MAX, NULL},
	{"seconds", RPC_INTEGER, false, "It ends after so long (60)", 1, SECONDS_MAX, NULL},
	{0},
};
static const struct rpc_param stop_params[] = {
	{"trace", RPC_INTEGER, false, "Its number; else all that run", 1, UINT32_MAX, NULL},
	{0},
};

const struct rpc_method ctl_methods_trace[] = {
	{"trace.start", "Write packets into a file, each with the stages that it passed", start_params,
	 "{\"port\": \"core\", \"packets\": 100}",
	 "The trace, as `trace.list` shows it. The file is pcapng: a packet's comment names the stages that it passed, "
	 "and what became of it. It lies in `control.trace-directory`, where the group of the control socket may read "
	 "it; a file that is there already is not written",
	 trace_start, true},
	{"trace.list", "Traces that run, and the last that ended", NULL, NULL,
	 "Traces: `lost` packets were not recorded because too many came at once; `why` says why one ended: `stopped`, "
	 "or the limit that it came to",
	 trace_list, false},
	{"trace.stop", "End traces", stop_params, NULL, "The traces that were ended, as `trace.list` shows them",
	 trace_stop, true},
	{0},
};
