/* SPDX-License-Identifier: MIT */
/* Every format, for the list of them in format.c. */
#ifndef DEVSH_RUN_FORMATS_H
#define DEVSH_RUN_FORMATS_H

#include "run/plain.h"
#include "run/reporter.h"

extern const struct report_format format_github, format_json, format_junit, format_ktap,
	format_pretty, format_tap, format_tap14;

/* A line of --list --format=json, without its end. */
void json_list(const struct scenario *s, struct buf *out);

#endif
