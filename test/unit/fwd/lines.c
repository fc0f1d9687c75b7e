/* SPDX-License-Identifier: BSD-3-Clause */
/* What workers find by index: sessions, tunnels, adjacencies. */
#include <errno.h>
#include <string.h>

#include "fwd_unit.h"
#include "ids.h"

static const struct addr6 us = {{0x20, 0x01, [15] = 1}}, them = {{0x20, 0x01, [15] = 2}};

static void
ids_in_order(void)
{
	struct fwd_ids ids;

	CU_ASSERT_EQUAL_FATAL(fwd_ids_init(&ids, 3, -1), 0);
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), 0);
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), 1);
	fwd_ids_retire(&ids, 1);
	fwd_ids_retire(&ids, 0);
	CU_ASSERT_TRUE(fwd_ids_turn(&ids));
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), 2);
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), FWD_IDS_NONE);
	CU_ASSERT_FALSE(fwd_ids_turn(&ids));
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), 1);
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), 0);
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), FWD_IDS_NONE);
	fwd_ids_fini(&ids);
	CU_ASSERT_EQUAL(fwd_ids_init(&ids, 0, -1), 0);
	CU_ASSERT_EQUAL(fwd_ids_take(&ids), FWD_IDS_NONE);
	fwd_ids_fini(&ids);
}

static void
session_contract(void)
{
	struct fwd *f = fwd_small();
	struct fwd_session zero = {0}, line = {.mac = {{2, 0, 0, 0, 0, 1}}, .port = 3, .vlan = 4};
	const struct fwd_session *before;

	CU_ASSERT_EQUAL(memcmp(fwd_session_get(f, 99), &zero, sizeof(zero)), 0);
	CU_ASSERT_EQUAL(memcmp(fwd_session_get(f, UINT32_MAX), &zero, sizeof(zero)), 0);
	CU_ASSERT_EQUAL(fwd_session_set(f, 100, &line), -ERANGE);
	CU_ASSERT_EQUAL(fwd_session_set(f, 99, &line), 0);
	CU_ASSERT_EQUAL(memcmp(fwd_session_get(f, 99), &line, sizeof(line)), 0);
	CU_ASSERT_EQUAL(memcmp(fwd_session_get(f, 98), &zero, sizeof(zero)), 0);
	before = fwd_session_get(f, 99);
	line.port = 5;
	CU_ASSERT_EQUAL(fwd_session_set(f, 99, &line), 0);
	CU_ASSERT_EQUAL(fwd_session_get(f, 99)->port, 5);
	CU_ASSERT_EQUAL(before->port, 3);
	CU_ASSERT_TRUE((uintptr_t)before % 64 + sizeof(*before) <= 64);
	fwd_free(f);
}

