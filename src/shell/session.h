/* SPDX-License-Identifier: MIT */
/*
 * A session: a machine, and the script that holds the variables. It is started
 * and ended whole, and a shell can leave one for another: undo, faults and
 * diff work on copies that were made by running the steps again. What must
 * survive that (steps, output, names of files) is the shell's.
 */
#ifndef DEVSH_SHELL_SESSION_H
#define DEVSH_SHELL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua/script.h"

struct session;

/* What a session starts from; the strings are the caller's and outlive it. */
struct session_setup {
	const char *boot;        /* parameters of the kernel; NULL: none */
	const char *script_name; /* with arguments, for the script's "arg"; or NULL */
	char *const *args;
	/* Brings a new session to where it starts, silently; or NULL. 0, or -errno with a line in why. */
	int (*prepare)(void *ctx, struct session *s, char *why, size_t whysize);
	void *ctx;
};

struct session {
	struct machine *machine;
	struct script *script;
	uint64_t log_seen;       /* number of the next line of the log to show */
	uint32_t log_boot;       /* ... in this boot */
	uint32_t death_shown;    /* the last death of a task that an error was shown for */
	bool copy;               /* it replays: nothing outside of it is touched */
	bool over;               /* nothing more is run: quit */
};

/* 0, or -errno with a line in why. */
int session_start(struct session *s, const struct session_setup *setup,
		  const struct script_host *host, char *why, size_t whysize);
void session_end(struct session *s);

/* What the log holds so far is not shown any more. */
void session_skip_log(struct session *s);
/* Tasks that the kernel killed in this boot, the last one maybe by a panic. */
uint32_t session_deaths(const struct session *s);

#endif
