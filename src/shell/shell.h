/* SPDX-License-Identifier: MIT */
/*
 * A shell runs statements on a machine.
 *
 *   terminal / file / -c  ->  parse  ->  run_statement  ->  call_run  ->  view
 *
 * What changes while it runs is in values that are entered and left whole, each
 * on the stack of who entered it: struct shell points to the current ones. To
 * give up whatever runs, point them to the shell's own again.
 */
#ifndef DEVSH_SHELL_SHELL_H
#define DEVSH_SHELL_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <devsh/call.h>

#include "shell/exit.h"
#include "shell/output.h"
#include "shell/parse.h"
#include "shell/session.h"

struct builtin;
struct shell;
struct steps;

struct shell_config {
	const char *boot;     /* boot parameters; must outlive the shell */
	const struct builtin *(*builtin)(const struct call *c); /* builtin_find */
	bool interactive;     /* at a terminal: go on after errors */
	bool keep_going, json, colour;
	bool confined;        /* no pipes, no files: scenarios of strangers */
	bool compared;        /* one of several machines side by side */
	enum leak_check { LEAK_CHECK_YES, LEAK_CHECK_NO, LEAK_CHECK_ERROR } leak_check;
};

/* What a statement came to, from its beginning to its verdict. */
struct doing {
	bool misuse;           /* it, or one inside of it, was no call at all */
	bool in_json;          /* its error is in the document */
	bool expects;          /* what the kernel kills in it is part of an expected complaint */
	uint32_t deaths;       /* of tasks, when it began */
	int inside;            /* enum exit_code: of the first callback in it that failed */
};

/* Statements that follow each other: those at the top, of a file, or of a block. */
struct frame {
	struct frame *outer;   /* whose statement runs these */
	const char *file;      /* where they were written, for messages; NULL: they are typed */
	int depth;             /* blocks around them that calls run */
	struct doing now;      /* the statement that runs */
	bool misuse;           /* of all so far */
	int inside;            /* of all so far, the first */
};

/* The current frame is left for a new one; deeper: a call runs it, as a block. */
void frame_enter(struct shell *sh, struct frame *f, const char *file, bool deeper);
/* What failed in it is part of the statement outside. */
void frame_leave(struct shell *sh);

/* A text that is read from its beginning to its end. */
struct reading {
	struct reading *outer; /* what reads this; NULL: the prompt */
	const char *text;      /* for verbose; NULL: not kept */
	int depth;             /* texts around it */
	int shown;             /* lines of it that verbose has shown */
	bool verbose;          /* lines are shown as they run */
	bool stop;             /* it ends here */
};

/* How a machine stands between two statements; one that changes nothing leaves it so. */
struct step_mark {
	uint32_t step;
	uint64_t log, now;
	uint64_t writes;       /* through pointers, which are no calls */
	uint64_t moves;        /* times that steps were kept or gone through */
};

/* What runs now, and may become a step. */
struct step {
	struct step *outer;
	struct step_mark before;
	bool changed;          /* something that is no machine: a variable */
	const char *once;      /* why it cannot be replayed, or NULL */
};

/* Names of files that ran; blocks remember theirs. */
struct file_names {
	char **name;
	int count;
};

struct shell {
	struct shell_config config;
	struct session_setup setup;  /* to start the session again */
	struct steps *steps;         /* what was done, to go back; NULL: there is no way back */
	struct file_names files;
	struct screen screen;
	bool lua_mode;               /* lines at the prompt are Lua */
	int status;                  /* enum exit_code: of the last statement that failed */

	/* the current ones */
	struct session *session;
	struct output *out;
	struct frame *frame;
	struct reading *reading;
	struct step *step;

	/* those at the outset */
	struct session own_session;
	struct output own_output;
	struct frame own_frame;
	struct reading own_reading;
	struct step own_step;
};

/* 0, or -errno with a line in why. The shell points into itself: it stays where it is. */
int shell_init(struct shell *sh, const struct shell_config *c, char *why, size_t whysize);
/* Ends the output, too. Returns the exit code. Steps are finished by who made them. */
int shell_finish(struct shell *sh);
/* "arg" of scripts; must outlive the shell. EXIT_OK, or what failed and was shown. */
int shell_set_args(struct shell *sh, const char *name, char *const *args);
/* A session as it was at the beginning; session_end() ends it. 0, or -errno with a line in why. */
int shell_start_session(struct shell *sh, struct session *s, char *why, size_t whysize);

/* A stay on another session: in silence, and with nothing of what runs here. */
struct visit {
	struct session *session;
	struct output *out, silent;
	struct frame *frame, top;
	struct reading *reading, nothing;
	struct step *step, idle;
};

/* errors: where the first ones are kept, or NULL. */
void shell_visit(struct shell *sh, struct visit *v, struct session *there, struct unshown *errors);
void shell_return(struct shell *sh, struct visit *v);

/* The name for as long as the shell is there. */
const char *shell_keep_name(struct shell *sh, const char *name);

#endif
