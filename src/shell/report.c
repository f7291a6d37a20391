/* SPDX-License-Identifier: MIT */
#include "shell/report.h"

#include <stdio.h>
#include <string.h>

void reporter_init(struct reporter *r, enum report_format format, bool colour)
{
	*r = (struct reporter){ .format = format, .colour = colour };
	if (format == REPORT_TAP)
		puts("TAP version 14");
}

static const char *paint(const struct reporter *r, const char *escape)
{
	return r->colour ? escape : "";
}

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define OFF "\033[0m"

/* --- pretty ------------------------------------------------------------------ */

static void indented(struct buf *out, const char *title, const struct buf *text, int by)
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

static void pretty_scenario(struct reporter *r, const char *file, const char *name,
			    const struct outcome *o)
{
	static const char *const word[] = { "ok  ", "FAIL", "todo", "stop" };
	static const char *const colour[] = { GREEN, RED, YELLOW, RED };

	if (!r->file || strcmp(r->file, file))
		printf("%s%s%s\n", paint(r, BOLD), file, paint(r, OFF));
	printf("  %s%s%s  %s\n", paint(r, colour[o->status]), word[o->status], paint(r, OFF), name);
	if (o->status != OUTCOME_FAILED && o->status != OUTCOME_INTERRUPTED)
		return;
	buf_printf(&r->failures, "\n%sFAIL%s %s%s%s\n", paint(r, RED), paint(r, OFF),
		   paint(r, BOLD), name, paint(r, OFF));
	buf_printf(&r->failures, "  at %s\n", buf_str(&o->where));
	indented(&r->failures, "", &o->message, 2);
	indented(&r->failures, "output:", &o->output, 4);
	indented(&r->failures, "managed resources at that moment:", &o->lists, 4);
	indented(&r->failures, "kernel log:", &o->log, 4);
}

static void pretty_finish(struct reporter *r)
{
	fputs(buf_str(&r->failures), stdout);
	printf("\n%s%d passed, %d failed", paint(r, r->count.failed ? RED : GREEN),
	       r->count.passed, r->count.failed);
	if (r->count.pending)
		printf(", %d pending", r->count.pending);
	printf("%s\n", paint(r, OFF));
}

/* --- TAP ------------------------------------------------------------------------ */

static void tap_line(const char *text)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			putchar('\\');
		putchar((unsigned char)*text < ' ' ? ' ' : *text);
	}
}

static void tap_block(const char *key, const struct buf *text)
{
	struct buf out = BUF_INIT;

	if (!text->len)
		return;
	indented(&out, "", text, 4);
	printf("  %s: |\n%s", key, buf_str(&out));
	buf_finish(&out);
}

static void tap_scenario(struct reporter *r, const char *name, const struct outcome *o)
{
	int n = r->count.passed + r->count.failed + r->count.pending;
	bool failed = o->status == OUTCOME_FAILED || o->status == OUTCOME_INTERRUPTED;

	printf("%s %d - ", failed ? "not ok" : "ok", n);
	tap_line(name);
	puts(o->status == OUTCOME_PENDING ? " # SKIP pending" : "");
	if (!failed)
		return;
	puts("  ---");
	tap_block("at", &o->where);
	tap_block("message", &o->message);
	tap_block("output", &o->output);
	tap_block("lists", &o->lists);
	tap_block("log", &o->log);
	puts("  ...");
}

/* --- JUnit ----------------------------------------------------------------------- */

static void xml(struct buf *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&': buf_puts(out, "&amp;"); break;
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		default:
			/* XML has no way to write most control characters */
			buf_putc(out, (unsigned char)*text < ' ' && *text != '\n' && *text != '\t'
				 ? '?' : *text);
		}
}

static void junit_scenario(struct reporter *r, const char *file, const char *name,
			   const struct outcome *o)
{
	struct buf *out = &r->suites;

	buf_puts(out, "    <testcase classname=\"");
	xml(out, file);
	buf_puts(out, "\" name=\"");
	xml(out, name);
	buf_puts(out, "\"");
	if (o->status == OUTCOME_PASSED) {
		buf_puts(out, "/>\n");
		return;
	}
	buf_puts(out, ">\n");
	if (o->status == OUTCOME_PENDING) {
		buf_puts(out, "      <skipped/>\n");
	} else {
		buf_puts(out, "      <failure message=\"");
		xml(out, buf_str(&o->message));
		buf_puts(out, "\">");
		xml(out, buf_str(&o->where));
		buf_puts(out, "\n");
		xml(out, buf_str(&o->lists));
		buf_puts(out, "</failure>\n      <system-out>");
		xml(out, buf_str(&o->output));
		xml(out, buf_str(&o->log));
		buf_puts(out, "</system-out>\n");
	}
	buf_puts(out, "    </testcase>\n");
}

static void junit_finish(struct reporter *r)
{
	int all = r->count.passed + r->count.failed + r->count.pending;

	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%d\" failures=\"%d\" "
	       "skipped=\"%d\">\n  <testsuite name=\"devsh\" tests=\"%d\" failures=\"%d\" "
	       "skipped=\"%d\">\n%s  </testsuite>\n</testsuites>\n",
	       all, r->count.failed, r->count.pending, all, r->count.failed, r->count.pending,
	       buf_str(&r->suites));
}

/* --- what all share ---------------------------------------------------------------- */

void reporter_scenario(struct reporter *r, const char *file, const char *name,
		       const struct outcome *o)
{
	int *const counter[] = {
		&r->count.passed, &r->count.failed, &r->count.pending, &r->count.failed,
	};

	++*counter[o->status];
	switch (r->format) {
	case REPORT_PRETTY: pretty_scenario(r, file, name, o); break;
	case REPORT_TAP: tap_scenario(r, name, o); break;
	case REPORT_JUNIT: junit_scenario(r, file, name, o); break;
	}
	r->file = file;
	fflush(stdout);
}

void reporter_broken(struct reporter *r, const char *file, const char *why)
{
	struct outcome o = { .status = OUTCOME_FAILED };

	buf_puts(&o.where, file);
	buf_puts(&o.message, why);
	reporter_scenario(r, file, "(the file itself)", &o);
	outcome_finish(&o);
}

void reporter_finish(struct reporter *r)
{
	int all = r->count.passed + r->count.failed + r->count.pending;

	switch (r->format) {
	case REPORT_PRETTY: pretty_finish(r); break;
	case REPORT_TAP: printf("1..%d\n", all); break;
	case REPORT_JUNIT: junit_finish(r); break;
	}
	buf_finish(&r->failures);
	buf_finish(&r->suites);
}
