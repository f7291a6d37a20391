/* SPDX-License-Identifier: MIT */
/* The interactive session: lines from a terminal until it ends. */
#include "shell/prompt.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/host_memory.h"
#include "machine/machine.h"
#include "shell/recording.h"
#include "shell/rescue.h"
#include "shell/source.h"
#include "shell/statement.h"
#include "shell/terminal.h"
#include "shell/xdg.h"

#define HISTORY_SIZE 1000

/* $DEVSH_HISTFILE (empty: none), else the place that XDG gives. */
static char *history_path(void)
{
	const char *file = getenv("DEVSH_HISTFILE");

	if (file)
		return *file ? host_strdup(file) : NULL;
	return xdg_file("XDG_STATE_HOME", ".local/state", "history");
}

static void look_at_terminal(struct shell *sh)
{
	struct winsize w;

	const char *term = getenv("TERM");
	bool known = !ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);

	sh->out->style.width = known && w.ws_col >= 40 ? w.ws_col : 80;
	/* a pager wants a terminal that can do something */
	sh->screen.rows = known && term && *term && strcmp(term, "dumb") ? w.ws_row : 0;
	sh->out->style.fold = true;
	sh->out->style.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}

void prompt_init(struct shell *sh, void *ctx)
{
	char *path = xdg_file("XDG_CONFIG_HOME", ".config", "init");

	(void)ctx;
	if (path && !access(path, F_OK)) {
		sh->config.interactive = true; /* an error in it ends nothing but the file */
		look_at_terminal(sh);
		recording_source(sh, path);
		shell_file(sh, path);
		shell_flush(sh);
		sh->config.interactive = false;
		sh->status = EXIT_OK;
	}
	free(path);
}

static const char *prompt(const struct shell *sh, bool more)
{
	if (sh->lua_mode)
		return more ? "  >> " : "lua> ";
	if (more)
		return "  ...> ";
	return sh->out->style.colour ? "\033[1;32mdevsh>\033[0m " : "devsh> ";
}

static void run_lines(struct shell *sh, void *block)
{
	shell_run(sh, block);
}

static void run_lua(struct shell *sh, void *text)
{
	shell_lua_line(sh, text);
}

/* Runs what was typed so far; true: it wants more lines. */
static bool take_lines(struct shell *sh, const struct buf *typed, bool force)
{
	struct parse p = call_parser(sh, !force);
	struct block *b;

	switch (parse_text(&p, buf_str(typed), typed->len, 1, &b)) {
	case PARSE_MORE:
		if (!force)
			return true;
		/* fall through */
	case PARSE_ERROR:
		if (shell_ran_out_of_memory(sh))
			shell_out_of_memory(sh, NULL, 0);
		shell_error(sh, p.line, p.col, "%s", p.why);
		sh->last = EXIT_SYNTAX;
		recording_wrong(sh, buf_str(typed));
		return false;
	default:
		break;
	}
	sh->status = EXIT_OK;
	shell_guard(sh, run_lines, b);
	block_put(b);
	return false;
}

static bool take_lua(struct shell *sh, const struct buf *typed, bool force)
{
	if (!typed->len || !strcmp(buf_str(typed), "\n")) {
		sh->lua_mode = false;
		return false;
	}
	if (!force && script_incomplete(sh->session->script, buf_str(typed)))
		return true;
	/* "= x" is a habit from the other prompt */
	shell_guard(sh, run_lua, typed->s + (typed->s[0] == '='));
	return false;
}

static void remember(const struct buf *typed)
{
	size_t len = typed->len;
	char *text;

	while (len && typed->s[len - 1] == '\n')
		len--;
	if (!len)
		return;
	text = host_strndup(typed->s, len);
	if (text)
		terminal_remember(text);
	free(text);
}

static void read_lines(struct shell *sh)
{
	struct buf typed = BUF_INIT;
	bool more = false;
	char *line;

	while (!sh->session->over) {
		fflush(stdout);
		switch (terminal_read(prompt(sh, more), &line)) {
		case TERMINAL_INTERRUPTED:
			sh->status = sh->last = EXIT_INTERRUPTED;
			buf_reset(&typed);
			more = false;
			continue;
		case TERMINAL_EOF:
			if (!more) {
				buf_finish(&typed);
				return;
			}
			/* it ends an unfinished input, as Ctrl-C does; the next one leaves */
			take_lines(sh, &typed, true);
			buf_reset(&typed);
			more = false;
			continue;
		default:
			break;
		}
		if (line) {
			buf_puts(&typed, line);
			buf_putc(&typed, '\n');
		}
		free(line);
		if (shell_ran_out_of_memory(sh)) {
			shell_out_of_memory(sh, NULL, 0);
			buf_reset(&typed);
			more = false;
			continue;
		}
		look_at_terminal(sh);
		/* an empty line ends a Lua chunk that will not become complete */
		more = sh->lua_mode ? take_lua(sh, &typed, more && typed.len > 1 &&
					       typed.s[typed.len - 2] == '\n')
				    : take_lines(sh, &typed, false);
		if (more)
			continue;
		remember(&typed);
		buf_reset(&typed);
	}
	buf_finish(&typed);
}

static void say_hello(struct shell *sh)
{
	const struct kernel *k = &sh->session->machine->kernel;

	printf("devsh %s: Linux %s on %s. 'help' lists the calls, TAB completes.\n",
	       DEVSH_VERSION, k->profile->point, k->arch->name);
}

int shell_prompt(struct shell *sh)
{
	char *history = history_path();
	const struct terminal t = {
		.ctx = sh, .complete = shell_complete, .history_file = history,
		/* without colours it would look like typed text */
		.hint = sh->config.colour ? shell_hint : NULL,
		.history_size = HISTORY_SIZE,
	};
	int rc;

	look_at_terminal(sh);
	rc = terminal_open(&t);
	if (rc) {
		fprintf(stderr, "devsh: terminal: %s\n", strerror(-rc));
		free(history);
		return sh->status = EXIT_USAGE;
	}
	sh->status = EXIT_OK;
	say_hello(sh);
	read_lines(sh);
	rc = terminal_close();
	if (rc)
		fprintf(stderr, "devsh: %s: %s: the history was not saved\n", history, strerror(-rc));
	free(history);
	/* leaving does not make the last line a failure */
	sh->status = EXIT_OK;
	return EXIT_OK;
}
