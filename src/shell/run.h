/* SPDX-License-Identifier: MIT */
/* Scenarios: each on a machine of its own, and a report. */
#ifndef DEVSH_SHELL_RUN_H
#define DEVSH_SHELL_RUN_H

#include "shell/shell.h"

enum report_format { REPORT_PRETTY, REPORT_TAP, REPORT_JUNIT };

struct run_options {
	enum report_format format;
	const char *filter;   /* plain text in the name; NULL: all */
	const char *seed;
	const char *boot;
	bool list, colour;
	bool no_leaks;        /* scenarios fail that lose memory */
	char *const *path;    /* NULL-terminated files and directories */
};

int run_scenarios(const struct run_options *o);
/* The scenarios that a script described: `devsh FILE.lua`. */
int run_described(struct shell *sh, const struct run_options *o);

#endif
