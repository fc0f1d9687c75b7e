/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Mobility Headers made by hand, between two fixed addresses. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mh/mh.h"

extern const struct addr6 wire_src, wire_dst;

/* Decode a copy that ends where its memory ends, so that a sanitizer sees any step past it. */
enum mh_error wire_decode(const uint8_t *bytes, size_t len, struct mh_msg *m);

/* The same, to the last padding byte of all that is there. */
bool wire_equal(const struct mh_msg *a, const struct mh_msg *b);

/* What is not written again: options that were skipped, and what was wrong with flows. */
void wire_forget(struct mh_msg *m);

/* Make the checksum right. */
void wire_seal(uint8_t *bytes, size_t len);

/* A header of this type and length, its body from data and zeros (Pad1) behind, with a right checksum. */
size_t wire_build(uint8_t *bytes, uint8_t type, size_t len, const uint8_t *data, size_t data_len);

/* Decode a PBU of 48 octets with these octets of options. */
enum mh_error wire_decode_options(const uint8_t *options, size_t len, struct mh_msg *m);

#define WIRE_DECODE_OPTIONS(m, ...)                                                                                    \
	wire_decode_options((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}), m)
