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

#include "sim.h"

#define PLAN_BYTES   8
#define RECORD_BYTES 8
#define RECORDS_MAX  128

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct record {
	uint8_t kind;
	uint32_t wait_ms;
	uint8_t a, b, c, d, e;
};

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
	out->ends_ms = 0;
}

static void
op(struct sim_world *w, const struct record *r)
{
	struct sim_op o = {.kind = (enum sim_op_kind)r->kind, .a = r->a, .b = r->b, .c = r->c};

	if (o.kind == SIM_OP_STALL)
		o.b = 100 * r->b;
	else if (o.kind == SIM_OP_CLOSE)
		o.b = (int8_t)r->b;
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

	if (r->e & 3)
		mh_add_hnp(m, &p);
	if (!(r->e & 1))
		mh_add_hnp(m, &(struct addr_prefix){0});
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
		m->opt.handoff.value = r->c & 7;
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

static void
play(struct sim_world *w, const uint8_t *data, size_t size, const struct sim_plan *p)
{
	for (unsigned int i = 0; i < RECORDS_MAX && size >= RECORD_BYTES; i++) {
		struct record r = {data[0] % (SIM_OP_COUNT + 3),
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
		else
			answer(w, &r, p);
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
