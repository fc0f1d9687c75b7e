/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* One client's connection: lines in, bytes out, both bounded, never blocking. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "dispatch.h"

struct rpc_conn {
	int fd;		 /* -1: free */
	uint32_t number; /* which no other client has had */
	struct rpc_caller caller;
	char *in;
	size_t in_size, in_len;
	size_t in_at;	   /* where the next line begins */
	size_t in_scanned; /* no newline before here */
	char *out;
	size_t out_size, out_len;
	size_t out_at;	 /* sent so far */
	uint32_t events; /* that epoll waits for */
	bool closing;	 /* ask for nothing more; close when all is sent */

	struct rpc_exchange exchange; /* the message that is being answered */
	uint64_t heard_ms;	      /* when it last sent something */
	uint64_t moved_ms;	      /* when it last took something, or owed nothing */
	uint64_t second_ms;	      /* when the second began in which these were served: */
	unsigned int requests;
	bool waiting; /* for the next second: above its rate */
	bool later;   /* until the server is resumed: a handler needs time for its answer */
	bool resumed; /* its handler is called once more, whether there is room for its answer or not */

	bool ended;	 /* it will send nothing more, and watches on */
	uint64_t topics; /* that it watches, a bit each */
	uint64_t note;	 /* the next notification that it has not been told */
	uint64_t lost;	 /* that it will never be told */
};

enum rpc_fill { RPC_FILL_DATA, RPC_FILL_WAIT, RPC_FILL_END, RPC_FILL_TOO_LONG };

void rpc_conn_init(struct rpc_conn *c, int fd, bool read_only, uint64_t now_ms);
void rpc_conn_fini(struct rpc_conn *c); /* close */

/* Read once what there is; TOO_LONG when a line has more than limit bytes. No line may be waiting. */
enum rpc_fill rpc_conn_fill(struct rpc_conn *c, size_t limit);
/* Is a whole line waiting? */
bool rpc_conn_has_line(struct rpc_conn *c);
/* Has a line begun that is not whole? */
bool rpc_conn_has_part(const struct rpc_conn *c);
/* The next whole line without its newline, or NULL; valid until the next fill. */
const char *rpc_conn_line(struct rpc_conn *c, size_t *len);

/* Add to what is to be sent; -ENOMEM. */
int rpc_conn_push(struct rpc_conn *c, const char *bytes, size_t len);
/* Send what the client takes; a negative errno when it is gone. */
int rpc_conn_flush(struct rpc_conn *c);
/* Bytes that are still to be sent. */
size_t rpc_conn_pending(const struct rpc_conn *c);
