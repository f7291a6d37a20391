/* SPDX-License-Identifier: MIT */
/* devsh run --debug: runs up to the first failure, then opens the prompt. */
#ifndef DEVSH_RUN_DEBUG_H
#define DEVSH_RUN_DEBUG_H

#include "run/find.h"
#include "run/run.h"

/*
 * Runs the files in this process. After the report of the first failure, the prompt opens
 * on the machine as that scenario left it. Returns the exit code.
 */
int run_debug(const struct run_options *o, const struct files *f);

#endif
