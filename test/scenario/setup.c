/* SPDX-License-Identifier: BSD-3-Clause */
/* The nodes of a scenario and their settings. */
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

#define START_MONO_MS 1000000
#define START_WALL    (1767225600ull << 16) /* 2026-01-01 */

void
setup_init(struct setup *s)
{
	*s = (struct setup){
		.timers = pmip_timers_default(),
		.lma = {.sessions_max = 64, .lifetime_max_s = 3600, .proxy_registration = true, .timestamps = true},
		.mag = {.sessions_max = 64, .lifetime_s = 600, .timestamps = true},
	};
	addr6_parse("fe80::200:5eff:fe00:5213", &s->mag.link_local);
}

static void
read_lma(struct setup *s, const struct line *l, struct complaint *c)
{
	line_check_keys(l, 1, "address lifetime sessions proxy timestamps", c);
	s->with_lma = true;
	s->lma.address = line_addr(l, "address", s->lma.address, c);
	s->lma.lifetime_max_s = (uint32_t)line_number(l, "lifetime", s->lma.lifetime_max_s, 262140, c);
	s->lma.sessions_max = (uint32_t)line_number(l, "sessions", s->lma.sessions_max, 65536, c);
	s->lma.proxy_registration = line_yes(l, "proxy", true, c);
	s->lma.timestamps = line_yes(l, "timestamps", true, c);
}

static void
read_mag(struct setup *s, const struct line *l, struct complaint *c)
{
	line_check_keys(l, 1, "address lma lifetime sessions link-local timestamps", c);
	s->with_mag = true;
	s->mag.address = line_addr(l, "address", s->mag.address, c);
	s->mag.lma = line_addr(l, "lma", s->mag.lma, c);
	s->mag.link_local = line_addr(l, "link-local", s->mag.link_local, c);
	s->mag.lifetime_s = (uint32_t)line_number(l, "lifetime", s->mag.lifetime_s, 262140, c);
	s->mag.sessions_max = (uint32_t)line_number(l, "sessions", s->mag.sessions_max, 65536, c);
	s->mag.timestamps = line_yes(l, "timestamps", true, c);
}

static void
read_name(const struct line *l, char name[static PMIP_NAME_MAX], struct complaint *c)
{
	if (l->count < 2 || strlen(l->word[1]) >= PMIP_NAME_MAX)
		complain(c, "a name is missing or too long");
	else
		strcpy(name, l->word[1]);
}

static void
read_peer(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_peer_settings *p = &s->peers[s->lma.peer_count];

	line_check_keys(l, 2, "address window", c);
	if (s->lma.peer_count == sizeof(s->peers) / sizeof(s->peers[0])) {
		complain(c, "too many peers");
		return;
	}
	s->lma.peer_count++;
	read_name(l, p->name, c);
	p->address = (struct addr_prefix){.addr = line_addr(l, "address", p->address.addr, c), .len = 128};
	p->timestamp_window_ms = (uint32_t)line_number(l, "window", 0, 3600000, c);
}

static void
read_pool(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_pool_settings *p = &s->pools[s->lma.pool_count];
	struct addr_prefix block[MH_HNP_MAX];

	line_check_keys(l, 2, "block len", c);
	if (s->lma.pool_count == sizeof(s->pools) / sizeof(s->pools[0])) {
		complain(c, "too many pools");
		return;
	}
	s->lma.pool_count++;
	read_name(l, p->name, c);
	if (line_prefixes(l, "block", block, c) == 1)
		p->block = block[0];
	else
		complain(c, "block=PREFIX is missing");
	p->len = (uint8_t)line_number(l, "len", 64, 128, c);
}

static void
read_timer(struct setup *s, const struct line *l, struct complaint *c)
{
	struct pmip_timers *t = &s->timers;
	bool known = false;

#define TIMER(field, key, unit, def, min, max, source, help)                                                           \
	if (line_value(l, key) != NULL) {                                                                              \
		t->field = (uint32_t)line_number(l, key, 0, max, c);                                                   \
		known = true;                                                                                          \
	}
#include "base/timer.def"
#undef TIMER
	if (!known || l->count != 2)
		complain(c, "\"timer\" takes one timer=value");
}

bool
setup_line(struct setup *s, const struct line *l, struct complaint *c)
{
	static const struct {
		const char *word;
		void (*read)(struct setup *s, const struct line *l, struct complaint *c);
	} rows[] = {
		{"lma", read_lma}, {"mag", read_mag}, {"peer", read_peer}, {"pool", read_pool}, {"timer", read_timer}};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(l->word[0], rows[i].word) == 0) {
			rows[i].read(s, l, c);
			return true;
		}
	return strcmp(l->word[0], "title:") == 0;
}

void
setup_make(const struct setup *s, struct nodes *all, struct complaint *c)
{
	struct lma_settings lma = s->lma;
	struct mag_settings mag = s->mag;

	lma.timers = s->timers;
	lma.secret = (struct hash_secret){{11, 12}};
	lma.peers = s->peers;
	lma.pools = s->pools;
	mag.timers = s->timers;
	mag.secret = (struct hash_secret){{13, 14}};
	all->now = (struct clock_now){.mono_ms = START_MONO_MS, .wall = START_WALL};
	all->start_wall = START_WALL;
	all->lma = (struct node){.name = "lma", .used = s->with_lma, .address = lma.address};
	all->mag = (struct node){.name = "mag", .used = s->with_mag, .address = mag.address};
	if (s->with_lma && (all->lma.lma = lma_new(&lma)) == NULL)
		complain(c, "the anchor refuses its settings");
	if (s->with_mag && (all->mag.mag = mag_new(&mag)) == NULL)
		complain(c, "the gateway refuses its settings");
	if (!s->with_lma && !s->with_mag)
		complain(c, "no node is set up");
}
