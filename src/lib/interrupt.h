/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C: a flag, and a jump out of code that does not check the flag.
 *
 * Ctrl-C sets `interrupted`. Long-running code checks it between steps, and the
 * prompt clears it.
 *
 * Some code never checks it, such as a loop in one of Lua's C functions. On a
 * second Ctrl-C, or if there is no response within a second, a signal handler
 * jumps out of that code to interrupt_guard(). It may have been interrupted at any
 * point, so all of its state must be discarded. Therefore a jump only leaves code
 * that called interrupt_allow(), and never the parts between interrupt_hold() and
 * interrupt_release(): the model, output, the host's malloc().
 */
#ifndef DEVSH_LIB_INTERRUPT_H
#define DEVSH_LIB_INTERRUPT_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

extern volatile sig_atomic_t interrupted;

/* For signal handlers: Ctrl-C was pressed, or this signal should have its effect. */
void interrupt_raise(void);
/* For signal handlers: the interrupted code can be left right now. */
bool interrupt_can_jump(void);

/*
 * interrupt_guard - run fn(ctx), which a jump may leave
 * @leaving: called from the signal handler before the jump, while the stack of
 *           fn() is still intact; it must not change anything. May be NULL.
 *
 * True: a jump left fn(), and `interrupted` is cleared. Guards nest.
 */
bool interrupt_guard(void (*fn)(void *ctx), void (*leaving)(void *ctx), void *ctx);

extern volatile sig_atomic_t interrupt_may_jump;

/* Returns the previous setting, for interrupt_release(). */
static inline sig_atomic_t interrupt_set(bool may_jump)
{
	sig_atomic_t before = interrupt_may_jump;

	/* keeps the compiler from moving accesses out of the protected part */
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
