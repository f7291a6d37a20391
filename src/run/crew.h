/* SPDX-License-Identifier: MIT */
/* The worker processes of a run. Private to the supervisor's files. */
#ifndef DEVSH_RUN_CREW_H
#define DEVSH_RUN_CREW_H

#include <sys/types.h>

#include "run/file.h"
#include "run/results.h"

struct worker {
	pid_t pid;            /* 0: there is no such process */
	int jobs, records;    /* our ends of its pipes */
	struct buf heard;     /* bytes of an incomplete record */
	int file;             /* index of the file that it runs, or -1 */
	bool running;         /* a scenario is running: */
	size_t nth;           /* ... the nth of the file; if none is running, the next one */
	uint32_t tried;       /* how often workers died in it */
	uint64_t begun;       /* time of its last record, in us */
	uint64_t deadline;    /* in ms; 0: none */
	bool asked;           /* it was too slow, and was asked where it is */
	struct buf where;
};

struct run {
	const struct run_options *o;
	const struct files *files;
	struct reporter *reporter;
	struct file_results *result; /* for each file */
	struct worker *worker;
	int next;             /* next file to start */
	int due;              /* file whose results are reported next */
	int error;            /* -errno: no worker could be created */
};

/* Lets the worker run a file, from its start or after a scenario that was lost. */
void crew_give(struct run *r, struct worker *w, int file, struct start from);
/* Restarts the worker's time limit, because it sent a record. */
void crew_set_deadline(const struct run *r, struct worker *w);
/* Waits for a worker that is dead or dying. Returns its status as waitpid() does. */
int crew_bury(struct worker *w);
/* Ends all workers; busy ones are killed. */
void crew_end(struct run *r);

#endif
