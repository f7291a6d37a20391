/* SPDX-License-Identifier: MIT */
/*
 * Calls out of the model into the code of drivers, buses and modules. Corresponds to no
 * single kernel file: Linux just calls a callback.
 */
#include "kernel/upcall.h"

#include "kernel/code.h"
#include "kernel/compiler.h"
#include "kernel/log.h"
#include "kernel/module.h"
#include "kernel/report.h"
#include "kernel/trace.h"

bool upcall_begin(struct kernel *k, struct context next, struct context *saved)
{
	if (k->task_died)
		return false;
	if (k->nesting >= NESTING_MAX || k->depth >= STACK_MAX - 8) {
		printk(k, KERN_EMERG, "BUG: stack guard page was hit at %016llx",
		       0xffffc90000000000ull + (unsigned long long)k->depth * 16);
		kernel_oops(k, next.caller, 0xffffc90000000000ull);
		return false;
	}
	if (unlikely(code_is_gone(&next.code) != NULL)) {
		kernel_fault(k, kernel_function(k),
			     next.code.addr ? next.code.addr : next.code.module->base, ACCESS_EXEC);
		return false;
	}
	k->nesting++;
	*saved = k->context;
	k->context = next;
	fn_enter(k, next.caller);
	return true;
}

void upcall_end(struct kernel *k, struct context saved)
{
	fn_exit(k);
	k->context = saved;
	k->nesting--;
}
