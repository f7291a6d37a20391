/* SPDX-License-Identifier: MIT */
/*
 * A session: a machine, and the script with the variables. It starts and ends as a whole,
 * and a shell can switch to another one: undo, faults and diff use copies made by running
 * the steps again. What must survive that (steps, output, file names) belongs to the
 * shell.
 */
#ifndef DEVSH_SHELL_SESSION_H
#define DEVSH_SHELL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua/script.h"

struct session;

/* What a session starts with. The caller keeps the strings valid as long as it lives. */
struct session_setup {
	const char *boot;        /* boot parameters; NULL: none */
	const char *script_name; /* and its arguments, for "arg" in the script; or NULL */
	char *const *args;
	/* Sets up a new session, silently; or NULL. 0, or -errno with a line in why. */
	int (*prepare)(void *ctx, struct session *s, char *why, size_t whysize);
	void *ctx;
};

struct session {
	struct machine *machine;
	struct script *script;
	uint64_t log_seen;       /* number of the next line of the log to show */
	uint32_t log_boot;       /* ... in this boot */
	uint32_t death_shown;    /* last death of a task for which an error was shown */
	bool copy;               /* it replays steps: nothing outside of it changes */
	bool over;               /* run nothing more, because of quit */
};

/* 0, or -errno with a line in why. */
int session_start(struct session *s, const struct session_setup *setup,
		  const struct script_host *host, char *why, size_t whysize);
void session_end(struct session *s);

/* Marks all lines of the log as shown. */
void session_skip_log(struct session *s);
/* Number of tasks that the kernel killed in this boot, including one by a panic. */
uint32_t session_deaths(const struct session *s);

#endif