/* Where a worker that knows the index alone looks first: not while one may still read what stood there. */
static void
session_comes_home(void)
{
	struct fwd *f = fwd_small();
	const struct fwd_session *home, *away;

	CU_ASSERT_EQUAL(fwd_session_set(f, 7, &(struct fwd_session){.port = 1}), 0);
	home = fwd_session_get(f, 7);
	CU_ASSERT_EQUAL((const char *)fwd_session_home(f, 7),
			(const char *)home - offsetof(struct fwd_session_line, session));
	fwd_worker_online(f, 0);
	CU_ASSERT_EQUAL(fwd_session_set(f, 7, &(struct fwd_session){.port = 2}), 0);
	CU_ASSERT_EQUAL(fwd_session_set(f, 7, &(struct fwd_session){.port = 3}), 0);
	for (unsigned int i = 0; i < 5; i++)
		fwd_reclaim(f);
	away = fwd_session_get(f, 7);
	CU_ASSERT_TRUE(home->port == 1 && away != home && away->port == 3);
	fwd_quiesce(f, 0);
	fwd_reclaim(f);
	CU_ASSERT_TRUE(fwd_session_get(f, 7) == home && home->port == 3 && away->port == 3);
	/* And again, while the place that it was in rests. */
	CU_ASSERT_EQUAL(fwd_session_set(f, 7, &(struct fwd_session){.port = 4}), 0);
	CU_ASSERT_TRUE(fwd_session_get(f, 7)->port == 4 && home->port == 3 && away->port == 3);
	fwd_quiesce(f, 0);
	fwd_reclaim(f);
	fwd_quiesce(f, 0);
	fwd_reclaim(f);
	CU_ASSERT_TRUE(fwd_session_get(f, 7) == home && home->port == 4);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

/* More sessions are replaced at once than there are places to stay in: each as it should be, and none of another's. */
static void
sessions_in_turns(void)
{
	struct fwd *f = fwd_small();

	for (uint32_t n = 0; n < 100 * 97; n++)
		CU_ASSERT_EQUAL(
			fwd_session_set(f, n * 31 % 100, &(struct fwd_session){.port = n % 97, .vlan = n * 31 % 100}),
			0);
	for (uint32_t i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(fwd_session_get(f, i)->vlan, i);
	fwd_free(f);
}

static void
line_stays_for_worker(void)
{
	struct fwd *f = fwd_small();
	const struct fwd_session *held;
	int err = 0;

	CU_ASSERT_EQUAL(fwd_session_set(f, 0, &(struct fwd_session){.port = 1}), 0);
	fwd_worker_online(f, 0);
	held = fwd_session_get(f, 0);
	for (unsigned int i = 0; i < 100000 && err == 0; i++) {
		err = fwd_session_set(f, 0, &(struct fwd_session){.port = 2});
		fwd_reclaim(f);
	}
	CU_ASSERT_EQUAL(err, -EAGAIN);
	CU_ASSERT_EQUAL(held->port, 1);
	CU_ASSERT_EQUAL(fwd_session_get(f, 0)->port, 2);
	fwd_quiesce(f, 0);
	fwd_reclaim(f);
	fwd_quiesce(f, 0);
	CU_ASSERT_EQUAL(fwd_session_set(f, 0, &(struct fwd_session){.port = 3}), 0);
	CU_ASSERT_EQUAL(fwd_session_get(f, 0)->port, 3);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

static void
tunnel_uses_counted(void)
{
	struct fwd *f = fwd_small();
	int a = fwd_tunnel_add(f, &us, &them, 1460, &tun_plain);
	int b = fwd_tunnel_add(f, &them, &us, 1460, &tun_plain);

	CU_ASSERT_TRUE(a > 0 && b > 0 && a != b);
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &us, &them, 1460, &tun_plain), a);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(f, a), 2);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(f, b), 1);
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, a), 0);
	CU_ASSERT_PTR_NOT_NULL(fwd_tunnel_find(f, a));
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, a), 0);
	CU_ASSERT_PTR_NULL(fwd_tunnel_find(f, a));
	CU_ASSERT_EQUAL(fwd_tunnel_uses(f, a), 0);
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, a), -ENOENT);
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, 0), -ENOENT);
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, UINT32_MAX), -ENOENT);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, a)->adjacency, FWD_NONE);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, 0)->adjacency, FWD_NONE);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, UINT32_MAX)->adjacency, FWD_NONE);
	fwd_free(f);
}

