/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Tell systemd (Type=notify) what this process is at: "READY=1", "STOPPING=1". Does nothing where $NOTIFY_SOCKET is
 * not set. Written out rather than linked: libsystemd would be the daemon's only need of it.
 */
void notify(const char *state);
