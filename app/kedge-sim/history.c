/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Histories as text, a line each: "plan mags=3 ...", "at MS OP KEY=VALUE ...", "fate KIND from=N to=N number=N ms=N";
 * "#" begins a comment.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define KEY_MAX 32

static const struct {
	const char *name;
	size_t offset;
	uint32_t def, min, max;
} plan_row[] = {
#define SIM_PLAN(field, def, min, max, help) {#field, offsetof(struct sim_plan, field), def, min, max},
#include "plan.def"
#undef SIM_PLAN
};

static const struct {
	const char *name, *key[3];
} op_row[SIM_OP_COUNT] = {
#define SIM_OP(NAME, text, a, b, c, help) [SIM_OP_##NAME] = {text, {a, b, c}},
#include "op.def"
#undef SIM_OP
};

static const struct {
	const char *name;
	bool question;
} fate_row[SIM_FATE_COUNT] = {
#define SIM_FATE(NAME, text, question, help) [SIM_FATE_##NAME] = {text, question},
#include "fate.def"
#undef SIM_FATE
};

static const char *const invariant_name[SIM_INVARIANTS] = {
#define SIM_INVARIANT(NAME, text, answer, step, help) [SIM_INV_##NAME] = text,
#include "invariant.def"
#undef SIM_INVARIANT
};

#define PLAN_ROWS (sizeof(plan_row) / sizeof(plan_row[0]))

static uint32_t *
plan_at(struct sim_plan *p, unsigned int row)
{
	return (uint32_t *)(void *)((char *)p + plan_row[row].offset);
}

struct sim_plan
sim_plan_default(void)
{
	struct sim_plan p;

	for (unsigned int i = 0; i < PLAN_ROWS; i++)
		*plan_at(&p, i) = plan_row[i].def;
	return p;
}

bool
sim_plan_simplify(struct sim_plan *p, unsigned int row)
{
	if (row >= PLAN_ROWS || *plan_at(p, row) == plan_row[row].def)
		return false;
	*plan_at(p, row) = plan_row[row].def;
	return true;
}

unsigned int
sim_plan_rows(void)
{
	return PLAN_ROWS;
}

const char *
sim_invariant_name(enum sim_invariant i)
{
	return (unsigned int)i < SIM_INVARIANTS ? invariant_name[i] : "none";
}

enum sim_invariant
sim_invariant_find(const char *name)
{
	unsigned int i = 0;

	while (i < SIM_INVARIANTS && strcmp(invariant_name[i], name) != 0)
		i++;
	return (enum sim_invariant)i;
}

const char *
sim_op_name(enum sim_op_kind k)
{
	return (unsigned int)k < SIM_OP_COUNT ? op_row[k].name : "none";
}

const char *
sim_fate_name(enum sim_fate_kind k)
{
	return (unsigned int)k < SIM_FATE_COUNT ? fate_row[k].name : "none";
}

struct reader {
	unsigned int line;
	char *error;
	char *save; /* strtok_r's */
};

