/* SPDX-License-Identifier: MIT */
/* GitHub's workflow commands, which its pages show next to the line of the file. */
#include "run/formats.h"

#include <stdlib.h>
#include <string.h>

/* property: more characters are escaped, because commas separate properties. */
static void add_escaped(struct buf *out, const char *text, bool property)
{
	for (; *text; text++)
		if (*text == '%' || *text == '\r' || *text == '\n' ||
		    (property && (*text == ':' || *text == ',')))
			buf_printf(out, "%%%02X", (unsigned char)*text);
		else
			buf_putc(out, *text);
}

static void add(struct buf *out, const char *text, bool property)
{
	struct buf plain = BUF_INIT;

	if (property)
		plain_line(&plain, text);
	else
		plain_lines(&plain, text, 0, "");
	/* remove newlines at the end of the message */
	while (plain.len && plain.s[plain.len - 1] == '\n')
		plain.s[--plain.len] = '\0';
	add_escaped(out, buf_str(&plain), property);
	buf_finish(&plain);
}

/* Appends "net.lua:12": the line of the failed assertion, or else that of the scenario. */
static void add_place(struct buf *out, const struct scenario *s, const struct outcome *o)
{
	const char *at = buf_str(&o->text[OUTCOME_AT]), *line = strrchr(at, ':');
	struct buf file = BUF_INIT;

	if (line && line[1] && !line[1 + strspn(line + 1, "0123456789")])
		buf_add(&file, at, (size_t)(line - at));
	else
		line = NULL;
	add(out, line ? buf_str(&file) : s->file, true);
	if (line || s->line)
		buf_printf(out, ",line=%d", line ? atoi(line + 1) : s->line);
	buf_finish(&file);
}

static void github_scenario(struct report *r, const struct scenario *s, const struct outcome *o)
{
	struct buf out = BUF_INIT;

	if (!outcome_failed(o) && !outcome_flaky(o))
		return;
	buf_printf(&out, "::%s file=", o->status == OUTCOME_NOT_RUN || outcome_flaky(o) ? "warning" : "error");
	add_place(&out, s, o);
	buf_puts(&out, ",title=");
	add(&out, s->name, true);
	buf_puts(&out, outcome_flaky(o) ? "::flaky: " : "::");
	add(&out, buf_str(&o->text[OUTCOME_MESSAGE]), false);
	if (o->text[OUTCOME_REPRODUCE].len) {
		buf_puts(&out, "%0A");
		add(&out, buf_str(&o->text[OUTCOME_REPRODUCE]), false);
	}
	fprintf(r->out, "%s\n", buf_str(&out));
	buf_finish(&out);
}

static void github_end(struct report *r)
{
	fprintf(r->out, "%d passed, %d failed, %d pending, %d not run\n", r->count->passed,
		r->count->failed, r->count->pending, r->count->not_run);
}

const struct report_format format_github = {
	.name = "github", .scenario = github_scenario, .end = github_end,
};
