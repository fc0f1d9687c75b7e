/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * JSON-RPC 2.0 on a Unix stream socket, one message a line: the server. The client is rpc/client.h.
 *
 *	static const struct rpc_param attach_params[] = {
 *		{"port", RPC_STRING, true, "Access port", 0, 0},
 *		{"vlan", RPC_INTEGER, false, "VLAN of the port", 0, 4094},
 *		{0},
 *	};
 *	static const struct rpc_method methods[] = {
 *		{"mn.attach", "Attach a mobile node", attach_params, "{\"port\":\"a0\"}", mn_attach, true},
 *	};
 *	rc = rpc_server_new(&s, &settings, methods, 1, user);
 *	...	whenever rpc_server_fd(s) is readable, or at each turn of a loop:
 *	rpc_server_poll(s);
 *
 * A server belongs to one thread, which alone calls its functions; handlers run inside rpc_server_poll. Parameters
 * are named, and checked from the rows before a handler sees them. `rpc.discover` describes the rows (OpenRPC).
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define RPC_REASON_MAX 40
#define RPC_NAME_MAX   40
#define RPC_TEXT_MAX   200

/* Codes of JSON-RPC 2.0 section 5.1, and the one for what a handler refuses. */
enum rpc_code {
	RPC_PARSE_ERROR = -32700,
	RPC_INVALID_REQUEST = -32600,
	RPC_METHOD_NOT_FOUND = -32601,
	RPC_INVALID_PARAMS = -32602,
	RPC_INTERNAL_ERROR = -32603,
	RPC_REFUSED = -32000,
};

/* An error as it travels: {code, message, data: {reason, parameter}}. Programs go by the reason, which is stable. */
struct rpc_error {
	int code;		      /* enum rpc_code */
	char reason[RPC_REASON_MAX];  /* "unknown-session" */
	char parameter[RPC_NAME_MAX]; /* the parameter that it is about, or "" */
	char message[RPC_TEXT_MAX];   /* for people */
};

enum rpc_type { RPC_STRING, RPC_INTEGER, RPC_BOOLEAN };

struct rpc_param {
	const char *name; /* NULL ends a list */
	enum rpc_type type;
	bool required;
	const char *help;
	json_int_t min, max; /* range of an integer; none where they are equal */
};

/*
 * 0 with *result, a new reference that the server takes (left NULL: null); or -1 with *err filled in, best by
 * rpc_refuse. params is an object that fits the rows, and the server's.
 */
typedef int rpc_handler(void *user, const json_t *params, json_t **result, struct rpc_error *err);

struct rpc_method {
	const char *name; /* "noun.verb" */
	const char *help;
	const struct rpc_param *params; /* NULL: none */
	const char *example;		/* params as JSON; NULL: no parameters */
	rpc_handler *handler;
	bool changes; /* something: who asked is logged */
};

/* Fill in *err with RPC_REFUSED, this reason and a message; returns -1 for the handler to return. */
int rpc_refuse(struct rpc_error *err, const char *reason, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same about one parameter, with RPC_INVALID_PARAMS. */
int rpc_refuse_param(struct rpc_error *err, const char *parameter, const char *reason, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A checked parameter, or the fallback where it is not there. A string is valid as long as params. */
const char *rpc_param_string(const json_t *params, const char *name, const char *fallback);
json_int_t rpc_param_integer(const json_t *params, const char *name, json_int_t fallback);
bool rpc_param_boolean(const json_t *params, const char *name, bool fallback);

struct rpc_settings {
	const char *path;
	unsigned int mode;	     /* of the socket file; 0: 0660 */
	const char *group;	     /* its group; NULL or "": the process's */
	const char *title, *version; /* for rpc.discover; NULL: "" */
	unsigned int clients;	     /* at once; 0: 32 */
	size_t line_bytes;	     /* of one request; 0: 1 MiB */
	size_t pending_bytes;	     /* of answers that a client has not read; 0: 8 MiB */
};

struct rpc_server;

/*
 * Take the socket and serve methods (which outlive the server) for user. A socket file that nobody answers on is
 * replaced. 0, or a negative errno with one clear line in the log: -EADDRINUSE another process answers on the path,
 * -EEXIST something else than a socket is there, -ENAMETOOLONG, -ENOENT no such directory or group, -EACCES, -ENOMEM.
 */
int rpc_server_new(struct rpc_server **out, const struct rpc_settings *settings, const struct rpc_method *methods,
		   size_t count, void *user);
/* Close all clients and remove the socket; NULL is allowed. */
void rpc_server_free(struct rpc_server *s);

/* Readable when rpc_server_poll has something to do: for an epoll of the caller's. */
int rpc_server_fd(const struct rpc_server *s);
/* Serve what is ready without waiting; bounded, the rest is left for the next call. */
void rpc_server_poll(struct rpc_server *s);

/* Who sent the request that is being handled: for handlers, while they run; else NULL. */
const struct ucred *rpc_server_peer(const struct rpc_server *s);
