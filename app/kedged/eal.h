/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include "conf/conf.h"

/*
 * Start DPDK's EAL as the configuration says: lcores, memory, the devices of its ports. Without enough free hugepages
 * it starts without any, where the configuration allows. 0, or -1 after one clear line on standard error.
 */
int eal_start(const struct conf *conf);

/* The EAL name of a port's device: what stands before the first comma. buf is given back. */
char *eal_device_name(const char *device, char *buf, unsigned int size);

/* The kernel interface whose frames a device takes (af_packet, af_xdp), "" for another device. buf is given back. */
char *eal_kernel_if(const char *device, char *buf, unsigned int size);

/* Bytes that the device of a port wants to be able to write into each buffer, whatever comes in; 0: no more than
 * frames. */
uint32_t eal_slot(const struct conf_PORT *port);