static void
tunnel_line_made(void)
{
	const struct tun_style style = {.limit = 4, .dscp = 46};
	struct fwd *f = fwd_small();
	int id = fwd_tunnel_add(f, &us, &them, 1452, &style);
	const struct fwd_tunnel *t = fwd_tunnel_find(f, id), *was = t;
	struct tun_template header;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	tun_template_init(&header, &us, &them, 64, &style);
	CU_ASSERT_EQUAL(t->header.len, header.len);
	CU_ASSERT_EQUAL(memcmp(t->header.bytes, header.bytes, header.len), 0);
	CU_ASSERT_TRUE(addr6_equal(&t->local, &us) && addr6_equal(&t->remote, &them));
	CU_ASSERT_EQUAL(t->mtu, 1452);
	CU_ASSERT_EQUAL(t->adjacency, FWD_NONE);
	CU_ASSERT_EQUAL(fwd_tunnel_set_adjacency(f, id, 3, 1300), 0);
	t = fwd_tunnel_get(f, id);
	CU_ASSERT_EQUAL(t->adjacency, 3);
	CU_ASSERT_EQUAL(t->mtu, 1300);
	CU_ASSERT_EQUAL(memcmp(t->header.bytes, header.bytes, header.len), 0);
	CU_ASSERT_EQUAL(was->adjacency, FWD_NONE);
	CU_ASSERT_EQUAL(fwd_tunnel_set_adjacency(f, 7, 3, 1300), -ENOENT);
	CU_ASSERT_EQUAL(fwd_tunnel_set_adjacency(f, 0, 3, 1300), -ENOENT);
	fwd_free(f);
}

/* To one and the same node: with their own lines and uses. */
static void
tunnel_of_gre(void)
{
	const struct tun_style style = {.limit = TUN_LIMIT_NONE, .dscp = TUN_DSCP_COPY, .gre = true};
	struct fwd *f = fwd_small();
	int plain = fwd_tunnel_add(f, &us, &them, 1460, &tun_plain);
	int gre = fwd_tunnel_add(f, &us, &them, 1452, &style);

	CU_ASSERT_TRUE(plain > 0 && gre > 0 && plain != gre);
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &us, &them, 1452, &style), gre);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(f, plain), 1);
	CU_ASSERT_EQUAL(fwd_tunnel_uses(f, gre), 2);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, plain)->flags, 0);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, gre)->flags, FWD_TUNNEL_GRE);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, gre)->mtu, 1452);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, gre)->header.bytes[6], TUN_PROTO_GRE);
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, plain), 0);
	CU_ASSERT_EQUAL(fwd_tunnel_set_adjacency(f, gre, 3, 1272), 0);
	CU_ASSERT_EQUAL(fwd_tunnel_get(f, gre)->flags, FWD_TUNNEL_GRE);
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &us, &them, 1452, &style), gre);
	fwd_free(f);
}

static void
tunnels_listed(void)
{
	struct fwd *f = fwd_small();
	struct addr6 remote = them;
	int id[8];

	CU_ASSERT_EQUAL(fwd_tunnel_next(f, 0), 0);
	for (unsigned int i = 0; i < 8; i++) {
		remote.b[14] = i;
		id[i] = fwd_tunnel_add(f, &us, &remote, 1460, &tun_plain);
		CU_ASSERT_TRUE(id[i] > 0);
	}
	remote.b[14] = 8;
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &us, &remote, 1460, &tun_plain), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_tunnel_del(f, id[2]), 0);
	CU_ASSERT_EQUAL(fwd_tunnel_next(f, id[1]), (uint32_t)id[3]);
	CU_ASSERT_EQUAL(fwd_tunnel_next(f, id[7]), 0);
	CU_ASSERT_EQUAL(fwd_tunnel_next(f, UINT32_MAX), 0);
	fwd_free(f);
}

