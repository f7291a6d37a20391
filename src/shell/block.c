/* SPDX-License-Identifier: MIT */
/*
 * Code that the model calls: blocks, such as the body of a probe or an action, and traced
 * calls.
 */
#include "shell/statement.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/trace.h"
#include "lib/host_memory.h"
#include "shell/assignment.h"

struct shell_code {
	struct code code;
	struct shell *shell;
	struct block *block;
	const char *file;      /* where the block was written */
	const struct statement *stmt; /* words_code(): runs only this, from `first` on */
	int first;
	bool quiet;            /* the words' result is not shown: the call around has its own */
	int inside_before;     /* now.inside of the outer statement, before this ran */
	int refs;              /* a block may redefine the function that it belongs to */
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

/* While failures are injected, errors are collected instead of shown. */
static bool take_error(struct code *code, char *why, size_t size)
{
	struct shell_code *c = (struct shell_code *)code;
	struct unshown *errors = c->shell->out->unshown;

	c->shell->frame->now.inside = c->inside_before;
	if (!errors || !errors->script.len)
		return false;
	snprintf(why, size, "%s", buf_str(&errors->script));
	buf_reset(&errors->script);
	return true;
}

/* A variable that is set during a call and restored afterwards. */
struct saved_variable {
	const char *name;
	struct value old;
	struct buf text;
};

static void set_variable(struct shell *sh, struct saved_variable *s, const char *name,
			 const struct value *v)
{
	*s = (struct saved_variable){ .name = name };
	script_get(sh->session->script, name, &s->old, &s->text);
	script_set(sh->session->script, name, v);
}

static void restore_variable(struct shell *sh, struct saved_variable *s)
{
	script_set(sh->session->script, s->name, &s->old);
	buf_finish(&s->text);
}

static const char *argument_name(const struct value *v)
{
	return v->type == V_DEVICE ? "dev" : v->type == V_DRIVER ? "drv" : "data";
}

/*
 * The only way into code and out of it. If the code fails, so does the statement that ran
 * it, even if the kernel ignores the errno.
 */
static int run(struct shell_code *c, const struct statement *s, struct block_result *result,
	       struct value *ret)
{
	struct shell *sh = c->shell;
	struct frame *outer = sh->frame, frame;
	struct buf held = script_hold_error(sh->session->script);
	int status;

	c->refs++;
	c->inside_before = outer->now.inside;
	frame_enter(sh, &frame, s ? outer->file : c->file, true);
	if (s)
		status = run_statement(sh, s, c->block, result, ret);
	else
		status = run_block(sh, c->block, result);
	frame_leave(sh);
	/* an expected death is not a failure */
	if (status && !outer->now.inside && !(outer->now.expects && result->died))
		outer->now.inside = status;
	if (status && !result->err)
		result->err = -EINVAL;
	put(c);
	script_join_error(sh->session->script, held);
	return status ? result->err : 0;
}

static int call_block(struct code *code, const struct value *arg, int args, struct value *ret)
{
	struct shell_code *c = (struct shell_code *)code;
	struct saved_variable saved[2];
	struct block_result result = { 0 };
	struct shell *sh = c->shell;
	int rc;

	for (int i = 0; i < args && i < 2; i++)
		set_variable(sh, &saved[i], argument_name(&arg[i]), &arg[i]);
	rc = run(c, NULL, &result, ret);
	for (int i = args > 2 ? 2 : args; i-- > 0;)
		restore_variable(sh, &saved[i]);
	if (result.returned && !rc)
		*ret = (struct value){ .type = V_INT, .i = result.value };
	return rc;
}

/* Runs the traced words as a statement of their own. */
static int call_words(struct code *code, const struct value *arg, int args, struct value *ret)
{
	struct shell_code *c = (struct shell_code *)code;
	struct block_result result = { 0 };
	struct output out = *c->shell->out, *before;
	struct statement s;
	int rc;

	(void)arg;
	(void)args;
	if (!statement_from(c->stmt, c->first, is_call, &s))
		return -EINVAL;
	out.quiet |= c->quiet;
	before = output_enter(c->shell, &out);
	rc = run(c, &s, &result, ret);
	output_enter(c->shell, before);
	statement_finish(&s);
	return rc;
}

static struct code *make(struct shell *sh, struct block *b, const struct statement *s, int first)
{
	struct shell_code *c = host_malloc(sizeof(*c));

	if (!c) {
		block_put(b);
		return NULL;
	}
	*c = (struct shell_code){
		.code = { s ? call_words : call_block, drop, take_error },
		.shell = sh, .block = b, .file = sh->frame->file, .stmt = s, .first = first, .refs = 1,
	};
	return &c->code;
}

struct code *block_code(struct shell *sh, struct block *b)
{
	return make(sh, b, NULL, 0);
}

struct code *words_code(struct shell *sh, const struct statement *s, int first,
			struct block *within, bool quiet)
{
	struct code *code = make(sh, block_get(within), s, first);

	if (code)
		((struct shell_code *)code)->quiet = quiet;
	return code;
}
