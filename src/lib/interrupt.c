/* SPDX-License-Identifier: MIT */
#include "lib/interrupt.h"

#include <setjmp.h>
#include <stddef.h>
#include <sys/time.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

volatile sig_atomic_t interrupted;
volatile sig_atomic_t interrupt_may_jump;

struct guard {
	struct guard *outer;
	sigjmp_buf back;
	void (*leaving)(void *ctx);
	void *ctx;
};

static struct guard *volatile guard; /* the innermost one, or NULL */
static volatile sig_atomic_t ticking;
static bool jumped; /* at least once in this process */

/*
 * Starts the timer: a tick after `ms`, then one every 20 ms, because code that must
 * not be left at one tick may be left at a later one. 0 stops the timer.
 */
static void tick(int ms)
{
	const struct itimerval t = {
		.it_value = { ms / 1000, ms % 1000 * 1000 }, .it_interval = { 0, ms ? 20000 : 0 },
	};

	ticking = ms != 0;
	setitimer(ITIMER_REAL, &t, NULL);
}

void interrupt_raise(void)
{
	bool again = interrupted;

	interrupted = 1;
	if (guard)
		tick(again ? 1 : 1000);
}

bool interrupt_can_jump(void)
{
	return guard && interrupt_may_jump;
}

static void on_tick(int sig)
{
	struct guard *g = guard;

	(void)sig;
	if (!interrupt_can_jump())
		return;
	if (g->leaving)
		g->leaving(g->ctx);
	siglongjmp(g->back, 1);
}

bool interrupt_guard(void (*fn)(void *ctx), void (*leaving)(void *ctx), void *ctx)
{
	struct guard here = { .outer = guard, .leaving = leaving, .ctx = ctx };
	struct sigaction ours = { .sa_handler = on_tick, .sa_flags = SA_RESTART }, before;
	sig_atomic_t might_jump = interrupt_hold();
	volatile bool left = true;

	sigfillset(&ours.sa_mask);
	sigaction(SIGALRM, &ours, &before);
	if (!sigsetjmp(here.back, 1)) {
		guard = &here;
		fn(ctx);
		left = false;
	}
	guard = here.outer;
	if (left) {
		jumped = true;
		interrupted = 0;
	}
	/* after a normal return, keep ticking for the outer guard, if there is one */
	if (ticking && (left || !guard))
		tick(0);
	sigaction(SIGALRM, &before, NULL);
	interrupt_release(might_jump);
	return left;
}

#ifdef __SANITIZE_ADDRESS__
/* A jump leaks the memory of the functions that it leaves; that is not a bug. */
int __lsan_is_turned_off(void)
{
	return jumped;
}
#endif
