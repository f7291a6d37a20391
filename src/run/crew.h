/* SPDX-License-Identifier: MIT */
/* The worker processes of a run, and what the run has of them. Private to the supervisor's files. */
#ifndef DEVSH_RUN_CREW_H
#define DEVSH_RUN_CREW_H

#include <sys/types.h>

#include "run/file.h"
#include "run/results.h"

struct worker {
	pid_t pid;            /* 0: not there */
	int jobs, records;    /* our ends of its pipes */
	struct buf heard;     /* bytes of records that are not complete */
	int file;             /* that it runs, or -1 */
	bool running;         /* a scenario, */
	size_t nth;           /* ... this one; else the next one */
	uint32_t tried;       /* that one, in workers that died */
	uint64_t begun;       /* us on the clock, when it last said something */
	uint64_t deadline;    /* ms on the clock; 0: none */
	bool asked;           /* where it is, as it was too slow */
	struct buf where;
};

struct run {
	const struct run_options *o;
	const struct files *files;
	struct reporter *reporter;
	struct file_results *result; /* for each file */
	struct worker *worker;
	int next;             /* file that nobody has begun */
	int due;              /* file whose turn it is in the report */
	int error;            /* -errno: no worker can be made */
};

/* The file is begun, or continued after a scenario that was lost. */
void crew_give(struct run *r, struct worker *w, int file, struct start from);
/* The worker has said something: its time starts again. */
void crew_set_deadline(const struct run *r, struct worker *w);
/* It is dead, or about to be: how it died, as waitpid() says. */
int crew_bury(struct worker *w);
/* All go home; those that are busy are killed. */
void crew_end(struct run *r);

#endif
