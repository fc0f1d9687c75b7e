/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Which sequence numbers were received (RFC 4303 section 3.4.3 and appendix A2). It stands beside rte_ipsec's own,
 * which in DPDK 22.11 forgets every number whose remainder by 64 is 32 or more.
 */
#include <stdbool.h>
#include <stdint.h>

#include "ipsec/ipsec.h"

#define WINDOW_WORDS                                                                                                   \
	32 /* a power of 2; one more than the greatest window has, and a window may begin inside a word                \
	    */

struct window {
	uint32_t size; /* 0: every number is taken */
	uint64_t top;  /* the greatest so far */
	uint64_t seen[WINDOW_WORDS];
};

/* All numbers up to top are taken as seen. */
void ipsec_window_init(struct window *w, uint32_t size, uint64_t top);
/* The number whose low half came. */
uint64_t ipsec_window_number(const struct window *w, bool esn, uint32_t low);
bool ipsec_window_is_new(const struct window *w, uint64_t number);
void ipsec_window_note(struct window *w, uint64_t number);
