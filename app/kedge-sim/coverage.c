/* SPDX-License-Identifier: BSD-3-Clause */
/* What the runs have gone through, so that one sees that they were not about nothing. */
#include "sim.h"

static const struct {
	const char *name;
	unsigned int next;
} lma_row[LMA_STATE_COUNT] =
	{
#define LMA_STATE(name, text, help, next) [LMA_##name] = {text, next},
#include "lma/state.def"
#undef LMA_STATE
},
  mag_row[MAG_STATE_COUNT] = {
#define MAG_STATE(name, text, help, next) [MAG_##name] = {text, next},
#include "mag/state.def"
#undef MAG_STATE
};

/* What an anchor answers to gateways that keep to their tables. */
static const uint8_t statuses[] = {
	MH_STATUS_ACCEPTED,
	MH_STATUS_GRE_KEY_OPTION_NOT_REQUIRED,
	MH_STATUS_ADMINISTRATIVELY_PROHIBITED,
	MH_STATUS_ID_MISMATCH,
	MH_STATUS_AUTHENTICATION_FAILED,
	MH_STATUS_INVALID_MOBILE_NODE_GROUP_IDENTIFIER,
	MH_STATUS_GRE_KEY_OPTION_REQUIRED,
	MH_STATUS_INSUFFICIENT_RESOURCES,
	MH_STATUS_SEQUENCE_OUT_OF_WINDOW,
	MH_STATUS_PROXY_REG_NOT_ENABLED,
	MH_STATUS_NOT_LMA_FOR_THIS_MOBILE_NODE,
	MH_STATUS_MAG_NOT_AUTHORIZED_FOR_PROXY_REG,
	MH_STATUS_NOT_AUTHORIZED_FOR_HOME_NETWORK_PREFIX,
	MH_STATUS_BCE_PBU_PREFIX_SET_DO_NOT_MATCH, /* where one has not heard yet that they moved */
	MH_STATUS_TIMESTAMP_MISMATCH,
	MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED,
	MH_STATUS_MISSING_HOME_NETWORK_PREFIX_OPTION,
	MH_STATUS_MISSING_MN_IDENTIFIER_OPTION,
	MH_STATUS_MISSING_HANDOFF_INDICATOR_OPTION,
	MH_STATUS_MISSING_ACCESS_TECH_TYPE_OPTION,
	MH_STATUS_NOT_AUTHORIZED_FOR_DELEGATED_MNP,
	MH_STATUS_REQUESTED_DMNP_IN_USE,
};

void
sim_coverage_add(struct sim_coverage *to, const struct sim_coverage *from)
{
	uint64_t *a = (uint64_t *)(void *)to;
	const uint64_t *b = (const uint64_t *)(const void *)from;

	_Static_assert(sizeof(*to) % sizeof(*a) == 0, "sums alone");
	for (size_t i = 0; i < sizeof(*to) / sizeof(*a); i++)
		a[i] += b[i];
}

static unsigned int
print_transition(FILE *to, const char *engine, const char *from, const char *next, uint64_t taken)
{
	if (to != NULL)
		fprintf(to, "  %s %s -> %s: %llu%s\n", engine, from, next, (unsigned long long)taken,
			taken == 0 ? "  NOT TAKEN" : "");
	return taken == 0;
}

static unsigned int
print_transitions(const struct sim_coverage *c, FILE *to)
{
	unsigned int missing = 0;

	for (unsigned int i = 0; i < LMA_STATE_COUNT; i++)
		for (unsigned int k = 0; k < LMA_STATE_COUNT; k++)
			if (lma_row[i].next >> k & 1)
				missing += print_transition(to, "lma", lma_row[i].name, lma_row[k].name,
							    c->lma_transition[i][k]);
	for (unsigned int i = 0; i < MAG_STATE_COUNT; i++)
		for (unsigned int k = 0; k < MAG_STATE_COUNT; k++)
			if (mag_row[i].next >> k & 1)
				missing += print_transition(to, "mag", mag_row[i].name, mag_row[k].name,
							    c->mag_transition[i][k]);
	return missing;
}

