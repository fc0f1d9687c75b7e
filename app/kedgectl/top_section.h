/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The parts of a frame of the live screen: a title line and rows each. */
#include "top.h"

struct top_section {
	const char *views; /* that show it */
	unsigned int (*count)(const struct top *t);
	void (*title)(struct frame *f, const struct top *t);
	void (*row)(struct frame *f, const struct top *t, unsigned int i);
};

#define TOP_SECTIONS 5
/* In the order in which they stand. */
extern const struct top_section top_sections[TOP_SECTIONS];
