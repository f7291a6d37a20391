/* SPDX-License-Identifier: MIT */
/* Results that no worker could send, because it died or the run ended early. */
#ifndef DEVSH_RUN_LOSS_H
#define DEVSH_RUN_LOSS_H

#include "run/crew.h"

/* A worker's records ended: its scenario fails, and a new worker continues the file. */
void loss_of_worker(struct run *r, struct worker *w);
/* The run ends early: running scenarios were interrupted, and the others were not run. */
void loss_of_rest(struct run *r);

#endif
