/* SPDX-License-Identifier: BSD-3-Clause */
#include "eal.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_errno.h>

#define ARGS_MAX 96
#define TEXT_MAX 8192

/* An argument vector whose strings lie in one buffer. */
struct args {
	int count;
	size_t used;
	char *list[ARGS_MAX + 1];
	char text[TEXT_MAX];
};

static void __attribute__((format(printf, 2, 3))) add(struct args *a, const char *format, ...)
{
	size_t room = sizeof(a->text) - a->used;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(a->text + a->used, room, format, ap);
	va_end(ap);
	if (a->count == ARGS_MAX || n < 0 || (size_t)n >= room)
		return; /* the configuration bounds ports and arguments well below this */
	a->list[a->count++] = a->text + a->used;
	a->used += (size_t)n + 1;
}

char *
eal_device_name(const char *device, char *buf, unsigned int size)
{
	snprintf(buf, size, "%.*s", (int)strcspn(device, ","), device);
	return buf;
}

static bool
is_af_packet(const char *device)
{
	return strncmp(device, "net_af_packet", 13) == 0;
}

char *
eal_kernel_if(const char *device, char *buf, unsigned int size)
{
	const char *at = strstr(device, ",iface=");

	buf[0] = '\0';
	if (at != NULL && (is_af_packet(device) || strncmp(device, "net_af_xdp", 10) == 0))
		eal_device_name(at + strlen(",iface="), buf, size);
	return buf;
}

/* Of af_packet's rings: what a slot has if nothing is said, and what the kernel puts in front of a packet, generously.
 */
#define SLOT	  2048
#define SLOT_HEAD 128
#define BLOCK	  4096 /* slots lie in blocks of whole pages */

uint32_t
eal_slot(const struct conf_PORT *port)
{
	const char *said = strstr(port->device, ",framesz=");
	uint32_t slot = SLOT;

	if (!is_af_packet(port->device))
		return 0;
	if (said != NULL)
		return (uint32_t)strtoul(said + strlen(",framesz="), NULL, 10);
	while (slot < port->mtu + SLOT_HEAD)
		slot *= 2;
	return slot;
}

/* A kernel interface's with slots for its frames, where those that it has are too small; any other as it is. */
static void
add_vdev(struct args *a, const struct conf_PORT *port)
{
	uint32_t slot = eal_slot(port);

	if (slot > SLOT && strstr(port->device, ",framesz=") == NULL)
		add(a, "--vdev=%s,framesz=%u,blocksz=%u", port->device, slot, slot > BLOCK ? slot : BLOCK);
	else
		add(a, "--vdev=%s", port->device);
}

/* 0000:03:00.0 or 03:00.0 */
static bool
is_pci(const char *device)
{
	return isxdigit((unsigned char)device[0]) && strchr(device, ':') != NULL;
}

/* Megabytes of free hugepages of the default size. */
static unsigned long
free_hugepages_mb(void)
{
	unsigned long pages = 0, size_kb = 0;
	char line[128];
	FILE *f = fopen("/proc/meminfo", "r");

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		sscanf(line, "HugePages_Free: %lu", &pages);
		sscanf(line, "Hugepagesize: %lu", &size_kb);
	}
	fclose(f);
	return pages * size_kb / 1024;
}

/* Whether DPDK can make its runtime folder: telemetry's socket lies in it, and without one DPDK does not start. */
static bool
has_runtime_folder(void)
{
	const char *parent = getenv("RUNTIME_DIRECTORY");
	char path[PATH_MAX];

	if (parent == NULL)
		parent = getuid() == 0 ? "/var/run" : getenv("XDG_RUNTIME_DIR");
	if (parent == NULL)
		parent = "/tmp";
	snprintf(path, sizeof(path), "%s/dpdk", parent);
	return access(access(path, F_OK) == 0 ? path : parent, W_OK | X_OK) == 0;
}

/* DPDK leaves a folder of each process behind that shares nothing. Telemetry has taken its socket out of it by then. */
static void
remove_runtime_folder(void)
{
	rmdir(rte_eal_get_runtime_dir());
}

static void
add_memory(struct args *a, const struct conf *conf)
{
	bool huge = conf->eal.hugepages == CONF_HUGEPAGES_YES ||
		    (conf->eal.hugepages == CONF_HUGEPAGES_AUTO && free_hugepages_mb() >= conf->eal.memory_mb);

	add(a, "-m");
	add(a, "%u", conf->eal.memory_mb);
	if (huge) {
		add(a, "--in-memory");
	} else {
		add(a, "--no-huge");
		add(a, "--no-shconf");
	}
	if (!has_runtime_folder())
		add(a, "--no-telemetry");
	add(a, "--file-prefix"); /* a folder, and a telemetry socket, of its own */
	add(a, "kedge-%d", getpid());
	atexit(remove_runtime_folder);
}

static void
add_devices(struct args *a, const struct conf *conf)
{
	bool pci = false;

	for (unsigned int i = 0; i < conf->ports_count; i++)
		pci = pci || is_pci(conf->ports[i].device);
	if (!pci)
		add(a, "--no-pci");
	for (unsigned int i = 0; i < conf->ports_count; i++) {
		if (is_pci(conf->ports[i].device))
			add(a, "--allow=%s", conf->ports[i].device);
		else
			add_vdev(a, &conf->ports[i]);
	}
}

/* EAL answers arguments that it does not take with all that it knows: a hundred lines, of no use to who gave none. */
static int
init(struct args *a, bool given)
{
	FILE *out = stdout, *nowhere = given ? NULL : fopen("/dev/null", "w");
	int rc;

	if (nowhere != NULL)
		stdout = nowhere;
	rc = rte_eal_init(a->count, a->list);
	stdout = out;
	if (nowhere != NULL)
		fclose(nowhere);
	return rc;
}

int
eal_start(const struct conf *conf)
{
	static const char *const talkative[] = {"lib.eal:warning", "lib.telemetry:error",
						"user1:warning" /* rte_ip_frag's */};
	static struct args a; /* EAL keeps pointers to its arguments */

	add(&a, "kedged");
	add(&a, "--lcores");
	add(&a, "%s", conf->eal.lcores);
	add_memory(&a, conf);
	add_devices(&a, conf);
	for (unsigned int i = 0; i < RTE_DIM(talkative); i++)
		add(&a, "--log-level=%s", talkative[i]);
	for (unsigned int i = 0; i < conf->eal.args_count; i++)
		add(&a, "%s", conf->eal.args[i]);
	a.list[a.count] = NULL;
	if (init(&a, conf->eal.args_count > 0) >= 0)
		return 0;
	fprintf(stderr, "kedged: DPDK did not start: %s (lcores %s, %u MB, hugepages %s)\n", rte_strerror(rte_errno),
		conf->eal.lcores, conf->eal.memory_mb, conf_hugepages_name(conf->eal.hugepages));
	return -1;
}