static unsigned int
print_statuses(const struct sim_coverage *c, FILE *to)
{
	unsigned int missing = 0;

	for (unsigned int i = 0; i < sizeof(statuses); i++) {
		missing += c->status[statuses[i]] == 0;
		if (c->status[statuses[i]] == 0 && to != NULL)
			fprintf(to, "  status %u %s: NOT SENT\n", statuses[i], mh_status_name(statuses[i]));
	}
	return missing;
}

static unsigned int
print_row(FILE *to, const char *what, const char *name, uint64_t count)
{
	if (count == 0 && to != NULL)
		fprintf(to, "  %s %s: NOT SEEN\n", what, name);
	return count == 0;
}

/* What nodes say to each other beside updates, and what hostile people make of it. */
static unsigned int
print_messages(const struct sim_coverage *c, FILE *to)
{
	static const char *const how[SIM_HOWS] = {"altered", "replayed", "with a wrong key", "without a key"};
	unsigned int missing = 0;

	for (unsigned int t = MH_PBU; t < SIM_TYPES; t++) {
		if (t == MH_BE)
			continue; /* there is no node that does not know a message */
		missing += print_row(to, "sent", mh_type_name(t), c->sent[t]);
		for (unsigned int i = 0; i < SIM_HOWS; i++)
			missing += print_row(to, how[i], mh_type_name(t), c->forged[i][t]);
	}
	for (unsigned int i = 0; i < SIM_PEER_CHANGES; i++) {
		missing += print_row(to, "learnt by gateways:", pmip_peer_change_name(i), c->peer[0][i]);
		missing += print_row(to, "learnt by anchors:", pmip_peer_change_name(i), c->peer[1][i]);
	}
	return missing;
}

static unsigned int
print_numbers(const uint64_t *count, const char *what, const uint8_t *wanted, unsigned int n, FILE *to)
{
	unsigned int missing = 0;

	for (unsigned int i = 0; i < n; i++) {
		missing += count[wanted[i]] == 0;
		if (count[wanted[i]] == 0 && to != NULL)
			fprintf(to, "  %s %u: NOT SEEN\n", what, wanted[i]);
	}
	return missing;
}

static unsigned int
print_answers(const struct sim_coverage *c, FILE *to)
{
	static const uint8_t verdict[] = {PMIP_AUTH_MISSING, PMIP_AUTH_SPI, PMIP_AUTH_WRONG, PMIP_AUTH_STALE,
					  PMIP_AUTH_REPLAYED};
	static const uint8_t trigger[] = {MH_BRI_UNSPECIFIED,	       MH_BRI_ADMINISTRATIVE,
					  MH_BRI_HANDOVER_SAME_ACCESS, MH_BRI_HANDOVER_OTHER_ACCESS,
					  MH_BRI_HANDOVER_UNKNOWN,     MH_BRI_USER_TERMINATION,
					  MH_BRI_OUT_OF_SYNC,	       MH_BRI_PER_PEER_POLICY};
	static const uint8_t bra[] = {MH_BRA_ACCEPTED, MH_BRA_NO_BINDING, MH_BRA_GLOBAL_NOT_AUTHORIZED,
				      MH_BRA_MN_ATTACHED};
	static const uint8_t upa[] = {MH_UPA_FAILED_TO_UPDATE, MH_UPA_VENDOR_OPTION_MISSING, MH_UPA_NOT_ATTACHED};

	return print_numbers(c->verdict, "verdict", verdict, sizeof(verdict), to) +
	       print_numbers(c->trigger, "revocation trigger", trigger, sizeof(trigger), to) +
	       print_numbers(c->bra, "revocation answered", bra, sizeof(bra), to) +
	       print_numbers(c->upa, "notification answered", upa, sizeof(upa), to);
}

