/* SPDX-License-Identifier: MIT */
/* Binds words to the arguments of a call. */
#include "shell/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/driver_core.h"
#include "base/registry.h"
#include "call/type.h"
#include "kernel/symbol.h"
#include "lib/distance.h"
#include "machine/machine.h"

struct binder {
	struct shell *sh;
	const struct call *c;
	const struct statement *s;
	struct block *within;
	struct value *arg;
	/* the strings of all arguments; offset[] has where each begins until all are added */
	struct buf *text;
	size_t offset[PARAMS_MAX];
	bool is_text[PARAMS_MAX];
};

static bool complain(const struct binder *b, const struct word *w, const char *why)
{
	shell_error(b->sh, w->line, w->col, "%s: %s", b->c->name, why);
	return false;
}

/* Replaces the name in "p+10" by its address if p is a variable. */
static void name_to_address(const struct binder *b, int i, struct buf *text)
{
	struct driver_core *core = &b->sh->session->machine->core;
	size_t len = strcspn(buf_str(text), "+-");
	struct buf string = BUF_INIT, sum = BUF_INIT, name = BUF_INIT;
	struct value v;

	if (b->c->param[i].type != P_ADDR && b->c->param[i].type != P_THING)
		return;
	buf_add(&name, buf_str(text), len);
	if (len && buf_str(text)[len] && !device_by_name(core, buf_str(text)) &&
	    !driver_by_name(core, buf_str(text)) &&
	    script_get(b->sh->session->script, buf_str(&name), &v, &string) && v.type == V_ADDR) {
		view_value(b->sh->session->machine, &v, &sum);
		buf_puts(&sum, buf_str(text) + len);
		buf_reset(text);
		buf_puts(text, buf_str(&sum));
	}
	buf_finish(&string);
	buf_finish(&sum);
	buf_finish(&name);
}

/* "g" instead of "$g", where no group has that name. True: an error was shown. */
static bool is_other_group(const struct binder *b, int i, const struct word *w, const char *text)
{
	struct buf string = BUF_INIT;
	const char *name;
	char why[200];
	struct value v;
	bool other = false;

	if (b->c->param[i].type != P_GROUP || w->quoted || !script_get(b->sh->session->script, text, &v, &string))
		goto out;
	name = v.type == V_ADDR ? rodata_lookup(&b->sh->session->machine->kernel, v.u) : text;
	other = !name || strcmp(name, text);
	snprintf(why, sizeof(why), "%.40s is a variable: $%.40s takes its value, \"%.40s\" names a group",
		 text, text, text);
	if (other)
		complain(b, w, why);
out:
	buf_finish(&string);
	return other;
}

/* Converts text to argument i. */
static bool bind_text(struct binder *b, int i, const struct word *w, const char *text)
{
	char why[200];

	if (call_value(b->sh->session->machine, b->c, &b->c->param[i], text, &b->arg[i], why, sizeof(why)))
		return complain(b, w, why);
	if (b->arg[i].type == V_STR) {
		/* text may move as it grows: store the offset */
		b->is_text[i] = true;
		b->offset[i] = b->text->len;
		buf_add(b->text, text, strlen(text) + 1);
	}
	return true;
}

/* Reports a misspelt call in a block where the block is written, not when it runs. */
static bool calls_exist(const struct binder *b, const struct block *block)
{
	for (int i = 0; i < block->stmts; i++) {
		const struct statement *s = &block->stmt[i];
		const struct word *w = s->words ? &s->word[0] : NULL;
		char why[200];

		if (s->lua || s->assign || !w || w->block || w->segs != 1 || w->seg[0].variable ||
		    find_name(w->seg[0].text))
			continue;
		no_such_call(w->seg[0].text, why, sizeof(why));
		return complain(b, w, why);
	}
	return true;
}

/*
 * Reports a block given for an argument that takes none: which name "driver d { ... }" lacks,
 * or, if the call takes no block at all, the argument and the usage.
 */
static bool misplaced_block(const struct binder *b, int i, const struct word *w)
{
	char usage[256], why[340];
	int n = 0;

	for (const struct param *p = b->c->param; p->type; p++)
		if (p->named && p->type->code != NO_CODE && n < (int)sizeof(why))
			n += snprintf(why + n, sizeof(why) - (size_t)n, "%s%s={ ... }",
				      n ? " or " : "a block wants its name: ", p->name);
	if (n)
		return complain(b, w, why);
	call_usage(b->c, usage, sizeof(usage));
	snprintf(why, sizeof(why), "%s cannot be a block { }: %s", b->c->param[i].name, usage);
	return complain(b, w, why);
}

static bool bind_block(struct binder *b, int i, const struct word *w)
{
	if (b->c->param[i].type->code == NO_CODE)
		return misplaced_block(b, i, w);
	if (!calls_exist(b, w->block))
		return false;
	b->arg[i].code = block_code(b->sh, block_get(w->block));
	b->arg[i].type = V_CODE;
	return b->arg[i].code || complain(b, w, "the host has no memory");
}

