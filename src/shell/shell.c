/* SPDX-License-Identifier: MIT */
/* Running statements: find the call, bind the words, make it, show the answer. */
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "call/entry.h"
#include "kernel/params.h"
#include "lib/interrupt.h"
#include "machine/machine.h"
#include "shell/builtin.h"

/* Tasks that the kernel killed in this boot, the last one maybe by a panic. */
static uint32_t deaths(const struct shell *sh)
{
	const struct kernel *k = &sh->machine->kernel;

	return k->reports[REPORT_BUG] + k->reports[REPORT_OOPS] + k->panic.panicked;
}

/* An error of Lua; those of several callbacks are lines. */
static void script_errors(struct shell *sh, const struct statement *s, const char *text)
{
	if (sh->expects && deaths(sh) != sh->deaths)
		return;
	if (sh->script_error && !sh->script_error->len)
		buf_add(sh->script_error, text, strcspn(text, "\n"));
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		shell_error(sh, s->line, s->col, "%.*s", (int)len, text);
	}
}

static int lua_failed(struct shell *sh, const struct statement *s, enum script_status rc,
		      const struct buf *why)
{
	const char *text = buf_str(why);

	/* the place in the file is the statement's; "lua:1: " says less */
	if (!strncmp(text, "lua:1: ", 7))
		text += 7;
	script_errors(sh, s, text);
	return rc == SCRIPT_SYNTAX ? EXIT_SYNTAX :
	       rc == SCRIPT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SCRIPT;
}

static int run_lua_statement(struct shell *sh, const struct statement *s)
{
	struct buf why = BUF_INIT;
	enum script_status rc = script_eval(sh->script, s->lua, &why);
	int status = EXIT_OK;

	if (!script_is_expression(sh->script, s->lua))
		sh->changed = true;
	if (rc != SCRIPT_OK)
		status = lua_failed(sh, s, rc, &why);
	buf_finish(&why);
	shell_show_log(sh);
	return status;
}

/* A call by its name, or by a word that people try first. */
const struct call *find_name(const char *name)
{
	static const char *const other[][2] = {
		{ "exit", "quit" }, { "?", "help" }, { "man", "help" },
	};

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (!strcmp(name, other[i][0]))
			return call_find(other[i][1]);
	return call_find(name);
}

/* "devm_kmalloc(eth0, 64)" is how C and Lua say it. True: said so. */
static bool in_parentheses(struct shell *sh, const struct word *w, const char *name)
{
	char call[64];
	size_t len = strcspn(name, "(");

	if (name[len] != '(' || len >= sizeof(call))
		return false;
	memcpy(call, name, len);
	call[len] = '\0';
	if (!find_name(call))
		return false;
	shell_error(sh, w->line, w->col, "%s: no parentheses and commas here: '%s' and its arguments "
		    "with blanks between them; Lua stands behind '='", call, call);
	return true;
}

/* "machine|grep x": where a word has '|', a flag goes on. True: said so. */
static bool pipe_in_word(struct shell *sh, const struct word *w, const char *name)
{
	char call[64];
	size_t len = strcspn(name, "|");

	if (!name[len] || len >= sizeof(call))
		return false;
	memcpy(call, name, len);
	call[len] = '\0';
	if (!find_name(call))
		return false;
	shell_error(sh, w->line, w->col, "%s: wants a blank before '|': '%s | %.40s'", call, call,
		    name + len + 1);
	return true;
}

/* "n = 5 * 3", "q = p + 10": Lua computes. True: said so. */
static bool is_sum(struct shell *sh, const struct statement *s)
{
	static const char *const operators = " + - * / // % .. & ~ << ";
	const struct word *w = s->words >= 3 ? &s->word[1] : NULL;
	struct buf sum = BUF_INIT, op = BUF_INIT;
	bool is;

	if (!s->assign || !w || w->segs != 1 || w->seg[0].variable || w->quoted)
		return false;
	buf_printf(&op, " %s ", w->seg[0].text);
	is = strstr(operators, buf_str(&op)) != NULL;
	buf_printf(&sum, "%s =", s->assign);
	for (int i = 0; i < s->words; i++)
		for (int seg = 0; seg < s->word[i].segs; seg++)
			buf_printf(&sum, "%s%s", seg ? "" : " ", s->word[i].seg[seg].text);
	if (is)
		shell_error(sh, s->word[0].line, s->word[0].col,
			    "a call or one value stands behind '='; Lua computes: 'lua %.60s'",
			    buf_str(&sum));
	buf_finish(&sum);
	buf_finish(&op);
	return is;
}

