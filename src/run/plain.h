/* SPDX-License-Identifier: MIT */
/*
 * Makes text from scenarios harmless for a terminal and for report formats: control
 * characters and invalid UTF-8 become \x1b.
 */
#ifndef DEVSH_RUN_PLAIN_H
#define DEVSH_RUN_PLAIN_H

#include "lib/buf.h"

/* Appends the text on one line. */
void plain_line(struct buf *out, const char *text);
/* Appends the lines of the text, each after blanks and `mark`; tabs become blanks. */
void plain_lines(struct buf *out, const char *text, int blanks, const char *mark);

#endif
