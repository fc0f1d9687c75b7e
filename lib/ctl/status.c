/* SPDX-License-Identifier: BSD-3-Clause */
/* Names of the statuses of acknowledgements: of updates, revocations and notifications. */
#include "mh/mh.h"
#include "state.h"

static const char *const bra_names[] = {
	[MH_BRA_ACCEPTED] = "ACCEPTED",
	[MH_BRA_PARTIAL] = "PARTIAL",
	[MH_BRA_NO_BINDING] = "NO_BINDING",
	[MH_BRA_IPV4_OPTION_REQUIRED] = "IPV4_OPTION_REQUIRED",
	[MH_BRA_GLOBAL_NOT_AUTHORIZED] = "GLOBAL_NOT_AUTHORIZED",
	[MH_BRA_MN_ID_REQUIRED] = "MN_ID_REQUIRED",
	[MH_BRA_MN_ATTACHED] = "MN_ATTACHED",
	[MH_BRA_TRIGGER_UNSUPPORTED] = "TRIGGER_UNSUPPORTED",
	[MH_BRA_FUNCTION_UNSUPPORTED] = "FUNCTION_UNSUPPORTED",
	[MH_BRA_PROXY_UNSUPPORTED] = "PROXY_UNSUPPORTED",
};

static const char *const upa_names[] = {
	[MH_UPA_ACCEPTED] = "ACCEPTED",
	[MH_UPA_FAILED_TO_UPDATE] = "FAILED_TO_UPDATE",
	[MH_UPA_VENDOR_OPTION_MISSING] = "VENDOR_OPTION_MISSING",
	[MH_UPA_REASON_UNSPECIFIED] = "REASON_UNSPECIFIED",
	[MH_UPA_NOT_ATTACHED] = "NOT_ATTACHED",
};

static const char *
name_at(const char *const *names, size_t count, unsigned int status)
{
	return status < count && names[status] != NULL ? names[status] : "UNKNOWN";
}

const char *
ctl_status_name(enum mh_type type, unsigned int status)
{
	if (type == MH_BRA)
		return name_at(bra_names, RTE_DIM(bra_names), status);
	if (type == MH_UPA)
		return name_at(upa_names, RTE_DIM(upa_names), status);
	return mh_status_name(status);
}

const char *
ctl_status_name_of(enum ctl_event_kind kind, bool gateway, unsigned int status)
{
	switch (kind) {
	case CTL_EVENT_SESSION_REVOKED:
	case CTL_EVENT_REVOCATION_FAILED:
		return ctl_status_name(MH_BRA, status);
	case CTL_EVENT_SESSION_NOTIFIED:
	case CTL_EVENT_NOTIFICATION_FAILED:
		return ctl_status_name(MH_UPA, status);
	case CTL_EVENT_MOVE_FAILED:
	case CTL_EVENT_FLOW_FAILED:
		if (!gateway && status == 0)
			return "NO_ANSWER";
		return ctl_status_name(gateway ? MH_PBA : MH_UPA, status);
	default:
		return ctl_status_name(MH_PBA, status);
	}
}
