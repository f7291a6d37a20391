/* SPDX-License-Identifier: MIT */
/* The report for people: a line for each scenario, and what failed at the end. */
#include "run/reporter.h"

#include <string.h>

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define OFF "\033[0m"

static const char *paint(const struct reporter *r, const char *escape)
{
	return r->colour ? escape : "";
}

static void pretty_scenario(struct reporter *r, const struct scenario *s, const struct outcome *o)
{
	static const char *const word[] = { "ok  ", "FAIL", "todo", "stop", "----" };
	static const char *const colour[] = { GREEN, RED, YELLOW, RED, YELLOW };

	if (!r->file || strcmp(r->file, s->file))
		fprintf(r->out, "%s%s%s\n", paint(r, BOLD), s->file, paint(r, OFF));
	fprintf(r->out, "  %s%s%s  %s\n", paint(r, colour[o->status]), word[o->status], paint(r, OFF),
		s->name);
	if (!outcome_failed(o) || o->status == OUTCOME_NOT_RUN)
		return;
	buf_printf(&r->held, "\n%sFAIL%s %s%s%s\n", paint(r, RED), paint(r, OFF),
		   paint(r, BOLD), s->name, paint(r, OFF));
	buf_printf(&r->held, "  at %s\n", buf_str(&o->where));
	report_indent(&r->held, "", &o->message, 2);
	report_indent(&r->held, "output:", &o->output, 4);
	report_indent(&r->held, "managed resources at that moment:", &o->lists, 4);
	report_indent(&r->held, "kernel log:", &o->log, 4);
}

static void pretty_finish(struct reporter *r)
{
	fputs(buf_str(&r->held), r->out);
	fprintf(r->out, "\n%s%d passed, %d failed", paint(r, r->count.failed ? RED : GREEN),
		r->count.passed, r->count.failed);
	if (r->count.pending)
		fprintf(r->out, ", %d pending", r->count.pending);
	if (r->count.not_run)
		fprintf(r->out, ", %d not run", r->count.not_run);
	fprintf(r->out, "%s\n", paint(r, OFF));
}

const struct report_format format_pretty = {
	.name = "pretty", .scenario = pretty_scenario, .end = pretty_finish,
};
