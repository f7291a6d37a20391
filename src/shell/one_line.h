/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_ONE_LINE_H
#define DEVSH_SHELL_ONE_LINE_H

#include "lib/buf.h"

/* Text on one line: a new line, and the blanks around it, is one blank. */
void one_line(const char *text, struct buf *out);

#endif
