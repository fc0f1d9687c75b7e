/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Worlds of the simulator with somebody in them who sends what he likes: what happens, and messages that were seen
 * before with some bytes changed, or made of whatever the input says. No promise is kept to such a world's mobile
 * nodes; all other invariants hold.
 *
 * The input is PLAN_BYTES of choices, then records of RECORD_BYTES: kind, time since the last in 10 ms (2), operands
 * a, b, c, d, e. engine_seeds.py writes histories so.
 */
#include <stdlib.h>

#include "mh/vendor.h"
#include "sim.h"

#define VENDOR	     32473 /* of documentation (RFC 5612) */
#define PLAN_BYTES   8
#define RECORD_BYTES 8
#define RECORDS_MAX  128

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct record {
	uint8_t kind;
	uint32_t wait_ms;
	uint8_t a, b, c, d, e;
};

/* Of what lies beyond RFC 5213: nothing, flows, prefixes that move, or all of it. */
static void
choose_multihoming(const uint8_t *p, struct sim_plan *out)
{
	bool flows = p[4] >> 6 & 1, moves = p[4] >> 7;

	out->flow_mobility = flows;
	out->policies = flows ? 3 : 0;
	out->partial = out->hi5 = moves;
	out->temporal = moves ? p[2] >> 7 : 0;
	out->vendor = moves && (p[3] & 4) == 0;
	out->lenient = moves && flows;
	out->full_set = moves && (p[3] & 8);
	out->asking = out->vendor && out->temporal > 0 && (p[2] & 8) ? 15 : 0;
	out->blocks = out->asking ? 2 : 0;
}

/* Lifetimes end within the world, whatever is asked for. */
static void
choose(const uint8_t *p, struct sim_plan *out)
{
	*out = sim_plan_default();
	out->lmas = 1 + (p[0] & 1);
	out->mags = 1 + (p[0] >> 1 & 3);
	out->mns = 1 + (p[0] >> 3 & 3);
	out->two_interfaces = (p[1] & 3) < out->mns ? p[1] & 3 : out->mns;
	out->fixed = (p[1] >> 2 & 3) < out->mns ? p[1] >> 2 & 3 : out->mns;
	out->fixed_in_pool = p[1] >> 4 & 1;
	out->fixed_asked = p[1] >> 5 & 1;
	out->no_link_layer_id = p[1] >> 6 & 1;
	out->ask_link_local = p[1] >> 7;
	out->wanted = 1 + p[2] % 3;
	out->pool_bits = p[2] >> 4 & 7;
	out->lma_sessions = p[3] & 1 ? 2 : 64;
	out->mag_sessions = p[3] & 2 ? 2 : 64;
	out->lma_sequences = p[3] >> 2 & 1;
	out->jitter = p[3] >> 3 & 1;
	out->no_timestamps = p[3] >> 4;
	out->bce_delete_ms = 500 * (p[4] & 7);
	out->new_bce_ms = 300 * (p[4] >> 3 & 7);
	out->lifetime_s = out->lifetime_max_s = 4 + 4 * (p[5] & 15);
	out->delay_ms = 1 + (p[5] >> 4);
	out->revocation = p[6] & 1;
	out->revoke_left = p[6] >> 1 & 1;
	out->revokes_all = p[6] >> 2 & 1;
	out->bulk = p[6] >> 3 & 1;
	out->lma_gre = (p[6] >> 4 & 3) % 3;
	out->mag_gre = (p[6] >> 6) % 3;
	out->heartbeat_ms = 1000 * (p[7] & 3);
	out->grace_ms = 500 * (p[7] >> 2 & 3);
	out->keep_dead = p[7] >> 4 & 1;
	out->peer_rate = p[7] >> 5 & 1 ? 2 : 200;
	out->missed = 1 + (p[7] >> 6);
	out->ends_ms = 0;
	choose_multihoming(p, out);
}

