/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_C_LINE_H
#define DEVSH_SHELL_C_LINE_H

#include "shell/shell.h"
#include "shell/syntax.h"

/* True: the statement is a line of C, and an error with the equivalent line was shown. */
bool is_c_line(struct shell *sh, const struct statement *s);

#endif
