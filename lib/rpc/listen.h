/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The socket file. */
#include <sys/un.h>

/* The address of a path; -ENAMETOOLONG when it does not fit. */
int rpc_address(const char *path, struct sockaddr_un *out);

/* A listening, non-blocking socket at path, or a negative errno with one line in the log. As rpc_server_new says. */
int rpc_listen(const char *path, unsigned int mode, const char *group);
