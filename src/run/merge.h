/* SPDX-License-Identifier: MIT */
/* devsh report merge: reports of several runs become one. */
#ifndef DEVSH_RUN_MERGE_H
#define DEVSH_RUN_MERGE_H

#include "run/run.h"

/* o->path: reports by --format=json. Returns what devsh exits with. */
int run_merge(const struct run_options *o);

#endif
