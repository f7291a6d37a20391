/* SPDX-License-Identifier: MIT */
/*
 * The recorded statements. Runs are deterministic, so going back means running the
 * earlier statements again on a freshly booted machine.
 */
#ifndef DEVSH_SHELL_STEPS_H
#define DEVSH_SHELL_STEPS_H

#include "shell/shell.h"

/* For sh->steps; destroy it after the shell. NULL: no memory, and the shell cannot go back. */
struct steps *steps_create(void);
void steps_destroy(struct steps *st);

/* Call these around each top-level statement; in blocks they do nothing. */
void steps_begin(struct shell *sh, struct step *step);
/* Before steps_end(): how it ended. */
void steps_ending(const struct shell *sh, struct step *step, int status);
void steps_end(struct shell *sh, struct step *step, struct block *b, int index);
/* The same for Lua: a whole file, or a line if file is NULL. */
void steps_end_lua(struct shell *sh, struct step *step, const char *file, const char *text,
		   size_t len);
/* Each step that there is, for completion. */
void steps_each(const struct steps *st, void (*each)(void *ctx, uint32_t step), void *ctx);
/* Something changed outside of statements, so earlier steps can no longer be reached. */
void steps_forget(struct shell *sh);

/*
 * steps_copy() makes a copy of the current session by running its statements again;
 * steps_replay() stops after the first `to` of them. 0, or -errno with a line in why. End
 * the copy with session_end().
 */
int steps_replay(struct shell *sh, size_t to, struct session *out, char *why, size_t whysize);
int steps_copy(struct shell *sh, struct session *out, char *why, size_t whysize);

#endif
