/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets to own addresses that came in fragments (RFC 8200 section 4.5): those of tunnels, mostly, whose entry had a
 * packet that was too large for its way. rte_ip_frag keeps the fragments, 8 of a packet at most, and gives up the whole
 * packet where some overlap (RFC 5722) or come twice; what it does not look at is checked here first. Whatever it lets
 * go lies in a row: from what is there with the fragment that came last follows why.
 */
#define ALLOW_EXPERIMENTAL_API /* rte_ip_frag_table_del_expired_entries */
#include <rte_cycles.h>

#include "stage.h"

#define WAYS	    16 /* of a bucket; a power of two */
#define SWEEPS	    8  /* in the time that a fragment waits */
#define HEADERS_LEN (WIRE_IP6_LEN + WIRE_FRAGMENT_LEN)

bool
path_worker_fragments_init(struct path_worker *w, const struct path_settings *s)
{
	if (s->reassemblies == 0)
		return true;
	w->fragments_dead = rte_zmalloc_socket("path_dead", sizeof(*w->fragments_dead), RTE_CACHE_LINE_SIZE, s->socket);
	w->fragments = rte_ip_frag_table_create((s->reassemblies + WAYS - 1) / WAYS, WAYS, s->reassemblies,
						w->path->fragment_cycles, s->socket);
	return w->fragments != NULL && w->fragments_dead != NULL;
}

void
path_worker_fragments_fini(struct path_worker *w)
{
	if (w->fragments != NULL)
		rte_ip_frag_table_destroy(w->fragments);
	rte_free(w->fragments_dead);
}

/* Free what lies in the row; it may be more than a batch holds. */
static void
bury(struct path_worker *w, enum stat_drop why)
{
	struct rte_ip_frag_death_row *dead = w->fragments_dead;

	w->stat.drop[why] += dead->cnt;
	rte_pktmbuf_free_bulk(dead->row, dead->cnt);
	dead->cnt = 0;
}

/* Why there is no packet yet: m waits, or the row has m and says what became of it. */
static void
bury_with(struct path_worker *w, const struct rte_mbuf *m)
{
	const struct rte_ip_frag_death_row *dead = w->fragments_dead;
	bool with = false;

	for (uint32_t i = 0; i < dead->cnt; i++)
		with = with || dead->row[i] == m;
	bury(w, !with		? STAT_DROP_FRAGMENT_TIMEOUT
		: dead->cnt > 1 ? STAT_DROP_FRAGMENT_OVERLAP
				: STAT_DROP_FRAGMENT_FULL);
}

void
path_worker_fragments_sweep(struct path_worker *w, uint64_t now)
{
	if (w->fragments == NULL || now - w->fragments_swept < w->path->fragment_cycles / SWEEPS)
		return;
	w->fragments_swept = now;
	rte_ip_frag_table_del_expired_entries(w->fragments, w->fragments_dead, now);
	bury(w, STAT_DROP_FRAGMENT_TIMEOUT);
}

struct rte_mbuf *
path_worker_fragments_take(struct path_worker *w)
{
	struct rte_ip_frag_death_row *dead = w->fragments_dead;

	if (w->fragments == NULL)
		return NULL;
	rte_ip_frag_table_del_expired_entries(w->fragments, dead, UINT64_MAX);
	return dead->cnt > 0 ? dead->row[--dead->cnt] : NULL;
}

/* The first fragment has a whole header of what the packet carries (RFC 7112), and no other a piece of an octet group.
 */
static bool
is_sound(const struct wire_fragment *f, uint32_t len)
{
	uint32_t word = wire_get16(f->offset_be), offset = word & ~WIRE_FRAGMENT_UNIT;
	bool more = word & WIRE_FRAGMENT_MORE;

	if (len == 0 || (more && (len & WIRE_FRAGMENT_UNIT) != 0) || offset + len > UINT16_MAX)
		return false;
	return offset > 0 || !more || f->next_header != WIRE_IP6_IN_IP6 || len >= WIRE_IP6_LEN;
}

