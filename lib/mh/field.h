/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The data of each option, without type and length: a pair a row of opt.def. Decoders see just the data, whose length
 * the row has checked, and write to a cleared struct; false says that the value is impossible.
 */
#include "base/cursor.h"
#include "mh/mh.h"

#define MH_OPT(NAME, field, type, x, y, min, max, many, source)                                                        \
	bool mh_decode_##field(struct cursor *c, void *to);                                                            \
	bool mh_encode_##field(struct writer *w, const void *from);
#include "mh/opt.def"
#undef MH_OPT
