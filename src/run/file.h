/* SPDX-License-Identifier: MIT */
/* Runs one file of scenarios. */
#ifndef DEVSH_RUN_FILE_H
#define DEVSH_RUN_FILE_H

#include "run/find.h"
#include "run/run.h"
#include "run/sink.h"

/* Where to start in the plan of a file: after a lost scenario, not at the beginning. */
struct start {
	size_t nth;
	uint32_t tried;       /* how often that scenario was tried before */
};

/*
 * Loads the file into a session of its own and runs the scenarios of its plan. An error
 * in the file itself is the outcome of a scenario named "(the file itself)".
 */
void file_run(const struct run_options *o, const struct file *file, struct start from,
	      const struct sink *sink);
/* Runs the scenarios that the session's script has described. */
void file_run_described(struct shell *sh, const struct run_options *o, const struct file *file,
			struct start from, const struct sink *sink);
/* The boot parameters from --boot and --seed for repetition `repeat`. Resets out. */
const char *file_boot_line(const struct run_options *o, uint32_t repeat, struct buf *out);
/* Reports a file that was not run. */
void file_not_run(const char *file, const struct sink *sink);
/* Reports a file that could not be run, or not to its end. */
void file_broken(const char *file, const char *why, const struct sink *sink);

#endif
