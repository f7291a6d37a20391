/* SPDX-License-Identifier: MIT */
/*
 * The shell's own calls, which deal with lines, steps and terminals and not with
 * the machine. A row has the entry that help, completion and the manual show, and
 * the function that runs it. Each file keeps its rows above its functions, ended
 * by a row without a name; builtin.c lists the files.
 */
#ifndef DEVSH_SHELL_BUILTIN_H
#define DEVSH_SHELL_BUILTIN_H

#include "call/topic.h"
#include "call/type.h"
#include "shell/statement.h"

/* A call with its words bound. */
struct invocation {
	struct shell *sh;
	const struct statement *s;
	struct value *arg;
	struct result *r;           /* if it is filled, it is shown like the result of any call */
	struct block_result *block;
};

enum builtin_flags {
	BUILTIN_ALONE = 1,   /* wants a line of its own, outside of blocks */
	BUILTIN_STEPS = 2,   /* works on the recorded steps: needs a shell that records them */
	BUILTIN_OUTSIDE = 4, /* touches the world outside the machine: a replay skips it */
	BUILTIN_WORDS = 8,   /* binds the words of the statement itself; arg is NULL */
};

struct builtin {
	/*
	 * A row without a summary is not a call of its own: it replaces the call
	 * of this name (CALL_COPIES) at the prompt. Where the flags forbid that,
	 * the machine's own version runs.
	 */
	struct call call;
	unsigned flags;
	/* EXIT_OK, or the code of a failure whose message was shown. Errors in r are shown later. */
	int (*run)(const struct invocation *in);
};

extern const struct builtin shell_builtins[], source_builtins[], repeat_builtins[],
	screen_builtins[], save_builtins[], pause_builtins[],
	warns_builtins[], steps_builtins[], compare_builtins[], faults_builtins[];

/* topics.c */
extern const struct topic shell_topics[];

/* The row that runs this call; NULL: none. */
const struct builtin *builtin_find(const struct call *c);
/* Adds the entries to the table of calls: once, in main(). */
void builtins_open(void);

#endif
