/* SPDX-License-Identifier: MIT */
/* How a run of scenarios is told: for people, TAP for tools, JUnit for CI. */
#ifndef DEVSH_SHELL_REPORT_H
#define DEVSH_SHELL_REPORT_H

#include "shell/run.h"

struct report_counts {
	int passed, failed, pending;
};

struct reporter {
	enum report_format format;
	bool colour;
	const char *file;      /* of the last scenario */
	struct report_counts count;
	struct buf failures;   /* pretty: told at the end */
	struct buf suites;     /* JUnit: the document's body */
};

void reporter_init(struct reporter *r, enum report_format format, bool colour);
void reporter_scenario(struct reporter *r, const char *file, const char *name,
		       const struct outcome *o);
/* A file that could not be run at all counts as one failure. */
void reporter_broken(struct reporter *r, const char *file, const char *why);
void reporter_finish(struct reporter *r);

#endif
