/* SPDX-License-Identifier: MIT */
/* devsh run: scenarios, each on a machine of its own, and a report. */
#ifndef DEVSH_RUN_RUN_H
#define DEVSH_RUN_RUN_H

#include "shell/shell.h"

struct run_options {
	const struct report_format *format;
	const char *filter;   /* plain text in the name; NULL: all */
	const char *seed;
	const char *boot;
	bool list, colour;
	bool no_leaks;        /* scenarios fail that lose memory */
	int workers;          /* processes that run files; 0: this one does */
	unsigned timeout;     /* ms that a scenario may take, with workers; 0: no limit */
	size_t memory;        /* bytes that Lua may take; 0: as at the prompt */
	char *const *path;    /* NULL-terminated files and directories */
};

/* Of this name, or NULL; every one is in report_formats. */
const struct report_format *report_format_find(const char *name);
extern const struct report_format *const report_formats[];

/* As many as the machine has for this process. */
int run_workers_default(void);

/* Returns what devsh exits with. */
int run_scenarios(const struct run_options *o);
/* The scenarios that a script described: `devsh FILE.lua`. */
int run_described(struct shell *sh, const struct run_options *o);

#endif
