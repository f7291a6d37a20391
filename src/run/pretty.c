/* SPDX-License-Identifier: MIT */
/* The report for people: a line for each scenario, with the failures at the end. */
#include "run/formats.h"

#include <inttypes.h>
#include <string.h>

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define OFF "\033[0m"

static const char *paint(const struct report *r, const char *escape)
{
	return r->colour ? escape : "";
}

static void section(struct report *r, const char *title, const struct buf *text)
{
	if (!text->len)
		return;
	buf_printf(&r->held, "  %s\n", title);
	plain_lines(&r->held, buf_str(text), 4, "");
}

static void hold_failure(struct report *r, const struct scenario *s, const struct outcome *o)
{
	const struct buf *text = o->text;

	buf_printf(&r->held, "\n%sFAIL%s %s", paint(r, RED), paint(r, OFF), paint(r, BOLD));
	plain_line(&r->held, s->name);
	buf_printf(&r->held, "%s\n", paint(r, OFF));
	if (text[OUTCOME_AT].len) {
		buf_puts(&r->held, "  at ");
		plain_line(&r->held, buf_str(&text[OUTCOME_AT]));
		buf_putc(&r->held, '\n');
	}
	plain_lines(&r->held, buf_str(&text[OUTCOME_MESSAGE]), 2, "");
	section(r, "called from:", &text[OUTCOME_TRACEBACK]);
	if (o->tries > 1)
		buf_printf(&r->held, "  failed in all of %u tries\n", o->tries);
	section(r, "output:", &text[OUTCOME_OUTPUT]);
	section(r, "managed resources at that moment:", &text[OUTCOME_LISTS]);
	section(r, "kernel log:", &text[OUTCOME_LOG]);
	section(r, "to run it again:", &text[OUTCOME_REPRODUCE]);
}

static void pretty_begin(struct report *r)
{
	if (r->about->shuffled)
		fprintf(r->out, "shuffled by seed %" PRIu64 "\n", r->about->seed);
}

static void pretty_scenario(struct report *r, const struct scenario *s, const struct outcome *o)
{
	static const char *const word[] = { "ok  ", "FAIL", "todo", "stop", "----" };
	static const char *const colour[] = { GREEN, RED, YELLOW, RED, YELLOW };
	struct buf line = BUF_INIT;

	if (!r->file || strcmp(r->file, s->file)) {
		buf_puts(&line, paint(r, BOLD));
		plain_line(&line, s->file);
		buf_printf(&line, "%s\n", paint(r, OFF));
	}
	buf_printf(&line, "  %s%s%s  ", paint(r, colour[o->status]), word[o->status], paint(r, OFF));
	plain_line(&line, s->name);
	if (outcome_flaky(o))
		buf_printf(&line, "  %s(flaky: passed at try %u)%s", paint(r, YELLOW), o->tries, paint(r, OFF));
	fprintf(r->out, "%s\n", buf_str(&line));
	buf_finish(&line);
	if (outcome_failed(o) && o->status != OUTCOME_NOT_RUN)
		hold_failure(r, s, o);
}

static void pretty_end(struct report *r)
{
	fputs(buf_str(&r->held), r->out);
	fprintf(r->out, "\n%s%d passed, %d failed", paint(r, r->count->failed ? RED : GREEN),
		r->count->passed, r->count->failed);
	if (r->count->flaky)
		fprintf(r->out, ", %d flaky", r->count->flaky);
	if (r->count->pending)
		fprintf(r->out, ", %d pending", r->count->pending);
	if (r->count->not_run)
		fprintf(r->out, ", %d not run", r->count->not_run);
	fprintf(r->out, "%s\n", paint(r, OFF));
}

const struct report_format format_pretty = {
	.name = "pretty", .for_people = true, .begin = pretty_begin, .scenario = pretty_scenario, .end = pretty_end,
};
