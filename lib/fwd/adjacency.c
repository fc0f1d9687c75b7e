/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "tables.h"

int
fwd_adjacencies_init(struct fwd *f, const struct fwd_settings *s)
{
	static const struct fwd_adjacency unused = {.state = FWD_ADJACENCY_FREE};
	struct fwd_adjacencies *a = &f->adjacencies;

	a->capacity = s->adjacencies;
	if (fwd_ids_init(&a->ids, s->adjacencies, s->socket) < 0)
		return -ENOMEM;
	if (fwd_lines_init(&a->lines, &f->read.adjacency, s->adjacencies, s->adjacencies, sizeof(unused), &unused,
			   s->socket) < 0)
		return -ENOMEM;
	fwd_lines_touch(&a->lines);
	return 0;
}

void
fwd_adjacencies_fini(struct fwd *f)
{
	fwd_ids_fini(&f->adjacencies.ids);
	fwd_lines_fini(&f->adjacencies.lines);
}

bool
fwd_adjacencies_turn(struct fwd *f)
{
	bool ids = fwd_ids_turn(&f->adjacencies.ids);

	return fwd_lines_turn(&f->adjacencies.lines) || ids;
}

int
fwd_adjacency_add(struct fwd *f, const struct fwd_adjacency *line)
{
	struct fwd_adjacencies *a = &f->adjacencies;
	uint32_t id;
	int err;

	if (line->state == FWD_ADJACENCY_FREE)
		return -EINVAL;
	if (a->count == a->capacity)
		return -ENOSPC;
	id = fwd_take(f, &a->ids);
	if (id == FWD_IDS_NONE)
		return -EAGAIN;
	err = fwd_set(f, &a->lines, id, line);
	if (err < 0) {
		fwd_ids_retire(&a->ids, id);
		return err;
	}
	a->count++;
	return id;
}

int
fwd_adjacency_replace(struct fwd *f, uint32_t id, const struct fwd_adjacency *line)
{
	if (line->state == FWD_ADJACENCY_FREE)
		return -EINVAL;
	return fwd_adjacency_find(f, id) == NULL ? -ENOENT : fwd_set(f, &f->adjacencies.lines, id, line);
}

int
fwd_adjacency_del(struct fwd *f, uint32_t id)
{
	if (fwd_adjacency_find(f, id) == NULL)
		return -ENOENT;
	fwd_lines_clear(&f->adjacencies.lines, id);
	fwd_ids_retire(&f->adjacencies.ids, id);
	f->adjacencies.count--;
	return 0;
}

const struct fwd_adjacency *
fwd_adjacency_find(const struct fwd *f, uint32_t id)
{
	const struct fwd_adjacency *a = fwd_adjacency_get(f, id);

	return a->state == FWD_ADJACENCY_FREE ? NULL : a;
}
