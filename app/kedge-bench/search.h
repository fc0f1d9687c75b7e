/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The searches of RFC 2544: each asks for trials and is told what came of them, so that it does not matter what they
 * are made on.
 */
#include <stdbool.h>
#include <stdint.h>

#define SEARCH_TRIALS_MAX 64

struct search_trial {
	double rate;	 /* packets a second; 0: as fast as it goes */
	double seconds;	 /* at most */
	uint64_t frames; /* at most */
};

struct search_outcome {
	uint64_t sent, received;
	double rate; /* that was reached */
};

/* False ends the search. */
typedef bool search_fn(void *user, const struct search_trial *trial, struct search_outcome *out);

/*
 * Section 26.1: the greatest rate, up to `most` (0: as fast as it goes), at which no more than `loss` of the frames
 * (0..1) are lost, within `resolution` of it (0..1). Trials take trial_s, the last ones, which decide, full_s. *rate is
 * 0 where none is good, and never more than a trial has reached. False: a trial failed.
 */
struct search_settings {
	double most, loss, resolution, trial_s, full_s;
};
bool search_throughput(const struct search_settings *s, search_fn *trial, void *user, double *rate);
/* Section 26.4: the longest burst as fast as it goes, up to `most` frames, of which none is lost; one of this search.
 */
bool search_back_to_back(uint64_t most, search_fn *trial, void *user, uint64_t *frames);
