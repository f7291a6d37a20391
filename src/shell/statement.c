/* SPDX-License-Identifier: MIT */
/* Runs statements: finds out their kind, redirects output, and judges the outcome. */
#include "shell/statement.h"

#include <errno.h>
#include <string.h>

#include <devsh/report.h>

#include "lib/interrupt.h"
#include "machine/machine.h"
#include "shell/c_line.h"
#include "shell/render.h"

static int lua_failed(struct shell *sh, const struct statement *s, enum script_status rc,
		      const struct buf *why)
{
	const char *text = buf_str(why);

	/* the statement's place in the file is more useful than "lua:1: " */
	if (!strncmp(text, "lua:1: ", 7))
		text += 7;
	show_script_errors(sh, s, text);
	return rc == SCRIPT_SYNTAX ? EXIT_SYNTAX :
	       rc == SCRIPT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SCRIPT;
}

static int run_lua_statement(struct shell *sh, const struct statement *s)
{
	struct buf why = BUF_INIT;
	enum script_status rc = script_eval(sh->session->script, s->lua, &why);
	int status = EXIT_OK;

	if (!script_is_expression(sh->session->script, s->lua))
		sh->step->changed = true;
	if (rc != SCRIPT_OK)
		status = lua_failed(sh, s, rc, &why);
	buf_finish(&why);
	shell_show_log(sh);
	return status;
}

static const struct call *find_call(struct shell *sh, const struct statement *s)
{
	const struct word *w = &s->word[0];
	struct buf name = BUF_INIT;
	const struct call *c = NULL;

	if (w->block) {
		shell_error(sh, w->line, w->col, "a block { } is not a call");
	} else if (word_text(sh, w, &name)) {
		c = find_name(buf_str(&name));
		if (!c)
			show_misspelt(sh, s, buf_str(&name));
	}
	buf_finish(&name);
	return c;
}

/* "CALL ... --lua" */
static bool asks_for_lua(const struct statement *s)
{
	const struct word *last = s->words > 1 ? &s->word[s->words - 1] : NULL;

	return last && last->segs == 1 && !last->quoted && !strcmp(last->seg[0].text, "--lua");
}

static int say_lua(struct shell *sh, const struct statement *s)
{
	struct statement without = *s;
	struct buf out = BUF_INIT;

	without.words--;
	render_lua(&without, &out);
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
	return EXIT_OK;
}

/* Prints the value as `echo` would. */
static int print_value(struct shell *sh, const struct statement *s, struct block_result *result)
{
	struct value_echo e;
	int status;

	value_echo(sh, s, &e);
	status = make_call(sh, find_name("echo"), &e.statement, NULL, result, NULL);
	buf_finish(&e.text);
	return status;
}

/* Records that the statement is not a call at all. */
static int misuse(struct shell *sh, struct block_result *result)
{
	sh->frame->now.misuse = true;
	result->err = -EINVAL;
	return EXIT_FAILED;
}

static int plain_statement(struct shell *sh, const struct statement *s, struct block *within,
			   struct block_result *result, struct value *value)
{
	const struct call *c;

	if (s->lua)
		return run_lua_statement(sh, s);
	if (asks_for_lua(s))
		return say_lua(sh, s);
	switch (value_statement(sh, s)) {
	case VALUE_WRONG: return misuse(sh, result);
	case VALUE_PRINT: return print_value(sh, s, result) ? misuse(sh, result) : EXIT_OK;
	case VALUE_ASSIGN:
		result->err = 0;
		return value_assign(sh, s) ? misuse(sh, result) : EXIT_OK;
	case VALUE_NONE: break;
	}
	c = find_call(sh, s);
	return c ? make_call(sh, c, s, within, result, value) : misuse(sh, result);
}

/* "CALL > FILE", "CALL | COMMAND" */
static int captured_statement(struct shell *sh, const struct statement *s, struct block *within,
			      struct block_result *result, struct value *value)
{
	struct buf text = BUF_INIT;
	struct output captured = output_captured(sh, &text), *before = output_enter(sh, &captured);
	int status = plain_statement(sh, s, within, result, value);

