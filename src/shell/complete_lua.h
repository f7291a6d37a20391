/* SPDX-License-Identifier: MIT */
#ifndef DEVSH_SHELL_COMPLETE_LUA_H
#define DEVSH_SHELL_COMPLETE_LUA_H

#include "shell/shell.h"

/* True: the end of line[0..end) is Lua. */
bool line_is_lua(const struct shell *sh, const char *line, size_t end);
/* As shell_complete(). */
char complete_lua(struct shell *sh, const char *line, size_t start, size_t end,
		  void (*fn)(void *to, const char *candidate), void *to);

#endif
