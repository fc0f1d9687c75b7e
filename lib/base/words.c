/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/words.h"

const char words_trigger[] =
#define TRIGGER(NAME, word, help) word " "
#include "base/trigger.def"
#undef TRIGGER
	"";

const char words_reason[] =
#define REASON(NAME, word, help) word " "
#include "base/reason.def"
#undef REASON
	"";

const char words_technology[] =
#define TECHNOLOGY(number, word) word " "
#include "base/technology.def"
#undef TECHNOLOGY
	"";

const char words_suite[] =
#define SUITE(id, name, key, salt, integrity, fresh, help) name " "
#include "base/suite.def"
#undef SUITE
	"";
