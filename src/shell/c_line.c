/* SPDX-License-Identifier: MIT */
/*
 * For a line that was pasted from a driver, such as
 *
 * 	struct foo *p = devm_kzalloc(&pdev->dev, sizeof(*p), GFP_KERNEL);
 *
 * an error shows the equivalent line of devsh. No part of the C line runs: the '>' in
 * "->" would write a file.
 */
#include "shell/c_line.h"

#include <ctype.h>
#include <string.h>

#include "call/type.h"
#include "lib/array.h"
#include "machine/machine.h"
#include "shell/assignment.h"
#include "shell/statement.h"

/* Part of a line, without the blanks around it. */
struct part {
	const char *at;
	size_t len;
};

static struct part part(const char *from, const char *to)
{
	while (from < to && isspace((unsigned char)*from))
		from++;
	while (to > from && isspace((unsigned char)to[-1]))
		to--;
	return (struct part){ from, (size_t)(to - from) };
}

static size_t name_length(const char *at, const char *end)
{
	const char *from = at;

	while (at < end && name_char((unsigned char)*at, at == from))
		at++;
	return (size_t)(at - from);
}

/* The last name in p: "p" of "struct foo *p", "dev" of "&pdev->dev". */
static struct part last_name(struct part p)
{
	const char *end = p.at + p.len, *from;

	while (end > p.at && !name_char((unsigned char)end[-1], false))
		end--;
	for (from = end; from > p.at && name_char((unsigned char)from[-1], false); from--)
		;
	return (struct part){ from, (size_t)(end - from) };
}

/* The ')' or ',' that ends the argument at `at`; NULL if there is none. */
static const char *argument_end(const char *at)
{
	int open = 0;
	char quote = 0;

	for (; *at; at++) {
		if (quote) {
			quote = *at == quote ? 0 : quote;
		} else if (*at == '"' || *at == '\'') {
			quote = *at;
		} else if (*at == '(') {
			open++;
		} else if ((*at == ')' || *at == ',') && !open) {
			return at;
		} else if (*at == ')') {
			open--;
		}
	}
	return NULL;
}

/* --- an argument ----------------------------------------------------------------- */

/* "&pdev->dev" is the device pdev; for "priv->dev", the last name is used. */
static void add_thing(struct part a, struct buf *out)
{
	const char *end = a.at + a.len;
	struct part name = last_name(a);

	if (*a.at == '&') {
		const char *from = part(a.at + 1, end).at;

		name = (struct part){ from, name_length(from, end) };
	}
	buf_add(out, name.at, name.len);
}

static void add_without_blanks(struct part a, struct buf *out)
{
	for (size_t i = 0; i < a.len; i++)
		if (!isspace((unsigned char)a.at[i]))
			buf_putc(out, a.at[i]);
}

static void add_argument(struct shell *sh, const struct param *p, struct part a, struct buf *out)
{
	bool name = a.len && name_length(a.at, a.at + a.len) == a.len;
	bool constant = true;

	for (size_t i = 0; i < a.len; i++)
		constant = constant && !islower((unsigned char)a.at[i]);
	buf_putc(out, ' ');
	if (p->type == P_DEVICE || p->type == P_DRIVER)
		add_thing(a, out);
	else if (memmem(a.at, a.len, "sizeof", 6))
		buf_puts(out, "SIZE");
	else if (name && !constant && (takes_pointer(sh->session->machine, p) || p->type == P_SIZE))
		buf_printf(out, "$%.*s", (int)a.len, a.at);
	else if (*a.at == '"')
		buf_add(out, a.at, a.len);
	else
		add_without_blanks(a, out);
}

/* --- the line -------------------------------------------------------------------- */

/* Skips '!', "name =" and a cast. Returns the start of the call. */
static const char *skip_to_call(const char *text, struct part *assigned)
{
	const char *open, *eq, *at;

	text += strspn(text, "! \t");
	open = strchr(text, '(');
	eq = memchr(text, '=', open ? (size_t)(open - text) : 0);
	at = text;
	*assigned = (struct part){ text, 0 };
	if (eq) {
		*assigned = last_name(part(text, eq));
		at = eq + 1;
	}
	at += strspn(at, " \t\n");
	if (*at == '(' && argument_end(at + 1)) {
		at = argument_end(at + 1) + 1;
		at += strspn(at, " \t\n");
	}
	return at;
}

/* Appends devsh's line for the C line. False: it is not a call that devsh has. */
static bool translate(struct shell *sh, const char *text, struct buf *out)
{
	struct part assigned;
	const char *at = skip_to_call(text, &assigned), *end;
	size_t len = name_length(at, at + strlen(at));
	char name[64];
	const struct call *c;
	int i = 0;

	if (!len || len >= sizeof(name))
		return false;
	memcpy(name, at, len);
	name[len] = '\0';
	c = find_name(name);
	at += len + strspn(at + len, " \t");
	if (!c || *at++ != '(')
		return false;
	if (assigned.len)
		buf_printf(out, "%.*s = ", (int)assigned.len, assigned.at);
	buf_puts(out, name);
	for (; (end = argument_end(at)); at = end + 1) {
		struct part a = part(at, end);

		while (c->param[i].type && c->param[i].named)
			i++;
		if (c->param[i].type && a.len)
			add_argument(sh, &c->param[i++], a, out);
		if (*end == ')')
			return true;
	}
	return false;
}

/* A cheap first test, made for every statement: "name(" or a type of C. */
static bool may_be_c(const struct statement *s)
{
	static const char *const types[] = {
		"struct", "const", "void", "int", "char", "long", "unsigned", "size_t", "static",
	};
	const struct word *w = &s->word[0];
	const char *first = w->segs && !w->seg[0].variable && !w->quoted ? w->seg[0].text : NULL;

	if (!first || s->lua)
		return false;
	if (strchr(first, '(') || (s->file && strstr(s->text, "->") && strchr(s->text, '(')))
		return true;
	if (s->words > 1 && s->word[1].segs && s->word[1].seg[0].text[0] == '(' && !s->word[1].quoted) {
		const struct call *c = find_name(first);

		return c && c->param[0].type && c->param[0].type->takes == ONE_WORD && c->param[0].type != P_STR;
	}
	for (size_t i = 0; s->words > 1 && i < COUNT(types); i++)
		if (!strcmp(first, types[i]))
			return true;
	return false;
}

bool is_c_line(struct shell *sh, const struct statement *s)
{
	struct buf line = BUF_INIT;
	bool is = s->words && s->text && may_be_c(s) && translate(sh, s->text, &line);

	if (is)
		shell_error(sh, s->line, s->col, "the shell takes no parentheses or commas: '%.200s'; "
			    "'= ...' runs Lua", buf_str(&line));
	buf_finish(&line);
	return is;
}