/* `skip`: bytes of "name=" in the first segment. */
static bool bind_word(struct binder *b, int i, const struct word *w, size_t skip)
{
	struct buf text = BUF_INIT, string = BUF_INIT;
	struct value v;
	char why[200];
	bool ok;

	if (b->arg[i].type != V_NONE) {
		buf_printf(&text, "%s is given twice", b->c->param[i].name);
		complain(b, w, buf_str(&text));
		buf_finish(&text);
		return false;
	}
	if (w->block)
		return bind_block(b, i, w);
	if (w->segs == 1 + (skip > 0) && w->seg[w->segs - 1].variable &&
	    (!skip || strlen(w->seg[0].text) == skip)) {
		ok = variable_value(b->sh, w, w->seg[w->segs - 1].text, &v, &string);
		/* a variable alone keeps its type if the parameter accepts it */
		if (ok && !call_fits(b->sh->session->machine, &b->c->param[i], &v, false, why, sizeof(why))) {
			b->arg[i] = v;
			goto out;
		}
		if (!ok)
			goto out;
	}
	ok = word_text(b->sh, w, &text);
	if (ok && !skip && !w->quoted)
		name_to_address(b, i, &text);
	ok = ok && !is_other_group(b, i, w, buf_str(&text) + skip) &&
	     bind_text(b, i, w, buf_str(&text) + skip);
out:
	buf_finish(&text);
	buf_finish(&string);
	return ok;
}

/*
 * Reports "szie=65" and "nosuch=1" as misspelt names, rather than as a value for the next
 * parameter or as one argument too many. True: an error was shown.
 */
static bool misspelt_name(const struct binder *b, const struct word *w, bool beyond)
{
	struct nearest n = { 0 };
	char name[40], why[120];
	size_t len;

	len = w->segs && !w->quoted && !w->seg[0].variable ? strcspn(w->seg[0].text, "=") : 0;
	if (!len || len >= sizeof(name) || w->seg[0].text[len] != '=')
		return false;
	memcpy(name, w->seg[0].text, len);
	name[len] = '\0';
	n.word = name;
	for (const struct param *p = b->c->param; p->type; p++)
		nearest_offer(&n, p->name);
	if (!n.best && !beyond)
		return false;
	snprintf(why, sizeof(why), n.best ? "no argument is named '%s'; did you mean '%s'?"
		 : "no argument is named '%s'; 'help %s' lists them", name,
		 n.best ? n.best : b->c->name);
	complain(b, w, why);
	return true;
}

/* Joins all words from `first` on with single blanks. */
static bool bind_rest(struct binder *b, int i, int first)
{
	struct buf text = BUF_INIT;
	bool ok = true;

	for (int w = first; ok && w < b->s->words; w++) {
		if (w > first)
			buf_putc(&text, ' ');
		if (b->s->word[w].block)
			ok = misplaced_block(b, i, &b->s->word[w]);
		else
			ok = word_text(b->sh, &b->s->word[w], &text);
	}
	ok = ok && bind_text(b, i, &b->s->word[first], buf_str(&text));
	buf_finish(&text);
	return ok;
}

static bool bind_all(struct binder *b)
{
	const struct param *param = b->c->param;
	char usage[256], why[300];
	size_t skip;
	int i = 0, named;

	for (int w = 1; w < b->s->words; w++) {
		const struct word *word = &b->s->word[w];

		while (param[i].type && (param[i].named || b->arg[i].type != V_NONE))
			i++;
		if (param[i].type && param[i].type->takes == REST_AS_TEXT)
			return bind_rest(b, i, w);
		if (param[i].type && param[i].type->takes == REST_AS_CALLS && !word->block) {
			b->arg[i] = (struct value){
				.type = V_CODE,
				/* a call of the machine shows its own result */
				.code = words_code(b->sh, b->s, w, b->within, b->c->run != NULL),
			};
			return b->arg[i].code || complain(b, word, "the host has no memory");
		}
		named = named_param(b->c, word, &skip);
		if (named >= 0) {
			if (!bind_word(b, named, word, skip))
				return false;
			continue;
		}
		if (!param[i].type && word->block && b->c->param[0].type)
			return misplaced_block(b, 0, word);
		if (!param[i].type && misspelt_name(b, word, true))
			return false;
		if (!param[i].type) {
			call_usage(b->c, usage, sizeof(usage));
			snprintf(why, sizeof(why), "too many arguments: %s", usage);
			return complain(b, word, why);
		}
		if (misspelt_name(b, word, false) || !bind_word(b, i, word, 0))
			return false;
	}
	return true;
}

static void drop_codes(struct value *arg)
{
	for (int i = 0; i < PARAMS_MAX; i++)
		if (arg[i].type == V_CODE && arg[i].code)
			arg[i].code->drop(arg[i].code);
}

bool bind_words(struct shell *sh, const struct call *c, const struct statement *s,
		struct block *within, struct value *arg, struct buf *text)
{
	struct binder b = {
		.sh = sh, .c = c, .s = s, .within = within, .arg = arg, .text = text,
	};
	char why[300];
	bool ok = bind_all(&b);

	for (int i = 0; i < PARAMS_MAX; i++)
		if (b.is_text[i])
			arg[i].s = text->s + b.offset[i];
	if (ok && call_defaults(sh->session->machine, c, arg, why, sizeof(why)))
		ok = complain(&b, &s->word[0], why);
	if (!ok)
		drop_codes(arg);
	return ok;
}
