/* SPDX-License-Identifier: MIT */
/* The report of a run: for people, TAP for tools, JUnit for build servers. */
#ifndef DEVSH_RUN_REPORTER_H
#define DEVSH_RUN_REPORTER_H

#include <stdio.h>

#include "run/run.h"

struct reporter;

/* Everything goes to r->out. */
struct report_format {
	const char *name;     /* of --format */
	void (*begin)(struct reporter *r);
	void (*scenario)(struct reporter *r, const struct scenario *s, const struct outcome *o);
	void (*end)(struct reporter *r);
};

extern const struct report_format format_pretty, format_tap, format_junit;

struct report_counts {
	int passed, failed, pending, not_run;
};

struct reporter {
	const struct report_format *format;
	FILE *out;
	bool colour;
	char *file;            /* of the last scenario */
	struct report_counts count;
	struct buf held;       /* what a format keeps for the end */
	int error;             /* -errno of the first write that failed */
};

void reporter_begin(struct reporter *r, const struct report_format *format, FILE *out, bool colour);
void reporter_scenario(struct reporter *r, const struct scenario *s, const struct outcome *o);
/* 0, or -errno when something was not written. */
int reporter_end(struct reporter *r);

/* A failure, whatever its kind. */
static inline bool outcome_failed(const struct outcome *o)
{
	return o->status != OUTCOME_PASSED && o->status != OUTCOME_PENDING;
}

static inline int report_total(const struct report_counts *c)
{
	return c->passed + c->failed + c->pending + c->not_run;
}

/* The text's lines, each behind so many blanks; below a title, where it has one. */
void report_indent(struct buf *out, const char *title, const struct buf *text, int by);

#endif
