/* SPDX-License-Identifier: MIT */
/*
 * Translates a statement into Lua, for `--lua` after a call. This helps to learn
 * scripting; the text runs as it is.
 */
#include "shell/render.h"

#include <stdlib.h>
#include <string.h>

#include "call/type.h"
#include "shell/statement.h"

struct renderer {
	struct buf *out;
	int depth;
};

static void render_statement(struct renderer *r, const struct statement *s);

static void quoted(struct buf *out, const char *text)
{
	buf_putc(out, '"');
	for (; *text; text++) {
		if (*text == '\n') {
			buf_puts(out, "\\n");
			continue;
		}
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
	buf_putc(out, '"');
}

/* Renders the statements of a block as a function with the block's parameters. */
static void render_function(struct renderer *r, const struct block *b, const char *params)
{
	buf_printf(r->out, "function(%s)", params);
	if (b->stmts == 1) {
		buf_putc(r->out, ' ');
		render_statement(r, &b->stmt[0]);
		buf_puts(r->out, " end");
		return;
	}
	r->depth++;
	for (int i = 0; i < b->stmts; i++) {
		buf_putc(r->out, '\n');
		buf_pad(r->out, ' ', 2 * r->depth);
		render_statement(r, &b->stmt[i]);
	}
	r->depth--;
	buf_putc(r->out, '\n');
	buf_pad(r->out, ' ', 2 * r->depth);
	buf_puts(r->out, "end");
}

/* Ends the current literal, one operand of "..". */
static void flush(struct renderer *r, struct buf *literal, bool *first)
{
	if (!literal->len)
		return;
	buf_puts(r->out, *first ? "" : " .. ");
	quoted(r->out, buf_str(literal));
	buf_reset(literal);
	*first = false;
}

/*
 * Renders words joined by single blanks, without the first `skip` bytes: "a" ..
 * tostring(x) .. "b c". A variable alone keeps its type.
 */
static void text_expression(struct renderer *r, const struct word *w, int words, size_t skip)
{
	bool alone = words == 1 && w->segs == 1 + (skip > 0), first = true;
	struct buf literal = BUF_INIT;

	for (int n = 0; n < words; n++) {
		if (n)
			buf_putc(&literal, ' ');
		for (int i = 0; i < w[n].segs; i++) {
			const char *text = w[n].seg[i].text + (n || i ? 0 : skip);

			if (!w[n].seg[i].variable) {
				buf_puts(&literal, text);
				continue;
			}
			flush(r, &literal, &first);
			/* $? only exists in the shell */
			buf_printf(r->out, alone ? "%s%s" : "%stostring(%s)", first ? "" : " .. ",
				   strcmp(text, "?") ? text : "nil");
			first = false;
		}
	}
	flush(r, &literal, &first);
	if (first)
		buf_puts(r->out, "\"\"");
	buf_finish(&literal);
}

static void render_value(struct renderer *r, const struct param *p, const struct word *w,
			 size_t skip)
{
	const char *text = w->segs == 1 && !w->seg[0].variable ? w->seg[0].text + skip : NULL;

	if (w->block)
		render_function(r, w->block, p->args ? p->args : p->type->args ? p->type->args : "");
	else if (text && p->type->lua)
		p->type->lua(r->out, text);
	else
		text_expression(r, w, 1, skip);
}

/* Renders the rest of the line from word w on as a function. */
static void render_calls(struct renderer *r, const struct statement *s, int w)
{
	struct statement rest = { .word = s->word + w, .words = s->words - w };

	buf_puts(r->out, "function() return ");
	render_statement(r, &rest);
	buf_puts(r->out, " end");
}

/* In Lua, warns is an assertion with the expected text last. */
static void render_warns(struct renderer *r, const struct call *c, const struct statement *s)
{
	buf_puts(r->out, "assert.warns(");
	if (s->words > 2 && s->word[2].block)
		render_value(r, &c->param[1], &s->word[2], 0);
	else if (s->words > 2)
		render_calls(r, s, 2);
	if (s->words > 1) {
		buf_puts(r->out, ", ");
		render_value(r, &c->param[0], &s->word[1], 0);
	}
	buf_putc(r->out, ')');
}

static bool takes_rest(const struct param *p, enum takes how)
{
	return p->type && p->type->takes == how;
}

static void render_words(struct renderer *r, const struct call *c, const struct statement *s)
{
	const char *sep = "";
	bool table = false;
	size_t skip;
	int i = 0;

	for (int w = 1; w < s->words; w++) {
		int named;

		while (c->param[i].named)
			i++;
		named = takes_rest(&c->param[i], REST_AS_TEXT) ? -1 : named_param(c, &s->word[w], &skip);
		buf_puts(r->out, sep);
		sep = ", ";
		if (named >= 0) {
			buf_printf(r->out, "%s%s = ", table ? "" : "{ ", c->param[named].name);
			table = true;
			render_value(r, &c->param[named], &s->word[w], skip);
		} else if (takes_rest(&c->param[i], REST_AS_TEXT)) {
			text_expression(r, &s->word[w], s->words - w, 0);
			break;
		} else if (takes_rest(&c->param[i], REST_AS_CALLS) && !s->word[w].block) {
			render_calls(r, s, w);
			break;
		} else if (c->param[i].type) {
			render_value(r, &c->param[i++], &s->word[w], 0);
		}
	}
	if (table)
		buf_puts(r->out, " }");
}

/* "echo TEXT > PATH", and "cat PATH > PATH" */
static void render_write(struct renderer *r, const struct call *c, const struct statement *s)
{
	bool echo = !strcmp(c->name, "echo");

	buf_puts(r->out, "write(");
	quoted(r->out, s->file);
	if (!echo || s->words > 1)
		buf_puts(r->out, ", ");
	if (!echo)
		buf_printf(r->out, "%s(", c->name);
	render_words(r, c, s);
	buf_puts(r->out, echo ? ")" : "))");
}

static void render_statement(struct renderer *r, const struct statement *s)
{
	const char *name = s->words && s->word[0].segs == 1 ? s->word[0].seg[0].text : "";
	const struct call *c = call_find(name);

	if (s->lua) {
		buf_puts(r->out, s->lua + strspn(s->lua, " \t"));
		return;
	}
	if (s->assign)
		buf_printf(r->out, "%s = ", s->assign);
	if (!c) {
		/* a value, or something that the shell does not know either */
		if (s->words)
			text_expression(r, &s->word[0], 1, 0);
	} else if (!strcmp(name, "return")) {
		buf_puts(r->out, "return ");
		if (s->words > 1)
			render_value(r, &c->param[0], &s->word[1], 0);
	} else if (!strcmp(name, "warns")) {
		render_warns(r, c, s);
	} else if (shell_writes_node(s)) {
		render_write(r, c, s);
	} else {
		buf_printf(r->out, "%s(", !strcmp(name, "echo") ? "print" : name);
		render_words(r, c, s);
		buf_putc(r->out, ')');
	}
}

void render_lua(const struct statement *s, struct buf *out)
{
	struct renderer r = { .out = out };

	render_statement(&r, s);
	buf_putc(out, '\n');
}
