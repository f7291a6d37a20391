/* SPDX-License-Identifier: MIT */
/* Running statements: find the call, bind the words, make it, show the answer. */
#include "shell/shell.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "kernel/params.h"
#include "lib/interrupt.h"

enum { SOURCES_MAX = 16 };

/* --- session ------------------------------------------------------------------ */

static void print_from_lua(void *ctx, const char *text, size_t len)
{
	struct shell *sh = ctx;

	if (sh->json)
		shell_json_text(sh, "output", text, NULL);
	else
		shell_write(sh, text, len);
}

static void called_from_lua(void *ctx)
{
	shell_show_log(ctx);
}

int shell_init(struct shell *sh, const struct shell_config *c, char *why, size_t whysize)
{
	const struct script_host host = { sh, print_from_lua, called_from_lua };

	*sh = (struct shell){
		.interactive = c->interactive, .keep_going = c->keep_going, .json = c->json,
		.confined = c->confined,
		.style = { .colour = c->colour, .width = 80 },
	};
	sh->machine = machine_create(c->boot ? c->boot : "", why, whysize);
	if (!sh->machine)
		return -EINVAL;
	sh->script = script_create(sh->machine, &host);
	if (!sh->script) {
		machine_destroy(sh->machine);
		snprintf(why, whysize, "the host has no memory");
		return -ENOMEM;
	}
	return 0;
}

int shell_finish(struct shell *sh)
{
	int status = sh->status;

	if (sh->json)
		shell_write(sh, sh->json_open ? "\n]\n" : "[]\n", 3);
	/* functions that drivers hold are dropped by the machine, into the script */
	machine_destroy(sh->machine);
	script_destroy(sh->script);
	shell_flush(sh);
	for (int i = 0; i < sh->names; i++)
		free(sh->name[i]);
	free(sh->name);
	return sh->output_failed && !status ? EXIT_USAGE : status;
}

/* Blocks remember the file they are from for as long as the session lasts. */
static const char *keep_name(struct shell *sh, const char *name)
{
	char **all;

	for (int i = 0; i < sh->names; i++)
		if (!strcmp(sh->name[i], name))
			return sh->name[i];
	all = realloc(sh->name, ((size_t)sh->names + 1) * sizeof(*all));
	if (!all)
		return "?";
	sh->name = all;
	sh->name[sh->names] = strdup(name);
	return sh->name[sh->names] ? sh->name[sh->names++] : "?";
}

/* --- the shell's own calls -------------------------------------------------------- */

/* A key, or 0 after Ctrl-C. poll() comes back from a signal, read() may not. */
static char read_key(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char c = 0;

	while (!interrupted && poll(&in, 1, -1) != 1)
		;
	if (!interrupted && read(STDIN_FILENO, &c, 1) != 1)
		return 0;
	return interrupted ? 0 : c;
}

static int wait_for_key(struct shell *sh)
{
	static const char ask[] = "-- any key; q ends --";
	struct termios old, raw;
	char c;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &old))
		return EXIT_OK;
	shell_write(sh, ask, sizeof(ask) - 1);
	fflush(stdout);
	raw = old;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	c = read_key();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	shell_write(sh, "\r                     \r", sizeof(ask) + 1);
	if (c == 'q' || c == 4)
		sh->stop = true;
	return interrupted ? EXIT_INTERRUPTED : EXIT_OK;
}

static int set_verbose(struct shell *sh, const struct statement *s, const char *state)
{
	if (strcmp(state, "on") && strcmp(state, "off")) {
		shell_error(sh, s->line, s->col, "verbose: state '%.20s': wants on or off", state);
		return EXIT_FAILED;
	}
	sh->verbose = !strcmp(state, "on");
	sh->shown = s->line;
	return EXIT_OK;
}

