/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "path/port.h"

struct path_port {
	struct path_port_settings settings; /* name and device point at the copies below */
	char name[PATH_PORT_NAME];
	char device[64];
	uint16_t eth_id;
	struct addr_mac mac;
	bool started, promiscuous, mtu_set;
};
