/* SPDX-License-Identifier: MIT */
/* devsh run --debug: up to the first failure, and then the prompt. */
#ifndef DEVSH_RUN_DEBUG_H
#define DEVSH_RUN_DEBUG_H

#include "run/find.h"
#include "run/run.h"

/*
 * Runs the files in this process. The prompt opens on the machine as the first
 * scenario that failed left it, after its report. Returns what devsh exits with.
 */
int run_debug(const struct run_options *o, const struct files *f);

#endif
