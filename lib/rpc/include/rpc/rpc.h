/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * JSON-RPC 2.0 on a Unix stream socket, one message a line: the server. The client is rpc/client.h.
 *
 *	static const struct rpc_param attach_params[] = {
 *		{"port", RPC_STRING, true, "Access port", 0, 0, NULL},
 *		{"vlan", RPC_INTEGER, false, "VLAN of the port", 0, 4094, NULL},
 *		{0},
 *	};
 *	static const struct rpc_method methods[] = {
 *		{"mn.attach", "Attach a mobile node", attach_params, "{\"port\":\"a0\"}", "`{host}`", mn_attach, true},
 *		{0},
 *	};
 *	static const struct rpc_method *const lists[] = {methods, NULL};
 *	rc = rpc_server_new(&s, &settings, lists, user);
 *	...	whenever rpc_server_fd(s) is readable, or at each turn of a loop:
 *	rpc_server_poll(s, now_ms);
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
#define RPC_BATCH_MAX  64 /* requests in one message */

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
	json_t *data;		      /* of a handler: an object, further members of data; taken. NULL: none */
};

enum rpc_type { RPC_STRING, RPC_INTEGER, RPC_BOOLEAN, RPC_SECRET /* a string that is written nowhere */ };

struct rpc_param {
	const char *name; /* NULL ends a list */
	enum rpc_type type;
	bool required;
	const char *help;
	json_int_t min, max; /* range of an integer; none where they are equal */
	const char *values;  /* those that a string may have, with a blank between two; NULL: any */
};

/*
 * 0 with *result, a new reference that the server takes (left NULL: null); or -1 with *err filled in, best by
 * rpc_refuse. params is an object that fits the rows, and the server's. RPC_LATER: the answer needs time. The client's
 * next requests wait, and the handler is called once more after rpc_server_resume.
 */
#define RPC_LATER 1
typedef int rpc_handler(void *user, const json_t *params, json_t **result, struct rpc_error *err);

struct rpc_method {
	const char *name; /* "noun.verb"; NULL ends a list */
	const char *help;
	const struct rpc_param *params; /* NULL: none */
	const char *example;		/* params as JSON; NULL: no parameters */
	const char *result;		/* what comes back, in words: Markdown */
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

/* What one turn of a server does at most, before the answer that goes past it. */
#define RPC_TURN_ITEMS 2048	    /* requests, notifications, and what handlers charge */
#define RPC_TURN_BYTES (128u << 10) /* read and written */
#define RPC_ANSWER_MAX (4u << 20)   /* bytes of one answer; a longer one is refused */
#define RPC_NOTES      1024	    /* notifications that a client may be behind */
#define RPC_TOPICS_MAX 64

struct rpc_settings {
	const char *path;
	unsigned int mode;	     /* of the socket file; 0: 0660 */
	const char *group;	     /* its group; NULL or "": the process's */
	const char *read_only_path;  /* a second socket, for methods that change nothing; NULL or "": none */
	unsigned int read_only_mode; /* 0: 0666 */
	const char *read_only_group;
	const char *title, *version; /* for rpc.discover; NULL: "" */
	unsigned int clients;	     /* at once, on each socket; 0: 32 */
	unsigned int requests_per_s; /* of one client, which waits when it has more; 0: 1000 */
	size_t line_bytes;	     /* of one message; 0: 1 MiB */
	size_t answer_bytes;	     /* of one answer; 0: RPC_ANSWER_MAX */
	unsigned int line_ms;	     /* how long a message may take to come; 0: 30 s */
	unsigned int stall_ms;	     /* how long a client may take nothing of what it is sent; 0: 30 s */
	unsigned int idle_ms;	     /* a client that was silent for so long gives way to a new one; 0: 60 s */
};

/* What has been, since the server began. */
struct rpc_counts {
	unsigned int clients, watching; /* now */
	uint64_t requests;
	uint64_t waited;      /* times that a client was above its rate */
	uint64_t turned_away; /* because there were too many clients */
	uint64_t slow;	      /* dropped because they took nothing, or sent half a line */
	uint64_t gave_way;    /* silent ones, to a new client */
	uint64_t lost;	      /* notifications that a client was too slow for */
};

/* What a turn has done. */
struct rpc_turn {
	uint32_t items;
	size_t bytes;
};

struct rpc_server;

/*
 * Take the socket and serve the methods of these lists, NULL behind the last (all outlive the server), for user. A
 * socket file that nobody answers on is replaced. 0, or a negative errno with one clear line in the log: -EADDRINUSE
 * another process answers on the path, -EEXIST something else than a socket is there, -ENAMETOOLONG, -ENOENT no such
 * directory or group, -EACCES, -ENOMEM.
 */
int rpc_server_new(struct rpc_server **out, const struct rpc_settings *settings, const struct rpc_method *const *lists,
		   void *user);
/* Close all clients and remove the sockets; NULL is allowed. */
void rpc_server_free(struct rpc_server *s);

/* Readable when rpc_server_poll has something to do: for an epoll of the caller's. */
int rpc_server_fd(const struct rpc_server *s);
/* Serve what is ready without waiting; bounded, the rest is left for the next call. */
struct rpc_turn rpc_server_poll(struct rpc_server *s, uint64_t now_ms);
/* When it wants to be polled though nothing is readable (the caller's milliseconds); UINT64_MAX: never. */
uint64_t rpc_server_due(const struct rpc_server *s);

/* The number of the client whose request is being handled, from 1, which none had before; for handlers, while they run.
 */
uint32_t rpc_server_client(const struct rpc_server *s);
/* Call the handlers once more that said RPC_LATER, in the polls to come. */
void rpc_server_resume(struct rpc_server *s);
/* A handler looked at so many entries: they count as items of the turn. */
void rpc_server_charge(struct rpc_server *s, uint32_t items);
/* From now on, tell the client whose request is being handled of these topics (a bit each), and of no others. */
void rpc_server_watch(struct rpc_server *s, uint64_t topics);
/*
 * Tell those who watch a topic (0..RPC_TOPICS_MAX - 1): a notification of this method; params stays the caller's. A
 * client that is RPC_NOTES behind misses the oldest, and is told how many: method "lost", params {count}.
 */
void rpc_server_publish(struct rpc_server *s, unsigned int topic, const char *method, json_t *params);
struct rpc_counts rpc_server_counts(const struct rpc_server *s);
