/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>

#include "cases.h"
#include "rig.h"

/* A build may come without rte_ipsec, and without nettle: it has no cases of what it refuses. */
static bool
is_built(const char *suite)
{
	const struct pmip_key key = {.spi = PMIP_SPI_MIN, .len = 16};
	struct ipsec *none;
	int error;

	if (strcmp(suite, "security") == 0)
		return pmip_key_check(&key) != -ENOTSUP;
	if (strcmp(suite, "esp") != 0)
		return true;
	none = ipsec_new(&(struct ipsec_settings){.device = "crypto_of_nobody", .associations_max = 1}, &error);
	return none == NULL && error != -ENOTSUP;
}

int
main(void)
{
	if (!rig_start_eal())
		return 1;
#define SUITE(name) {name##_cases, is_built(#name) ? name##_case_count : 0},
	const struct unit_table suites[] = {SUITES(SUITE)};
#undef SUITE
	return unit_main_tables("ctl", suites, UNIT_COUNT(suites));
}
