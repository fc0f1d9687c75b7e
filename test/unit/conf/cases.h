/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The cases of conf's unit program, a file an idea, and what they share.
 */
#include "conf/conf.h"
#include "unit.h"

/* files.c: whole files, good and bad. */
void files_good(void);
void files_examples(void);
void files_lab(void);
void files_bad(void);
void files_unreadable(void);

/* values.c: what a file's text becomes. */
void values_defaults_gateway(void);
void values_defaults_anchor(void);
void values_given(void);
void values_lists(void);
void values_multihoming(void);
void values_domain(void);
void values_policy_file(void);
void values_documentation_rows(void);

/* mangle.c: files that no operator wrote. */
void mangle_cut(void);
void mangle_bytes(void);
void mangle_deep(void);

/* nodes.c: mobile nodes, many of them, in two files. */
void nodes_many(void);
void nodes_both_places(void);

/* odd.c: what YAML allows and few expect. */
void odd_problem_line(void);
void odd_aliases(void);
void odd_encodings(void);
void odd_long(void);
void odd_lcores(void);

/* secrets.c: keys, and the file that they stand in. */
void secrets_loaded(void);
void secrets_never_shown(void);
void secrets_refused(void);
void secrets_elsewhere(void);
void associations_loaded(void);
void associations_refused(void);

/* diff.c: what is different between two. */
void diff_files(void);
void diff_same(void);
void diff_every_key(void);
void diff_many(void);

/* print.c: the settings as JSON. */
void print_json(void);

#define GOOD TEST_DIR "/conf/good/"

/* A good file's configuration; the case ends with its error if there is none. */
struct conf *loaded(const char *path);
/* What conf_print or conf_describe writes, NUL at its end; the caller's to free. */
char *printed(const struct conf *c);
char *described(void);
/* A file's bytes and a NUL; the caller's to free. NULL when it cannot be read. */
char *contents(const char *path);
