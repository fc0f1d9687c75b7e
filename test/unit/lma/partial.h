/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Partial handoffs: draft-jeyatharan-netext-pmip-partial-handoff-00. A mobile node's interfaces stand as several.h has
 * them, and P1, P2 and P3 are interface 1's at first.
 */
#include "several.h"

#define NEW	 241
#define EXISTING 242

void partial_settings(struct rig *r);
/* Interface 1 attaches; the answer's status. */
int partial_attach(struct rig *r);
/* Figure 1: all three. */
void partial_open(struct rig *r);
/* The session at a gateway has these prefixes, in this order, and no other. */
bool partial_has(struct rig *r, unsigned int mag, const char *a, const char *b, const char *c);
/* The same of a message. */
bool partial_names(const struct mh_msg *m, const char *a, const char *b);