static const struct call *find_call(struct shell *sh, const struct statement *s, int *status)
{
	struct buf name = BUF_INIT;
	const struct call *c = NULL;
	const char *near;

	*status = EXIT_FAILED;
	if (s->word[0].block) {
		shell_error(sh, s->word[0].line, s->word[0].col, "a block { } is no call");
	} else if (word_text(sh, &s->word[0], &name)) {
		c = find_name(buf_str(&name));
		near = c ? NULL : call_suggest(buf_str(&name));
		if (!c && (is_sum(sh, s) ||
				pipe_in_word(sh, &s->word[0], buf_str(&name)) ||
				in_parentheses(sh, &s->word[0], buf_str(&name))))
			;
		else if (!c && near)
			shell_error(sh, s->word[0].line, s->word[0].col,
				    "%.60s: no such call; did you mean '%s'?", buf_str(&name), near);
		else if (!c)
			shell_error(sh, s->word[0].line, s->word[0].col,
				    "%.60s: no such call; 'help' lists all", name.len ? buf_str(&name) : "''");
	}
	buf_finish(&name);
	return c;
}

/* Says why a call failed; NULL from an allocation has said so itself. */
/*
 * The call failed because the task died, and a block further inside has said
 * so. Whoever called that one dies with it; only the line at the top tells it again.
 */
static bool death_was_told(struct shell *sh, const struct result *r)
{
	uint32_t now = deaths(sh);

	if (!sh->nested || now == sh->deaths || r->value.type != V_NONE)
		return false;
	if (sh->expects || sh->death_told == now)
		return true;
	sh->death_told = now;
	return false;
}

static int call_status(struct shell *sh, const struct call *c, const char *who,
		       const struct statement *s, const struct result *r)
{
	struct buf why = BUF_INIT;
	int status = EXIT_OK;

	if (script_take_error(sh->script, &why)) {
		script_errors(sh, s, buf_str(&why));
		status = interrupted ? EXIT_INTERRUPTED : EXIT_SCRIPT;
	} else if (call_failed(c, r)) {
		status = EXIT_FAILED;
		if (s->negated || death_was_told(sh, r))
			;
		else if (r->err)
			shell_error(sh, s->line, s->col, "%s: %s", who,
				    *r->why ? r->why : errno_text(-r->err));
		else if (!sh->interactive || sh->nested)
			/* inside of a block the note is shown already */
			shell_error(sh, s->line, s->col, "%s: NULL%s%.*s", who,
				    *r->note && !sh->nested ? ": " : "",
				    sh->nested ? 0 : (int)strcspn(r->note, "\n"), r->note);
	}
	buf_finish(&why);
	return status;
}

/* Shows what came out; `who` is the name that an error is told under. */
static int answer(struct shell *sh, const struct call *c, const char *who,
		  const struct statement *s, const char *assign, const struct result *r,
		  uint64_t log_from, struct block_result *block)
{
	int status;

	shell_show_result(sh, c, r, assign, log_from);
	/* that of a NULL stands in the error */
	if (*r->note && (sh->interactive || sh->nested || s->negated || !call_failed(c, r) ||
			 r->err))
		shell_show_note(sh, c, r->note);
	status = call_status(sh, c, who, s, r);
	if (status)
		block->err = r->err ? r->err : -ENOMEM;
	return status;
}

/* Why a built-in cannot run here, or NULL. */
static const char *forbidden(const struct shell *sh, const struct builtin *b)
{
	if (b->flags & BUILTIN_STEPS && sh->replaying)
		return "not while steps are replayed";
	if (b->flags & BUILTIN_STEPS && sh->forward)
		return sh->compared ? "machines side by side only go forward"
				    : "a scenario only goes forward";
	if (b->flags & BUILTIN_ALONE && (sh->nested || sh->machine->kernel.nesting))
		return "wants a line of its own, outside of blocks";
	return NULL;
}

