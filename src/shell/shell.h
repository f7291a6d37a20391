/* SPDX-License-Identifier: MIT */
/*
 * A shell runs statements on a machine.
 *
 *   terminal / file / -c  ->  parse  ->  run_statement  ->  call_run  ->  view
 *
 * The state that changes while it runs is in values that are entered and left
 * whole. Each is on the stack of the function that entered it; struct shell points
 * to the current ones. shell_come_home() abandons what runs.
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
struct recording;
struct shell;
struct steps;

struct shell_config {
	const char *boot;     /* boot parameters; must outlive the shell */
	const struct builtin *(*builtin)(const struct call *c); /* builtin_find */
	bool interactive;     /* at a terminal: go on after errors */
	bool keep_going, json, colour;
	bool confined;        /* no programs and no files of the host; source: only beside the file */
	bool embedded;        /* who runs it reports: errors go with the output, and no log */
	bool compared;        /* one of several machines side by side */
	enum leak_check { LEAK_CHECK_YES, LEAK_CHECK_NO, LEAK_CHECK_ERROR } leak_check;
};

/* What a statement came to, from its beginning to its verdict. */
struct doing {
	bool misuse;           /* it, or one inside it, was not a call at all */
	bool unbound;          /* its arguments were wrong: it did not run */
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

/* Enters a new frame. deeper: it is a block that a call runs. */
void frame_enter(struct shell *sh, struct frame *f, const char *file, bool deeper);
/* Leaves the current frame; its failures become part of the statement outside. */
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

/* The state of a machine between two statements. Equal marks: nothing has changed. */
struct step_mark {
	uint32_t step;
	uint64_t log, now;
	uint64_t writes;       /* through pointers, which are no calls */
	uint64_t moves;        /* times that steps were kept or gone through */
};

/* How a statement ended. */
struct ending {
	int status;            /* enum exit_code */
	bool misuse;           /* it was not a call at all, or had wrong arguments */
	bool complained;       /* the kernel complained in it, unexpectedly */
	bool died;             /* the kernel killed the task */
};

/* What runs now, and may become a step. */
struct step {
	struct step *outer;
	struct step_mark before;
	bool changed;          /* something outside the machine has changed: a variable */
	const char *once;      /* why it cannot be replayed, or NULL */
	int last;              /* $? when it began */
	uint32_t complaints, deaths; /* when it began */
	struct ending ending;  /* set when it has run */
};

/* Names of files that ran; blocks remember theirs. */
struct file_names {
	char **name;
	int count;
};

struct shell {
	struct shell_config config;
	struct session_setup setup;  /* to start the session again */
	struct steps *steps;         /* for undo; NULL: the shell only goes forward */
	struct recording *recording; /* of what is typed; or NULL */
	struct file_names files;
	struct screen screen;
	unsigned long memory_failures; /* host_memory_failures, as far as they were reported */
	bool lua_mode;               /* lines at the prompt are Lua */
	int status;                  /* enum exit_code: of the last statement that failed */
	int last;                    /* ... of the last statement: $? */
	bool quit_with_status;       /* devsh ends with quit_status */
	int quit_status;
	struct mishap *mishap;         /* filled when a statement fails; or NULL */

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

/* 0, or -errno with a line in why. The struct must not be moved: it points into itself. */
int shell_init(struct shell *sh, const struct shell_config *c, char *why, size_t whysize);
/* Ends the output, too. Returns the exit code. Steps are finished by who made them. */
int shell_finish(struct shell *sh);
/* "arg" of scripts; must outlive the shell. EXIT_OK, or what failed and was shown. */
int shell_set_args(struct shell *sh, const char *name, char *const *args);
/* A session as it was at the beginning; session_end() ends it. 0, or -errno with a line in why. */
int shell_start_session(struct shell *sh, struct session *s, char *why, size_t whysize);

/* The shell's own values are the current ones again, whatever was entered. */
void shell_come_home(struct shell *sh);

/* A stay on another session, silent and independent of what runs here. */
struct visit {
	struct session *session;
	struct output *out, silent;
	struct frame *frame, top;
	struct reading *reading, nothing;
	struct step *step, idle;
};

/* errors: where to keep the first ones, or NULL. */
void shell_visit(struct shell *sh, struct visit *v, struct session *there, struct unshown *errors);
void shell_return(struct shell *sh, struct visit *v);

/* The host ran out of memory in this statement: words may be half of what was typed. */
bool shell_ran_out_of_memory(const struct shell *sh);
/*
 * ... or the machine is what was left after that. Nothing is shown then: shell_out_of_memory() answers instead.
 */
bool shell_lacks_memory(const struct shell *sh);

/* A copy of the name that lives as long as the shell. */
const char *shell_keep_name(struct shell *sh, const char *name);

#endif
