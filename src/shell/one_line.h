/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_ONE_LINE_H
#define DEVSH_SHELL_ONE_LINE_H

#include "lib/buf.h"

/* Appends text as one line: each newline, with the blanks around it, becomes one blank. */
void one_line(const char *text, struct buf *out);

#endif
