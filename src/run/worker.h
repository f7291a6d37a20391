/* SPDX-License-Identifier: MIT */
/* A process that runs files and sends the results. */
#ifndef DEVSH_RUN_WORKER_H
#define DEVSH_RUN_WORKER_H

#include "run/find.h"
#include "run/run.h"

/* The next job of a worker. */
struct job {
	uint32_t file;        /* index into the run's files */
	uint32_t nth, tried;  /* where in its plan to start */
};

/* Runs jobs until `jobs` ends; writes records to `results`. Does not return. */
__attribute__((noreturn))
void worker_main(const struct run_options *o, const struct file *file, int jobs, int results);

#endif
