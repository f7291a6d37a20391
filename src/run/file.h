/* SPDX-License-Identifier: MIT */
/* One file of scenarios. */
#ifndef DEVSH_RUN_FILE_H
#define DEVSH_RUN_FILE_H

#include "run/run.h"
#include "run/sink.h"

/*
 * Loads the file into a session of its own, and runs its scenarios from the
 * nth on that the filter lets through, counted from 0. What is wrong with the
 * file itself is the outcome of a scenario "(the file itself)".
 */
void file_run(const struct run_options *o, const char *file, size_t from, const struct sink *sink);
/* Those that the session's script has described. */
void file_run_described(struct shell *sh, const struct run_options *o, size_t from,
			const struct sink *sink);
/* The file could not be run, or not be run to its end. */
void file_broken(const char *file, const char *why, const struct sink *sink);

#endif
