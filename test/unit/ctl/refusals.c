/* SPDX-License-Identifier: BSD-3-Clause */
/* What the methods about a mobile node's prefixes and flows refuse: each parameter spoilt in turn, and what cannot be.
 */
#include "ask.h"
#include "cases.h"
#include "multihoming.h"

/* One more than a session can have. */
#define FOUR	  "2001:db8:a::/64,2001:db8:b::/64,2001:db8:c::/64,2001:db8:d::/64,"
#define MANY	  FOUR FOUR "2001:db8:e::/64"
#define ADD(more) "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 1" more "}"

static void
refusals(void)
{
	static const struct {
		const char *method, *params, *reason;
	} rows[] = {
		{"mn.move", "{\"mn\": \"nobody@example.com\"}", "unknown-mobile-node"},
		{"mn.move", "{\"mn\": \"" MN1 "\"}", "ambiguous-session"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 5}", "unknown-session"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"access\": \"wlan\"}", "unknown-session"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"access\": \"pigeon\"}", "unknown-value"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"gateway\": \"somewhere\"}", "bad-address"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"prefixes\": \"" MANY "\"}", "bad-prefix"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"prefixes\": \",\"}", "bad-prefix"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"prefixes\": \"\"}", "bad-prefix"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"prefixes\": \"" P1 ",\"}", "bad-prefix"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"prefixes\": \"" P1 ";" P2 "\"}", "bad-prefix"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 0, \"prefixes\": \"2001:db8:9::/64\"}",
		 "unknown-prefix"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 0, \"prefixes\": \"" P1 "\"}", "already-so"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"role\": \"mag\"}", "not-a-gateway"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 0, \"prefixes\": \"" P3 "\"}", "unknown-prefix"},
		{"mn.move", "{\"mn\": \"" MN2 "\", \"session\": 1}", "unknown-session"},
		{"mn.move", "{\"mn\": \"\", \"session\": 1}", "bad-identifier"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"prefixes\": [\"" P1 "\"]}", "wrong-type"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": -1}", "out-of-range"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"keep\": \"all\"}", "unknown-value"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"given_up\": \"yes\"}", "wrong-type"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"role\": \"both\"}", "unknown-value"},
		{"mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1, \"to\": \"wlan\"}", "unknown-parameter"},
		{"mn.cut", "{\"mn\": \"" MN1 "\", \"session\": 1}", "not-a-gateway"},
		{"flow.add", ADD(""), "ambiguous-session"},
		{"flow.add", "{\"mn\": \"" MN1 "\", \"selector\": \"any\"}", "missing-parameter"},
		{"flow.add", "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 0}", "out-of-range"},
		{"flow.add", "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": 65536}", "out-of-range"},
		{"flow.add", "{\"mn\": \"" MN1 "\", \"selector\": \"any\", \"priority\": \"1\"}", "wrong-type"},
		{"flow.add", "{\"mn\": \"" MN1 "\", \"selector\": \"\", \"priority\": 1}", "bad-selector"},
		{"flow.add", ADD(", \"session\": 2"), "unknown-session"}, /* another mobile node's */
		{"flow.add", ADD(", \"gateway\": \"" P1 "\""), "bad-address"},
		{"flow.add",
		 "{\"mn\": \"" MN1
		 "\", \"selector\": \"destination=2001:db8:9::/64\", \"priority\": 1, \"session\": 1}",
		 "unknown-prefix"},
		{"flow.move", "{\"mn\": \"" MN1 "\", \"session\": 1}", "missing-parameter"},
		{"flow.move", "{\"mn\": \"" MN1 "\", \"id\": 65536, \"session\": 1}", "out-of-range"},
		{"flow.add", "{\"mn\": \"" MN1 "\", \"selector\": \"all\", \"priority\": 1}", "bad-selector"},
		{"flow.add", ADD(", \"id\": 0"), "out-of-range"},
		{"flow.move", "{\"mn\": \"" MN1 "\", \"id\": 1, \"session\": 1}", "unknown-flow"},
		{"flow.del", "{\"mn\": \"" MN1 "\", \"id\": 1}", "unknown-flow"},
	};
	struct rig r;

	multihoming_open(&r, &(struct wish){.lma = true, .multihoming = true});
	rig_pbu(&r, &(struct update){.mn = MN2, .mag = MAG2});
	NEED(lma_session_count(r.lma) == 3);
	for (unsigned int i = 0; i < UNIT_COUNT(rows); i++)
		CU_ASSERT(ask_refused(&r, rows[i].method, rows[i].params, rows[i].reason));
	rig_close(&r);
	multihoming_open(&r, &(struct wish){.lma = true}); /* as RFC 5213 alone has it */
	CU_ASSERT(ask_refused(&r, "mn.move", "{\"mn\": \"" MN1 "\", \"session\": 1}", "not-supported"));
	CU_ASSERT(ask_refused(&r, "flow.add", ADD(", \"session\": 1"), "not-supported"));
	rig_close(&r);
}

const struct unit_case refusals_cases[] = {
	{"what cannot be moved is refused at once, with its reason", refusals},
};
const unsigned int refusals_case_count = UNIT_COUNT(refusals_cases);
