/* SPDX-License-Identifier: MIT */
/* JUnit's XML, as build servers read it. */
#include "run/reporter.h"

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

static void junit_scenario(struct reporter *r, const struct scenario *s, const struct outcome *o)
{
	struct buf *out = &r->held;

	buf_puts(out, "    <testcase classname=\"");
	xml(out, s->file);
	buf_puts(out, "\" name=\"");
	xml(out, s->name);
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
	int all = report_total(&r->count);

	fprintf(r->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%d\" failures=\"%d\" "
	       "skipped=\"%d\">\n  <testsuite name=\"devsh\" tests=\"%d\" failures=\"%d\" "
	       "skipped=\"%d\">\n%s  </testsuite>\n</testsuites>\n",
		all, r->count.failed, r->count.pending, all, r->count.failed, r->count.pending,
		buf_str(&r->held));
}

const struct report_format format_junit = {
	.name = "junit", .scenario = junit_scenario, .end = junit_finish,
};
