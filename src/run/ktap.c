/* SPDX-License-Identifier: MIT */
/*
 * KTAP version 1, as printed by the kernel's own tests and read by kunit.py. Each file is
 * a test that contains its scenarios. The plan comes first, so everything is held back
 * until the end.
 */
#include "run/formats.h"

#include <string.h>

/* '#' starts a directive and cannot be escaped. */
static void add_name(struct buf *out, const char *name)
{
	size_t start = out->len;

	plain_line(out, name);
	for (size_t i = start; i < out->len; i++)
		if (out->s[i] == '#')
			out->s[i] = '_';
}

static void end_file(struct report *r)
{
	if (!r->file)
		return;
	buf_puts(&r->held, "  KTAP version 1\n  # Subtest: ");
	add_name(&r->held, r->file);
	buf_printf(&r->held, "\n  1..%d\n%s%s %d ", report_total(&r->parts), buf_str(&r->part),
		   r->parts.failed || r->parts.not_run ? "not ok" : "ok", ++r->files);
	add_name(&r->held, r->file);
	buf_putc(&r->held, '\n');
	buf_reset(&r->part);
	r->parts = (struct report_counts){ 0 };
}

static void ktap_scenario(struct report *r, const struct scenario *s, const struct outcome *o)
{
	bool failed = outcome_failed(o);

	if (r->file && strcmp(r->file, s->file))
		end_file(r);
	report_count(&r->parts, o);
	if (outcome_flaky(o))
		buf_printf(&r->part, "  # flaky: passed at try %u\n", o->tries);
	/* diagnostics come before the result that they belong to */
	for (int i = 0; failed && i < OUTCOME_TEXTS; i++) {
		if (!o->text[i].len)
			continue;
		buf_printf(&r->part, "  # %s:\n", outcome_text_name[i]);
		plain_lines(&r->part, buf_str(&o->text[i]), 2, "#   ");
	}
	buf_printf(&r->part, "  %s %d ", failed ? "not ok" : "ok", report_total(&r->parts));
	add_name(&r->part, s->name);
	buf_puts(&r->part, o->status == OUTCOME_PENDING ? " # SKIP pending\n" : "\n");
}

static void ktap_end(struct report *r)
{
	end_file(r);
	fprintf(r->out, "KTAP version 1\n1..%d\n%s# Totals: pass:%d fail:%d skip:%d total:%d\n",
		r->files, buf_str(&r->held), r->count->passed, r->count->failed + r->count->not_run,
		r->count->pending, report_total(r->count));
}

const struct report_format format_ktap = {
	.name = "ktap", .scenario = ktap_scenario, .end = ktap_end,
};
