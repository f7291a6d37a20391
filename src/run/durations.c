/* SPDX-License-Identifier: MIT */
#include "run/durations.h"

#include <stdlib.h>

#include "lib/host_memory.h"
#include "lua/script.h"
#include "run/plain.h"

static void drop(struct duration *d)
{
	free(d->name);
	free(d->place);
}

void durations_add(struct durations *d, const struct scenario *s, uint64_t us)
{
	struct duration new = { .us = us };
	struct buf place = BUF_INIT;
	int i;

	if (!d->at && d->limit)
		d->at = host_calloc((size_t)d->limit + 1, sizeof(*d->at));
	if (!d->at || (d->count == d->limit && us <= d->at[d->count - 1].us))
		return;
	buf_printf(&place, "%s:%d", s->file, s->line);
	new.place = buf_steal(&place);
	new.name = host_strdup(s->name);
	for (i = d->count; i && d->at[i - 1].us < us; i--)
		d->at[i] = d->at[i - 1];
	d->at[i] = new;
	if (d->count < d->limit)
		d->count++;
	else
		drop(&d->at[d->limit]);
}

void durations_print(struct durations *d, FILE *out)
{
	struct buf line = BUF_INIT;

	if (d->count)
		fprintf(out, "\nthe slowest:\n");
	for (int i = 0; i < d->count; i++) {
		buf_reset(&line);
		buf_printf(&line, "%10.3f s  ", (double)d->at[i].us / 1e6);
		plain_line(&line, d->at[i].place ? d->at[i].place : "?");
		buf_puts(&line, "  ");
		plain_line(&line, d->at[i].name ? d->at[i].name : "?");
		fprintf(out, "%s\n", buf_str(&line));
		drop(&d->at[i]);
	}
	free(d->at);
	d->at = NULL;
	d->count = 0;
	buf_finish(&line);
}
