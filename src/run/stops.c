/* SPDX-License-Identifier: MIT */
#include "run/stops.h"

static const int signals[STOPS] = { SIGINT, SIGTERM, SIGHUP };

volatile sig_atomic_t stop_signal;

static void on_stop(int sig)
{
	stop_signal = sig;
}

void stops_catch(struct stops *before)
{
	struct sigaction sa = { .sa_handler = on_stop };
	sigset_t all;

	stop_signal = 0;
	sigemptyset(&all);
	for (int i = 0; i < STOPS; i++)
		sigaddset(&all, signals[i]);
	sigprocmask(SIG_BLOCK, &all, &before->mask);
	for (int i = 0; i < STOPS; i++)
		sigaction(signals[i], &sa, &before->action[i]);
}

void stops_leave(const struct stops *before)
{
	for (int i = 0; i < STOPS; i++)
		sigaction(signals[i], &before->action[i], NULL);
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}
