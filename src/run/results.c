/* SPDX-License-Identifier: MIT */
#include "run/results.h"

#include <errno.h>
#include <stdlib.h>

void scenario_free(struct scenario *s)
{
	free(s->name);
	free(s->file);
}

static bool grow(void **array, size_t count, size_t *room, size_t each)
{
	size_t more = *room ? 2 * *room : 16;
	void *all;

	if (count < *room)
		return true;
	all = realloc(*array, more * each);
	if (!all)
		return false;
	*array = all;
	*room = more;
	return true;
}

int results_found(struct file_results *f, struct scenario *s)
{
	if (!grow((void **)&f->found, f->founds, &f->found_room, sizeof(*f->found))) {
		scenario_free(s);
		return -ENOMEM;
	}
	f->found[f->founds++] = *s;
	return 0;
}

int results_add(struct file_results *f, struct scenario *s, struct outcome *o)
{
	if (!grow((void **)&f->kept, f->count, &f->room, sizeof(*f->kept))) {
		scenario_free(s);
		outcome_finish(o);
		return -ENOMEM;
	}
	f->kept[f->count++] = (struct kept){ *s, *o };
	return 0;
}

void results_tell(struct file_results *f, struct reporter *r)
{
	for (; f->told < f->count; f->told++) {
		struct kept *k = &f->kept[f->told];

		reporter_scenario(r, &k->s, &k->o);
		scenario_free(&k->s);
		outcome_finish(&k->o);
	}
}

void results_finish(struct file_results *f)
{
	for (size_t i = 0; i < f->founds; i++)
		scenario_free(&f->found[i]);
	for (size_t i = f->told; i < f->count; i++) {
		scenario_free(&f->kept[i].s);
		outcome_finish(&f->kept[i].o);
	}
	free(f->found);
	free(f->kept);
}
