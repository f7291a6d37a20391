/* SPDX-License-Identifier: MIT */
/* Runs the text of files, of -c and of standard input, statement by statement. */
#ifndef DEVSH_SHELL_SOURCE_H
#define DEVSH_SHELL_SOURCE_H

#include "shell/shell.h"

/* Run statements; EXIT_OK or the code of the one that failed. */
int shell_run(struct shell *sh, const struct block *b);

/* Runs the text of a file, -c or standard input, as `name`. text[len] must be NUL. */
int shell_text(struct shell *sh, const char *name, const char *text, size_t len);
/* Runs a file: Lua if its name ends in .lua, else shell lines. "-" is standard input. */
int shell_file(struct shell *sh, const char *path);
int shell_lua(struct shell *sh, const char *name, const char *text, size_t len);

/* Runs a line of Lua typed at the prompt. */
int shell_lua_line(struct shell *sh, const char *text);

/* Reads the whole file; "-" is standard input. 0 or -errno. */
int read_file(const char *path, struct buf *out);

#endif