/* The prompt's own way to run this call, or NULL: the machine runs it. */
static const struct builtin *own_way(const struct shell *sh, const struct call *c)
{
	const struct builtin *b;

	if (c->run && !(c->flags & CALL_COPIES))
		return NULL;
	b = sh->builtin(c);
	return b && c->run && forbidden(sh, b) ? NULL : b;
}

/* EXIT_OK, or what failed and was said; what is in r is still to be shown. */
static int run_builtin(const struct builtin *b, const struct invocation *in)
{
	const char *why = forbidden(in->sh, b);
	int status;

	if (in->sh->replaying && b->flags & BUILTIN_OUTSIDE)
		return EXIT_OK;
	if (why) {
		result_error(in->r, -EINVAL, "%s", why);
		return EXIT_OK;
	}
	status = b->run(in);
	in->block->err = status ? -EINVAL : 0;
	return status;
}

/* The value goes to the variable that the statement names, if any. */
static void assign(struct shell *sh, const struct statement *s, const struct value *v)
{
	if (!s->assign)
		return;
	script_set(sh->script, s->assign, v);
	sh->changed = true;
}

static bool has_answer(const struct result *r)
{
	return r->err || r->column || r->value.type != V_NONE;
}

int make_call(struct shell *sh, const struct call *c, const struct statement *s,
		     struct block *within, struct block_result *block, struct value *value)
{
	const struct builtin *own = own_way(sh, c);
	const char *assigned = s->assign;
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	struct buf text = BUF_INIT;
	uint64_t log_from = UINT64_MAX;
	int status = EXIT_FAILED;

	block->err = -EINVAL;
	if (!own && !c->run) {
		result_error(&r, -ENOSYS, "is in the table of calls, and nothing runs it");
		goto show;
	}
	if (!(own && own->flags & BUILTIN_WORDS) && !bind_words(sh, c, s, within, arg, &text))
		goto out;
	block->err = 0;
	if (own) {
		status = run_builtin(own, &(struct invocation){ sh, s, arg, &r, block });
		if (status || !has_answer(&r))
			goto out;
		/* what goes through steps would take the variable along */
		if (own->flags & BUILTIN_ALONE)
			assigned = NULL;
		else if (!r.err)
			assign(sh, s, &r.value);
		shell_show_log(sh);
		goto show;
	}
	log_from = report_next(sh->machine);
	call_run(sh->machine, c, arg, &r);
	if (c->flags & CALL_BOOT)
		log_from = 0;
	shell_show_log(sh);
	if (!r.err || r.value.type == V_INT)
		assign(sh, s, &r.value);
	if (c->flags & CALL_RETURNS && sh->nested && !s->assign && r.value.type == V_INT &&
	    r.value.i < 0 && !r.err) {
		block->returned = true;
		block->value = r.value.i;
		status = EXIT_OK;
		goto out;
	}
show:
	status = answer(sh, c, c->name, s, assigned, &r, log_from, block);
	if (value && r.value.type != V_STR)
		*value = r.value;
out:
	result_finish(&r);
	buf_finish(&text);
	return status;
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

static int plain_statement(struct shell *sh, const struct statement *s, struct block *within,
			   struct block_result *result, struct value *value)
{
	const struct call *c;
	int status;

	if (s->lua)
		return run_lua_statement(sh, s);
	if (asks_for_lua(s))
		return say_lua(sh, s);
	if (value_statement(sh, s, &status)) {
		sh->misuse = status != EXIT_OK;
		result->err = status ? -EINVAL : 0;
		return status;
	}
	c = find_call(sh, s, &status);
	if (!c) {
		sh->misuse = status != EXIT_OK;
		result->err = status ? -EINVAL : 0;
		return status;
	}
	return make_call(sh, c, s, within, result, value);
}

static int captured_statement(struct shell *sh, const struct statement *s, struct block *within,
			      struct block_result *result, struct value *value)
{
	struct buf out = BUF_INIT, *before = sh->capture;
	bool colour = sh->style.colour, plain = sh->plain;
	int status;

