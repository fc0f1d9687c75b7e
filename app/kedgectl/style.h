/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Colours: on a terminal alone, and never with NO_COLOR in the environment. */
#include <stdbool.h>

enum style { STYLE_PLAIN, STYLE_TITLE, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_DIM };

/* Look once whether standard output may have colours. */
void style_init(void);
/* What begins a style and what ends it: "" where there are no colours, or nothing to begin. */
const char *style_on(enum style style);
const char *style_off(enum style style);
/* How a word of an answer is shown: states that are good, on their way, or bad. */
enum style style_of_word(const char *word);
