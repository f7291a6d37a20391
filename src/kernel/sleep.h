/* SPDX-License-Identifier: MIT */
/* Where nobody may sleep, and what does all the same. context.c has the functions. */
#ifndef DEVSH_KERNEL_SLEEP_H
#define DEVSH_KERNEL_SLEEP_H

#include "kernel/compiler.h"
#include "kernel/kernel.h"

/* How one comes there, with the kernel's own names. */
enum section { SECTION_SPIN_LOCK, SECTION_SPIN_LOCK_IRQSAVE, SECTION_LOCAL_IRQ_SAVE };
void section_begin(struct kernel *k, enum section s);
void section_end(struct kernel *k, enum section s);
/* A callback that runs in between runs under devres_lock. */
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
 * What may sleep says so on its way in: a report where nobody may, once a second.
 * @function: who says it, if it is not on the stack; or NULL
 */
void might_sleep_at(struct kernel *k, enum sleep_for what, const char *function);
static inline void might_sleep(struct kernel *k, enum sleep_for what)
{
	if (in_atomic(k))
		might_sleep_at(k, what, NULL);
}

#endif
