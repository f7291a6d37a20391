/* SPDX-License-Identifier: MIT */
/* The reports of a run, several at once: for people, tools and build servers. */
#ifndef DEVSH_RUN_REPORTER_H
#define DEVSH_RUN_REPORTER_H

#include <stdio.h>
#include <time.h>

#include "lua/script.h"
#include "run/durations.h"
#include "run/run.h"

struct report;

/* A format writes to r->out. All functions but scenario() may be NULL. */
struct report_format {
	const char *name;     /* for --format */
	bool for_people;      /* not for programs: more output may follow */
	void (*begin)(struct report *r);
	void (*scenario)(struct report *r, const struct scenario *s, const struct outcome *o);
	void (*end)(struct report *r);
};

/* The one list of formats, NULL-terminated; the first is the default. */
extern const struct report_format *const report_formats[];
enum { REPORT_FORMATS_MAX = 15 };

struct report_counts {
	int passed, failed, pending, not_run;
	int flaky;            /* passed, but not on the first try */
	uint64_t us;
};

/* Properties of the whole run, for formats that show them. */
struct report_about {
	const char *release, *arch, *boot; /* boot: as given by the user, or "" */
	uint64_t seed;
	bool shuffled;         /* in an order derived from the seed */
	unsigned shard, shards; /* 0: not sharded */
	char started[24];      /* 2026-11-28T23:22:02 in UTC */
};

struct report {
	const struct report_format *format;
	const struct report_about *about;
	const struct report_counts *count; /* results of the run so far */
	const char *path;      /* NULL: standard output */
	FILE *out;             /* NULL: the file could not be opened */
	bool colour;
	char *file;            /* file of the last scenario, or NULL */
	struct buf held;       /* text that a format holds back until the end */
	struct buf part;       /* ... for the scenarios of the current file */
	struct report_counts parts; /* ... and their results */
	int files;             /* number of completed files in held */
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

/* about: NULL: from the options. False: there are no reports, and an error was shown. */
bool reporter_begin(struct reporter *r, const struct run_options *o, const struct report_about *about);
/* Reports a result; on failure, adds the command that runs the scenario again. */
void reporter_scenario(struct reporter *r, const struct scenario *s, struct outcome *o);
/* True: run nothing more, because --fail-fast is reached or no report can be written. */
bool reporter_stops(const struct reporter *r);
#define NOT_RUN_STOPPED "not run: as many failed as --fail-fast allows"
/* False: a report was not written. This was shown, unless its reader had seen enough. */
bool reporter_end(struct reporter *r);

/* A failure of any kind. */
static inline bool outcome_failed(const struct outcome *o)
{
	return o->status != OUTCOME_PASSED && o->status != OUTCOME_PENDING;
}

/* It passed, but not on the first try. */
static inline bool outcome_flaky(const struct outcome *o)
{
	return o->status == OUTCOME_PASSED && o->tries > 1;
}

static inline int report_total(const struct report_counts *c)
{
	return c->passed + c->failed + c->pending + c->not_run;
}

/* The exit code for these results: EXIT_OK or EXIT_FAILED. */
static inline int report_verdict(const struct report_counts *c)
{
	/* a run without any passed scenario proves nothing */
	return c->failed || !c->passed ? EXIT_FAILED : EXIT_OK;
}

void report_count(struct report_counts *c, const struct outcome *o);

#endif
