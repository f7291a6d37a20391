/* SPDX-License-Identifier: MIT */
/*
 * Results that wait for their turn: workers finish files in any order, the
 * report has them in the order of the run.
 */
#ifndef DEVSH_RUN_RESULTS_H
#define DEVSH_RUN_RESULTS_H

#include "run/reporter.h"

struct kept {
	struct scenario s;    /* its strings are ours */
	struct outcome o;
};

/* Of one file. */
struct file_results {
	struct scenario *found; /* what it has, as a worker said */
	size_t founds, found_room;
	struct kept *kept;
	size_t count, room;
	size_t reported;      /* the first ones: the reporter has had them */
	bool loaded, done;
	int deaths;           /* of workers, while no scenario ran, */
	size_t died_at;       /* ... before this one */
};

/* They take the strings over. 0, or -ENOMEM: then they are freed. */
int results_found(struct file_results *f, struct scenario *s);
int results_add(struct file_results *f, struct scenario *s, struct outcome *o);
/* The file was not read to its end: what was found is found again. */
void results_forget_found(struct file_results *f);
/* Hands the reporter what it has not had yet, and forgets it. */
void results_report(struct file_results *f, struct reporter *r);
void results_finish(struct file_results *f);

/* 0, or -ENOMEM. */
int scenario_copy(struct scenario *to, const struct scenario *from);
void scenario_free(struct scenario *s);

#endif
