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
/* Let its pages be there: no worker is to be the first to look at one. Within one fwd_memory_new. */
void fwd_memory_touch(void *from, size_t bytes);
/* bytes as given to fwd_memory_new. NULL is allowed. */
void fwd_memory_free(void *memory, size_t bytes);
