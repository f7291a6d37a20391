/* SPDX-License-Identifier: MIT */
/*
 * What was done, statement by statement. Runs are deterministic: to go back is
 * to run the statements of before again, on a machine as it was booted first.
 */
#ifndef DEVSH_SHELL_STEPS_H
#define DEVSH_SHELL_STEPS_H

#include "shell/shell.h"

/* For sh->steps; destroyed after the shell is finished. NULL: no memory, no way back. */
struct steps *steps_create(void);
void steps_destroy(struct steps *st);

/* Around a statement at the top; inside of blocks they do nothing. */
void steps_begin(struct shell *sh, struct step *step);
void steps_end(struct shell *sh, struct step *step, struct block *b, int index);
/* The same for Lua: a whole file, or a line when file is NULL. */
void steps_end_lua(struct shell *sh, struct step *step, const char *file, const char *text,
		   size_t len);
/* What happened outside of statements: nobody can go to before it. */
void steps_forget(struct shell *sh);

/*
 * The session of now once more, or of before the `to`-th thing that was kept:
 * run again from the first on. 0, or -errno with a line in why; session_end()
 * ends what comes out.
 */
int steps_replay(struct shell *sh, size_t to, struct session *out, char *why, size_t whysize);
int steps_copy(struct shell *sh, struct session *out, char *why, size_t whysize);

#endif
