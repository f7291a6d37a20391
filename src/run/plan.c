/* SPDX-License-Identifier: MIT */
#include "run/plan.h"

#include <inttypes.h>
#include <stdlib.h>

#include "lib/array.h"
#include "run/history.h"
#include "run/shuffle.h"

/* Scenarios of the same name in a file get different keys. */
static uint64_t key_of(const struct plan *p, const struct scenario *s)
{
	uint64_t key = text_id(ID_START, s->name);

	for (size_t i = 0; i < p->count; i++)
		if (p->at[i].s.key == key) {
			key = text_id(key, "again");
			i = (size_t)-1;
		}
	return key;
}

/* Reads every scenario of the file; the selection is made when all are known. */
static bool read_all(struct plan *p, const struct file *file,
		     bool (*get)(void *ctx, size_t i, struct scenario *s), void *ctx)
{
	struct scenario s;

	for (size_t i = 0; get(ctx, i, &s); i++) {
		if (!array_room(p->at, p->count, p->room, 16))
			return false;
		s.nth = (uint32_t)i;
		s.key = key_of(p, &s);
		s.id = text_id(s.key, path_for_id(file->path));
		p->at[p->count++] = (struct planned){ s, i };
		p->line_found |= s.line <= file->line && file->line <= s.last;
	}
	p->all = p->count;
	return true;
}

/* Finds scenarios that share a line, so that the line alone does not identify them. */
static void find_twins(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		for (size_t j = i + 1; j < p->count; j++)
			if (p->at[j].s.line <= p->at[i].s.last && p->at[i].s.line <= p->at[j].s.last)
				p->at[i].s.twin = p->at[j].s.twin = true;
}

static bool wanted(const struct run_options *o, const struct file *file, const struct scenario *s)
{
	if (file->line && (file->line < s->line || file->line > s->last))
		return false;
	return selected(&o->select, s) &&
	       (!o->last_failed || history_has(o->history, file->path, s->key));
}

static void drop_unwanted(struct plan *p, const struct run_options *o, const struct file *file)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (wanted(o, file, &p->at[i].s))
			p->at[kept++] = p->at[i];
	p->count = kept;
}

static bool repeat(struct plan *p, const struct run_options *o)
{
	struct plan all = { .all = p->all, .line_found = p->line_found };

	for (size_t i = 0; i < p->count; i++)
		for (unsigned n = 0; n < o->repeat; n++) {
			struct planned one = p->at[i];
			struct buf name = BUF_INIT;

			one.s.repeat = n;
			buf_printf(&name, "%s (seed %" PRIu64 ")", one.s.name, run_seed(o) + n);
			one.s.name = buf_steal(&name);
			if (!one.s.name || !array_room(all.at, all.count, all.room, 16)) {
				free(one.s.name);
				plan_finish(&all);
				return false;
			}
			one.s.repeated = true;
			all.at[all.count++] = one;
		}
	free(p->at);
	*p = all;
	return true;
}

bool plan_make(struct plan *p, const struct run_options *o, const struct file *file,
	       bool (*get)(void *ctx, size_t i, struct scenario *s), void *ctx)
{
	*p = (struct plan){ 0 };
	if (!read_all(p, file, get, ctx))
		return false;
	find_twins(p);
	drop_unwanted(p, o, file);
	if (o->shuffle)
		shuffle(p->at, p->count, sizeof(*p->at), text_id(run_seed(o), path_for_id(file->path)));
	return o->repeat == 1 || repeat(p, o);
}

void plan_finish(struct plan *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->at[i].s.repeated)
			free(p->at[i].s.name);
	free(p->at);
}
