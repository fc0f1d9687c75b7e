/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The composition root: every room of this process, made from the configuration in order and taken down in the other.
 */
#include "base/hash.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "reload.h"
#include "settings.h"

struct node {
	const struct conf *conf;	 /* in effect */
	const struct settings *settings; /* of it */
	struct reload *reload;		 /* theirs */
	struct hash_secret secret;
	unsigned int workers;
	int wake_fd;
	unsigned int pool_count; /* one for each NUMA node that ports are on */
	int pool_socket[PATH_PORT_MAX];
	struct rte_mempool *pool[PATH_PORT_MAX];
	struct fwd *fwd;
	struct path_port *path_ports[PATH_PORT_MAX];
	struct ctl_port ports[PATH_PORT_MAX];
	char port_names[PATH_PORT_MAX][CONF_NAME]; /* which outlive every configuration */
	struct path *path;
	struct lma *lma;
	struct mag *mag;
	struct access *access;
	struct host *host;
	struct ipsec *ipsec; /* NULL: no ESP */
	struct ctl *ctl;
};

/*
 * Make all of it of a configuration, which is the node's from now on, and the whole path of its file; NULL after one
 * clear line on standard error. EAL runs.
 */
struct node *node_new(struct conf *conf, const char *file, void (*ready)(void));
void node_free(struct node *n);
/* Launch the workers, serve until told to stop, stop the workers. */
void node_run(struct node *n);

/* engines.c: the engines' settings from the configuration; false after one clear line. */
bool node_make_engines(struct node *n);
void node_free_engines(struct node *n);
/* security.c: the same of the security associations. */
bool node_make_security(struct node *n);
/* A line that says why the node does not start; always false. */
bool node_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
