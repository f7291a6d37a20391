/* SPDX-License-Identifier: MIT */
/*
 * Where output goes. To redirect it, copy the current output, change the copy, and make
 * it current with output_enter(); the old one is restored as a whole.
 */
#ifndef DEVSH_SHELL_OUTPUT_H
#define DEVSH_SHELL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "view/view.h"

struct shell;
struct statement;

/* The first errors of a silent run. */
struct unshown {
	struct buf call;       /* of a call */
	struct buf script;     /* of Lua */
};

/* The last error of the code that ran, for the caller that reports it. */
struct mishap {
	struct buf where;      /* file:line of the top-level statement */
	struct buf text;
};

struct output {
	struct view_style style;
	struct buf *to;         /* NULL: standard output */
	bool quiet;             /* results are not shown, because the call around has its own */
	bool silent;            /* nothing is shown */
	struct unshown *unshown; /* while silent, errors are kept here; or NULL */
	/*
	 * The text is for a file of the machine and gets only the result; everything else
	 * goes to the output around it. NULL: the text gets everything.
	 */
	const struct output *around;
};

/* Standard output, shared by all outputs without a buffer. */
struct screen {
	int rows;               /* of the terminal; 0: no pager */
	bool failed;            /* it was closed or is full */
	bool json_open;         /* the first object of the document was written */
};

/* An output that collects text for a file of the machine, within the current output. */
struct output output_plain(const struct shell *sh, struct buf *to);
/* ... and for a file or a program of the host. */
struct output output_captured(const struct shell *sh, struct buf *to);
/* Makes *o the current output; returns the previous one. */
struct output *output_enter(struct shell *sh, struct output *o);

void shell_write(struct shell *sh, const char *text, size_t len);
/* Flushes all output; a failure is reported once. */
void shell_flush(struct shell *sh);
void shell_error(struct shell *sh, int line, int col, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* While failures are injected: keeps the first line of an error of Lua. */
void shell_keep_script_error(struct shell *sh, const char *text);
/*
 * Shows the only error of a statement in which the host ran out of memory, without
 * allocating. Returns EXIT_NO_MEMORY; a script ends there. file: of the statement, or
 * NULL.
 */
int shell_out_of_memory(struct shell *sh, const char *file, int line);
/* Ends the JSON document. */
void shell_end_json(struct shell *sh);
/* Adds an object to the JSON document; without --json, does nothing. */
void shell_json_text(struct shell *sh, const char *key, const char *text, const char *where);
/* Shows new lines of the kernel log that are warnings or worse. */
void shell_show_log(struct shell *sh);
void shell_show_result(struct shell *sh, const struct call *c, const struct result *r,
		       const char *assign, uint64_t log_from);
/* Shows what the call adds to the kernel's message. */
void shell_show_note(struct shell *sh, const struct call *c, const char *note);
/* True: the output of the statement goes to a file of the simulated machine. */
bool shell_writes_node(const struct statement *s);
/* Writes captured output where the statement directs it. 0 or -errno. */
int shell_redirect(struct shell *sh, const struct statement *s, const struct buf *out);

#endif
