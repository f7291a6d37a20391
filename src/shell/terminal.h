/* SPDX-License-Identifier: MIT */
/*
 * A line editor on a terminal. Only terminal.c and its parts (terminal_*.c) use GNU
 * readline. They get what they need from the shell in struct terminal and expose nothing
 * of readline.
 */
#ifndef DEVSH_SHELL_TERMINAL_H
#define DEVSH_SHELL_TERMINAL_H

#include <stddef.h>

#include "lib/buf.h"

/* Called for each candidate, which readline copies at once. */
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
	/* Adds what may follow a line that ends with a blank. NULL: no hints. Runs no user code. */
	void (*hint)(void *ctx, const char *line, struct buf *out);
	const char *history_file; /* NULL: history is kept in memory only */
	int history_size;
};

enum terminal_event {
	TERMINAL_LINE,        /* the caller must free *line */
	TERMINAL_EOF,         /* Ctrl-D on an empty line, hang-up, SIGTERM */
	TERMINAL_INTERRUPTED, /* Ctrl-C: the typed text was discarded */
};

/* 0 or -errno. *t must stay valid until terminal_close(). */
int terminal_open(const struct terminal *t);

/* Reads one line; `prompt` may contain colour codes. */
enum terminal_event terminal_read(const char *prompt, char **line);

/* Adds a line (or a block of lines) to the history. */
void terminal_remember(const char *line);

/* The n-th line of the history, the oldest being 1; NULL past the end. */
const char *terminal_history(int n);

/*
 * Writes the history, and restores the terminal and the signal handlers. 0, or -errno if
 * the history could not be written.
 */
int terminal_close(void);

#endif