static void
op(struct sim_world *w, const struct record *r)
{
	struct sim_op o = {.kind = (enum sim_op_kind)r->kind, .a = r->a, .b = r->b, .c = r->c};

	if (o.kind == SIM_OP_STALL)
		o.b = 100 * r->b;
	else if (o.kind == SIM_OP_CLOSE)
		o.b = (int8_t)r->b;
	else if (o.kind == SIM_OP_CUT)
		o.c = 100 * r->c;
	else if (o.kind == SIM_OP_REVOKE || o.kind == SIM_OP_NOTIFY)
		o.b = r->b == UINT8_MAX ? -1 : r->b;
	else if (o.kind == SIM_OP_CLOCK) {
		o.b = 20 * (int8_t)r->b;
		o.c = 10 * (int8_t)r->c;
	}
	sim_world_op(w, &o);
}

static void
seal(uint8_t *bytes, size_t len, const struct addr6 *src, const struct addr6 *dst)
{
	uint16_t sum;

	bytes[1] = (uint8_t)(len / 8 - 1);
	sum = mh_checksum(bytes, len, src, dst);
	bytes[4] = (uint8_t)(sum >> 8);
	bytes[5] = (uint8_t)sum;
}

/* One that was sent before, with two bytes changed and the checksum put right. */
static void
repeat(struct sim_world *w, const struct record *r)
{
	uint8_t bytes[SIM_MESSAGE_MAX];
	unsigned int from, to;
	struct addr6 src, dst;
	size_t len = sim_world_recorded(w, r->a % 64, &from, &to, bytes);

	if (len < 8)
		return;
	bytes[(6 + r->b) % len] ^= r->c;
	bytes[(6 + r->d) % len] ^= r->e;
	sim_world_address(w, from, &src);
	sim_world_address(w, to, &dst);
	seal(bytes, len, &src, &dst);
	sim_world_inject(w, from, to, bytes, len);
}

static void
set_prefix(const struct record *r, struct mh_msg *m)
{
	struct addr_prefix p = {.addr = {{0x20, 0x01, 0x0d, 0xb8, (r->e & 8) ? 0x20 : 0x10, [7] = r->e >> 5}},
				.len = 64};
	struct mh_vendor_prefix said = {.flags = MH_VENDOR_TEMPORAL | MH_VENDOR_LEVEL2,
					.prefix = {{{0x20, 0x01, 0x0d, 0xb8, 0x40}}, 64}};

	if (r->e & 3)
		mh_add_hnp(m, &p);
	if (m->type == MH_UPN && m->opt.hnp_count > 0)
		m->opt.hnp[0].off_link = r->e & 4;
	if (r->e & 16) {
		said.prefix.addr.b[5] = r->a & 3;
		said.prefix.addr.b[7] = r->e >> 5;
		said.flags |= r->e & 4 ? MH_VENDOR_IDLE : 0;
		mh_vendor_add_prefix(m, VENDOR, &said);
		mh_add_hnp(m, &said.prefix);
	}
	if (!(r->e & 1))
		mh_add_hnp(m, &(struct addr_prefix){0});
}

/* An aggregate that is asked for or given, and one of others'. */
static void
set_aggregates(const struct record *r, struct mh_msg *m)
{
	struct addr_prefix block = {{{0x20, 0x01, 0x0d, 0xb8, 0x40, r->a & 7}}, 60};
	struct mh_vendor_delegation other = {.more = r->e & 2, .lifetime_s = r->c & 1 ? 4 : 0};

	mh_set(m, MH_OPT_DELEGATED_PREFIX);
	m->opt.dmnp.prefix = r->e & 8 ? (struct addr_prefix){.len = 60} : block;
	if (!(r->e & 32))
		return;
	other.prefix = block;
	other.prefix.addr.b[5] ^= 1 + (r->e >> 6);
	other.gateway = (struct addr6){{0x20, 0x01, 0x0d, 0xb8, 3, r->b & 3, [15] = 1}};
	mh_vendor_add_delegation(m, VENDOR, &other);
}

/* What both messages carry: d says which options, e which prefixes. */
static void
set_options(const struct sim_world *w, const struct record *r, unsigned int from, const struct sim_plan *p,
	    struct mh_msg *m)
{
	const struct pmip_mn_id *id = sim_world_mn_id(w, r->b % p->mns);