static int run_source(struct shell *sh, const struct statement *s, const char *path)
{
	struct scenario described;
	int rc;

	if (sh->confined || sh->sources >= SOURCES_MAX) {
		shell_error(sh, s->line, s->col, sh->confined ? "source: not allowed here"
			    : "source: files are nested too deep");
		return EXIT_FAILED;
	}
	if (access(path, R_OK)) {
		shell_error(sh, s->line, s->col, "source: %s: %s", path, strerror(errno));
		return EXIT_USAGE;
	}
	sh->sources++;
	rc = shell_file(sh, path);
	sh->sources--;
	if (!rc && script_scenario(sh->script, 0, &described))
		/* each would boot the machine: not under the hands of who sits here */
		shell_error(sh, s->line, s->col, "source: %s describes scenarios: 'devsh run %s' runs them",
			    path, path);
	return rc;
}

/* Lua that a person types line by line, until an empty line. */
static int lua_session(struct shell *sh, const struct statement *s)
{
	if (!sh->interactive) {
		shell_error(sh, s->line, s->col, "lua: wants Lua behind it: lua print(6 * 7)");
		return EXIT_FAILED;
	}
	sh->lua_mode = true;
	return EXIT_OK;
}

static int own_call(struct shell *sh, const struct call *c, const struct statement *s,
		    const struct value *arg, struct block_result *result)
{
	if (!strcmp(c->name, "source"))
		return run_source(sh, s, arg[0].s);
	if (!strcmp(c->name, "pause"))
		return wait_for_key(sh);
	if (!strcmp(c->name, "verbose"))
		return set_verbose(sh, s, arg[0].s);
	if (!strcmp(c->name, "lua"))
		return lua_session(sh, s);
	if (!strcmp(c->name, "return")) {
		result->returned = true;
		result->value = arg[0].i;
		return EXIT_OK;
	}
	sh->quit = true;
	return EXIT_OK;
}

/* --- statements -------------------------------------------------------------------- */

static int lua_failed(struct shell *sh, const struct statement *s, enum script_status rc,
		      const struct buf *why)
{
	const char *text = buf_str(why);

	/* the place in the file is the statement's; "lua:1: " says less */
	if (!strncmp(text, "lua:1: ", 7))
		text += 7;
	shell_error(sh, s->line, s->col, "%s", text);
	return rc == SCRIPT_SYNTAX ? EXIT_SYNTAX :
	       rc == SCRIPT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SCRIPT;
}

static int run_lua_statement(struct shell *sh, const struct statement *s)
{
	struct buf why = BUF_INIT;
	enum script_status rc = script_eval(sh->script, s->lua, &why);
	int status = EXIT_OK;

	if (rc != SCRIPT_OK)
		status = lua_failed(sh, s, rc, &why);
	buf_finish(&why);
	shell_show_log(sh);
	return status;
}

