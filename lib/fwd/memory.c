/* SPDX-License-Identifier: BSD-3-Clause */
#include "fwd/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/mempolicy.h>
#include <linux/mman.h>
#include <rte_common.h>

#define SMALL_PAGE 4096
#define HUGE_PAGE  (2u << 20)

static size_t
rounded(size_t bytes)
{
	return RTE_ALIGN_CEIL(bytes, (size_t)(bytes < HUGE_PAGE ? SMALL_PAGE : HUGE_PAGE));
}

static void *
map(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return p != MAP_FAILED ? p : NULL;
}

/* Memory that begins with a huge page, so that it may be made of them. */
static void *
map_aligned(size_t bytes)
{
	uint8_t *p = map(bytes + HUGE_PAGE, 0), *at;
	size_t before;

	if (p == NULL)
		return NULL;
	at = RTE_PTR_ALIGN_CEIL(p, HUGE_PAGE);
	before = at - p;
	if (before > 0)
		munmap(p, before);
	munmap(at + bytes, HUGE_PAGE - before);
	madvise(at, bytes, MADV_HUGEPAGE);
	return at;
}

/* Where there is no room on that node, another one has to do. */
static void
prefer_socket(void *memory, size_t bytes, int socket)
{
	unsigned long node = socket >= 0 && socket < 64 ? 1ul << socket : 0;

	if (node != 0)
		syscall(SYS_mbind, memory, bytes, MPOL_PREFERRED, &node, 65ul, 0ul);
}

void *
fwd_memory_new(size_t bytes, int socket)
{
	size_t size = rounded(bytes);
	void *memory = NULL;

	if (size >= HUGE_PAGE)
		memory = map(size, MAP_HUGETLB | MAP_HUGE_2MB);
	if (memory == NULL)
		memory = size >= HUGE_PAGE ? map_aligned(size) : map(size, 0);
	if (memory != NULL)
		prefer_socket(memory, size, socket);
	return memory;
}

/* Writes what stands there in one access, whatever it is. */
static void
touch(uint8_t *p)
{
	uint8_t is = 0;

	__atomic_compare_exchange_n(p, &is, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

void
fwd_memory_touch(void *from, size_t bytes)
{
	uint8_t *p = from;

	for (size_t at = 0; at < bytes; at += SMALL_PAGE)
		touch(p + at);
	if (bytes > 0)
		touch(p + bytes - 1);
}

void
fwd_memory_free(void *memory, size_t bytes)
{
	if (memory != NULL)
		munmap(memory, rounded(bytes));
}
