/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_ASSIGNMENT_H
#define DEVSH_SHELL_ASSIGNMENT_H

#include "shell/syntax.h"

/* Whether c may be part of a variable's name. */
bool name_char(int c, bool first);

/*
 * Recognizes "a = call", "a =call", "a= call" and "a=call", and removes the variable from
 * the words. A call before "=text" is not a variable. is_call may be NULL.
 */
void find_assignment(struct statement *s, bool (*is_call)(const char *name));

/*
 * Makes a statement of the words of s from `first` on, in which "p = call" is recognized
 * too. End it with statement_finish(). False: no memory.
 */
bool statement_from(const struct statement *s, int first, bool (*is_call)(const char *name),
		    struct statement *out);

#endif
