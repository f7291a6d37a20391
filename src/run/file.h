/* SPDX-License-Identifier: MIT */
/* One file of scenarios. */
#ifndef DEVSH_RUN_FILE_H
#define DEVSH_RUN_FILE_H

#include "run/find.h"
#include "run/run.h"
#include "run/sink.h"

/* Where in the plan of a file to start: not at its beginning after one was lost. */
struct start {
	size_t nth;
	uint32_t tried;       /* that one, as often before */
};

/*
 * Loads the file into a session of its own, and runs the scenarios of its plan.
 * What is wrong with the file itself is the outcome of a scenario "(the file itself)".
 */
void file_run(const struct run_options *o, const struct file *file, struct start from,
	      const struct sink *sink);
/* Those that the session's script has described. */
void file_run_described(struct shell *sh, const struct run_options *o, const struct file *file,
			struct start from, const struct sink *sink);
/* The parameters of a boot, from --boot and --seed; of the n-th repetition. Resets out. */
const char *file_boot_line(const struct run_options *o, uint32_t repeat, struct buf *out);
/* Its turn did not come. */
void file_not_run(const char *file, const struct sink *sink);
/* The file could not be run, or not be run to its end. */
void file_broken(const char *file, const char *why, const struct sink *sink);

#endif
