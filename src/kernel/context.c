/* SPDX-License-Identifier: MIT */
/*
 * Atomic sections, in which sleeping is not allowed. Corresponds to __might_resched() in
 * Linux' kernel/sched/core.c with CONFIG_DEBUG_ATOMIC_SLEEP. Differs: there is one task
 * on one CPU, so a lock is only a count. A spinlock that disables interrupts adds to both
 * counts, as in Linux.
 */
#include "kernel/sleep.h"

#include <string.h>

#include "kernel/clock.h"
#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"

static bool disables_preemption(enum section s)
{
	return s != SECTION_LOCAL_IRQ_SAVE;
}

static bool disables_irqs(enum section s)
{
	return s != SECTION_SPIN_LOCK;
}

void section_begin(struct kernel *k, enum section s)
{
	k->atomic += disables_preemption(s);
	k->irqs_off += disables_irqs(s);
	kernel_watch_again(k);
}

void section_end(struct kernel *k, enum section s)
{
	k->atomic -= disables_preemption(s);
	k->irqs_off -= disables_irqs(s);
	kernel_watch_again(k);
}

static const char *file_of(const struct profile *p, enum sleep_for what)
{
	return what <= SLEEP_FOR_OWN_MEMORY ? p->sleep_file :
	       what == SLEEP_FOR_MUTEX ? "kernel/locking/mutex.c" : "kernel/workqueue.c";
}

/* A function that exists only for the graph is on the stack only while it is traced. */
static bool on_stack(const struct kernel *k, const char *function)
{
	for (int i = 0; i < k->depth && i < STACK_MAX; i++)
		if (!strcmp(k->stack[i], function))
			return true;
	return false;
}

/*
 * Linux has a separate function for kmalloc() of a constant size, the usual case. In all
 * other cases a report shows the name of the function that takes any size.
 */
static const char *of_constant(const struct kernel *k, const char *function)
{
	static const struct { int since; const char *name; } rows[] = {
		{ RELEASE(6, 12), "__kmalloc_cache_noprof" }, { RELEASE(6, 1), "kmalloc_trace" },
		{ 0, "kmem_cache_alloc_trace" },
	};
	size_t i = 0;

	if (strcmp(function, k->profile->kmalloc_chain[0]))
		return function;
	while (rows[i].since > k->profile->version)
		i++;
	return rows[i].name;
}

static void report_stack(struct kernel *k, const char *function)
{
	const char *above[4] = {
		k->profile->sleep_lines > 2 ? "__might_resched" : "___might_sleep", "__might_sleep",
	};

	if (function && !on_stack(k, function))
		above[2] = of_constant(k, function);
	dump_stack_above(k, KERN_ERR, above);
}

void might_sleep_at(struct kernel *k, enum sleep_for what, const char *function)
{
	const struct profile *p = k->profile;
	int irqs = k->irqs_off != 0;

	if (k->slept.at && k->now - k->slept.at < NS_PER_SECOND) {
		k->slept.silent = true;
		return;
	}
	k->slept = (struct sleeps){
		.at = k->now, .what = what,
		.atomic = k->atomic, .irqs_off = k->irqs_off,
	};
	printk(k, KERN_ERR, "BUG: sleeping function called from invalid context at %s",
	       file_of(p, what));
	if (p->sleep_lines > 1)
		printk(k, KERN_ERR, "in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s",
		       k->atomic != 0, irqs, k->pid, k->comm);
	else
		printk(k, KERN_ERR, "in_atomic(): %d, irqs_disabled(): %d, pid: %d, name: %s",
		       k->atomic != 0, irqs, k->pid, k->comm);
	if (p->sleep_lines > 2)
		printk(k, KERN_ERR, "preempt_count: %d, expected: 0", k->atomic);
	report_stack(k, function);
	k->taint |= TAINT_WARN;
	kernel_count_report(k, REPORT_SLEEP, kernel_function(k), 0);
}
