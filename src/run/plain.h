/* SPDX-License-Identifier: MIT */
/*
 * Text that came from scenarios, made harmless for a terminal and for the formats
 * of reports: control characters and what is not UTF-8 turn into \x1b.
 */
#ifndef DEVSH_RUN_PLAIN_H
#define DEVSH_RUN_PLAIN_H

#include "lib/buf.h"

/* All of it on one line. */
void plain_line(struct buf *out, const char *text);
/* The text's lines, each after so many blanks and after `mark`; tabs turn into blanks. */
void plain_lines(struct buf *out, const char *text, int blanks, const char *mark);

#endif
