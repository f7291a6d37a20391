/* SPDX-License-Identifier: MIT */
/* Atomic sections, and what sleeps in them all the same. The functions are in context.c. */
#ifndef DEVSH_KERNEL_SLEEP_H
#define DEVSH_KERNEL_SLEEP_H

#include "kernel/compiler.h"
#include "kernel/kernel.h"

/* How a section is entered, by the kernel's names. */
enum section { SECTION_SPIN_LOCK, SECTION_SPIN_LOCK_IRQSAVE, SECTION_LOCAL_IRQ_SAVE };
void section_begin(struct kernel *k, enum section s);
void section_end(struct kernel *k, enum section s);
/* A callback that runs in between is under devres_lock. */
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
 * Called first by everything that may sleep: reports it in an atomic section, once a
 * second. @function: the function that reports it if it is not on the stack, or NULL
 */
void might_sleep_at(struct kernel *k, enum sleep_for what, const char *function);
static inline void might_sleep(struct kernel *k, enum sleep_for what)
{
	if (in_atomic(k))
		might_sleep_at(k, what, NULL);
}

#endif
