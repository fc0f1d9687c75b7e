/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The loop of the control lcore: packets, requests, time, and sleep when there is nothing of these.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "counts.h"
#include "telemetry.h"
#include "trace.h"

#define SLEEP_MAX_MS	 200 /* tables are reclaimed at least this often */
#define SLEEP_PENDING_MS 1   /* while a change waits for workers to let go of a table's memory */
#define SLEEP_UNREADY_MS 10  /* while frames of hosts have to wait */

static void
tick_engine(struct ctl *c, struct ctl_engine *engine)
{
	if (engine->self == NULL || (!engine->more && engine->due(engine->self) > c->now.mono_ms))
		return;
	engine->more = false;
	ctl_engine_step(c, engine, &(struct pmip_event){.type = PMIP_EV_TICK});
}

static void
tick(struct ctl *c)
{
	tick_engine(c, &c->lma);
	tick_engine(c, &c->mag);
	tick_engine(c, &c->heartbeats);
	ctl_tunnel_tick(c);
	ctl_aggregate_tick(c);
	if (c->s.access != NULL && (c->access_more || access_due(c->s.access) <= c->now.mono_ms)) {
		c->access_more = false;
		ctl_access_step(c, &(struct access_event){.type = ACCESS_EV_TICK});
	}
	if (c->host_more || host_due(c->s.host) <= c->now.mono_ms) {
		c->host_more = false;
		ctl_host_step(c, &(struct host_event){.type = HOST_EV_TICK});
	}
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How long nothing has to be done, wait_ms at most. */
static int
time_left(const struct ctl *c, int wait_ms)
{
	uint64_t due = earlier(earlier(host_due(c->s.host), deadline_next(&c->tunnel_due)), ctl_activity_due(c));

	due = earlier(earlier(due, rpc_server_due(c->rpc)), c->aggregate_due_ms);
	if (ctl_trace_is_running(c))
		due = earlier(due, c->now.mono_ms + CTL_TRACE_SLEEP_MS);
	if (c->routes_dirty || c->pending_count > 0 || c->rerouting || c->sending.n > 0)
		due = earlier(due, c->now.mono_ms + SLEEP_PENDING_MS);
	if (c->lma.more || c->mag.more || c->heartbeats.more || c->access_more || c->host_more ||
	    c->loopback_count > 0 || fwd_prefix_growing(c->s.fwd) || ctl_config_looking(c))
		return 0;
	if (c->s.lma != NULL)
		due = earlier(due, lma_due(c->s.lma));
	due = earlier(due, pmip_heartbeat_due(c->heartbeat));
	if (c->s.mag != NULL)
		due = earlier(due, earlier(mag_due(c->s.mag), access_due(c->s.access)));
	if (due <= c->now.mono_ms)
		return 0;
	return (int)earlier(due - c->now.mono_ms, (uint64_t)wait_ms);
}

static void
take_signal(struct ctl *c)
{
	struct signalfd_siginfo info;

	while (read(c->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			ctl_config_reload(c);
		else
			ctl_stop(c);
	}
}

static void
wait_for_work(struct ctl *c, int wait_ms)
{
	struct epoll_event events[8];
	int n, timeout = time_left(c, wait_ms);
	bool sleeping = timeout > 0 && path_control_sleep(c->s.path);

	if (!sleeping)
		timeout = c->ready ? 0 : (int)earlier((uint64_t)timeout, SLEEP_UNREADY_MS);
	n = epoll_wait(c->epoll_fd, events, 8, timeout);
	if (sleeping)
		path_control_awake(c->s.path);
	for (int i = 0; i < n; i++) {
		uint64_t count;

		if (events[i].data.fd == c->signal_fd)
			take_signal(c);
		else if (events[i].data.fd == c->carrier_fd)
			ctl_carrier_read(c);
		else if (events[i].data.fd == ctl_config_fd(c))
			ctl_config_read(c);
		else if (events[i].data.fd == c->s.wake_fd)
			(void)!read(c->s.wake_fd, &count, sizeof(count));
	}
}

static void
check_stop(struct ctl *c)
{
	if (c->stopping && (c->s.mag == NULL || mag_session_count(c->s.mag) == 0 || c->now.mono_ms >= c->stop_at_ms))
		c->stopped = true;
}

/*
 * Attachments wait until duplicate address detection has let this node's own addresses through: an update that waits
 * for its next hop meanwhile would arrive with a timestamp that is too old.
 */
static void
check_ready(struct ctl *c)
{
	if (c->ready || (c->s.lma != NULL && !host_owns(c->s.host, &c->s.lma_address)) ||
	    (c->s.mag != NULL && !host_owns(c->s.host, &c->s.mag_address)))
		return;
	c->ready = true;
	ctl_signalling_announce(c);
	if (c->s.ready != NULL)
		c->s.ready();
}

void
ctl_turn(struct ctl *c, int wait_ms)
{
	uint64_t begin = ctl_clock_worked_us(), bytes = 0;
	unsigned int packets;
	struct rpc_turn requests;

	ctl_clock_read(c);
	packets = ctl_punt_poll(c, &bytes);
	packets += ctl_signalling_loopback(c);
	ctl_activity_turn(c);
	tick(c);
	check_ready(c);
	ctl_trace_turn(c);
	requests = rpc_server_poll(c->rpc, c->now.mono_ms);
	ctl_config_turn(c);
	ctl_alarm_turn(c);
	ctl_telemetry_turn(c);
	ctl_nexthop_turn(c);
	fwd_reclaim(c->s.fwd);
	check_stop(c);
	ctl_send_flush(c);
	ctl_figures_turn(c, ctl_clock_worked_us() - begin, packets + requests.items, bytes + requests.bytes);
	if (!c->stopped)
		wait_for_work(c, packets > 0 ? 0 : wait_ms);
}

void
ctl_run(struct ctl *c)
{
	while (!c->stopped)
		ctl_turn(c, SLEEP_MAX_MS);
}

void
ctl_stop(struct ctl *c)
{
	struct pmip_event e = {.type = PMIP_EV_CLOSE, .close = {.session = PMIP_SESSION_NONE}};

	if (c->stopping)
		return;
	ctl_clock_read(c); /* the signal ended a sleep, and updates carry the time */
	log_write(LOG_NOTICE, "ctl", "stopping sessions=%u",
		  (c->s.mag != NULL ? mag_session_count(c->s.mag) : 0) +
			  (c->s.lma != NULL ? lma_session_count(c->s.lma) : 0));
	c->stopping = true;
	c->stop_at_ms = c->now.mono_ms + CTL_STOP_MS;
	if (c->s.mag != NULL)
		ctl_engine_step(c, &c->mag, &e);
}

static int
watch(struct ctl *c, int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &e);
}

static int
open_loop(struct ctl *c)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	c->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (c->epoll_fd < 0 || c->signal_fd < 0 || watch(c, c->signal_fd) < 0 || watch(c, c->s.wake_fd) < 0 ||
	    watch(c, rpc_server_fd(c->rpc)) < 0 || watch(c, ctl_config_fd(c)) < 0 ||
	    (c->carrier_fd >= 0 && watch(c, c->carrier_fd) < 0))
		return -errno;
	return 0;
}