static bool wrong(struct reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
wrong(struct reader *r, const char *format, ...)
{
	va_list args;
	int n = snprintf(r->error, 256, "line %u: ", r->line);

	va_start(args, format);
	vsnprintf(r->error + n, 256 - (size_t)n, format, args);
	va_end(args);
	return false;
}

/* The next "key=value"; false at the end of the line. */
static bool
next_pair(struct reader *r, char key[static KEY_MAX], long long *value)
{
	char *word = strtok_r(NULL, " \t\n", &r->save), *equals = word != NULL ? strchr(word, '=') : NULL;

	if (word == NULL || word[0] == '#')
		return false;
	key[0] = '\0';
	*value = 0;
	if (equals == NULL || equals - word >= KEY_MAX)
		return true; /* a key that no row has */
	memcpy(key, word, (size_t)(equals - word));
	key[equals - word] = '\0';
	*value = strtoll(equals + 1, NULL, 0);
	return true;
}

static bool
read_plan(struct reader *r, struct sim_plan *p)
{
	char key[KEY_MAX];
	long long value;

	while (next_pair(r, key, &value)) {
		unsigned int i = 0;

		while (i < PLAN_ROWS && strcmp(plan_row[i].name, key) != 0)
			i++;
		if (i == PLAN_ROWS)
			return wrong(r, "a plan has no %s", key);
		if (value < plan_row[i].min || value > plan_row[i].max)
			return wrong(r, "%s is from %u to %u", key, plan_row[i].min, plan_row[i].max);
		*plan_at(p, i) = (uint32_t)value;
	}
	return true;
}

static bool
read_op(struct reader *r, struct sim_history *h)
{
	const char *at = strtok_r(NULL, " \t\n", &r->save), *name = strtok_r(NULL, " \t\n", &r->save);
	struct sim_op op = {0};
	char key[KEY_MAX];
	long long value;
	unsigned int k = 0;

	while (name != NULL && k < SIM_OP_COUNT && strcmp(op_row[k].name, name) != 0)
		k++;
	if (name == NULL || k == SIM_OP_COUNT)
		return wrong(r, "nothing is called %s", name != NULL ? name : "nothing");
	if (h->op_count == SIM_OPS_MAX)
		return wrong(r, "more than %d ops", SIM_OPS_MAX);
	op.kind = (enum sim_op_kind)k;
	op.at_ms = (uint32_t)strtoul(at, NULL, 0);
	if (h->op_count > 0 && op.at_ms < h->op[h->op_count - 1].at_ms)
		return wrong(r, "time goes back");
	while (next_pair(r, key, &value)) {
		int32_t *to[3] = {&op.a, &op.b, &op.c};
		unsigned int i = 0;

		while (i < 3 && (key[0] == '\0' || strcmp(op_row[k].key[i], key) != 0))
			i++;
		if (i == 3 || value < INT32_MIN || value > INT32_MAX)
			return wrong(r, "%s has no %s", name, key);
		*to[i] = (int32_t)value;
	}
	h->op[h->op_count++] = op;
	return true;
}

static bool
read_fate(struct reader *r, struct sim_history *h)
{
	const char *name = strtok_r(NULL, " \t\n", &r->save);
	struct sim_fate f = {0};
	char key[KEY_MAX];
	long long value;
	unsigned int k = 0;

	while (name != NULL && k < SIM_FATE_COUNT && strcmp(fate_row[k].name, name) != 0)
		k++;
	if (name == NULL || k == SIM_FATE_COUNT)
		return wrong(r, "no fate is called %s", name != NULL ? name : "nothing");
	if (h->fate_count == SIM_FATES_MAX)
		return wrong(r, "more than %d fates", SIM_FATES_MAX);
	f.kind = (enum sim_fate_kind)k;
	f.to = fate_row[k].question ? SIM_TO_POLICY : 0;
	while (next_pair(r, key, &value)) {
		if (value < 0 || value > 3600000)
			return wrong(r, "%s is out of range", key);
		if (strcmp(key, "from") == 0)
			f.from = (uint8_t)value;
		else if (strcmp(key, "to") == 0 && !fate_row[k].question)
			f.to = (uint8_t)value;
		else if (strcmp(key, "number") == 0)
			f.n = (uint16_t)value;
		else if (strcmp(key, "ms") == 0)
			f.ms = (uint32_t)value;
		else
			return wrong(r, "a fate has no %s", key);
	}
	h->fate[h->fate_count++] = f;
	return true;
}

static int
compare_fates(const void *pa, const void *pb)
{
	const struct sim_fate *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

void
sim_history_sort_fates(struct sim_history *h)
{
	qsort(h->fate, h->fate_count, sizeof(h->fate[0]), compare_fates);
}

bool
sim_history_read(FILE *from, struct sim_history *out, char error[static 256])
{
	struct reader r = {.error = error};
	char line[1024];
	bool good = true;

	*out = (struct sim_history){.plan = sim_plan_default()};
	while (good && fgets(line, sizeof(line), from) != NULL) {
		const char *word = strtok_r(line, " \t\n", &r.save);

		r.line++;
		if (word == NULL || word[0] == '#')
			continue;
		if (strcmp(word, "plan") == 0)
			good = read_plan(&r, &out->plan);
		else if (strcmp(word, "at") == 0)
			good = read_op(&r, out);
		else if (strcmp(word, "fate") == 0)
			good = read_fate(&r, out);
		else
			good = wrong(&r, "\"%s\" begins no line", word);
	}
	sim_history_sort_fates(out);
	return good;
}

void
sim_history_write(const struct sim_history *h, FILE *to)
{
	struct sim_plan p = h->plan;

	for (unsigned int i = 0; i < PLAN_ROWS; i++)
		if (*plan_at(&p, i) != plan_row[i].def)
			fprintf(to, "plan %s=%u\n", plan_row[i].name, *plan_at(&p, i));
	for (unsigned int i = 0; i < h->op_count; i++) {
		const struct sim_op *op = &h->op[i];
		const int32_t value[3] = {op->a, op->b, op->c};

		fprintf(to, "at %u %s", op->at_ms, op_row[op->kind].name);
		for (unsigned int k = 0; k < 3; k++)
			if (op_row[op->kind].key[k][0] != '\0')
				fprintf(to, " %s=%d", op_row[op->kind].key[k], value[k]);
		fputc('\n', to);
	}
	for (unsigned int i = 0; i < h->fate_count; i++) {
		const struct sim_fate *f = &h->fate[i];

		fprintf(to, "fate %s from=%u", fate_row[f->kind].name, f->from);
		if (!fate_row[f->kind].question)
			fprintf(to, " to=%u", f->to);
		fprintf(to, " number=%u ms=%u\n", f->n, f->ms);
	}
}
