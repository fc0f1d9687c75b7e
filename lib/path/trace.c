/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copies of packets for those who look. A packet is judged and copied once, at the last stage of its way: in front of
 * it, since what was sent belongs to the driver. What TX or PUNT then drop is recorded as dropped alone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_cycles.h>

#include "stage.h"
#include "tun/tun.h"

#define HEADERS_MAX 4 /* IPv6 headers inside each other that are looked at */

_Static_assert(sizeof(struct path_trace_record) <= sizeof(struct packet_area),
	       "a copy's record takes the packet's place");
_Static_assert(STAGE_COUNT <= PATH_STAGES_MAX && PATH_STAGES_MAX <= 32, "stages have a bit each");

/*
 * The set that is looked at is the worker's: the control lcore writes to none that a worker shows it has. The set is
 * looked for again after it was shown: of the two lcores at least one sees what the other did.
 */
static void
take_up(struct path_worker *w)
{
	const struct trace_set *seen, *set = __atomic_load_n(&w->path->trace, __ATOMIC_ACQUIRE);

	do {
		seen = set;
		__atomic_store_n(&w->trace, seen, __ATOMIC_SEQ_CST);
		set = __atomic_load_n(&w->path->trace, __ATOMIC_SEQ_CST);
	} while (set != seen);
}

void
path_worker_trace_turn(struct path_worker *w)
{
	if (unlikely(__atomic_load_n(&w->path->trace, __ATOMIC_ACQUIRE) != w->trace))
		take_up(w);
}

static bool
is_in_use(const struct path *p, const struct trace_set *set)
{
	if (p->trace == set)
		return true;
	for (unsigned int i = 0; i < p->workers; i++)
		if (__atomic_load_n(&p->worker[i]->trace, __ATOMIC_SEQ_CST) == set)
			return true;
	return false;
}

int
path_trace_set(struct path *p, const struct path_trace_filter wanted[PATH_TRACE_MAX])
{
	struct trace_set *set = is_in_use(p, &p->trace_set[0]) ? &p->trace_set[1] : &p->trace_set[0];
	bool any = false;

	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		any = any || wanted[i].on;
	if (!any) {
		__atomic_store_n(&p->trace, NULL, __ATOMIC_SEQ_CST);
		return 0;
	}
	if (is_in_use(p, set))
		return -EAGAIN;
	memcpy(set->filter, wanted, sizeof(set->filter));
	__atomic_store_n(&p->trace, set, __ATOMIC_SEQ_CST);
	return 0;
}

static bool
holds(const struct path_trace_filter *f, const struct addr6 *a)
{
	for (unsigned int i = 0; i < f->prefix_count; i++)
		if (addr_prefix_holds(&f->prefix[i], a))
			return true;
	return false;
}

/* In front of its Ethernet header: a tunnel packet on its way to its next hop. */
static bool
is_bare(struct rte_mbuf *m)
{
	return packet_of(m)->meta.l3 == 0 && packet_of(m)->origin == PACKET_OWN;
}

/* One of the headers from the outermost on, as far as they are whole. */
static bool
passes_address(const struct path_trace_filter *f, struct rte_mbuf *m)
{
	const uint8_t *bytes = rte_pktmbuf_mtod(m, const uint8_t *);
	uint32_t at = packet_of(m)->meta.l3;

	if (at == 0 && !is_bare(m))
		return false;
	for (unsigned int i = 0; i < HEADERS_MAX && at + WIRE_IP6_LEN <= m->data_len; i++) {
		const struct wire_ip6 *ip = (const struct wire_ip6 *)(bytes + at);
		struct tun_inner inner;

		if (ip->version_class_flow[0] >> 4 != 6)
			return false;
		if (holds(f, &ip->src) || holds(f, &ip->dst))
			return true;
		if (tun_decap(bytes + at, m->data_len - at, &inner) != TUN_OK)
			return false;
		at += inner.offset;
	}
	return false;
}

static bool
passes_station(const struct path_trace_filter *f, struct rte_mbuf *m)
{
	const struct wire_eth *eth = rte_pktmbuf_mtod(m, const struct wire_eth *);

	if (m->data_len < WIRE_ETH_LEN || is_bare(m))
		return false;
	for (unsigned int i = 0; i < f->station_count; i++)
		if (addr_mac_equal(&f->station[i], &eth->src) || addr_mac_equal(&f->station[i], &eth->dst))
			return true;
	return false;
}

static bool
passes(const struct path_trace_filter *f, struct rte_mbuf *m, const struct path_trace_record *r)
{
	if (!f->on || (f->drop != PATH_TRACE_ALL && r->end != PATH_DROPPED) ||
	    (f->drop < PATH_TRACE_DROPS && f->drop != r->drop))
		return false;
	if (f->port != PATH_PORT_NONE && f->port != r->in && f->port != r->out)
		return false;
	return (f->prefix_count == 0 && f->station_count == 0) || passes_address(f, m) || passes_station(f, m);
}

static enum path_end
end_at(enum stage s)
{
	return s == STAGE_TX ? PATH_SENT : s == STAGE_PUNT ? PATH_PUNTED : PATH_DROPPED;
}

static void
lose(struct path_worker *w, uint8_t wanted)
{
	w->stat.counter[STAT_TRACE_LOST]++;
	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		w->trace_lost[i] += wanted >> i & 1;
}

