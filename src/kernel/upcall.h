/* SPDX-License-Identifier: MIT */
/* Calls out of the model into the code of drivers, buses and modules. */
#ifndef DEVSH_KERNEL_UPCALL_H
#define DEVSH_KERNEL_UPCALL_H

#include "kernel/kernel.h"

/*
 * Before and after a call out of the model (probe, remove, release). False: do not call.
 * The task is dead; or, after a report: calls are nested too deeply, or the code is gone
 * with its module.
 */
bool upcall_begin(struct kernel *k, struct context next, struct context *saved);
void upcall_end(struct kernel *k, struct context saved);

/* The context of another function, run on behalf of the same device. */
static inline struct context context_of(const struct kernel *k, const char *caller,
					const struct code_home *home)
{
	return (struct context){ caller, k->context.phase, k->context.owner, *home };
}

#endif