/* "n = 64": no call, but a value. */
static bool assign_literal(struct shell *sh, const struct statement *s)
{
	struct buf text = BUF_INIT;
	struct value v;
	uint64_t u;

	if (s->words != 1 || s->word[0].block || !word_text(sh, &s->word[0], &text)) {
		buf_finish(&text);
		return false;
	}
	v = (struct value){ .type = V_STR, .s = buf_str(&text) };
	if (s->word[0].segs == 1 && s->word[0].seg[0].variable) {
		struct buf string = BUF_INIT;

		script_get(sh->script, s->word[0].seg[0].text, &v, &string);
		script_set(sh->script, s->assign, &v);
		buf_finish(&string);
	} else {
		if (!s->word[0].quoted && !parse_size(buf_str(&text), &u))
			v = (struct value){ .type = V_INT, .i = (int64_t)u };
		script_set(sh->script, s->assign, &v);
	}
	buf_finish(&text);
	return true;
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
		if (!c && s->assign && !near && assign_literal(sh, s))
			*status = EXIT_OK;
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
static int call_status(struct shell *sh, const struct call *c, const struct statement *s,
		       const struct result *r)
{
	struct buf why = BUF_INIT;
	int status = EXIT_OK;

	if (script_take_error(sh->script, &why)) {
		shell_error(sh, s->line, s->col, "%s", buf_str(&why));
		status = interrupted ? EXIT_INTERRUPTED : EXIT_SCRIPT;
	} else if (call_failed(c, r)) {
		status = EXIT_FAILED;
		if (s->negated)
			status = EXIT_FAILED;
		else if (r->err)
			shell_error(sh, s->line, s->col, "%s: %s", c->name,
				    *r->why ? r->why : errno_text(-r->err));
		else if (!sh->interactive && !sh->nested)
			shell_error(sh, s->line, s->col, "%s: NULL%s%s", c->name,
				    *r->note ? ": " : "", r->note);
	}
	buf_finish(&why);
	return status;
}

static int make_call(struct shell *sh, const struct call *c, const struct statement *s,
		     struct block *within, struct block_result *block, struct value *value)
{
	struct value arg[PARAMS_MAX] = { { 0 } };
	struct result r = RESULT_INIT;
	struct buf text = BUF_INIT;
	uint64_t log_from;
	int status = EXIT_FAILED;

	block->err = -EINVAL;
	if (!bind_words(sh, c, s, within, arg, &text))
		goto out;
	block->err = 0;
	if (!c->run) {
		status = own_call(sh, c, s, arg, block);
		if (status)
			block->err = -EINVAL;
		goto out;
	}
	log_from = report_next(sh->machine);
	call_run(sh->machine, c, arg, &r);
	if (c->flags & CALL_BOOT)
		log_from = 0;
	shell_show_log(sh);
	if (s->assign && (!r.err || r.value.type == V_INT))
		script_set(sh->script, s->assign, &r.value);
	shell_show_result(sh, c, &r, s->assign, log_from);
	if (*r.note && (sh->interactive || sh->nested || s->negated || !call_failed(c, &r)))
		shell_show_note(sh, c, r.note);
	status = call_status(sh, c, s, &r);
	if (status)
		block->err = r.err ? r.err : -ENOMEM;
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
	bool colour = sh->style.colour;
	int status;

	/* what reads a file or a pipe wants text */
	sh->style.colour = false;
	sh->capture = &out;
	status = plain_statement(sh, s, within, result, value);
	sh->capture = before;
	sh->style.colour = colour;
	if (shell_redirect(sh, s, &out) && !status)
		status = EXIT_USAGE;
	buf_finish(&out);
	return status;
}

/* EXIT_OK or what failed; result->err is what a block ends with. */
static int run_statement(struct shell *sh, const struct statement *s, struct block *within,
			 struct block_result *result, struct value *value)
{
	int status;

	sh->misuse = sh->json_told = false;
	if (s->file || s->pipe)
		status = captured_statement(sh, s, within, result, value);
	else
		status = plain_statement(sh, s, within, result, value);
	if (!s->negated)
		return status;
	/* a misspelt call fails, but not as somebody expects */
	if (status == EXIT_FAILED && !sh->misuse) {
		result->err = 0;
		return EXIT_OK;
	}
	if (status == EXIT_OK) {
		shell_error(sh, s->line, s->col, "'!' wants this to fail, and it did not");
		result->err = -EINVAL;
		return EXIT_FAILED;
	}
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
	for (int i = 0; i < b->stmts; i++) {
		int status = run_statement(sh, &b->stmt[i], (struct block *)b, result, NULL);

		if (status || result->returned || interrupted || sh->quit) {
			if (status && !result->err)
				result->err = -EINVAL;
			if (interrupted)
				result->err = -EINTR;
			break;
		}
	}
	if (result->returned)
		result->err = 0;
	return result->err;
}

/* --- text ------------------------------------------------------------------------------ */

/*
 * The lines up to a statement's last, as if they had been typed; comments and
 * empty lines stand for themselves.
 */
static void show_lines(struct shell *sh, int first, int upto)
{
	const char *at = sh->source;
	struct buf out = BUF_INIT;

	for (int line = 1; at && *at && line <= upto; line++) {
		size_t len = strcspn(at, "\n");

		if (line > sh->shown) {
			const char *text = at + strspn(at, " \t");

			if (!len)
				buf_putc(&out, '\n');
			else if (*text == '#')
				buf_printf(&out, "%s%.*s%s\n", sh->style.colour ? "\033[36m" : "",
					   (int)(len - (size_t)(text - at)), text,
					   sh->style.colour ? "\033[0m" : "");
			else if (strncmp(text, "pause", 5) && strncmp(text, "verbose", 7))
				buf_printf(&out, "%s%.*s\n", line > first ? "  ...> " : "devsh> ",
					   (int)len, at);
		}
		at += len + (at[len] == '\n');
	}
	if (upto > sh->shown)
		sh->shown = upto;
	shell_write(sh, buf_str(&out), out.len);
	buf_finish(&out);
}

int shell_run(struct shell *sh, const struct block *b)
{
	int failed = EXIT_OK;

	for (int i = 0; i < b->stmts && !sh->quit && !sh->stop; i++) {
		struct block_result result = { 0 };
		int status;

		if (interrupted)
			return sh->status = EXIT_INTERRUPTED;
		if (sh->verbose && sh->source && !sh->json)
			show_lines(sh, b->stmt[i].line, b->stmt[i].last_line);
		status = run_statement(sh, &b->stmt[i], (struct block *)b, &result, NULL);
		if (result.returned && !status) {
			shell_error(sh, b->stmt[i].line, b->stmt[i].col,
				    "return: there is no block to end here");
			status = EXIT_FAILED;
		}
		if (!status)
			continue;
		failed = sh->status = status;
		/* a file stops at its first failure, also when it is sourced at the prompt */
		if ((!sh->interactive || sh->sources) && !sh->keep_going)
			return status;
	}
	if (sh->verbose && sh->source && !sh->json && !sh->stop)
		show_lines(sh, INT32_MAX, INT32_MAX);
	return failed;
}

static bool lua_incomplete(void *ctx, const char *text)
{
	return script_incomplete(ctx, text);
}

int shell_text(struct shell *sh, const char *name, const char *text, size_t len)
{
	struct parse p = { .lua_incomplete = lua_incomplete, .ctx = sh->script };
	const char *file = sh->file, *source = sh->source;
	int shown = sh->shown, status;
	bool verbose = sh->verbose;
	struct block *b;

	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
		/* a byte order mark, as some editors leave it */
		text += 3;
		len -= 3;
	}
	sh->file = name ? keep_name(sh, name) : NULL;
	if (parse_text(&p, text, len, 1, &b) != PARSE_OK) {
		shell_error(sh, p.line, p.col, "%s", p.why);
		status = sh->status = EXIT_SYNTAX;
	} else {
		sh->source = text;
		sh->shown = 0;
		status = shell_run(sh, b);
		block_put(b);
	}
	sh->file = file;
	sh->source = source;
	sh->shown = shown;
	sh->verbose = verbose;
	sh->stop = false;
	return status;
}

