/* SPDX-License-Identifier: BSD-3-Clause */
#include "mh/mh.h"

static const struct must {
	enum mh_type type;
	enum mh_opt opt;
	enum mh_status status;
	enum mh_phase phase;
} musts[] = {
#define MH_MUST(MESSAGE, OPTION, STATUS, when, source)                                                                 \
	{MH_##MESSAGE, MH_OPT_##OPTION, MH_STATUS_##STATUS, MH_PHASE_##when},
#include "mh/rule.def"
#undef MH_MUST
};

enum mh_status
mh_check_options(const struct mh_msg *m, enum mh_phase phase)
{
	for (size_t i = 0; i < sizeof(musts) / sizeof(musts[0]); i++)
		if (musts[i].type == m->type && musts[i].phase == phase && !mh_has(m, musts[i].opt))
			return musts[i].status;
	return MH_STATUS_ACCEPTED;
}
