/* SPDX-License-Identifier: MIT */
#include "run/results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/host_memory.h"

int scenario_copy(struct scenario *to, const struct scenario *from)
{
	*to = *from;
	to->name = host_strdup(from->name);
	to->file = host_strdup(from->file);
	to->tags = host_strdup(from->tags ? from->tags : "");
	if (to->name && to->file && to->tags)
		return 0;
	scenario_free(to);
	return -ENOMEM;
}

void scenario_free(struct scenario *s)
{
	free(s->name);
	free(s->file);
	free(s->tags);
}

int results_found(struct file_results *f, struct scenario *s)
{
	if (!array_room(f->found, f->founds, f->found_room, 16)) {
		scenario_free(s);
		return -ENOMEM;
	}
	f->found[f->founds++] = *s;
	return 0;
}

void results_forget_found(struct file_results *f)
{
	while (f->founds)
		scenario_free(&f->found[--f->founds]);
}

int results_add(struct file_results *f, struct scenario *s, struct outcome *o)
{
	if (!array_room(f->kept, f->count, f->room, 16)) {
		scenario_free(s);
		outcome_finish(o);
		return -ENOMEM;
	}
	f->kept[f->count++] = (struct kept){ *s, *o };
	return 0;
}

void results_report(struct file_results *f, struct reporter *r)
{
	for (; f->reported < f->count; f->reported++) {
		struct kept *k = &f->kept[f->reported];

		reporter_scenario(r, &k->s, &k->o);
		scenario_free(&k->s);
		outcome_finish(&k->o);
	}
}

void results_finish(struct file_results *f)
{
	for (size_t i = 0; i < f->founds; i++)
		scenario_free(&f->found[i]);
	for (size_t i = f->reported; i < f->count; i++) {
		scenario_free(&f->kept[i].s);
		outcome_finish(&f->kept[i].o);
	}
	free(f->found);
	free(f->kept);
}
