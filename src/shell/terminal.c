/* SPDX-License-Identifier: MIT */
/*
 * The line editor, on GNU readline 8.
 *
 * With readline's own signal handling, Ctrl-C cannot leave an incremental search or a
 * question. So this file drives the callback interface itself: the watched signals are
 * blocked during terminal_read() except in pselect(), their handlers only set flags, and
 * one loop acts on the flags. The parts: terminal_signals.c, terminal_input.c,
 * terminal_keymap.c, terminal_complete.c, terminal_history.c.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>

#include "lib/buf.h"
#include "lib/host_memory.h"
#include "lib/interrupt.h"
#include "shell/exit.h"

static bool is_open;
static bool plain; /* a terminal without escape codes */

/* --- the prompt --------------------------------------------------------- */

/* The length of the escape sequence at s; 0 if there is none. */
static size_t escape_len(const char *s)
{
	size_t n = 2;

	if (s[0] != '\033')
		return 0;
	if (s[1] != '[')
		return s[1] ? 2 : 1;
	while (s[n] && (s[n] < '@' || s[n] > '~'))
		n++;
	return s[n] ? n + 1 : n;
}

/* Tells readline which bytes of the prompt take no columns. */
static void mark_escapes(struct buf *out, const char *prompt)
{
	while (*prompt) {
		size_t n = escape_len(prompt);

		if (n && !plain) {
			buf_putc(out, RL_PROMPT_START_IGNORE);
			buf_add(out, prompt, n);
			buf_putc(out, RL_PROMPT_END_IGNORE);
		} else if (!n) {
			buf_putc(out, *prompt);
			n = 1;
		}
		prompt += n;
	}
}

/* --- one line ----------------------------------------------------------- */

/* A paste or a block from the history has several lines, which are returned one by one. */
static struct {
	bool done;
	char *text; /* NULL if done: end of input, or all lines were returned */
	char *next;
} answer;

static void take_answer(char *text)
{
	/* Do this first, or readline draws the next prompt itself. */
	rl_callback_handler_remove();
	/* The rest of a key macro waits for the next prompt. */
	rl_readline_state &= ~(unsigned long)RL_STATE_MACROINPUT;
	answer.done = true;
	answer.text = answer.next = text;
}

static void drop_answer(void)
{
	free(answer.text);
	answer.done = false;
	answer.text = answer.next = NULL;
}

static char *next_line(void)
{
	char *end = strchrnul(answer.next, '\n');
	char *line = host_strndup(answer.next, (size_t)(end - answer.next));

	if (*end && end[1])
		answer.next = end + 1;
	else
		drop_answer();
	return line;
}

static void end_row(void)
{
	rl_crlf();
	fflush(rl_outstream);
}

static enum terminal_event leave_line(void)
{
	forget_keys();
	hint_erase();
	if (answer.done) {
		drop_answer();
	} else {
		/* First end a search, a count or whatever else is half done. */
		rl_callback_sigcleanup();
		rl_clear_pending_input();
		rl_free_line_state();
		rl_readline_state &= ~(unsigned long)RL_STATE_MACROINPUT;
		rl_point = rl_end;
		rl_redisplay();
		if (!hung_up)
			rl_echo_signal_char(SIGINT);
		rl_callback_handler_remove();
		end_row();
	}
	interrupted = 0;
	return hung_up ? TERMINAL_EOF : TERMINAL_INTERRUPTED;
}

static enum terminal_event edit_line(void)
{
	if (rl_executing_macro) {
		RL_SETSTATE(RL_STATE_MACROINPUT);
		rl_callback_read_char();
	}
	while (!answer.done) {
		if (wait_for_key())
			rl_callback_read_char();
		/* Input after Ctrl-C may have ended the line: do not accept it. */
		if (interrupted || hung_up)
			return leave_line();
	}
	if (answer.text)
		return TERMINAL_LINE;
	/* When it turns bracketed paste off at EOF, readline ends the row itself. */
	if (strcmp(rl_variable_value("enable-bracketed-paste"), "on") != 0)
		end_row();
	return TERMINAL_EOF;
}

static enum terminal_event ask(const char *prompt)
{
	struct buf marked = BUF_INIT;
	sigset_t before = hold_signals();
	enum terminal_event event;

	watch_signals(true);
	answer.done = false;
	rl_eof_found = 0; /* set if Ctrl-D ended a block; readline would end rows */
	mark_escapes(&marked, prompt);
	rl_callback_handler_install(buf_str(&marked), take_answer);
	event = edit_line();
	unwatch_signals(true);
	sigprocmask(SIG_SETMASK, &before, NULL);
	buf_finish(&marked);
	return event;
}

enum terminal_event terminal_read(const char *prompt, char **line)
{
	enum terminal_event event = TERMINAL_LINE;

	*line = NULL;
	fflush(stdout);
	if (interrupted || hung_up) {
		/*
		 * Ctrl-C since the last read. The code that ran then may or may not have
		 * seen it; between two lines of a block or a paste, the block must be
		 * discarded.
		 */
		interrupted = 0;
		drop_answer();
		return hung_up ? TERMINAL_EOF : TERMINAL_INTERRUPTED;
	}
	if (!answer.text)
		event = ask(prompt);
	if (event == TERMINAL_LINE)
		*line = next_line();
	return event;
}

/* --- memory ------------------------------------------------------------------ */

/*
 * readline allocates with these two functions, which a program may replace. It cannot
 * cope with NULL, so devsh exits here, after restoring the terminal. The lines are
 * already in the history file.
 */
static void *or_leave(void *p)
{
	static bool leaving;

	if (p)
		return p;
	if (!leaving) {
		leaving = true;
		rl_deprep_terminal();
	}
	fprintf(stderr, "\ndevsh: out of memory in the line editor\n");
	_exit(EXIT_NO_MEMORY);
}

void *xmalloc(size_t size);
void *xrealloc(void *p, size_t size);

void *xmalloc(size_t size)
{
	return or_leave(host_malloc(size));
}

void *xrealloc(void *p, size_t size)
{
	return or_leave(host_realloc(p, size));
}

/* --- open and close ----------------------------------------------------- */

int terminal_open(const struct terminal *t)
{
	const char *name = getenv("TERM");

	if (is_open)
		return -EBUSY;
	if (!isatty(STDIN_FILENO))
		return -ENOTTY;
	is_open = true;
	plain = !name || !*name || !strcmp(name, "dumb");

	rl_readline_name = "devsh"; /* "$if devsh" in an inputrc */
	rl_instream = stdin;
	rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0; /* LINES and COLUMNS would be stale in a pager */
	rl_prep_term_function = prepare_terminal;
	rl_getc_function = next_key;
	completion_open(t);
	rl_completer_word_break_characters = " \t\n;={}$|>(),'\"";
	rl_special_prefixes = "$"; /* "a$na": the word is "$na" */
	rl_initialize();
	close_all_dead_ends();
	if (plain)
		rl_variable_bind("enable-bracketed-paste", "off");

	history_open(t);
	hint_open(t, !plain && t->hint);

	hung_up = stopped = resized = 0;
	watch_signals(false);
	return 0;
}

int terminal_close(void)
{
	int err;

	if (!is_open)
		return 0;
	err = history_close();
	drop_answer();
	unwatch_signals(false);
	is_open = false;
	return err;
}
