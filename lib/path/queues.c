/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who polls which receive queue, who sends by which queue, and who hands packets to whom: dealt at set-up, for good.
 */
#include <rte_ethdev.h>
#include <rte_malloc.h>

#include "stage.h"

_Static_assert(PATH_WORKER_MAX <= 64, "a set of workers is 64 bits");

uint64_t
path_worker_set(const struct path_port_settings *port, unsigned int workers)
{
	uint64_t all = workers < 64 ? (UINT64_C(1) << workers) - 1 : UINT64_MAX;

	return port->worker_set == 0 ? all : port->worker_set & all;
}

int
path_worker_socket(const struct path_settings *s, unsigned int worker)
{
	return s->worker_socket != NULL ? s->worker_socket[worker] : s->socket;
}

/* Of the workers in set the one with the fewest queues; of several one of the port's NUMA node; the first of those. */
static unsigned int
least_busy(const struct path_settings *s, const struct path_port *port, uint64_t set, const unsigned int *queues)
{
	int socket = rte_eth_dev_socket_id(port->eth_id);
	unsigned int best = PATH_WORKER_MAX, least = UINT32_MAX;

	for (unsigned int w = 0; w < s->workers; w++) {
		unsigned int cost = 2 * queues[w] + (socket >= 0 && path_worker_socket(s, w) != socket);

		if ((set >> w & 1) == 0 || cost >= least)
			continue;
		best = w;
		least = cost;
	}
	return best;
}

/* With a send queue for each worker, each has its own number's; else who polls a queue also sends by it. */
static unsigned int
sender(const struct path *p, const struct path_settings *s, const struct path_port_settings *port, unsigned int queue)
{
	if (port->tx_queues >= s->workers || queue >= port->rx_queues)
		return queue;
	return p->poller[port->id][queue];
}

static void
deal_send(struct path *p, const struct path_settings *s, const struct path_port_settings *port)
{
	for (unsigned int w = 0; w < s->workers; w++) {
		uint16_t *own = &p->tx_queue[port->id][w];

		*own = WORKER_NO_QUEUE;
		for (unsigned int q = port->tx_queues; q-- > 0;)
			if (sender(p, s, port, q) == w)
				*own = (uint16_t)q;
	}
}

void
path_deal_queues(struct path *p, const struct path_settings *s)
{
	unsigned int queues[PATH_WORKER_MAX] = {0};

	for (unsigned int i = 0; i < s->port_count; i++) {
		const struct path_port_settings *port = &s->ports[i]->settings;
		struct worker_spread *spread = &p->spread[port->id];
		uint64_t set = path_worker_set(port, s->workers);

		p->rx_queues[port->id] = port->rx_queues;
		for (unsigned int q = 0; q < port->rx_queues; q++) {
			unsigned int w = least_busy(s, s->ports[i], set, queues);

			p->poller[port->id][q] = (uint8_t)w;
			queues[w]++;
		}
		for (unsigned int w = 0; port->spread && w < s->workers; w++)
			if (set >> w & 1)
				spread->worker[spread->count++] = (uint8_t)w;
		deal_send(p, s, port);
	}
}

void
path_worker_take_queues(struct path_worker *w, const struct path_settings *s)
{
	const struct path *p = w->path;

	for (unsigned int i = 0; i < s->port_count; i++) {
		const struct path_port *port = s->ports[i];
		uint16_t id = port->settings.id;

		for (uint16_t q = 0; q < port->settings.rx_queues; q++)
			if (p->poller[id][q] == w->id)
				w->rx[w->rx_count++] = (struct worker_rx){
					.eth_id = port->eth_id,
					.queue = q,
					.port = id,
					.stage = p->spread[id].count > 0 ? STAGE_SPREAD : p->port[id].first,
					.origin = p->port[id].origin,
				};
		w->tx_queue[id] = p->tx_queue[id][w->id];
		if (w->tx_queue[id] == WORKER_NO_QUEUE)
			w->tx_by[id] = (uint8_t)sender(p, s, &port->settings, w->id % port->settings.tx_queues);
	}
}

/* Let w hand packets to another worker; false without memory. */
static bool
connect_to(struct path_worker *w, struct path_worker *other, const struct path_settings *s)
{
	unsigned int slots = s->spread_ring > 0 ? s->spread_ring : PATH_SPREAD_RING;
	struct worker_hand *hand;

	if (w == other || w->to[other->id] != NULL)
		return true;
	hand = rte_zmalloc_socket("path_hand", sizeof(*hand), RTE_CACHE_LINE_SIZE, path_worker_socket(s, w->id));
	if (hand == NULL)
		return false;
	hand->ring = path_ring_new("hand", slots, path_worker_socket(s, other->id));
	w->to[other->id] = hand;
	w->to_list[w->to_count++] = (uint8_t)other->id;
	if (hand->ring == NULL)
		return false;
	other->from[other->from_count++] = hand->ring;
	return true;
}

bool
path_connect_workers(struct path *p, const struct path_settings *s)
{
	bool good = true;

	for (unsigned int w = 0; w < p->workers; w++) {
		struct path_worker *from = p->worker[w];

		for (unsigned int q = 0; q < from->rx_count; q++) {
			const struct worker_spread *spread = &p->spread[from->rx[q].port];

			for (unsigned int i = 0; i < spread->count; i++)
				good = good && connect_to(from, p->worker[spread->worker[i]], s);
		}
		for (unsigned int i = 0; i < s->port_count; i++) {
			uint16_t id = s->ports[i]->settings.id;

			if (from->tx_queue[id] == WORKER_NO_QUEUE)
				good = good && connect_to(from, p->worker[from->tx_by[id]], s);
		}
	}
	return good;
}
