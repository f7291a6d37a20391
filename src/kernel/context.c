/* SPDX-License-Identifier: MIT */
/*
 * Where nobody may sleep. Corresponds to __might_resched() in Linux'
 * kernel/sched/core.c with CONFIG_DEBUG_ATOMIC_SLEEP. Differs: one task, one
 * CPU, so a lock is a count; a spinlock that disables interrupts counts in
 * both numbers, as Linux counts it.
 */
#include "kernel/kernel.h"

#define NS_PER_SECOND 1000000000ull

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

void might_sleep_at(struct kernel *k, const char *file)
{
	const struct profile *p = k->profile;
	int irqs = k->irqs_off != 0;

	if (k->slept && k->now - k->slept < NS_PER_SECOND)
		return;
	k->slept = k->now;
	printk(k, KERN_ERR, "BUG: sleeping function called from invalid context at %s", file);
	if (p->sleep_lines > 1)
		printk(k, KERN_ERR, "in_atomic(): %d, irqs_disabled(): %d, non_block: 0, pid: %d, name: %s",
		       k->atomic != 0, irqs, k->pid, k->comm);
	else
		printk(k, KERN_ERR, "in_atomic(): %d, irqs_disabled(): %d, pid: %d, name: %s",
		       k->atomic != 0, irqs, k->pid, k->comm);
	if (p->sleep_lines > 2)
		printk(k, KERN_ERR, "preempt_count: %d, expected: 0", k->atomic);
	dump_stack(k, KERN_ERR, p->sleep_lines > 2 ? "__might_resched" : "___might_sleep");
	k->taint |= TAINT_WARN;
	kernel_complain(k, REPORT_SLEEP, kernel_function(k), 0);
}
