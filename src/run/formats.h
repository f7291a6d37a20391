/* SPDX-License-Identifier: MIT */
/* Declares every report format for the list in format.c. */
#ifndef DEVSH_RUN_FORMATS_H
#define DEVSH_RUN_FORMATS_H

#include "run/plain.h"
#include "run/reporter.h"

extern const struct report_format format_github, format_json, format_junit, format_ktap,
	format_pretty, format_tap, format_tap14;

/* Appends a line of --list --format=json, without its newline. */
void json_list(const struct scenario *s, struct buf *out);

#endif
