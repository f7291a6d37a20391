/* SPDX-License-Identifier: MIT */
/* The Test Anything Protocol, version 14. */
#include "run/reporter.h"

static void tap_begin(struct reporter *r)
{
	fputs("TAP version 14\n", r->out);
}

static void tap_line(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			putc('\\', out);
		putc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}

static void tap_block(FILE *to, const char *key, const struct buf *text)
{
	struct buf out = BUF_INIT;

	if (!text->len)
		return;
	report_indent(&out, "", text, 4);
	fprintf(to, "  %s: |\n%s", key, buf_str(&out));
	buf_finish(&out);
}

static void tap_scenario(struct reporter *r, const struct scenario *s, const struct outcome *o)
{
	bool failed = outcome_failed(o);

	fprintf(r->out, "%s %d - ", failed ? "not ok" : "ok", report_total(&r->count));
	tap_line(r->out, s->name);
	fprintf(r->out, "%s\n", o->status == OUTCOME_PENDING ? " # SKIP pending" : "");
	if (!failed)
		return;
	fputs("  ---\n", r->out);
	tap_block(r->out, "at", &o->where);
	tap_block(r->out, "message", &o->message);
	tap_block(r->out, "output", &o->output);
	tap_block(r->out, "lists", &o->lists);
	tap_block(r->out, "log", &o->log);
	fputs("  ...\n", r->out);
}

static void tap_end(struct reporter *r)
{
	fprintf(r->out, "1..%d\n", report_total(&r->count));
}

const struct report_format format_tap = {
	.name = "tap", .begin = tap_begin, .scenario = tap_scenario, .end = tap_end,
};