struct ctl *
ctl_new(const struct ctl_settings *s)
{
	struct ctl *c = calloc(1, sizeof(*c));
	int rc = -ENOMEM;

	if (c == NULL)
		return NULL;
	c->s = *s;
	c->s.socket_path = c->socket_path = strdup(s->socket_path);
	if (c->socket_path == NULL) {
		free(c);
		return NULL;
	}
	c->told.handoff = MH_HANDOFF_UNKNOWN;
	c->epoll_fd = -1;
	c->signal_fd = -1;
	c->carrier_fd = -1;
	ctl_clock_read(c);
	c->started_ms = c->alarm_ms = c->now.mono_ms;
	rc = ctl_methods_open(c); /* first: another daemon on this socket is the likeliest reason not to start */
	if (rc == 0)
		rc = ctl_event_init(c);
	if (rc == 0)
		rc = ctl_peer_init(c);
	if (rc == 0)
		rc = ctl_signalling_init(c);
	if (rc == 0)
		rc = ctl_engine_init(c);
	if (rc == 0)
		rc = ctl_history_init(c);
	if (rc == 0)
		rc = ctl_activity_init(c);
	if (rc == 0)
		rc = ctl_counts_init(c);
	if (rc == 0)
		rc = ctl_trace_init(c);
	if (rc == 0)
		rc = ctl_tunnel_init(c);
	if (rc == 0)
		rc = ctl_nexthop_init(c);
	if (rc == 0)
		rc = ctl_carrier_init(c);
	if (rc == 0)
		rc = ctl_config_init(c);
	if (rc == 0)
		rc = open_loop(c);
	if (rc == 0) {
		ctl_telemetry_init(c);
		ctl_peer_warn(c);
		return c;
	}
	if (c->rpc != NULL)
		log_write(LOG_ERROR, "ctl", "cannot start the control loop error=%s", strerror(-rc));
	ctl_free(c);
	return NULL;
}

void
ctl_free(struct ctl *c)
{
	if (c == NULL)
		return;
	ctl_telemetry_fini(c);
	ctl_config_fini(c);
	rpc_server_free(c->rpc);
	c->rpc = NULL;
	if (c->epoll_fd >= 0)
		close(c->epoll_fd);
	if (c->signal_fd >= 0)
		close(c->signal_fd);
	ctl_carrier_fini(c);
	ctl_nexthop_fini(c);
	ctl_tunnel_fini(c);
	ctl_trace_fini(c);
	ctl_counts_fini(c);
	ctl_activity_fini(c);
	ctl_history_fini(c);
	ctl_engine_fini(c);
	ctl_signalling_fini(c);
	ctl_peer_fini(c);
	ctl_event_fini(c);
	ctl_send_fini(c);
	free(c->socket_path);
	free(c);
}
