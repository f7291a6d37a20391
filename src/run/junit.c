/* SPDX-License-Identifier: MIT */
/* JUnit XML for build servers, with a suite for each file. */
#include "run/formats.h"

#include <inttypes.h>
#include <string.h>

/*
 * Appends any text, for an attribute or between tags. plain_lines() leaves only two
 * characters that XML cannot represent.
 */
static void xml(struct buf *out, const char *text, bool lines)
{
	struct buf plain = BUF_INIT;

	if (lines)
		plain_lines(&plain, text, 0, "");
	else
		plain_line(&plain, text);
	for (const char *at = buf_str(&plain); *at; at++)
		switch (*at) {
		case '&': buf_puts(out, "&amp;"); break;
		case '<': buf_puts(out, "&lt;"); break;
		case '>': buf_puts(out, "&gt;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		case '\xef':
			/* U+FFFE and U+FFFF */
			if (at[1] == '\xbf' && (at[2] == '\xbe' || at[2] == '\xbf')) {
				buf_puts(out, "?");
				at += 2;
				break;
			}
			/* fall through */
		default: buf_putc(out, *at);
		}
	buf_finish(&plain);
}

static void attribute(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, " %s=\"", name);
	xml(out, value, false);
	buf_putc(out, '"');
}

static void seconds(struct buf *out, uint64_t us)
{
	buf_printf(out, " time=\"%" PRIu64 ".%06u\"", us / 1000000, (unsigned)(us % 1000000));
}

static void counts(struct buf *out, const struct report_counts *c)
{
	buf_printf(out, " tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\"", report_total(c),
		   c->failed, c->pending + c->not_run);
	seconds(out, c->us);
}

static void property(struct buf *out, const char *name, const char *value)
{
	buf_puts(out, "      <property");
	attribute(out, "name", name);
	attribute(out, "value", value);
	buf_puts(out, "/>\n");
}

static void end_suite(struct report *r)
{
	const struct report_about *a = r->about;
	char seed[24];

	if (!r->file)
		return;
	snprintf(seed, sizeof(seed), "%" PRIu64, a->seed);
	buf_puts(&r->held, "  <testsuite");
	attribute(&r->held, "name", r->file);
	attribute(&r->held, "file", r->file);
	counts(&r->held, &r->parts);
	attribute(&r->held, "timestamp", a->started);
	buf_puts(&r->held, ">\n    <properties>\n");
	property(&r->held, "devsh", DEVSH_VERSION);
	property(&r->held, "release", a->release);
	property(&r->held, "arch", a->arch);
	property(&r->held, "boot", a->boot);
	property(&r->held, "seed", seed);
	if (a->shuffled)
		property(&r->held, "shuffled", "by seed");
	buf_printf(&r->held, "    </properties>\n%s  </testsuite>\n", buf_str(&r->part));
	r->held.cut |= r->part.cut;
	buf_reset(&r->part);
	r->parts = (struct report_counts){ 0 };
}

static void element(struct buf *out, const char *name, const struct buf *text)
{
	if (!text->len)
		return;
	buf_printf(out, "      <%s>", name);
	xml(out, buf_str(text), true);
	buf_printf(out, "</%s>\n", name);
}

/* <failure>, or <flakyFailure> as in Maven's Surefire. */
static void failure(struct buf *out, const struct outcome *o, const char *element)
{
	const char *message = buf_str(&o->text[OUTCOME_MESSAGE]);
	struct buf first = BUF_INIT;

	buf_add(&first, message, strcspn(message, "\n"));
	buf_printf(out, "      <%s", element);
	attribute(out, "message", buf_str(&first));
	buf_finish(&first);
	attribute(out, "type", outcome_status_name[o->status == OUTCOME_PASSED ? OUTCOME_FAILED : o->status]);
	buf_putc(out, '>');
	for (int i = 0; i < OUTCOME_TEXTS; i++) {
		if (!o->text[i].len || i == OUTCOME_OUTPUT || i == OUTCOME_LOG)
			continue;
		buf_printf(out, "%s:\n", outcome_text_name[i]);
		xml(out, buf_str(&o->text[i]), true);
	}
	buf_printf(out, "</%s>\n", element);
}

static void skipped(struct buf *out, const char *why)
{
	buf_puts(out, "      <skipped");
	attribute(out, "message", why);
	buf_puts(out, "/>\n");
}

static void junit_scenario(struct report *r, const struct scenario *s, const struct outcome *o)
{
	struct buf *out = &r->part;

	if (r->file && strcmp(r->file, s->file))
		end_suite(r);
	report_count(&r->parts, o);
	buf_puts(out, "    <testcase");
	attribute(out, "classname", s->file);
	attribute(out, "name", s->name);
	attribute(out, "file", s->file);
	if (s->line)
		buf_printf(out, " line=\"%d\"", s->line);
	seconds(out, o->us);
	if (o->status == OUTCOME_PASSED && !o->text[OUTCOME_OUTPUT].len && !outcome_flaky(o)) {
		buf_puts(out, "/>\n");
		return;
	}
	buf_puts(out, ">\n");
	if (o->status == OUTCOME_PENDING)
		skipped(out, "pending");
	else if (o->status == OUTCOME_NOT_RUN)
		skipped(out, buf_str(&o->text[OUTCOME_MESSAGE]));
	else if (outcome_failed(o))
		failure(out, o, "failure");
	else if (outcome_flaky(o))
		failure(out, o, "flakyFailure");
	element(out, "system-out", &o->text[OUTCOME_OUTPUT]);
	element(out, "system-err", &o->text[OUTCOME_LOG]);
	buf_puts(out, "    </testcase>\n");
}

static void junit_end(struct report *r)
{
	struct buf head = BUF_INIT;

	end_suite(r);
	buf_puts(&head, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"devsh\"");
	counts(&head, r->count);
	attribute(&head, "timestamp", r->about->started);
	fprintf(r->out, "%s>\n%s</testsuites>\n", buf_str(&head), buf_str(&r->held));
	buf_finish(&head);
}

const struct report_format format_junit = {
	.name = "junit", .scenario = junit_scenario, .end = junit_end,
};
