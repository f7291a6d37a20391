/* SPDX-License-Identifier: MIT */
/* devsh run: scenarios, each on a machine of its own, and reports. */
#ifndef DEVSH_RUN_RUN_H
#define DEVSH_RUN_RUN_H

#include "run/select.h"
#include "shell/shell.h"

#define RUN_TIMEOUT 60000 /* ms, if not given */

struct report_format;

/* --report FORMAT=FILE */
struct report_target {
	const struct report_format *format;
	const char *path;
};

struct run_options {
	const struct report_format *format; /* on standard output */
	struct report_target *report; /* ... and beside it */
	int reports;
	struct selection select;
	bool last_failed;     /* only what failed the last time */
	struct history *history; /* of earlier runs; or NULL */
	int fail_fast;        /* nothing runs after so many failures; 0: all does */
	bool shuffle;         /* files, and the scenarios of each, by the seed */
	unsigned repeat;      /* times that each runs, with the next seed each time */
	unsigned retries;     /* more tries for one that fails */
	int durations;        /* that are shown, the longest ones */
	bool watch;           /* run again when a file changes */
	const char *seed;
	const char *boot;
	bool list, colour;
	bool debug;           /* the prompt opens at the first failure */
	bool no_leaks;        /* scenarios fail that lose memory */
	bool untrusted;       /* workers can do nothing to the host */
	int workers;          /* processes that run files; 0: this one does */
	unsigned timeout;     /* ms that a scenario may take, with workers; 0: no limit */
	size_t memory;        /* bytes that Lua may take; 0: as at the prompt */
	char *const *path;    /* NULL-terminated files and directories */
};

/* --- args.c: the command line --------------------------------------------------- */

void run_options_init(struct run_options *o);
/* The option of this letter. EXIT_OK, EXIT_USAGE after a message, or -1: it is none of ours. */
int run_option(struct run_options *o, int letter, const char *arg);
void run_options_finish(struct run_options *o);

/* --- seed.c --------------------------------------------------------------------- */

/* Of the first run of each scenario: --seed, a boot parameter, or the default. */
uint64_t run_seed(const struct run_options *o);

/* --- run.c ---------------------------------------------------------------------- */

/* Returns what devsh exits with. */
int run_scenarios(const struct run_options *o);
/* The scenarios that a script described: `devsh FILE.lua`. */
int run_described(struct shell *sh, const struct run_options *o);

#endif