	if (r->d & 1) {
		mh_set(m, MH_OPT_MN_ID);
		m->opt.mn_id.subtype = id->subtype;
		m->opt.mn_id.len = id->len;
		memcpy(m->opt.mn_id.id, id->id, id->len);
	}
	if (r->d & 2) {
		mh_set(m, MH_OPT_HANDOFF_INDICATOR);
		m->opt.handoff.value = (r->c & 7) < 7 ? r->c & 7 : 241 + (r->c >> 3 & 1);
	}
	if (r->d & 4) {
		mh_set(m, MH_OPT_ACCESS_TECH_TYPE);
		m->opt.access_tech.value = r->c & 8 ? MH_ATT_WLAN : MH_ATT_ETHERNET;
	}
	if (r->d & 8) {
		mh_set(m, MH_OPT_MN_LINK_LAYER_ID);
		m->opt.mn_ll_id.len = 6;
		memcpy(m->opt.mn_ll_id.id, (uint8_t[]){2, 0, 0, 0, 0xaa, (uint8_t)(r->c >> 4 & 3)}, 6);
	}
	if (r->d & 16) {
		mh_set(m, MH_OPT_TIMESTAMP);
		m->opt.timestamp.wall = sim_world_wall(w, from) + (r->c >> 6);
	}
	if (r->d & 32) {
		mh_set(m, MH_OPT_ALTERNATE_COA);
		sim_world_address(w, p->lmas + r->a % p->mags, &m->opt.alt_coa.addr);
	}
	if (r->d & 64)
		mh_set(m, MH_OPT_LINK_LOCAL_ADDRESS);
	if (r->d & 128)
		set_aggregates(r, m);
	set_prefix(r, m);
}

static void
send(struct sim_world *w, const struct mh_msg *m, unsigned int from, unsigned int to)
{
	uint8_t bytes[SIM_MESSAGE_MAX];
	struct addr6 src, dst;
	int len;

	sim_world_address(w, from, &src);
	sim_world_address(w, to, &dst);
	len = mh_encode(m, &src, &dst, bytes, sizeof(bytes));
	if (len > 0)
		sim_world_inject(w, from, to, bytes, (size_t)len);
}

static void
update(struct sim_world *w, const struct record *r, const struct sim_plan *p)
{
	unsigned int from = p->lmas + (r->a & 3u) % p->mags, to = (r->a >> 2 & 1) % p->lmas;
	struct mh_msg m = {.type = MH_PBU,
			   .pbu = {.sequence = (uint16_t)(r->a >> 3),
				   .lifetime = r->d & 128 ? 0 : 1 + r->b,
				   .flags = MH_PBU_A | MH_PBU_P}};

	set_options(w, r, from, p, &m);
	send(w, &m, from, to);
}

static void
answer(struct sim_world *w, const struct record *r, const struct sim_plan *p)
{
	static const uint8_t status[] = {0, 0, 0, 128, 130, 135, 152, 153, 154, 155, 156, 157, 159, 160, 161, 162};
	unsigned int to = p->lmas + (r->a & 3u) % p->mags, from = (r->a >> 2 & 1) % p->lmas;
	struct mh_msg m = {.type = MH_PBA,
			   .pba = {.sequence = (uint16_t)(r->a >> 3),
				   .lifetime = r->d & 128 ? 0 : 1 + (r->b & 3),
				   .status = status[r->b >> 4],
				   .flags = MH_PBA_P}};

	set_options(w, r, from, p, &m);
	send(w, &m, from, to);
}

/* The number of the last message of this type that a node was sent. */
static uint16_t
asked(const struct sim_world *w, unsigned int node, enum mh_type type)
{
	uint8_t bytes[SIM_MESSAGE_MAX];
	struct addr6 src, dst;
	unsigned int from, to;
	struct mh_msg m;
	size_t len;

	for (unsigned int i = 0; (len = sim_world_recorded(w, i, &from, &to, bytes)) > 0; i++) {
		sim_world_address(w, from, &src);
		sim_world_address(w, to, &dst);
		if (to == node && mh_decode(bytes, len, &src, &dst, &m) == MH_OK && m.type == type)
			return type == MH_UPN ? m.upn.sequence : m.bri.sequence;
	}
	return 0;
}

