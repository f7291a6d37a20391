/* SPDX-License-Identifier: MIT */
/* The interactive prompt: lines and completion. */
#ifndef DEVSH_SHELL_PROMPT_H
#define DEVSH_SHELL_PROMPT_H

#include "shell/shell.h"

/* Read and run until the end of input. */
int shell_prompt(struct shell *sh);
/* Before that: runs the user's own lines, from XDG_CONFIG_HOME/devsh/init. ctx is nothing. */
void prompt_init(struct shell *sh, void *ctx);

/* Adds the arguments that may follow the line, as usage shows them. */
void shell_hint(void *ctx, const char *line, struct buf *out);

/* Offers what can be typed in line[start..end). Returns the character to put after a single match. */
char shell_complete(void *ctx, const char *line, size_t start, size_t end,
		    void (*offer)(void *to, const char *candidate), void *to);

#endif