/* A whole packet in one fragment has nothing to wait for (RFC 6946): its fragment header goes. */
static void
unwrap(struct rte_mbuf *m)
{
	struct wire_ip6 *ip = packet_ip6(m);
	uint8_t *at = rte_pktmbuf_mtod(m, uint8_t *);

	ip->next_header = ((const struct wire_fragment *)(ip + 1))->next_header;
	wire_put16(ip->payload_len_be, wire_get16(ip->payload_len_be) - WIRE_FRAGMENT_LEN);
	memmove(at + WIRE_FRAGMENT_LEN, at, packet_of(m)->meta.l3 + WIRE_IP6_LEN);
	rte_pktmbuf_adj(m, WIRE_FRAGMENT_LEN);
}

/*
 * What congestion marked on any fragment is on the packet; marked and unable to be is a contradiction (RFC 3168 section
 * 5.3). The headers of all fragments but the first lie in front of their data still.
 */
static bool
merge_ecn(struct rte_mbuf *m)
{
	struct wire_ip6 *ip = packet_ip6(m);
	unsigned int seen = 1u << (ip->version_class_flow[1] >> 4 & 3);

	for (const struct rte_mbuf *s = m->next; s != NULL; s = s->next) {
		const struct wire_ip6 *of = rte_pktmbuf_mtod_offset(s, const struct wire_ip6 *, -HEADERS_LEN);

		seen |= 1u << (of->version_class_flow[1] >> 4 & 3);
	}
	if ((seen & 1) != 0 && (seen & 8) != 0)
		return false;
	if ((seen & 8) != 0)
		ip->version_class_flow[1] |= 0x30;
	return true;
}

static void
whole(struct path_worker *w, struct rte_mbuf *m)
{
	const struct wire_ip6 *ip;
	enum path_punt punt;

	m->ol_flags &= ~RTE_MBUF_F_TX_IP_CKSUM;
	if (m->nb_segs > 1) {
		w->stat.counter[STAT_REASSEMBLED]++;
		if (!merge_ecn(m)) {
			worker_drop(w, m, STAT_DROP_FRAGMENT);
			return;
		}
		if (rte_pktmbuf_linearize(m) != 0) {
			worker_drop(w, m, STAT_DROP_TOO_BIG);
			return;
		}
	}
	ip = packet_ip6(m);
	if (wire_is_tunnel(ip->next_header)) {
		worker_give(w, STAGE_DECAP, m);
		return;
	}
	punt = path_packet_local_class(ip, packet_len(m));
	if (ip->next_header == WIRE_FRAGMENT || punt == PATH_PUNT_ND) /* RFC 6980 section 5 */
		worker_drop(w, m, STAT_DROP_FRAGMENT);
	else
		worker_punt(w, m, punt);
}

static void
take_fragment(struct path_worker *w, struct rte_mbuf *m, uint64_t now)
{
	struct rte_ipv6_hdr *ip = (struct rte_ipv6_hdr *)packet_ip6(m);
	struct wire_fragment *f = (struct wire_fragment *)(ip + 1);
	struct rte_mbuf *made;

	if (packet_len(m) < HEADERS_LEN || !is_sound(f, packet_len(m) - HEADERS_LEN)) {
		worker_drop(w, m, STAT_DROP_FRAGMENT);
		return;
	}
	if ((wire_get16(f->offset_be) & ~(WIRE_FRAGMENT_UNIT & ~WIRE_FRAGMENT_MORE)) == 0) {
		unwrap(m);
		whole(w, m);
		return;
	}
	if (w->fragments == NULL) {
		worker_drop(w, m, STAT_DROP_FRAGMENT_OFF);
		return;
	}
	w->stat.counter[STAT_FRAGMENTS_ABSORBED]++;
	m->l2_len = packet_of(m)->meta.l3;
	m->l3_len = HEADERS_LEN;
	made = rte_ipv6_frag_reassemble_packet(w->fragments, w->fragments_dead, m, now, ip,
					       (struct rte_ipv6_fragment_ext *)f);
	bury_with(w, m);
	if (made != NULL)
		whole(w, made);
}

void
path_stage_reassemble(struct path_worker *w, struct batch *in)
{
	uint64_t now = rte_rdtsc();

	for (unsigned int i = 0; i < in->n; i++)
		take_fragment(w, in->m[i], now);
	path_worker_fragments_sweep(w, now);
}
