/* SPDX-License-Identifier: MIT */
/* Builds the command that runs one scenario again. */
#ifndef DEVSH_RUN_REPRODUCE_H
#define DEVSH_RUN_REPRODUCE_H

#include "lua/script.h"
#include "run/run.h"

/* Appends a line for the host's shell that runs this scenario alone, as it ran now. */
void reproduce(const struct run_options *o, const struct scenario *s, struct buf *out);

/* Appends the word, quoted for the host's shell if necessary. */
void add_quoted(struct buf *out, const char *word);

#endif
