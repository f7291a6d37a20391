/* SPDX-License-Identifier: MIT */
/* A process that runs files and says what came of them. */
#ifndef DEVSH_RUN_WORKER_H
#define DEVSH_RUN_WORKER_H

#include "run/find.h"
#include "run/run.h"

/* What a worker is to do next. */
struct job {
	uint32_t file;        /* of the run's files */
	uint32_t nth, tried;  /* where in its plan to start */
};

/* Serves until `jobs` ends; records go to `results`. Does not return. */
__attribute__((noreturn))
void worker_main(const struct run_options *o, const struct file *file, int jobs, int results);

#endif