	output_enter(sh, before);
	/* a statement that is not a call writes no file */
	if (!sh->frame->now.misuse && shell_redirect(sh, s, &text)) {
		if (!status)
			status = EXIT_USAGE;
		if (sh->frame->depth)
			sh->step->once = "depends on a file or a pipe that failed";
	}
	buf_finish(&text);
	return status;
}

static int write_node(struct shell *sh, const struct statement *s, const char *text,
		      struct block_result *result)
{
	const char *who = s->words && s->word[0].segs ? s->word[0].seg[0].text : "lua";
	const struct call *write = call_find("write");
	struct value arg[PARAMS_MAX] = {
		{ .type = V_STR, .s = s->file }, { .type = V_STR, .s = text },
	};
	struct result r = RESULT_INIT;
	uint64_t log_from = report_next(sh->session->machine);
	int status;

	call_run(sh->session->machine, write, arg, &r);
	shell_show_log(sh);
	status = show_answer(sh, write, who, s, NULL, &r, log_from, result);
	result_finish(&r);
	return status;
}

/* "echo TEXT > PATH": the output becomes the text of a `write`. */
static int node_statement(struct shell *sh, const struct statement *s, struct block *within,
			  struct block_result *result)
{
	struct buf text = BUF_INIT;
	struct output plain = output_plain(sh, &text), *before;
	int status;

	if (asks_for_lua(s))
		return say_lua(sh, s);
	before = output_enter(sh, &plain);
	status = plain_statement(sh, s, within, result, NULL);
	output_enter(sh, before);
	if (!status && text.len && !result->returned)
		status = write_node(sh, s, buf_str(&text), result);
	buf_finish(&text);
	return status;
}

/*
 * The outcome of a statement, including failures of callbacks that ran during it. The
 * kernel may have ignored them, but the top-level line must not.
 */
static int verdict(struct shell *sh, const struct statement *s, int status,
		   struct block_result *result)
{
	int inside = sh->frame->now.inside;

	if (!s->negated)
		return status || sh->frame->depth ? status : inside;
	if (!status || inside > EXIT_FAILED)
		status = inside;
	/* a misspelt call is not the failure that '!' expects */
	if (status == EXIT_FAILED && !sh->frame->now.misuse) {
		result->err = 0;
		sh->frame->now.inside = EXIT_OK;
		return EXIT_OK;
	}
	if (status == EXIT_OK) {
		shell_error(sh, s->line, s->col, "'!' expects this to fail, but it succeeded");
		result->err = -EINVAL;
		return EXIT_FAILED;
	}
	return status;
}

int run_statement(struct shell *sh, const struct statement *s, struct block *within,
		  struct block_result *result, struct value *value)
{
	struct frame *f = sh->frame;
	int status;

	f->now = (struct doing){
		.deaths = session_deaths(sh->session), .expects = f->outer && f->outer->now.expects,
	};
	if (is_c_line(sh, s))
		status = misuse(sh, result);
	else if (shell_writes_node(s))
		status = node_statement(sh, s, within, result);
	else if (s->file || s->pipe)
		status = captured_statement(sh, s, within, result, value);
	else
		status = plain_statement(sh, s, within, result, value);
	status = verdict(sh, s, status, result);
	result->died = status && session_deaths(sh->session) != f->now.deaths;
	f->misuse |= f->now.misuse;
	f->inside = f->inside ? f->inside : f->now.inside;
	sh->last = status;
	return status;
}

int run_block(struct shell *sh, const struct block *b, struct block_result *result)
{
	int status = EXIT_OK;

	for (int i = 0; i < b->stmts && !status && !result->returned; i++) {
		status = run_statement(sh, &b->stmt[i], (struct block *)b, result, NULL);
		if (interrupted) {
			status = EXIT_INTERRUPTED;
			result->err = -EINTR;
		} else if (sh->session->machine->kernel.task_died) {
			status = status ? status : EXIT_FAILED;
			result->err = -EFAULT;
		}
		if (sh->session->over)
			break;
	}
	if (result->returned && !status)
		result->err = 0;
	else if (status && !result->err)
		result->err = -EINVAL;
	return status;
}
