/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_ASSIGNMENT_H
#define DEVSH_SHELL_ASSIGNMENT_H

#include "shell/syntax.h"

/* What a variable's name may be made of. */
bool name_char(int c, bool first);

/*
 * "a = call", "a =call", "a= call" and "a=call": the variable leaves the words.
 * A call in front of "=text" names no variable; is_call may be NULL: none is.
 */
void find_assignment(struct statement *s, bool (*is_call)(const char *name));

/*
 * The words of s from `first` on as a statement of their own, "p = call" in them
 * included; statement_finish() ends it. False: no memory.
 */
bool statement_from(const struct statement *s, int first, bool (*is_call)(const char *name),
		    struct statement *out);

#endif