/* Prefixes and flows that moved, and that did not. */
static unsigned int
print_moves(const struct sim_coverage *c, FILE *to)
{
	static const enum pmip_publish by_anchor[] = {PMIP_PUB_PREFIXES_MOVED, PMIP_PUB_MOVE_REFUSED,
						      PMIP_PUB_FLOW_MOVED, PMIP_PUB_FLOW_REFUSED};
	static const char *const command[2][SIM_COMMANDS] = {{"prefixes at a gateway", NULL},
							     {"prefixes at an anchor", "a flow"}};
	unsigned int missing = 0;

	for (unsigned int i = 0; i < sizeof(by_anchor) / sizeof(by_anchor[0]); i++)
		missing += print_row(to, "told by anchors:", pmip_publish_name(by_anchor[i]),
				     c->published[1][by_anchor[i]]);
	for (unsigned int i = 0; i < 2; i++)
		missing += print_row(to, "told by gateways:", pmip_publish_name(by_anchor[i]),
				     c->published[0][by_anchor[i]]);
	for (unsigned int at = 0; at < 2; at++)
		for (unsigned int k = 0; k < SIM_COMMANDS && command[at][k] != NULL; k++) {
			missing += print_row(to, "command refused:", command[at][k], c->command[at][k][0]);
			missing += print_row(to, "command:", command[at][k], c->command[at][k][1]);
		}
	for (unsigned int done = 0; done < 2; done++) {
		missing += print_row(to, done ? "done:" : "refused:", "one more cut at a gateway", c->cut[done]);
		missing += print_row(to, done ? "done:" : "refused:", "an aggregate of another", c->block[done]);
	}
	return missing;
}

static void
print_counts(const struct sim_coverage *c, FILE *to)
{
	fprintf(to, "steps %llu, virtual time %llu s\n", (unsigned long long)c->steps,
		(unsigned long long)c->virtual_ms / 1000);
	fprintf(to, "happened:");
	for (unsigned int i = 0; i < SIM_OP_COUNT; i++)
		fprintf(to, " %s %llu", sim_op_name(i), (unsigned long long)c->op[i]);
	fprintf(to, "\nfates:");
	for (unsigned int i = 0; i < SIM_FATE_COUNT; i++)
		fprintf(to, " %s %llu", sim_fate_name(i), (unsigned long long)c->fate[i]);
	fprintf(to, "\nmessages sent:");
	for (unsigned int i = MH_PBU; i < SIM_TYPES; i++)
		fprintf(to, " %s %llu", mh_type_name(i), (unsigned long long)c->sent[i]);
	fprintf(to, "\nstatuses sent:");
	for (unsigned int i = 0; i < 256; i++)
		if (c->status[i] > 0)
			fprintf(to, " %u %llu", i, (unsigned long long)c->status[i]);
	fprintf(to,
		"\nmoved: by commands at gateways %llu, at anchors %llu, flows %llu; "
		"prefixes %llu, flows %llu",
		(unsigned long long)c->command[0][0][1], (unsigned long long)c->command[1][0][1],
		(unsigned long long)c->command[1][1][1], (unsigned long long)c->published[1][PMIP_PUB_PREFIXES_MOVED],
		(unsigned long long)c->published[1][PMIP_PUB_FLOW_MOVED]);
	fprintf(to, "\njudged:");
	for (unsigned int i = 0; i < SIM_INVARIANTS; i++)
		fprintf(to, " %s %llu", sim_invariant_name(i), (unsigned long long)c->judged[i]);
	fprintf(to, ", stays %llu\ntransitions:\n", (unsigned long long)c->stays);
}

unsigned int
sim_coverage_print(const struct sim_coverage *c, FILE *to)
{
	if (to != NULL)
		print_counts(c, to);
	return print_transitions(c, to) + print_statuses(c, to) + print_messages(c, to) + print_answers(c, to) +
	       print_moves(c, to);
}
