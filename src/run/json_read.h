/* SPDX-License-Identifier: MIT */
/* Reads a report of --format=json. */
#ifndef DEVSH_RUN_JSON_READ_H
#define DEVSH_RUN_JSON_READ_H

#include "run/reporter.h"

/* The first line of a report; finish it with json_about_finish(). */
struct json_about {
	struct report_about about;
	char *release, *arch, *boot; /* strings that `about` points to */
	bool begun, ended;
};

/*
 * Passes each result to `each`, which takes over its strings. 0, or -errno with a line in
 * why if the file cannot be read or is incomplete.
 */
int json_read(const char *path, struct json_about *a,
	      void (*each)(void *ctx, struct scenario *s, struct outcome *o), void *ctx,
	      struct buf *why);
void json_about_finish(struct json_about *a);

#endif
