/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The terminal while a screen is drawn on it: no other file knows of raw mode or its escape sequences. */
#include <stdbool.h>

#define SCREEN_COLUMNS 80
#define SCREEN_LINES   24

/* What screen_wait gives besides a key. */
enum { SCREEN_TIMEOUT = 0, SCREEN_RESIZED = -1, SCREEN_END = -2 };

/* Take the terminal; 0 or a negative errno. It is given back by screen_close, and however else the program ends. */
int screen_open(void);
void screen_close(void);
/* Its size; where there is none, COLUMNS and LINES of the environment, else 80 by 24. */
void screen_size(unsigned int *columns, unsigned int *lines);
/* Show a whole frame: lines with SCREEN_LINE_END behind each. */
#define SCREEN_LINE_END "\033[K\n"
void screen_draw(const char *frame);
/* The next key, or one of the above: SCREEN_END when the program was asked to end. */
int screen_wait(unsigned int timeout_ms);
