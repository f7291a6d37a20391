/* SPDX-License-Identifier: MIT */
/* Statements as the lines of a script that runs to its end. */
#ifndef DEVSH_SHELL_SCRIPT_TEXT_H
#define DEVSH_SHELL_SCRIPT_TEXT_H

#include "shell/shell.h"
#include "shell/syntax.h"

/* How to begin: what made it, and the boot. */
void script_text_head(const struct shell *sh, struct buf *out);

/*
 * A statement that ended like that. In a script it must not end the run: a failure is
 * expected with '!', a complaint with warns. What is not a call becomes a comment.
 */
void script_text_statement(struct shell *sh, const struct statement *s, const struct ending *e,
			   struct buf *out);
/* The same for Lua that was typed without "lua" before it, or that was in a file. */
void script_text_lua(struct shell *sh, const char *code, const struct ending *e, struct buf *out);
/* Each line of it behind a '#'. */
void script_text_comment(const char *text, struct buf *out);

#endif
