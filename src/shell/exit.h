/* SPDX-License-Identifier: MIT */
/* devsh's exit codes; exit.c describes them. */
#ifndef DEVSH_SHELL_EXIT_H
#define DEVSH_SHELL_EXIT_H

enum exit_code {
	EXIT_OK = 0,
	EXIT_FAILED = 1,      /* a call or a scenario failed */
	EXIT_USAGE = 2,       /* command line, or a file that cannot be read or written */
	EXIT_SYNTAX = 3,
	EXIT_SCRIPT = 4,      /* a Lua error */
	EXIT_MEMORY = 5,      /* memory leaked, with --leak-check=error */
	EXIT_COMPLAINT = 6,   /* the kernel complained unexpectedly */
	EXIT_NO_MEMORY = 7,   /* the host ran out of memory */
	EXIT_SIGNAL = 128,    /* plus the number of the signal that ended it */
	EXIT_HANGUP = 129,
	EXIT_INTERRUPTED = 130,
	EXIT_TERMINATED = 143,
};

/* Ends with an entry without text. */
struct exit_meaning {
	int code;
	const char *text;
};
extern const struct exit_meaning exit_meaning[];

#endif
