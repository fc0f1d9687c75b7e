/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The peculiarities of a peer (base/compat.def) in its messages. compat: bits of enum pmip_compat. */
#include "mh/mh.h"
#include "pmip/settings.h"

/* What mh_decode_as is to forgive. */
unsigned int pmip_compat_tolerance(uint32_t compat);
/* Turn a message that came from it into an ordinary one. */
void pmip_compat_received(uint32_t compat, struct mh_msg *m);
/* Turn an ordinary message into one for it. */
void pmip_compat_sending(uint32_t compat, struct mh_msg *m);
