/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kedged: a local mobility anchor, a mobile access gateway, or both.
 */
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_eal.h>

#include "base/log.h"
#include "claim.h"
#include "conf/conf.h"
#include "eal.h"
#include "logging.h"
#include "node.h"
#include "notify.h"
#include "rpc/client.h"

#define TABLE_BYTES (256 << 10)

enum mode { RUN, CHECK, PRINT };

static const char usage[] = "Usage: kedged -c FILE [--check | --print]\n"
			    "\n"
			    "A Proxy Mobile IPv6 anchor and gateway. FILE is its YAML configuration.\n"
			    "\n"
			    "  -c, --config FILE   the configuration\n"
			    "      --check         check it and exit: 0 if kedged would take it\n"
			    "      --print         print it with all defaults and exit\n"
			    "      --version       print the version and exit\n"
			    "  -h, --help          print this and exit\n";

static void
block_signals(void)
{
	sigset_t set;

	/* The control lcore reads these from a descriptor; threads that EAL makes inherit the mask. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a trace that may not grow ends, and nothing else */
}

static void
ready(void)
{
	notify("READY=1");
	log_write(LOG_NOTICE, "kedged", "ready");
}

/* Another daemon on this control socket is the likeliest mistake: say so before any port is touched. */
static bool
answered(const char *path)
{
	struct rpc_client *c;

	if (rpc_client_connect(&c, path, 1000) < 0)
		return false;
	rpc_client_close(c);
	fprintf(stderr, "kedged: another kedged answers on %s; end it, or give this one another `control.socket`\n",
		path);
	return true;
}

/* A path as the process may use it wherever it is; a symbolic link stays one, which may lead elsewhere later. */
static char *
absolute(const char *path)
{
	char *here = path[0] != '/' ? getcwd(NULL, 0) : NULL, *out = NULL;

	if (path[0] == '/')
		return strdup(path);
	if (here == NULL || asprintf(&out, "%s/%s", here, path) < 0)
		out = NULL;
	free(here);
	return out;
}

/* conf is taken. */
static int
run(const char *path, struct conf *conf)
{
	char *file = absolute(path);
	struct node *n;

	block_signals();
	if (file == NULL || answered(conf->control.socket) || !claim_interfaces(conf) || eal_start(conf) < 0) {
		conf_free(conf);
		free(file);
		return 1;
	}
	logging_start(conf->log.level);
	log_write(LOG_NOTICE, "kedged", "starting version=%s file=%s hugepages=%s", KEDGE_VERSION, file,
		  rte_eal_has_hugepages() ? "yes" : "no");
	n = node_new(conf, file, ready);
	free(file);
	if (n != NULL) {
		node_run(n);
		notify("STOPPING=1");
		node_free(n);
		log_write(LOG_NOTICE, "kedged", "stopped");
	}
	rte_eal_cleanup();
	return n != NULL ? 0 : 1;
}

struct reading {
	const char *path;
	struct conf *conf;
	struct conf_error error;
};

static void *
read_conf(void *reading)
{
	struct reading *r = reading;

	r->conf = conf_load(r->path, &r->error);
	return NULL;
}

/*
 * In a thread, and so in an arena of malloc's own: what is read takes many times what is kept of it, and where that was
 * freed malloc would put tables, which it would have to clear, down to what is never used of them.
 */
static struct conf *
read_apart(const char *path, struct conf_error *error)
{
	struct reading r = {.path = path};
	pthread_t thread;

	if (pthread_create(&thread, NULL, read_conf, &r) != 0)
		return conf_load(path, error);
	pthread_join(thread, NULL);
	*error = r.error;
	return r.conf;
}

static int
load(const char *path, enum mode mode)
{
	struct conf_error error;
	struct conf *conf = read_apart(path, &error);

	if (conf == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	switch (mode) {
	case CHECK:
		printf("%s: good\n", path);
		break;
	case PRINT:
		conf_print(conf, true, stdout);
		break;
	case RUN:
		return run(path, conf);
	}
	conf_free(conf);
	return 0;
}

int
main(int argc, char **argv)
{
	enum { OPT_CHECK = 256, OPT_PRINT, OPT_VERSION };
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'}, {"check", no_argument, NULL, OPT_CHECK},
		{"print", no_argument, NULL, OPT_PRINT},  {"version", no_argument, NULL, OPT_VERSION},
		{"help", no_argument, NULL, 'h'},	  {0},
	};
	const char *path = NULL;
	enum mode mode = RUN;
	int option;

	while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			path = optarg;
			break;
		case OPT_CHECK:
			mode = CHECK;
			break;
		case OPT_PRINT:
			mode = PRINT;
			break;
		case OPT_VERSION:
			puts("kedged " KEDGE_VERSION);
			return 0;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (path == NULL || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	/* A table is memory of its own, and goes back where it came from. */
	mallopt(M_MMAP_THRESHOLD, TABLE_BYTES);
	return load(path, mode);
}
