/* SPDX-License-Identifier: MIT */
/* The scenarios of a file to be run, in order. */
#ifndef DEVSH_RUN_PLAN_H
#define DEVSH_RUN_PLAN_H

#include "run/find.h"
#include "run/run.h"

struct planned {
	struct scenario s;    /* the plan owns the name of a repeated scenario */
	size_t at;            /* index in the script */
};

struct plan {
	struct planned *at;
	size_t count, room;
	size_t all;           /* number of scenarios in the file */
	bool line_found;      /* there is a scenario at the requested line */
};

/*
 * Reads all scenarios of the file from get(). Keeps those that are selected, repeats
 * them, and shuffles them if requested. Every process makes the same plan. False: no
 * memory.
 */
bool plan_make(struct plan *p, const struct run_options *o, const struct file *file,
	       bool (*get)(void *ctx, size_t i, struct scenario *s), void *ctx);
void plan_finish(struct plan *p);

#endif