	/* what reads a file or a pipe wants text */
	sh->style.colour = false;
	sh->capture = &out;
	sh->plain = false;
	status = plain_statement(sh, s, within, result, value);
	sh->plain = plain;
	sh->capture = before;
	sh->style.colour = colour;
	if (shell_redirect(sh, s, &out)) {
		if (!status)
			status = EXIT_USAGE;
		if (sh->nested)
			sh->once = "depends on a file or a pipe that failed";
	}
	buf_finish(&out);
	return status;
}

/* "echo TEXT > PATH": what is printed becomes the text of a `write`. */
static int node_statement(struct shell *sh, const struct statement *s, struct block *within,
			  struct block_result *result)
{
	struct buf out = BUF_INIT, *capture = sh->capture, *around = sh->around;
	bool colour = sh->style.colour, plain = sh->plain;
	const char *who = s->words && s->word[0].segs ? s->word[0].seg[0].text : "lua";
	const struct call *write = call_find("write");
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	uint64_t log_from;
	int status;

	if (asks_for_lua(s))
		return say_lua(sh, s);
	sh->style.colour = false;
	if (!plain)
		sh->around = capture;
	sh->capture = &out;
	sh->plain = true;
	status = plain_statement(sh, s, within, result, NULL);
	sh->plain = plain;
	sh->capture = capture;
	sh->around = around;
	sh->style.colour = colour;
	if (!status && out.len && !result->returned) {
		arg[0] = (struct value){ .type = V_STR, .s = s->file };
		arg[1] = (struct value){ .type = V_STR, .s = buf_str(&out) };
		log_from = report_next(sh->machine);
		call_run(sh->machine, write, arg, &r);
		shell_show_log(sh);
		status = answer(sh, write, who, s, NULL, &r, log_from, result);
	}
	result_finish(&r);
	buf_finish(&out);
	return status;
}

/*
 * What a statement comes to, with what failed in the callbacks that ran in it.
 * The kernel may well have gone on without a word: the line did not, where
 * nothing is around it that would fail in its turn.
 */
static int verdict(struct shell *sh, const struct statement *s, int status,
		   struct block_result *result)
{
	int inside = sh->callback_status;

	if (!s->negated)
		return status || sh->nested ? status : inside;
	if (!status || inside > EXIT_FAILED)
		status = inside;
	/* a misspelt call fails, but not as somebody expects */
	if (status == EXIT_FAILED && !sh->misuse) {
		result->err = 0;
		sh->callback_status = EXIT_OK;
		return EXIT_OK;
	}
	if (status == EXIT_OK) {
		shell_error(sh, s->line, s->col, "'!' wants this to fail, and it did not");
		result->err = -EINVAL;
		return EXIT_FAILED;
	}
	return status;
}

int run_statement(struct shell *sh, const struct statement *s, struct block *within,
			 struct block_result *result, struct value *value)
{
	const bool misuse = sh->nested && sh->misuse;
	const int earlier = sh->callback_status;
	const uint32_t deaths_before = sh->deaths;
	int status;

	sh->callback_status = EXIT_OK;
	sh->deaths = deaths(sh);
	sh->misuse = sh->json_told = false;
	if (shell_writes_node(s))
		status = node_statement(sh, s, within, result);
	else if (s->file || s->pipe)
		status = captured_statement(sh, s, within, result, value);
	else
		status = plain_statement(sh, s, within, result, value);
	status = verdict(sh, s, status, result);
	result->died = status && deaths(sh) != sh->deaths;
	sh->deaths = deaths_before;
	sh->misuse |= misuse;
	if (earlier || !sh->nested)
		sh->callback_status = earlier;
	return status;
}

int shell_run_statement(struct shell *sh, const struct statement *s, struct block *within,
			struct block_result *result, struct value *value)
{
	int status = run_statement(sh, s, within, result, value);

	return status ? result->err ? result->err : -EINVAL : 0;
}

int shell_run_block(struct shell *sh, const struct block *b, struct block_result *result)
{
	int status = EXIT_OK;

	for (int i = 0; i < b->stmts && !status && !result->returned; i++) {
		status = run_statement(sh, &b->stmt[i], (struct block *)b, result, NULL);
		if (interrupted) {
			status = EXIT_INTERRUPTED;
			result->err = -EINTR;
		} else if (sh->machine->kernel.task_died) {
			status = status ? status : EXIT_FAILED;
			result->err = -EFAULT;
		}
		if (sh->quit)
			break;
	}
	if (result->returned && !status)
		result->err = 0;
	else if (status && !result->err)
		result->err = -EINVAL;
	return status;
}
