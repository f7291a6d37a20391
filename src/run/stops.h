/* SPDX-License-Identifier: MIT */
/* SIGINT, SIGTERM and SIGHUP: they end a run, and not its reports. */
#ifndef DEVSH_RUN_STOPS_H
#define DEVSH_RUN_STOPS_H

#include <signal.h>

#define STOPS 3

/* The one that ends the run, or 0. */
extern volatile sig_atomic_t stop_signal;

/* How the process took them before. */
struct stops {
	struct sigaction action[STOPS];
	sigset_t mask;
};

/* From now on they wait until somebody polls with an empty mask. */
void stops_catch(struct stops *before);
/* One that waits is for who ran the run. */
void stops_leave(const struct stops *before);

#endif
