/* SPDX-License-Identifier: MIT */
/* The Test Anything Protocol: version 13, which every harness can read, and version 14. */
#include "run/formats.h"

#include <inttypes.h>

/* A comment, which harnesses skip. */
static void say_shuffled(struct report *r)
{
	if (r->about->shuffled)
		fprintf(r->out, "# shuffled by seed %" PRIu64 "\n", r->about->seed);
}

static void tap_begin(struct report *r)
{
	fputs("TAP version 13\n", r->out);
	say_shuffled(r);
}

static void tap14_begin(struct report *r)
{
	fputs("TAP version 14\n", r->out);
	say_shuffled(r);
}

static void add_name(struct buf *out, const char *name)
{
	struct buf line = BUF_INIT;

	plain_line(&line, name);
	for (const char *at = buf_str(&line); *at; at++) {
		if (*at == '#' || *at == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *at);
	}
	buf_finish(&line);
}

/* Appends a YAML block. */
static void add_texts(struct buf *out, const struct outcome *o)
{
	buf_puts(out, "  ---\n");
	for (int i = 0; i < OUTCOME_TEXTS; i++) {
		if (!o->text[i].len)
			continue;
		buf_printf(out, "  %s: |\n", outcome_text_name[i]);
		plain_lines(out, buf_str(&o->text[i]), 4, "");
	}
	buf_puts(out, "  ...\n");
}

static void tap_scenario(struct report *r, const struct scenario *s, const struct outcome *o)
{
	bool failed = outcome_failed(o);
	struct buf out = BUF_INIT;

	buf_printf(&out, "%s %d - ", failed ? "not ok" : "ok", report_total(r->count));
	add_name(&out, s->name);
	buf_puts(&out, o->status == OUTCOME_PENDING ? " # SKIP pending\n" : "\n");
	if (outcome_flaky(o))
		buf_printf(&out, "# flaky: passed at try %u\n", o->tries);
	if (failed)
		add_texts(&out, o);
	fputs(buf_str(&out), r->out);
	buf_finish(&out);
}

static void tap_end(struct report *r)
{
	fprintf(r->out, "1..%d\n", report_total(r->count));
}

const struct report_format format_tap = {
	.name = "tap", .begin = tap_begin, .scenario = tap_scenario, .end = tap_end,
};

const struct report_format format_tap14 = {
	.name = "tap14", .begin = tap14_begin, .scenario = tap_scenario, .end = tap_end,
};
