/* SPDX-License-Identifier: MIT */
/* What ends the machine. */
#ifndef DEVSH_KERNEL_PANIC_H
#define DEVSH_KERNEL_PANIC_H

#include "kernel/kernel.h"

void panic_init(struct kernel *k);
/*
 * Called after a WARN in the first function of `above` (see kernel_warn_end) and after a
 * KASAN report: panic if the policy says so.
 */
void panic_on_warn(struct kernel *k, const char *const *above);
void panic_on_kasan(struct kernel *k, bool write);
/* Whether a WARN of this release checks that before it lists the modules. */
bool panic_warns_early(const struct kernel *k);
/* Called after a task died. */
void panic_on_oops(struct kernel *k, enum report_kind kind);

#endif
