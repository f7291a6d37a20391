/* SPDX-License-Identifier: MIT */
/* Results that no worker could give: it died, or the run ended before. */
#ifndef DEVSH_RUN_LOSS_H
#define DEVSH_RUN_LOSS_H

#include "run/crew.h"

/* The worker's records ended. What it ran fails; the rest of its file runs in a new one. */
void loss_of_worker(struct run *r, struct worker *w);
/* The run ends before its end: what ran was interrupted, and the rest did not run. */
void loss_of_rest(struct run *r);

#endif
