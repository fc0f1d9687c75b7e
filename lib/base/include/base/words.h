/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * What may be said where one of a few words is expected, for those who ask and those who answer: the words of a .def
 * file, each with a blank behind it.
 */
extern const char words_trigger[], words_reason[], words_technology[], words_suite[];
