/* SPDX-License-Identifier: MIT */
/* The scenarios of a file that run, in their order. */
#ifndef DEVSH_RUN_PLAN_H
#define DEVSH_RUN_PLAN_H

#include "run/find.h"
#include "run/run.h"

struct planned {
	struct scenario s;    /* its name is ours where it is repeated */
	size_t at;            /* in the script */
};

struct plan {
	struct planned *at;
	size_t count, room;
	size_t all;           /* that the file has */
	bool line_found;      /* the line that was asked for has a scenario */
};

/*
 * Of all scenarios of the file, as get() gives them up to the last: those that are
 * selected, as often as they are repeated, shuffled if that is asked for. Every
 * process makes the same plan. False: no memory.
 */
bool plan_make(struct plan *p, const struct run_options *o, const struct file *file,
	       bool (*get)(void *ctx, size_t i, struct scenario *s), void *ctx);
void plan_finish(struct plan *p);

#endif
