/* SPDX-License-Identifier: MIT */
/* devsh report merge: merges reports of several runs into one. */
#ifndef DEVSH_RUN_MERGE_H
#define DEVSH_RUN_MERGE_H

#include "run/run.h"

/* o->path: reports by --format=json. Returns the exit code. */
int run_merge(const struct run_options *o);

#endif
