/* SPDX-License-Identifier: MIT */
/* --record FILE: what is typed at the prompt becomes a script, line by line. */
#ifndef DEVSH_SHELL_RECORDING_H
#define DEVSH_SHELL_RECORDING_H

#include "shell/shell.h"
#include "shell/syntax.h"

/* Writes a new file. 0 or -errno. */
int recording_begin(struct shell *sh, const char *path);
/* 0, or -errno of the first line that could not be written. */
int recording_end(struct shell *sh);

/* Without a recording, and on a copy of the session, these do nothing. */
void recording_statement(struct shell *sh, const struct statement *s, const struct ending *e);
void recording_lua(struct shell *sh, const char *code, const struct ending *e);
/* A file that the prompt reads by itself. */
void recording_source(struct shell *sh, const char *path);
/* What could not be parsed. */
void recording_wrong(struct shell *sh, const char *text);

#endif
