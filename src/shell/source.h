/* SPDX-License-Identifier: MIT */
/* Text of files, of -c and of standard input, statement by statement. */
#ifndef DEVSH_SHELL_SOURCE_H
#define DEVSH_SHELL_SOURCE_H

#include "shell/shell.h"

/* Run statements; EXIT_OK or the code of the one that failed. */
int shell_run(struct shell *sh, const struct block *b);

/* Text of a file, of -c, or of standard input, as `name`; a NUL is behind it. */
int shell_text(struct shell *sh, const char *name, const char *text, size_t len);
/* A file: Lua when its name ends in .lua, else lines. "-" is standard input. */
int shell_file(struct shell *sh, const char *path);
int shell_lua(struct shell *sh, const char *name, const char *text, size_t len);

/* A line that was typed as Lua. */
int shell_lua_line(struct shell *sh, const char *text);

/* The whole of a file; "-" is standard input. 0 or -errno. */
int read_file(const char *path, struct buf *out);

#endif
