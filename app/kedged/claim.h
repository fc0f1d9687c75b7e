/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * Kernel interfaces that are a daemon's alone: two that receive and answer on the same would both do so, with the same
 * addresses.
 */
#include "conf/conf.h"

/* Claim those of the ports until the process ends; false after one clear line where another daemon has one of them. */
bool claim_interfaces(const struct conf *conf);
