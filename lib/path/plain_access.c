/* SPDX-License-Identifier: BSD-3-Clause */
/* The plain pass of access ports: from mobile nodes into their tunnels. */
#include "plain.h"

static inline void
leave(struct path_worker *w, const struct plain *p)
{
	plain_leave(w, p->m, STAGE_CLASSIFY_ACCESS);
}

/* The frame comes from where the session is. Frames of another VLAN than the port's are not plain. */
static inline bool
comes_from(const struct path_worker *w, const struct plain *p, uint64_t value)
{
	const struct fwd_session *line = fwd_session_get(w->fwd, fwd_value_session(value));
	const struct wire_eth *eth = rte_pktmbuf_mtod(p->m, const struct wire_eth *);

	return line->port == w->port_in && line->vlan == w->path->port[w->port_in].vlan &&
	       addr_mac_equal(&line->mac, &eth->src);
}

static void
uplink_run(struct path_worker *w, const struct plain_run *run)
{
	uint64_t key[PATH_BURST], value[PATH_BURST];
	struct plain_tally up;

	up.n = 0;
	for (unsigned int i = 0; i < run->n; i++)
		key[i] = addr6_upper_be(&run->p[i].ip->src);
	fwd_prefix_find_bulk(w->fwd, key, run->n, value);
	for (unsigned int i = 0; i < run->n; i++)
		fwd_session_prefetch(w->fwd, fwd_value_session(value[i]));
	for (unsigned int i = 0; i < run->n; i++) {
		const struct plain *p = &run->p[i];

		plain_tally_prefetch(w, value, run->n, i);
		if (fwd_value_way(value[i]) == FWD_ACCESS && comes_from(w, p, value[i]) && plain_encap(w, p, value[i]))
			plain_tally_add(&up, value[i], p->len);
		else
			leave(w, p);
	}
	w->stat.counter[STAT_ENCAPSULATED] += up.n;
	plain_count_up(w, &up);
}

void
path_stage_plain_access(struct path_worker *w, struct batch *in)
{
	const struct plain_frame frame = plain_frame_of(w->path, &w->path->port[w->port_in]);
	unsigned int end = plain_is_off(w) ? 0 : in->n;
	struct plain_run run;

	run.n = 0;
	for (unsigned int i = 0; i < end; i++) {
		struct plain *p = &run.p[run.n];

		bool plain = plain_open(&frame, in->m[i], p);

		if (!plain && !plain_is_odd(&frame, in->m[i]))
			plain_leave(w, in->m[i], STAGE_CLASSIFY_ACCESS);
		else if (!plain)
			end = i;
		else if (unlikely(!plain_is_bare(&frame, p)))
			end = i;
		else
			run.n++;
	}
	if (run.n > 0)
		uplink_run(w, &run);
	for (unsigned int i = end; i < in->n; i++)
		plain_leave(w, in->m[i], STAGE_CLASSIFY_ACCESS);
}
