/* SPDX-License-Identifier: MIT */
/* The manual page of all calls, in scdoc's markup. */
#include "view/view.h"

#include <stdio.h>
#include <string.h>

/* Escapes text that is at the start of a line. */
static void add_text(struct buf *out, const char *s)
{
	if (*s && strchr("-.#[]|", *s))
		buf_putc(out, '\\');
	for (; *s; s++) {
		if (strchr("_*\\", *s))
			buf_putc(out, '\\');
		buf_putc(out, *s);
	}
}

static void add_capitals(struct buf *out, const char *s)
{
	for (; *s; s++)
		buf_putc(out, *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s);
}

static void add_paragraph(struct buf *out, const char *what, const char *s)
{
	if (!s || !*s)
		return;
	buf_putc(out, '\n');
	if (what)
		buf_printf(out, "%s: ", what);
	add_text(out, s);
	buf_putc(out, '\n');
}

static void add_arguments(struct buf *out, const struct call *c)
{
	if (call_params(c))
		buf_putc(out, '\n');
	for (const struct param *p = c->param; p->type; p++) {
		buf_puts(out, "- *");
		add_text(out, p->name);
		buf_puts(out, "*: ");
		add_text(out, p->help);
		if (p->def && *p->def) {
			buf_puts(out, "; default ");
			add_text(out, p->def);
		}
		buf_putc(out, '\n');
	}
}

static void add_example(struct buf *out, const char *s)
{
	if (!s)
		return;
	buf_puts(out, "\nExample:\n\n```\n");
	buf_puts(out, s);
	buf_puts(out, "\n```\n");
}

static void add_version(struct buf *out, const struct call *c)
{
	char text[120];

	call_versions(c, text, sizeof(text));
	if (*text)
		buf_printf(out, "\nIn Linux %s.\n", text);
}

static void add_call(struct buf *out, const struct call *c)
{
	char usage[256];

	call_usage(c, usage, sizeof(usage));
	buf_puts(out, "\n## ");
	add_text(out, usage);
	buf_putc(out, '\n');
	add_paragraph(out, NULL, c->summary);
	add_arguments(out, c);
	add_paragraph(out, "Returns", c->returns);
	add_paragraph(out, NULL, c->detail);
	add_version(out, c);
	add_example(out, c->example);
}

void view_manual(struct buf *out)
{
	const char *subject = "";
	const struct call *c;

	buf_puts(out, "devsh-calls(7)\n\n# NAME\n\ndevsh-calls - the calls of devsh\n\n"
		 "# DESCRIPTION\n\n"
		 "Every call has the same name and the same arguments in the shell and in Lua: "
		 "*devm\\_kmalloc eth0 64* at the prompt is *devm\\_kmalloc(eth0, 64)* in a script. "
		 "Arguments in brackets have a default. Lines of an example that begin with *!* "
		 "are expected to fail.\n");
	for (size_t i = 0; (c = call_at(i)); i++) {
		if (strcmp(c->subject, subject)) {
			subject = c->subject;
			buf_puts(out, "\n# ");
			add_capitals(out, subject);
			buf_putc(out, '\n');
		}
		add_call(out, c);
	}
	buf_puts(out, "\n# SEE ALSO\n\n*devsh*(1)\n");
}
