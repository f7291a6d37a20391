/* SPDX-License-Identifier: MIT */
/*
 * The shell's own calls: what is about lines, steps and terminals, not about
 * the machine. A row has the entry that help, completion and the manual show,
 * and what runs it. A file keeps its rows in front of its functions, ended by
 * one without a name; builtin.c lists the files.
 */
#ifndef DEVSH_SHELL_BUILTIN_H
#define DEVSH_SHELL_BUILTIN_H

#include "call/type.h"
#include "shell/statement.h"

/* A call with its words bound. */
struct invocation {
	struct shell *sh;
	const struct statement *s;
	struct value *arg;
	struct result *r;           /* is shown as that of any call, if anything is in it */
	struct block_result *block;
};

enum builtin_flags {
	BUILTIN_ALONE = 1,   /* wants a line of its own, outside of blocks */
	BUILTIN_STEPS = 2,   /* goes through what was done: not where that is not kept */
	BUILTIN_OUTSIDE = 4, /* has to do with the outside: a replay passes over it */
	BUILTIN_WORDS = 8,   /* binds the words of the statement itself; arg is NULL */
};

struct builtin {
	/*
	 * Without a summary: no call of its own but the prompt's way to run the
	 * call of this name (CALL_COPIES). Where the flags forbid that way, the
	 * call runs as anywhere else.
	 */
	struct call call;
	unsigned flags;
	/* EXIT_OK, or the code of what failed and was said. An error in r is neither. */
	int (*run)(const struct invocation *in);
};

extern const struct builtin shell_builtins[], source_builtins[], pause_builtins[],
	warns_builtins[], steps_builtins[], compare_builtins[], faults_builtins[];

/* The row that runs this call; NULL: none. */
const struct builtin *builtin_find(const struct call *c);
/* Adds the entries to the table of calls: once, in main(). */
void builtins_open(void);

#endif
