/* SPDX-License-Identifier: MIT */
/*
 * A line editor on a terminal. terminal.c and its parts (terminal_*.c) are the
 * only files of devsh that know GNU readline; everything they need from the
 * shell comes in through struct terminal, and nothing of readline goes out.
 */
#ifndef DEVSH_SHELL_TERMINAL_H
#define DEVSH_SHELL_TERMINAL_H

#include <stddef.h>

/* Called for each candidate; readline's copy is made at once. */
typedef void (*offer_fn)(void *to, const char *candidate);

struct terminal {
	void *ctx;
	/*
	 * Offer what can be typed at line[start..end). Runs no user code.
	 * Returns the character to put after a single match: ' ', '=', '/'
	 * or '\0' for none.
	 */
	char (*complete)(void *ctx, const char *line, size_t start, size_t end,
			 offer_fn offer, void *to);
	const char *history_file; /* NULL: history is kept in memory only */
	int history_size;
};

enum terminal_event {
	TERMINAL_LINE,        /* *line is the caller's to free */
	TERMINAL_EOF,         /* Ctrl-D on an empty line, hang-up, SIGTERM */
	TERMINAL_INTERRUPTED, /* Ctrl-C: what was typed is gone */
};

/* 0 or -errno. The struct must outlive the terminal. */
int terminal_open(const struct terminal *t);

/* Read one line; `prompt` may carry colour. */
enum terminal_event terminal_read(const char *prompt, char **line);

/* Keep a line (or a block of lines) in the history. */
void terminal_remember(const char *line);

/* The n-th line of the history, oldest is 1; NULL after the end. */
const char *terminal_history(int n);

/*
 * Write the history, restore the terminal and the signal handlers.
 * 0, or -errno when the history could not be written.
 */
int terminal_close(void);

#endif