/* What nodes say to each other beside updates. */
static void
request(struct sim_world *w, const struct record *r, const struct sim_plan *p)
{
	static const enum mh_type type[] = {MH_BRI, MH_BRA, MH_UPN, MH_UPA, MH_HEARTBEAT};
	unsigned int mag = p->lmas + (r->a >> 1 & 3u) % p->mags, lma = (r->a >> 3 & 1) % p->lmas;
	unsigned int from = r->a & 1 ? mag : lma, to = r->a & 1 ? lma : mag;
	struct mh_msg m = {.type = type[(r->a >> 4) % 5]};

	if (m.type == MH_BRI)
		m.bri = (struct mh_bri){.trigger = (uint8_t)(r->c & 0x87), .sequence = r->b, .flags = MH_BR_P};
	else if (m.type == MH_BRA)
		m.bra = (struct mh_bra){.status = r->c & 0x83, .sequence = asked(w, from, MH_BRI), .flags = MH_BR_P};
	else if (m.type == MH_UPN)
		m.upn = (struct mh_upn){
			.sequence = r->b, .reason = r->c & 4 ? MH_UPN_FLOW_MOBILITY : r->c & 3, .flags = MH_UPN_A};
	else if (m.type == MH_UPA)
		m.upa = (struct mh_upa){.status = r->c & 0x83, .sequence = asked(w, from, MH_UPN)};
	else
		m.heartbeat = (struct mh_heartbeat){.flags = r->c & 3, .sequence = r->b};
	if (m.type == MH_BRI && r->c & 0x80)
		m.bri.flags |= MH_BR_G;
	if (m.type == MH_HEARTBEAT) {
		mh_set(&m, MH_OPT_RESTART_COUNTER);
		m.opt.restart_counter.counter = r->d;
	} else {
		set_options(w, r, from, p, &m);
	}
	if (r->d & 128) {
		mh_set(&m, MH_OPT_MN_GROUP_ID);
		m.opt.group = (struct mh_opt_group){.subtype = MH_GROUP_BULK, .id = MH_GROUP_ALL_SESSIONS};
	}
	send(w, &m, from, to);
}

static void
play(struct sim_world *w, const uint8_t *data, size_t size, const struct sim_plan *p)
{
	for (unsigned int i = 0; i < RECORDS_MAX && size >= RECORD_BYTES; i++) {
		struct record r = {data[0] % (SIM_OP_COUNT + 4),
				   10u * (data[1] << 8 | data[2]),
				   data[3],
				   data[4],
				   data[5],
				   data[6],
				   data[7]};

		data += RECORD_BYTES;
		size -= RECORD_BYTES;
		sim_world_until(w, sim_world_now_ms(w) + r.wait_ms % 60000);
		if (r.kind < SIM_OP_COUNT)
			op(w, &r);
		else if (r.kind == SIM_OP_COUNT)
			repeat(w, &r);
		else if (r.kind == SIM_OP_COUNT + 1)
			update(w, &r, p);
		else if (r.kind == SIM_OP_COUNT + 2)
			answer(w, &r, p);
		else
			request(w, &r, p);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sim_history history;
	static struct sim_world *world;

	if (size < PLAN_BYTES)
		return 0;
	if (world == NULL && (world = sim_world_new()) == NULL)
		abort();
	sim_world_ignore(world, SIM_INV_REACH);
	sim_world_ignore(world, SIM_INV_SERVICE);
	choose(data, &history.plan);
	if (getenv("KEDGE_SIM_TRACE") != NULL)
		sim_world_trace(world, stderr);
	sim_world_start(world, &history);
	play(world, data + PLAN_BYTES, size - PLAN_BYTES, &history.plan);
	if (!sim_world_end(world)) {
		fprintf(stderr, "%s: %s\n", sim_invariant_name(sim_world_result(world)->invariant),
			sim_world_result(world)->text);
		abort();
	}
	return 0;
}
