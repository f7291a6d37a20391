/* SPDX-License-Identifier: MIT */
/*
 * The signals of a terminal: which are watched, when, and with what handler.
 * Handlers only raise flags; who reads keys looks at them (terminal_input.c).
 *
 *	          inside terminal_read()           between two reads
 *	SIGINT    drop the line                    interrupt_raise()
 *	SIGTERM   restore the terminal, then EOF   likewise, and the next read is EOF;
 *	SIGHUP    likewise                         a second one kills
 *	SIGQUIT   likewise                         default: kills
 *	SIGTSTP   restore, stop, draw again        default: stops
 *	SIGWINCH  draw again                       noted for the next read
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "shell/terminal_readline.h"

#include <readline/readline.h>

#include "lib/interrupt.h"

volatile sig_atomic_t hung_up, stopped, resized;

static const struct watched {
	int sig;
	bool while_reading_only;
	bool second_kills;   /* code that never checks the flag must end, too */
	bool may_be_ignored; /* an inherited SIG_IGN stays, as set by nohup */
} watched[] = {
	{ .sig = SIGINT },
	{ .sig = SIGWINCH },
	{ .sig = SIGTERM, .second_kills = true, .may_be_ignored = true },
	{ .sig = SIGHUP, .second_kills = true, .may_be_ignored = true },
	{ .sig = SIGQUIT, .while_reading_only = true, .may_be_ignored = true },
	{ .sig = SIGTSTP, .while_reading_only = true, .may_be_ignored = true },
};

#define N_WATCHED (sizeof(watched) / sizeof(watched[0]))

static struct sigaction outside[N_WATCHED]; /* the handlers from before */
sigset_t while_waiting;

static void raise_flag(int sig)
{
	switch (sig) {
	case SIGINT:
		interrupt_raise();
		break;
	case SIGTSTP:
		stopped = 1;
		break;
	case SIGWINCH:
		resized = 1;
		break;
	default:
		/* A script that runs must end before the shell can. */
		hung_up = 1;
		interrupt_raise();
	}
}

void watch_signals(bool while_reading_only)
{
	struct sigaction ours = { .sa_handler = raise_flag };

	sigfillset(&ours.sa_mask);
	for (size_t i = 0; i < N_WATCHED; i++) {
		if (watched[i].while_reading_only != while_reading_only)
			continue;
		sigaction(watched[i].sig, NULL, &outside[i]);
		if (watched[i].may_be_ignored && outside[i].sa_handler == SIG_IGN)
			continue;
		ours.sa_flags = SA_RESTART;
		if (watched[i].second_kills)
			ours.sa_flags |= (int)SA_RESETHAND;
		sigaction(watched[i].sig, &ours, NULL);
	}
}

void unwatch_signals(bool while_reading_only)
{
	for (size_t i = 0; i < N_WATCHED; i++)
		if (watched[i].while_reading_only == while_reading_only)
			sigaction(watched[i].sig, &outside[i], NULL);
}

sigset_t hold_signals(void)
{
	sigset_t held, before;

	sigemptyset(&held);
	for (size_t i = 0; i < N_WATCHED; i++)
		sigaddset(&held, watched[i].sig);
	sigprocmask(SIG_BLOCK, &held, &before);
	while_waiting = before;
	for (size_t i = 0; i < N_WATCHED; i++)
		sigdelset(&while_waiting, watched[i].sig);
	return before;
}

void stop_here(void)
{
	struct sigaction ours, standard = { .sa_handler = SIG_DFL };
	sigset_t tstp;

	rl_echo_signal_char(SIGTSTP);
	rl_cleanup_after_signal();
	fflush(rl_outstream);

	sigemptyset(&tstp);
	sigaddset(&tstp, SIGTSTP);
	sigaction(SIGTSTP, &standard, &ours);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &tstp, NULL);
	/* The process stops here until SIGCONT. */
	sigprocmask(SIG_BLOCK, &tstp, NULL);
	sigaction(SIGTSTP, &ours, NULL);

	rl_reset_after_signal();
	rl_reset_screen_size(); /* a stopped job gets no SIGWINCH */
	rl_forced_update_display();
}
