/* SPDX-License-Identifier: MIT */
/*
 * The recorded statements. Runs are deterministic, so going back means to run the
 * earlier statements again on a freshly booted machine.
 */
#ifndef DEVSH_SHELL_STEPS_H
#define DEVSH_SHELL_STEPS_H

#include "shell/shell.h"

/* For sh->steps; destroy it after the shell. NULL: no memory, the shell goes only forward. */
struct steps *steps_create(void);
void steps_destroy(struct steps *st);

/* Around a statement at the top level; inside blocks they do nothing. */
void steps_begin(struct shell *sh, struct step *step);
/* Before steps_end(): how it ended. */
void steps_ending(const struct shell *sh, struct step *step, int status);
void steps_end(struct shell *sh, struct step *step, struct block *b, int index);
/* The same for Lua: a whole file, or a line when file is NULL. */
void steps_end_lua(struct shell *sh, struct step *step, const char *file, const char *text,
		   size_t len);
/* Something happened outside of statements: there is no way back to before it. */
void steps_forget(struct shell *sh);

/*
 * steps_copy() makes the current session once more, steps_replay() that of the
 * first `to` recorded statements, by running them again. 0, or -errno with a
 * line in why. End the copy with session_end().
 */
int steps_replay(struct shell *sh, size_t to, struct session *out, char *why, size_t whysize);
int steps_copy(struct shell *sh, struct session *out, char *why, size_t whysize);

#endif