int shell_lua(struct shell *sh, const char *name, const char *text, size_t len)
{
	struct buf why = BUF_INIT;
	enum script_status rc = script_run(sh->script, name, text, len, &why);

	shell_show_log(sh);
	if (rc != SCRIPT_OK) {
		shell_json_text(sh, "error", buf_str(&why), NULL);
		fflush(stdout);
		fprintf(stderr, "%s\n", buf_str(&why));
		sh->status = rc == SCRIPT_SYNTAX ? EXIT_SYNTAX :
			     rc == SCRIPT_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SCRIPT;
	}
	buf_finish(&why);
	return rc == SCRIPT_OK ? EXIT_OK : sh->status;
}

int read_file(const char *path, struct buf *out)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char block[65536];
	size_t n;
	int rc = 0;

	if (!f)
		return -errno;
	errno = 0;
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(out, block, n);
	if (ferror(f))
		rc = errno ? -errno : -EIO;
	if (f != stdin)
		fclose(f);
	return out->cut ? -ENOMEM : rc;
}

static bool is_lua(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && !strcmp(path + len - 4, ".lua");
}

int shell_file(struct shell *sh, const char *path)
{
	struct buf text = BUF_INIT;
	int rc = read_file(path, &text), status;

	if (rc) {
		fflush(stdout);
		fprintf(stderr, "devsh: %s: %s\n", path, strerror(-rc));
		status = sh->status = EXIT_USAGE;
	} else if (is_lua(path)) {
		status = shell_lua(sh, path, buf_str(&text), text.len);
	} else {
		status = shell_text(sh, strcmp(path, "-") ? path : "stdin", buf_str(&text), text.len);
	}
	buf_finish(&text);
	return status;
}
