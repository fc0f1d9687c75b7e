/* SPDX-License-Identifier: BSD-3-Clause */
#include "window.h"

#include <string.h>

#define WORD_BITS 64

_Static_assert(IPSEC_WINDOW_MAX <= (WINDOW_WORDS - 1) * WORD_BITS, "a window never meets its own end");

void
ipsec_window_init(struct window *w, uint32_t size, uint64_t top)
{
	*w = (struct window){.size = size, .top = top};
	memset(w->seen, 0xff, sizeof(w->seen));
	/* Of the word of the top, what is above it was not seen. */
	w->seen[top / WORD_BITS % WINDOW_WORDS] = (UINT64_C(2) << top % WORD_BITS) - 1;
}

uint64_t
ipsec_window_number(const struct window *w, bool esn, uint32_t low)
{
	uint32_t high = (uint32_t)(w->top >> 32), top_low = (uint32_t)w->top, bottom = top_low - w->size + 1;

	if (!esn)
		return low;
	if (top_low >= w->size - 1)
		high += low < bottom;
	else if (high > 0)
		high -= low >= bottom; /* the window begins before the half of the top does */
	return (uint64_t)high << 32 | low;
}

bool
ipsec_window_is_new(const struct window *w, uint64_t number)
{
	if (w->size == 0 || number > w->top)
		return true;
	if (w->top - number >= w->size)
		return false;
	return (w->seen[number / WORD_BITS % WINDOW_WORDS] >> number % WORD_BITS & 1) == 0;
}

void
ipsec_window_note(struct window *w, uint64_t number)
{
	uint64_t word = number / WORD_BITS, top_word = w->top / WORD_BITS;

	if (number > w->top) {
		if (word - top_word > WINDOW_WORDS)
			top_word = word - WINDOW_WORDS;
		while (top_word < word)
			w->seen[++top_word % WINDOW_WORDS] = 0;
		w->top = number;
	}
	w->seen[word % WINDOW_WORDS] |= UINT64_C(1) << number % WORD_BITS;
}
