/* SPDX-License-Identifier: MIT */
#include "run/reporter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/host_memory.h"

void report_indent(struct buf *out, const char *title, const struct buf *text, int by)
{
	const char *at = buf_str(text);

	if (!*at)
		return;
	if (*title)
		buf_printf(out, "%*s%s\n", by - 2, "", title);
	while (*at) {
		size_t len = strcspn(at, "\n");

		buf_printf(out, "%*s%.*s\n", by, "", (int)len, at);
		at += len + (at[len] == '\n');
	}
}

static void flush(struct reporter *r)
{
	errno = 0;
	if ((fflush(r->out) || ferror(r->out)) && !r->error)
		r->error = -(errno ? errno : EIO);
}

void reporter_begin(struct reporter *r, const struct report_format *format, FILE *out, bool colour)
{
	*r = (struct reporter){ .format = format, .out = out, .colour = colour };
	if (format->begin)
		format->begin(r);
}

void reporter_scenario(struct reporter *r, const struct scenario *s, const struct outcome *o)
{
	int *const counter[OUTCOMES] = {
		[OUTCOME_PASSED] = &r->count.passed, [OUTCOME_FAILED] = &r->count.failed,
		[OUTCOME_PENDING] = &r->count.pending, [OUTCOME_INTERRUPTED] = &r->count.failed,
		[OUTCOME_NOT_RUN] = &r->count.not_run,
	};

	++*counter[o->status];
	r->format->scenario(r, s, o);
	if (!r->file || strcmp(r->file, s->file)) {
		free(r->file);
		r->file = host_strdup(s->file);
	}
	flush(r);
}

int reporter_end(struct reporter *r)
{
	if (r->held.cut && !r->error)
		r->error = -ENOMEM;
	if (!r->error)
		r->format->end(r);
	flush(r);
	buf_finish(&r->held);
	free(r->file);
	return r->error;
}
