/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C, softly and by force.
 *
 * Softly it is a flag: long-running code checks it between steps, and the prompt
 * clears it.
 *
 * Some code never checks it, such as a loop inside one of Lua's C functions. A
 * second Ctrl-C, or a second without a response to the first, makes a jump out of
 * it, to interrupt_guard(). What was jumped out of is in the middle of anything
 * and must be thrown away whole, so a jump only leaves code that has opened
 * the way with interrupt_allow(), and no part of it between interrupt_hold() and
 * interrupt_release(): the model, output, the host's malloc().
 */
#ifndef DEVSH_LIB_INTERRUPT_H
#define DEVSH_LIB_INTERRUPT_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

extern volatile sig_atomic_t interrupted;

/* In a handler of a signal: Ctrl-C has come, or what is to have its effect. */
void interrupt_raise(void);
/* In a handler: what it came into can be left at once. */
bool interrupt_can_jump(void);

/*
 * interrupt_guard - run fn(ctx), which a jump may leave
 * @leaving: called from the handler, before the jump, while all that ran is
 *           still there; it may only look. NULL: nothing.
 *
 * True: it was left, and `interrupted` is lowered. Guards nest.
 */
bool interrupt_guard(void (*fn)(void *ctx), void (*leaving)(void *ctx), void *ctx);

extern volatile sig_atomic_t interrupt_may_jump;

/* Until interrupt_release(before), which goes back to how it was. */
static inline sig_atomic_t interrupt_set(bool may_jump)
{
	sig_atomic_t before = interrupt_may_jump;

	/* what is changed under protection is changed before it ends */
	atomic_signal_fence(memory_order_seq_cst);
	interrupt_may_jump = may_jump;
	atomic_signal_fence(memory_order_seq_cst);
	return before;
}

static inline sig_atomic_t interrupt_allow(void)
{
	return interrupt_set(true);
}

static inline sig_atomic_t interrupt_hold(void)
{
	return interrupt_set(false);
}

static inline void interrupt_release(sig_atomic_t before)
{
	interrupt_set(before);
}

#endif
