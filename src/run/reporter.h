/* SPDX-License-Identifier: MIT */
/* Reports of a run, several at once: for people, for tools, for build servers. */
#ifndef DEVSH_RUN_REPORTER_H
#define DEVSH_RUN_REPORTER_H

#include <stdio.h>
#include <time.h>

#include "lua/script.h"
#include "run/durations.h"
#include "run/run.h"

struct report;

/* Everything goes to r->out. Each function may be NULL but for scenario(). */
struct report_format {
	const char *name;     /* of --format */
	bool for_people;      /* no program reads it: more may follow it */
	void (*begin)(struct report *r);
	void (*scenario)(struct report *r, const struct scenario *s, const struct outcome *o);
	void (*end)(struct report *r);
};

/* The one list of formats, NULL-terminated; the first is the default. */
extern const struct report_format *const report_formats[];
enum { REPORT_FORMATS_MAX = 15 };

struct report_counts {
	int passed, failed, pending, not_run;
	int flaky;            /* of those that passed: not at the first try */
	uint64_t us;
};

/* What holds for all scenarios of a run, for reports that say it. */
struct report_about {
	const char *release, *arch, *boot; /* boot: as it was given, or "" */
	uint64_t seed;
	bool shuffled;         /* by the seed */
	unsigned shard, shards; /* 0: there are none */
	char started[24];      /* 2026-11-28T23:22:02 in UTC */
};

struct report {
	const struct report_format *format;
	const struct report_about *about;
	const struct report_counts *count; /* of the run so far */
	const char *path;      /* NULL: standard output */
	FILE *out;             /* NULL: it could not be opened */
	bool colour;
	char *file;            /* of the last scenario, or NULL */
	struct buf held;       /* what a format keeps for the end, */
	struct buf part;       /* ... and of the scenarios of this file, */
	struct report_counts parts; /* ... which are these */
	int files;             /* that have ended in held */
	int error;             /* -errno of the first write that failed */
};

struct reporter {
	const struct run_options *o;
	struct report_about about;
	struct report_counts count;
	struct report *report;
	int reports;
	struct durations durations;
};

/* about: NULL: as the options say. False after a message: there are no reports at all. */
bool reporter_begin(struct reporter *r, const struct run_options *o, const struct report_about *about);
/* Adds how to run it again, where it failed. */
void reporter_scenario(struct reporter *r, const struct scenario *s, struct outcome *o);
/* True: nothing more is to run: as many failed as may, or no report can be written any more. */
bool reporter_stops(const struct reporter *r);
#define NOT_RUN_STOPPED "not run: as many failed as --fail-fast allows"
/* False: one was not written, which was said unless its reader had seen enough. */
bool reporter_end(struct reporter *r);

/* A failure, whatever its kind. */
static inline bool outcome_failed(const struct outcome *o)
{
	return o->status != OUTCOME_PASSED && o->status != OUTCOME_PENDING;
}

/* It passed, and not at the first try. */
static inline bool outcome_flaky(const struct outcome *o)
{
	return o->status == OUTCOME_PASSED && o->tries > 1;
}

static inline int report_total(const struct report_counts *c)
{
	return c->passed + c->failed + c->pending + c->not_run;
}

/* What a run with these is worth: EXIT_OK or EXIT_FAILED. */
static inline int report_verdict(const struct report_counts *c)
{
	/* a run in which nothing ran proves nothing */
	return c->failed || !c->passed ? EXIT_FAILED : EXIT_OK;
}

void report_count(struct report_counts *c, const struct outcome *o);

#endif
