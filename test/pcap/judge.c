/* SPDX-License-Identifier: BSD-3-Clause */
/* What a case says, held against what the node did. */
#include <inttypes.h>
#include <stdio.h>

#include "golden.h"

#define ROW 16 /* octets of a line of a dump */

static void
dump(const char *whose, const uint8_t *bytes, size_t len, size_t around)
{
	size_t from = around / ROW * ROW;

	from = from >= ROW ? from - ROW : 0;
	for (size_t row = from; row < len && row < from + 3 * ROW; row += ROW) {
		printf("    %-8s %04zx ", whose, row);
		for (size_t i = row; i < len && i < row + ROW; i++)
			printf(" %02x", bytes[i]);
		putchar('\n');
	}
}

bool
golden_is_free(const struct golden *g, int port, size_t at)
{
	for (unsigned int i = 0; i < g->free_count; i++) {
		const struct golden_free *f = &g->free[i];

		if (f->port == port && at >= f->offset && at - f->offset < f->len)
			return true;
	}
	return false;
}

bool
golden_judge_frame(const struct golden *g, int port, unsigned int index, const struct frame *got)
{
	static const struct pcap_frame none;
	const struct pcap_frame *want = index < g->out[port].count ? &g->out[port].frame[index] : &none;
	size_t shorter = want->len < got->len ? want->len : got->len, at = 0;

	while (at < shorter && (want->bytes[at] == got->b[at] || golden_is_free(g, port, at)))
		at++;
	if (want->len == got->len && at == shorter)
		return true;
	printf("  %s: frame %u on %s: expected %zu octets, got %zu; the first difference is at octet %zu\n", g->folder,
	       index + 1, golden_port_name(port), want->len, got->len, at);
	dump("expected", want->bytes, want->len, at);
	dump("got", got->b, got->len, at);
	return false;
}

bool
golden_judge_count(const struct golden *g, int port, unsigned int got)
{
	if (got == g->out[port].count)
		return true;
	printf("  %s: %u frames went out on %s, expected %u\n", g->folder, got, golden_port_name(port),
	       g->out[port].count);
	return false;
}

static bool
judge_row(const struct golden *g, const char *kind, const char *name, uint64_t want, uint64_t got)
{
	if (want != got)
		printf("  %s: %s %s changed by %" PRIu64 ", expected %" PRIu64 "\n", g->folder, kind, name, got, want);
	return want == got;
}

bool
golden_judge_stats(const struct golden *g, const struct stat_block *before, const struct stat_block *after)
{
	bool same = true;

	for (unsigned int i = 0; i < STAT_COUNTER_COUNT; i++)
		same &= judge_row(g, "counter", stat_counter_row(i)->name, g->change.counter[i],
				  after->counter[i] - before->counter[i]);
	for (unsigned int i = 0; i < STAT_DROP_COUNT; i++)
		same &= judge_row(g, "drop", stat_drop_row(i)->name, g->change.drop[i],
				  after->drop[i] - before->drop[i]);
	return same;
}

bool
golden_judge_balance(const struct golden *g, const struct stat_block *worker)
{
	struct stat_balance b;

	stat_balance_get(worker, &b);
	if (stat_balance_missing(&b) != 0)
		printf("  %s: %" PRId64 " packets came in and did not go out\n", g->folder, stat_balance_missing(&b));
	return stat_balance_missing(&b) == 0;
}
