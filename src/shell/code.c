/* SPDX-License-Identifier: MIT */
/* Blocks that the model calls: the body of a probe, an action, a traced call. */
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct shell_code {
	struct code code;
	struct shell *shell;
	struct block *block;
	const char *file;      /* where the block was written */
	const struct statement *stmt; /* words_code: run only this, from `first` on */
	int first;
	int refs;              /* a block may redefine the function that it is */
};

static void put(struct shell_code *c)
{
	if (--c->refs)
		return;
	block_put(c->block);
	free(c);
}

static void drop(struct code *code)
{
	put((struct shell_code *)code);
}

/* While a thing is tried with failures its errors are collected, not shown. */
static bool take_error(struct code *code, char *why, size_t size)
{
	struct buf *error = ((struct shell_code *)code)->shell->script_error;

	if (!error || !error->len)
		return false;
	snprintf(why, size, "%s", buf_str(error));
	buf_reset(error);
	return true;
}

/* A variable for the time of a call; what it was comes back. */
struct saved_variable {
	const char *name;
	struct value old;
	struct buf text;
};

static void set_variable(struct shell *sh, struct saved_variable *s, const char *name,
			 const struct value *v)
{
	*s = (struct saved_variable){ .name = name };
	script_get(sh->script, name, &s->old, &s->text);
	script_set(sh->script, name, v);
}

static void restore_variable(struct shell *sh, struct saved_variable *s)
{
	script_set(sh->script, s->name, &s->old);
	buf_finish(&s->text);
}

static const char *argument_name(const struct value *v)
{
	return v->type == V_DEVICE ? "dev" : v->type == V_DRIVER ? "drv" : "data";
}

static int run_block(struct code *code, const struct value *arg, int args, struct value *ret)
{
	struct shell_code *c = (struct shell_code *)code;
	struct saved_variable saved[2];
	struct block_result result = { 0 };
	struct shell *sh = c->shell;
	const char *file = sh->file;

	c->refs++;
	for (int i = 0; i < args && i < 2; i++)
		set_variable(sh, &saved[i], argument_name(&arg[i]), &arg[i]);
	sh->nested++;
	sh->file = c->file;
	shell_run_block(sh, c->block, &result);
	sh->file = file;
	sh->nested--;
	for (int i = args > 2 ? 2 : args; i-- > 0;)
		restore_variable(sh, &saved[i]);
	put(c);
	if (result.returned)
		*ret = (struct value){ .type = V_INT, .i = result.value };
	return result.err;
}

/* The traced words, as the statement that they would be on their own. */
static int run_words(struct code *code, const struct value *arg, int args, struct value *ret)
{
	struct shell_code *c = (struct shell_code *)code;
	struct block_result result = { 0 };
	struct statement s;
	int rc;

	(void)arg;
	(void)args;
	if (!statement_from(c->stmt, c->first, &s))
		return -EINVAL;
	c->shell->nested++;
	c->shell->quiet++;
	rc = shell_run_statement(c->shell, &s, c->block, &result, ret);
	c->shell->quiet--;
	c->shell->nested--;
	statement_finish(&s);
	return rc;
}

static struct code *make(struct shell *sh, struct block *b, const struct statement *s, int first)
{
	struct shell_code *c = malloc(sizeof(*c));

	if (!c) {
		block_put(b);
		return NULL;
	}
	*c = (struct shell_code){
		.code = { s ? run_words : run_block, drop, take_error },
		.shell = sh, .block = b, .file = sh->file, .stmt = s, .first = first, .refs = 1,
	};
	return &c->code;
}

struct code *block_code(struct shell *sh, struct block *b)
{
	return make(sh, b, NULL, 0);
}

struct code *words_code(struct shell *sh, const struct statement *s, int first,
			struct block *within)
{
	return make(sh, block_get(within), s, first);
}
