/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Where configurations come from while the node runs: files, and those that were in effect before. A configuration is
 * read and made settings of in a helper thread, which looks at what is in effect and changes nothing.
 */
#include "settings.h"

#define RELOAD_BACK_MAX	  8	       /* that could be rolled back to */
#define RELOAD_BACK_BYTES (256u << 20) /* of these; the one before is kept however large it is */

struct reload;

/*
 * The settings that the node starts with, and their configuration, are its own from now on. NULL: no memory. `taken` is
 * told when others are in effect.
 */
struct reload *reload_new(struct settings *s, const struct hash_secret *secret,
			  void (*taken)(void *user, const struct settings *s, const struct conf *before), void *user);
void reload_free(struct reload *r); /* may be NULL */
struct ctl_config reload_config(struct reload *r);
