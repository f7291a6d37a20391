/* SPDX-License-Identifier: MIT */
/*
 * Values instead of calls: "n = 64", "a = 'quit'", "r = $p+4", "$p". Quoted text is always text,
 * even if a call has that name.
 */
#include "shell/statement.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/params.h"
#include "lib/size.h"

/* The word's text if it has no quotes and no variables; else NULL. */
static const char *bare(const struct word *w)
{
	return w->segs == 1 && !w->quoted && !w->block && !w->seg[0].variable ? w->seg[0].text : NULL;
}

static bool is_variable(struct shell *sh, const char *name, struct value *v, struct buf *string)
{
	return get_variable(sh, name, v, string) && v->type != V_NONE;
}

/* "$p+4": the sum of the variable and the number. False: the word has another form. */
static bool sum(struct shell *sh, const struct word *w, struct value *v, struct buf *string)
{
	const char *more = w->segs == 2 && w->seg[0].variable && !w->seg[1].variable && !w->quoted
			   ? w->seg[1].text : "";
	uint64_t u;

	if ((*more != '+' && *more != '-') || parse_size(more + 1, &u) ||
	    !is_variable(sh, w->seg[0].text, v, string) ||
	    (v->type != V_ADDR && v->type != V_INT))
		return false;
	if (*more == '-')
		u = -u;
	if (v->type == V_ADDR)
		v->u += u;
	else
		v->i = (int64_t)((uint64_t)v->i + u);
	return true;
}

/* 64, 4k, an address too large for a Lua number, or text. */
static struct value number_or_text(const char *text)
{
	uint64_t u;

	if (parse_size(text, &u))
		return (struct value){ .type = V_STR, .s = text };
	if (u > INT64_MAX && !strncmp(text, "0x", 2))
		return (struct value){ .type = V_ADDR, .u = u };
	return (struct value){ .type = V_INT, .i = (int64_t)u };
}

bool assign_value(struct shell *sh, const struct statement *s, const struct value *v)
{
	if (!s->assign)
		return true;
	sh->step->changed = true;
	if (script_set(sh->session->script, s->assign, v))
		return true;
	shell_error(sh, s->line, s->col, "%s is not set: Lua, which holds the variables, is out of "
		    "memory", s->assign);
	return false;
}

int value_assign(struct shell *sh, const struct statement *s)
{
	const struct word *w = &s->word[0];
	struct buf text = BUF_INIT, string = BUF_INIT;
	bool alone = w->segs == 1 && w->seg[0].variable && !w->quoted;
	int status = EXIT_FAILED;
	struct value v;

	if (bare(w) && is_variable(sh, bare(w), &v, &string)) {
		shell_error(sh, w->line, w->col, "%s is a variable: '%s = $%s' takes its value, "
			    "'%s = \"%s\"' the text", bare(w), s->assign, bare(w), s->assign, bare(w));
		goto out;
	}
	if (!word_text(sh, w, &text))
		goto out;
	if (alone)
		is_variable(sh, w->seg[0].text, &v, &string);
	else if (w->quoted)
		v = (struct value){ .type = V_STR, .s = buf_str(&text) };
	else if (!sum(sh, w, &v, &string))
		v = number_or_text(buf_str(&text));
	status = assign_value(sh, s, &v) ? EXIT_OK : EXIT_FAILED;
out:
	buf_finish(&text);
	buf_finish(&string);
	return status;
}

void value_echo(struct shell *sh, const struct statement *s, struct value_echo *e)
{
	const struct word *w = &s->word[0];
	struct buf string = BUF_INIT;
	struct value v;

	*e = (struct value_echo){
		.statement = *s, .word = { *w, *w }, .name = { (char *)"echo", false },
		.seg = { { w->seg[0].text, true } },
	};
	e->word[0].seg = &e->name;
	e->word[0].segs = 1;
	if (bare(w)) {
		e->word[1].seg = e->seg;
	} else if (sum(sh, w, &v, &string)) {
		view_value(sh->session->machine, &v, &e->text);
		e->seg[0] = (struct segment){ (char *)buf_str(&e->text), false };
		e->word[1].seg = e->seg;
		e->word[1].segs = 1;
	}
	e->statement.word = e->word;
	e->statement.words = 2;
	buf_finish(&string);
}

enum value_statement value_statement(struct shell *sh, const struct statement *s)
{
	const struct word *w = &s->word[0];
	struct buf string = BUF_INIT;
	struct value v;
	bool is = false;

	if (w->block || !w->segs)
		return VALUE_NONE;
	if (w->quoted && !(s->assign && s->words == 1)) {
		shell_error(sh, w->line, w->col, "quoted text is not a call; %s",
			    s->assign ? "after '=' comes a call or a single value"
				      : "write the name of a call without quotes");
		return VALUE_WRONG;
	}
	if (s->words > 1)
		return VALUE_NONE;
	if (!bare(w))
		is = true;
	else if (!find_name(bare(w)))
		is = is_variable(sh, bare(w), &v, &string) ||
		     (s->assign && !call_suggest(bare(w)));
	buf_finish(&string);
	return !is ? VALUE_NONE : s->assign ? VALUE_ASSIGN : VALUE_PRINT;
}
