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
static bool jumped; /* ever */

/*
 * The first tick after `ms`, and then one every few milliseconds: code that may
 * not be left now may be a moment later, and if it has answered by then, the better.
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
	/* the guard around this one has no answer yet */
	if (ticking && (left || !guard))
		tick(0);
	sigaction(SIGALRM, &before, NULL);
	interrupt_release(might_jump);
	return left;
}

#ifdef __SANITIZE_ADDRESS__
/* What belonged to functions that a jump left is lost, and that is no mistake. */
int __lsan_is_turned_off(void)
{
	return jumped;
}
#endif