static void
tunnel_index_rests(void)
{
	struct fwd *f = fwd_small();
	struct addr6 remote = them;

	fwd_worker_online(f, 0);
	for (unsigned int i = 0; i < 8; i++) {
		remote.b[14] = i;
		CU_ASSERT_EQUAL(fwd_tunnel_del(f, fwd_tunnel_add(f, &us, &remote, 1460, &tun_plain)), 0);
	}
	remote.b[14] = 8;
	CU_ASSERT_EQUAL(fwd_tunnel_add(f, &us, &remote, 1460, &tun_plain), -EAGAIN);
	CU_ASSERT_EQUAL(fwd_tunnel_next(f, 0), 0);
	fwd_quiesce(f, 0);
	CU_ASSERT_TRUE(fwd_tunnel_add(f, &us, &remote, 1460, &tun_plain) > 0);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

static void
adjacency_contract(void)
{
	struct fwd *f = fwd_small();
	struct fwd_adjacency line = {.port = 1, .mtu = 1500, .state = FWD_ADJACENCY_WAIT};
	int id[8];

	CU_ASSERT_EQUAL(fwd_adjacency_add(f, &(struct fwd_adjacency){.port = 1}), -EINVAL);
	for (unsigned int i = 0; i < 8; i++) {
		line.vlan = i;
		id[i] = fwd_adjacency_add(f, &line);
		CU_ASSERT_EQUAL(id[i], (int)i);
	}
	CU_ASSERT_EQUAL(fwd_adjacency_add(f, &line), -ENOSPC);
	CU_ASSERT_EQUAL(fwd_adjacency_find(f, 5)->vlan, 5);
	line.state = FWD_ADJACENCY_READY;
	CU_ASSERT_EQUAL(fwd_adjacency_replace(f, 5, &line), 0);
	CU_ASSERT_EQUAL(fwd_adjacency_get(f, 5)->state, FWD_ADJACENCY_READY);
	CU_ASSERT_EQUAL(fwd_adjacency_replace(f, 8, &line), -ENOENT);
	CU_ASSERT_EQUAL(fwd_adjacency_del(f, 5), 0);
	CU_ASSERT_EQUAL(fwd_adjacency_del(f, 5), -ENOENT);
	CU_ASSERT_EQUAL(fwd_adjacency_replace(f, 5, &line), -ENOENT);
	CU_ASSERT_PTR_NULL(fwd_adjacency_find(f, 5));
	CU_ASSERT_PTR_NULL(fwd_adjacency_find(f, UINT32_MAX));
	CU_ASSERT_EQUAL(fwd_adjacency_get(f, 5)->state, FWD_ADJACENCY_FREE);
	CU_ASSERT_EQUAL(fwd_adjacency_add(f, &line), 5);
	fwd_free(f);
}

static void
adjacency_index_rests(void)
{
	struct fwd *f = fwd_small();
	struct fwd_adjacency line = {.state = FWD_ADJACENCY_READY};

	fwd_worker_online(f, 0);
	for (unsigned int i = 0; i < 8; i++)
		CU_ASSERT_EQUAL(fwd_adjacency_del(f, fwd_adjacency_add(f, &line)), 0);
	CU_ASSERT_EQUAL(fwd_adjacency_add(f, &line), -EAGAIN);
	fwd_quiesce(f, 0);
	CU_ASSERT_TRUE(fwd_adjacency_add(f, &line) >= 0);
	fwd_worker_offline(f, 0);
	fwd_free(f);
}

const struct unit_case lines_cases[] = {
	{"a retired id is taken again after two turns, the oldest first", ids_in_order},
	{"a session line is zero until set, and replaced whole", session_contract},
	{"a session line that was replaced stands at its index again when no worker reads the old one",
	 session_comes_home},
	{"sessions are replaced over and over, and none takes another's place", sessions_in_turns},
	{"a line that an online worker may hold is not written", line_stays_for_worker},
	{"a tunnel lives as long as it has uses", tunnel_uses_counted},
	{"a tunnel line has its header made, and keeps it when its adjacency changes", tunnel_line_made},
	{"a tunnel of GRE is another one than that without", tunnel_of_gre},
	{"tunnels are listed in order, and one too many is refused", tunnels_listed},
	{"a tunnel's index is not given out again before workers were quiet", tunnel_index_rests},
	{"an adjacency is added, replaced and deleted", adjacency_contract},
	{"an adjacency's index is not given out again before workers were quiet", adjacency_index_rests},
};
const unsigned int lines_cases_n = UNIT_COUNT(lines_cases);
