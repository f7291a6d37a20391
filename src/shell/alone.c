/* SPDX-License-Identifier: MIT */
/*
 * A value on its own, where a call could stand: "n = 64", "a = 'quit'",
 * "r = $p+4", "$p". Quoted text is text, whatever calls there are.
 */
#include "shell/shell.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/params.h"
#include "lib/size.h"

/* The word as it would be read without quotes and variables; NULL: it is more than that. */
static const char *bare(const struct word *w)
{
	return w->segs == 1 && !w->quoted && !w->block && !w->seg[0].variable ? w->seg[0].text : NULL;
}

static bool is_variable(struct shell *sh, const char *name, struct value *v, struct buf *string)
{
	return script_get(sh->script, name, v, string) && v->type != V_NONE;
}

/* "$p+4": the variable, and what is behind it; false: the word is no sum. */
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

/* 64, 4k, and what is written as an address and is no number that Lua has. */
static struct value number_or_text(const char *text)
{
	uint64_t u;

	if (parse_size(text, &u))
		return (struct value){ .type = V_STR, .s = text };
	if (u > INT64_MAX && !strncmp(text, "0x", 2))
		return (struct value){ .type = V_ADDR, .u = u };
	return (struct value){ .type = V_INT, .i = (int64_t)u };
}

static int assign(struct shell *sh, const struct statement *s)
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
	script_set(sh->script, s->assign, &v);
	sh->changed = true;
	status = EXIT_OK;
out:
	buf_finish(&text);
	buf_finish(&string);
	return status;
}

/* "$p", "$p+4" and "p": what `echo` prints of them. */
static int print(struct shell *sh, const struct statement *s)
{
	struct segment seg[2] = { { s->word[0].seg[0].text, true } };
	struct word word[2] = { { 0 }, s->word[0] };
	struct segment echo = { (char *)"echo", false };
	struct statement said = *s;
	struct buf string = BUF_INIT, text = BUF_INIT;
	struct block_result result = { 0 };
	struct value v;
	int status;

	word[0] = s->word[0];
	word[0].seg = &echo;
	word[0].segs = 1;
	if (bare(&s->word[0])) {
		word[1].seg = seg;
	} else if (sum(sh, &s->word[0], &v, &string)) {
		view_value(sh->machine, &v, &text);
		seg[0] = (struct segment){ (char *)buf_str(&text), false };
		word[1].seg = seg;
		word[1].segs = 1;
	}
	said.word = word;
	said.words = 2;
	status = make_call(sh, find_name("echo"), &said, NULL, &result, NULL);
	buf_finish(&string);
	buf_finish(&text);
	return status;
}

bool value_statement(struct shell *sh, const struct statement *s, int *status)
{
	const struct word *w = &s->word[0];
	struct buf string = BUF_INIT;
	struct value v;
	bool is = false;

	if (w->block || !w->segs)
		return false;
	if (w->quoted && !(s->assign && s->words == 1)) {
		shell_error(sh, w->line, w->col, "quoted text is no call; %s",
			    s->assign ? "one value or a call stands behind '='"
				      : "a call's name stands there without quotes");
		*status = EXIT_FAILED;
		return true;
	}
	if (s->words > 1)
		return false;
	if (!bare(w))
		is = true;
	else if (!find_name(bare(w)))
		is = is_variable(sh, bare(w), &v, &string) ||
		     (s->assign && !call_suggest(bare(w)));
	buf_finish(&string);
	if (is)
		*status = s->assign ? assign(sh, s) : print(sh, s);
	return is;
}
