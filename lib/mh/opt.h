/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The mobility options of a message (RFC 6275 section 6.2), read and written from the rows of opt.def. */
#include <stdbool.h>

#include "base/cursor.h"
#include "mh/mh.h"

/* Read options up to the end of c into *out, which is zero; false when one is malformed. */
bool mh_opts_decode(struct cursor *c, struct mh_opts *out);

/*
 * Write the options with the padding that their alignment asks for, and pad the message to 8 octets: `first` before
 * the others (MH_OPT_COUNT: none). The writer starts with the Mobility Header. False when a value has no encoding; that
 * there is no room, the writer tells.
 */
bool mh_opts_encode(struct writer *w, const struct mh_opts *o, enum mh_opt first);

/* The data of the authentication option where it is the last of these options but for padding, else NULL. */
const uint8_t *mh_opts_auth_data(struct cursor c);

/* Pad to x*n + y octets from the start of the header, by options or by the sub-options of the same types. */
void mh_opt_pad(struct writer *w, unsigned int x, unsigned int y);
#define MH_OPT_PAD1 0
#define MH_OPT_PADN 1
