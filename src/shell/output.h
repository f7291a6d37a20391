/* SPDX-License-Identifier: MIT */
/*
 * Where output goes. The current output is entered and left whole: to redirect,
 * copy it, change the copy, and point sh->out to the copy in the meantime.
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

/* The last error of what ran, for who reports it. */
struct mishap {
	struct buf where;      /* file:line of the statement at the top */
	struct buf text;
};

struct output {
	struct view_style style;
	struct buf *to;         /* NULL: standard output */
	bool quiet;             /* results are not shown: the call around has its own */
	bool silent;            /* nothing is shown */
	struct unshown *unshown; /* while it is silent: errors are kept here; or NULL */
	/*
	 * The text is for a file of the machine: a result and no more. All else
	 * goes to the output around it. NULL: any text.
	 */
	const struct output *around;
};

/* Standard output, which all outputs without a buffer share. */
struct screen {
	int rows;               /* of the terminal; 0: no pager */
	bool failed;            /* it is gone or full */
	bool json_open;         /* the first object of the document was written */
};

/* An output that collects text for a file of the machine, inside the current one. */
struct output output_plain(const struct shell *sh, struct buf *to);
/* ... and for a file or a program of the host. */
struct output output_captured(const struct shell *sh, struct buf *to);
/* Makes *o the current one; returns what was, to go back to. */
struct output *output_enter(struct shell *sh, struct output *o);

void shell_write(struct shell *sh, const char *text, size_t len);
/* Flushes all that was written so far; a failure is reported once. */
void shell_flush(struct shell *sh);
void shell_error(struct shell *sh, int line, int col, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* While failures are injected: keeps the first line of an error of Lua. */
void shell_keep_script_error(struct shell *sh, const char *text);
/*
 * After a statement in which the host ran out of memory: the one error of it, which needs
 * no memory. EXIT_NO_MEMORY. A script ends there. file: where it is, or NULL.
 */
int shell_out_of_memory(struct shell *sh, const char *file, int line);
/* Ends the JSON document. */
void shell_end_json(struct shell *sh);
/* An object of its own in the JSON document; nothing without --json. */
void shell_json_text(struct shell *sh, const char *key, const char *text, const char *where);
/* New lines of the kernel log, warnings and worse. */
void shell_show_log(struct shell *sh);
void shell_show_result(struct shell *sh, const struct call *c, const struct result *r,
		       const char *assign, uint64_t log_from);
/* What the call could say beyond the kernel's words. */
void shell_show_note(struct shell *sh, const struct call *c, const char *note);
/* True: what the statement prints goes to a file of the simulated machine. */
bool shell_writes_node(const struct statement *s);
/* Write captured output where the statement wants it. 0 or -errno. */
int shell_redirect(struct shell *sh, const struct statement *s, const struct buf *out);

#endif
