/* SPDX-License-Identifier: MIT */
/* The command that runs one scenario again. */
#ifndef DEVSH_RUN_REPRODUCE_H
#define DEVSH_RUN_REPRODUCE_H

#include "lua/script.h"
#include "run/run.h"

/* A line for the host's shell: a copy of it runs this scenario alone, as it ran now. */
void reproduce(const struct run_options *o, const struct scenario *s, struct buf *out);

/* The word as the host's shell takes it, quoted where it has to be. */
void add_quoted(struct buf *out, const char *word);

#endif
