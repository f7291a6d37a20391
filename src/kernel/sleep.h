/* SPDX-License-Identifier: MIT */
/* Atomic sections, and the check for sleeping in them. The functions are in context.c. */
#ifndef DEVSH_KERNEL_SLEEP_H
#define DEVSH_KERNEL_SLEEP_H

#include "kernel/compiler.h"
#include "kernel/kernel.h"

/* The ways to enter a section, by the kernel's names. */
enum section { SECTION_SPIN_LOCK, SECTION_SPIN_LOCK_IRQSAVE, SECTION_LOCAL_IRQ_SAVE };
void section_begin(struct kernel *k, enum section s);
void section_end(struct kernel *k, enum section s);
/* Around a callback that runs under devres_lock. */
static inline void atomic_begin(struct kernel *k)
{
	section_begin(k, SECTION_SPIN_LOCK_IRQSAVE);
}
static inline void atomic_end(struct kernel *k)
{
	section_end(k, SECTION_SPIN_LOCK_IRQSAVE);
}

static inline bool in_atomic(const struct kernel *k)
{
	return unlikely(k->atomic | k->irqs_off);
}
/*
 * Anything that may sleep calls this first: in an atomic section it is reported, once a
 * second. @function: the function that reports it if that is not on the stack, or NULL
 */
void might_sleep_at(struct kernel *k, enum sleep_for what, const char *function);
static inline void might_sleep(struct kernel *k, enum sleep_for what)
{
	if (in_atomic(k))
		might_sleep_at(k, what, NULL);
}

#endif
