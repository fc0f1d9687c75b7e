/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "ipsec/ipsec.h"

static const struct ipsec_suite_row rows[] = {
#define SUITE(id, name, key, salt, integrity, fresh, help) [IPSEC_##id] = {name, key, salt, integrity, fresh, help},
#include "base/suite.def"
#undef SUITE
};

const struct ipsec_suite_row *
ipsec_suite_row(enum ipsec_suite suite)
{
	return &rows[suite];
}

unsigned int
ipsec_suite_key_len(enum ipsec_suite suite)
{
	return rows[suite].key_len + rows[suite].salt_len + rows[suite].integrity_len;
}

enum ipsec_suite
ipsec_suite_parse(const char *name)
{
	enum ipsec_suite suite = 0;

	while (suite < IPSEC_SUITE_COUNT && strcmp(rows[suite].name, name) != 0)
		suite++;
	return suite;
}