static struct rte_mbuf *
copy_of(struct path_worker *w, struct rte_mbuf *m, const struct path_trace_record *r)
{
	static const struct wire_eth nowhere = {.type_be = {WIRE_ETHERTYPE_IP6 >> 8, WIRE_ETHERTYPE_IP6 & 0xff}};
	struct rte_mbuf *copy = rte_pktmbuf_alloc(w->path->pool);
	struct path_trace_record *of;
	uint16_t len;

	if (copy == NULL)
		return NULL;
	len = RTE_MIN(m->data_len, rte_pktmbuf_tailroom(copy));
	memcpy(rte_pktmbuf_append(copy, len), rte_pktmbuf_mtod(m, const void *), len);
	of = rte_mbuf_to_priv(copy);
	*of = *r;
	if (is_bare(m)) {
		memcpy(rte_pktmbuf_prepend(copy, WIRE_ETH_LEN), &nowhere, WIRE_ETH_LEN);
		of->len += WIRE_ETH_LEN;
	}
	return copy;
}

static void
record(struct path_worker *w, struct rte_mbuf *m, enum stage s)
{
	const struct packet *p = packet_of(m);
	struct path_trace_record r = {
		.tsc = rte_rdtsc(),
		.len = m->pkt_len,
		.in = p->meta.port,
		.out = s == STAGE_TX ? m->port : PATH_PORT_NONE,
		.stages = *packet_stages(m),
		.end = end_at(s),
		.drop = p->drop,
		.punt = p->meta.punt,
	};
	struct rte_mbuf *copy;

	for (unsigned int i = 0; i < PATH_TRACE_MAX; i++)
		r.wanted |= passes(&w->trace->filter[i], m, &r) << i;
	if (r.wanted == 0)
		return;
	copy = rte_ring_free_count(w->traced) > w->pending_count ? copy_of(w, m, &r) : NULL;
	if (copy == NULL)
		lose(w, r.wanted);
	else
		w->pending[w->pending_count++] = (struct trace_pending){m, copy};
}

/* At its first stage: what was spread may have been handed over by a worker that records nothing. */
static void
begin(const struct path_worker *w, const struct batch *in)
{
	uint32_t stages = w->path->spread[w->port_in].count > 0 ? 1u << STAGE_SPREAD : 0;

	for (unsigned int i = 0; i < in->n; i++)
		*packet_stages(in->m[i]) = stages;
}

/* What goes to another worker is sent there, and recorded. */
static bool
is_handed_on(const struct path_worker *w, const struct rte_mbuf *m, enum stage s)
{
	return s == STAGE_TX && w->tx_queue[m->port] == WORKER_NO_QUEUE;
}

void
path_worker_trace_before(struct path_worker *w, enum stage s)
{
	const struct batch *in = &w->in[s];

	if (s <= STAGE_PLAIN_ACCESS) { /* which forwards nothing now, and is no word */
		begin(w, in);
		return;
	}
	for (unsigned int i = 0; i < in->n; i++)
		*packet_stages(in->m[i]) |= 1u << s;
	if (s < STAGE_PUNT)
		return;
	for (unsigned int i = 0; i < in->n; i++)
		if (!is_handed_on(w, in->m[i], s))
			record(w, in->m[i], s);
}

static bool
is_dropped(const struct path_worker *w, const struct rte_mbuf *m)
{
	const struct batch *drop = &w->in[STAGE_DROP];

	for (unsigned int i = 0; i < drop->n; i++)
		if (drop->m[i] == m)
			return true;
	return false;
}

void
path_worker_trace_after(struct path_worker *w, enum stage s)
{
	for (unsigned int i = 0; i < w->pending_count; i++) {
		struct rte_mbuf *copy = w->pending[i].copy;

		if (s != STAGE_DROP && is_dropped(w, w->pending[i].m))
			rte_pktmbuf_free(copy);
		else if (rte_ring_sp_enqueue(w->traced, copy) != 0) {
			lose(w, path_trace_record_of(copy)->wanted);
			rte_pktmbuf_free(copy);
		}
	}
	w->pending_count = 0;
}

unsigned int
path_trace_dequeue(struct path *p, unsigned int worker, struct rte_mbuf **m, unsigned int n)
{
	return rte_ring_sc_dequeue_burst(p->worker[worker]->traced, (void **)m, n, NULL);
}

uint64_t
path_trace_lost(const struct path *p, unsigned int filter)
{
	uint64_t lost = 0;

	for (unsigned int i = 0; i < p->workers; i++)
		lost += __atomic_load_n(&p->worker[i]->trace_lost[filter], __ATOMIC_RELAXED);
	return lost;
}

const char *
path_trace_format(const struct path_trace_record *r, char text[PATH_TRACE_TEXT])
{
	size_t at = 0;

	text[0] = '\0';
	for (enum stage s = 0; s < STAGE_DROP; s++)
		if (r->stages >> s & 1)
			at += (size_t)snprintf(text + at, PATH_TRACE_TEXT - at, "%s%s", at > 0 ? " " : "",
					       path_stage_row(s)->name);
	if (r->end == PATH_PUNTED)
		snprintf(text + at, PATH_TRACE_TEXT - at, " %s", path_punt_name(r->punt));
	else if (r->end == PATH_DROPPED)
		snprintf(text + at, PATH_TRACE_TEXT - at, ": dropped %s", stat_drop_row(r->drop)->name);
	return text;
}
