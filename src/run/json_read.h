/* SPDX-License-Identifier: MIT */
/* A report of --format=json, read back. */
#ifndef DEVSH_RUN_JSON_READ_H
#define DEVSH_RUN_JSON_READ_H

#include "run/reporter.h"

/* What its first line says; finish with json_about_finish(). */
struct json_about {
	struct report_about about;
	char *release, *arch, *boot; /* ... which points to these */
	bool begun, ended;
};

/*
 * Each result goes to `each`, which takes its strings over. 0, or -errno with a
 * line in why: what cannot be read, or is not whole.
 */
int json_read(const char *path, struct json_about *a,
	      void (*each)(void *ctx, struct scenario *s, struct outcome *o), void *ctx,
	      struct buf *why);
void json_about_finish(struct json_about *a);

#endif
