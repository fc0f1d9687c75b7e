/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Memory for what workers read at random, as zeros: in huge pages where the system has any, reserved (hugetlbfs) or
 * not (transparent), since with small ones each look-up in a big table misses the TLB too. It is not taken from
 * EAL's: with --no-huge that never has a huge page, and what is freed there is overwritten first.
 */
#include <stddef.h>

/* NULL: no memory. socket: NUMA node, -1: any. Its pages are there when they are touched. Control lcore. */
void *fwd_memory_new(size_t bytes, int socket);
/*
 * Let the pages of any memory be there, before somebody looks at them. A page that is read before it is written is
 * first a zero page and then another one, and the change interrupts every core that runs a worker. What stands there
 * stays.
 */
void fwd_memory_touch(void *from, size_t bytes);
/* bytes as given to fwd_memory_new. NULL is allowed. */
void fwd_memory_free(void *memory, size_t bytes);
