/* SPDX-License-Identifier: MIT */
/* Workers, and what becomes of what they say. */
#ifndef DEVSH_RUN_SUPERVISOR_H
#define DEVSH_RUN_SUPERVISOR_H

#include "run/find.h"
#include "run/reporter.h"

/*
 * Runs the files in o->workers processes, and reports them in their order,
 * whichever worker was faster. A worker that dies, or that is too slow, costs the
 * scenario that it ran; what follows runs in another one. 0, the signal
 * that ended the run (what did not run was reported as such), or -errno when
 * there can be no worker. stops_catch() was called before.
 */
int supervise(const struct run_options *o, const struct files *f, struct reporter *r);

#endif
