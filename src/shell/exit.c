/* SPDX-License-Identifier: MIT */
/*
 * Descriptions of devsh's exit codes. 'devsh --help' prints this table; a test compares
 * doc/shell.md and the manual page with it.
 */
#include "shell/exit.h"

const struct exit_meaning exit_meaning[] = {
	{ EXIT_OK, "all went well" },
	{ EXIT_FAILED, "a call failed, or a scenario; or no scenario ran" },
	{ EXIT_USAGE, "wrong options; a file cannot be read or written" },
	{ EXIT_SYNTAX, "syntax error, before anything of that file ran" },
	{ EXIT_SCRIPT, "Lua error" },
	{ EXIT_MEMORY, "memory was lost, and --leak-check=error was given" },
	{ EXIT_COMPLAINT, "no line failed, but the kernel complained unexpectedly" },
	{ EXIT_NO_MEMORY, "the host ran out of memory" },
	{ EXIT_HANGUP, "a run of scenarios was ended by SIGHUP" },
	{ EXIT_INTERRUPTED, "interrupted" },
	{ EXIT_TERMINATED, "a run of scenarios was ended by SIGTERM" },
	{ 0 },
};
