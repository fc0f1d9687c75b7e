/* SPDX-License-Identifier: BSD-3-Clause */
#include "top_section.h"

#include <stdlib.h>

#include "cell.h"

static const json_t *
items(const json_t *list)
{
	return json_object_get(list, "items");
}

static unsigned int
port_count(const struct top *t)
{
	return (unsigned int)json_array_size(items(t->now.ports));
}

static void
port_title(struct frame *f, const struct top *t)
{
	frame_put(f, STYLE_TITLE, 0, "%-16s %-5s %9s %9s %9s %9s %9s", "PORT", "LINK", "RX PKT/S", "RX BIT/S",
		  "TX PKT/S", "TX BIT/S", "FULL/S");
}

static void
put_port_rates(struct frame *f, const json_t *now, const json_t *before, double seconds)
{
	frame_rate(f, 10, sample_rate(now, before, seconds, "rx_packets"), "");
	frame_rate(f, 10, 8 * sample_rate(now, before, seconds, "rx_bytes"), "");
	frame_rate(f, 10, sample_rate(now, before, seconds, "tx_packets"), "");
	frame_rate(f, 10, 8 * sample_rate(now, before, seconds, "tx_bytes"), "");
	frame_rate(f, 10, sample_rate(now, before, seconds, "tx_full"), "");
}

static void
port_row(struct frame *f, const struct top *t, unsigned int i)
{
	const json_t *now = json_array_get(items(t->now.ports), i);
	const char *link = sample_text(now, "link");

	frame_put(f, STYLE_PLAIN, -16, "%s", sample_text(now, "port"));
	frame_put(f, STYLE_PLAIN, 0, " ");
	frame_put(f, style_of_word(link), -5, "%s", link);
	put_port_rates(f, now, sample_find(t->before.ports, "port", now), t->seconds);
}

/* The i-th queue of all ports. */
static const json_t *
queue_at(const struct top *t, unsigned int i, const json_t **port, const json_t **before)
{
	size_t k;

	json_array_foreach(items(t->now.ports), k, *port)
	{
		const json_t *queues = json_object_get(*port, "queues");

		if (i < json_array_size(queues)) {
			*before = json_array_get(json_object_get(sample_find(t->before.ports, "port", *port), "queues"),
						 i);
			return json_array_get(queues, i);
		}
		i -= (unsigned int)json_array_size(queues);
	}
	return NULL;
}

static unsigned int
queue_count(const struct top *t)
{
	const json_t *port;
	size_t n = 0, k;

	json_array_foreach(items(t->now.ports), k, port) n += json_array_size(json_object_get(port, "queues"));
	return (unsigned int)n;
}

static void
queue_title(struct frame *f, const struct top *t)
{
	frame_put(f, STYLE_TITLE, 0, "%-16s %-5s %9s %9s %9s %9s %9s", "QUEUE", "WORK", "RX PKT/S", "RX BIT/S",
		  "TX PKT/S", "TX BIT/S", "FULL/S");
}

static void
queue_row(struct frame *f, const struct top *t, unsigned int i)
{
	const json_t *port = NULL, *before = NULL, *now = queue_at(t, i, &port, &before);

	frame_put(f, STYLE_PLAIN, -16, "%s.%.0f", sample_text(port, "port"), sample_number(now, "queue", 0));
	frame_put(f, STYLE_PLAIN, -6, " %.0f", sample_number(now, "worker", 0));
	put_port_rates(f, now, before, t->seconds);
}

static unsigned int
stage_count(const struct top *t)
{
	return (unsigned int)json_array_size(items(t->now.stages));
}

static void
stage_title(struct frame *f, const struct top *t)
{
	frame_put(f, STYLE_TITLE, 0, "%-22s %9s %9s %13s", "STAGE", "PKT/S", "A BURST", "CYCLES A PKT");
}

/* Of all workers. */
static double
worker_sum(const json_t *stage, const char *key)
{
	const json_t *worker;
	double n = 0;
	size_t i;

	json_array_foreach(json_object_get(stage, "workers"), i, worker) n += sample_number(worker, key, 0);
	return n;
}

static void
put_ratio(struct frame *f, int width, double over, double under)
{
	frame_put(f, under > 0 ? STYLE_PLAIN : STYLE_DIM, width, under > 0 ? "%.1f" : "-", over / under);
}

static void
stage_row(struct frame *f, const struct top *t, unsigned int i)
{
	const json_t *now = json_array_get(items(t->now.stages), i);
	const json_t *before = sample_find(t->before.stages, "stage", now);
	double packets = sample_rate(now, before, t->seconds, "packets");

	frame_put(f, STYLE_PLAIN, -22, "%s", sample_text(now, "stage"));
	frame_rate(f, 10, packets, "");
	put_ratio(f, 10, packets, sample_rate(now, before, t->seconds, "bursts"));
	put_ratio(f, 14, worker_sum(now, "cycles") - worker_sum(before, "cycles"),
		  worker_sum(now, "sampled") - worker_sum(before, "sampled"));
}

static unsigned int
peer_count(const struct top *t)
{
	return (unsigned int)json_array_size(items(t->now.peers));
}

static void
peer_title(struct frame *f, const struct top *t)
{
	frame_put(f, STYLE_TITLE, 0, "%-22s %9s %9s %9s %9s %9s %7s", "PEER", "SESSIONS", "MSG IN/S", "MSG OUT/S",
		  "BIT IN/S", "BIT OUT/S", "SKEW");
}

static void
peer_row(struct frame *f, const struct top *t, unsigned int i)
{
	const json_t *now = json_array_get(items(t->now.peers), i);
	const json_t *before = sample_find(t->before.peers, "address", now);
	char *skew = cell_format(json_object_get(now, "skew_ms"), FORMAT_MS);

	frame_put(f, STYLE_PLAIN, -22, "%s",
		  sample_text(now, sample_text(now, "name")[0] != '\0' ? "name" : "address"));
	frame_put(f, STYLE_PLAIN, 10, "%.0f", sample_number(now, "sessions", 0));
	frame_rate(f, 10, sample_rate_sum(now, before, t->seconds, "received"), "");
	frame_rate(f, 10, sample_rate_sum(now, before, t->seconds, "sent"), "");
	frame_rate(f, 10, 8 * sample_rate(now, before, t->seconds, "traffic/in_bytes"), "");
	frame_rate(f, 10, 8 * sample_rate(now, before, t->seconds, "traffic/out_bytes"), "");
	frame_put(f, STYLE_PLAIN, 8, "%s", skew);
	free(skew);
}

static unsigned int
drop_count(const struct top *t)
{
	return t->drop_count;
}

static void
drop_title(struct frame *f, const struct top *t)
{
	frame_put(f, STYLE_TITLE, 0, "%-32s %9s %15s", "DROP", "PKT/S", "SINCE START");
}

static void
drop_row(struct frame *f, const struct top *t, unsigned int i)
{
	const struct top_drop *d = &t->drops[i];

	frame_put(f, d->per_s > 0 ? STYLE_BAD : STYLE_PLAIN, -32, "%s", d->name);
	frame_rate(f, 10, d->per_s, "");
	frame_put(f, STYLE_PLAIN, 16, "%.0f", d->total);
}

const struct top_section top_sections[TOP_SECTIONS] = {
	{"aps", port_count, port_title, port_row},   {"p", queue_count, queue_title, queue_row},
	{"ap", stage_count, stage_title, stage_row}, {"as", peer_count, peer_title, peer_row},
	{"ad", drop_count, drop_title, drop_row},
};
