/* SPDX-License-Identifier: MIT */
/*
 * Work that runs when the outermost call returns. Corresponds to Linux'
 * kernel/workqueue.c. Differs: one worker runs one item at a time, in the order in which
 * they were queued.
 */
#include "base/work.h"

#include "base/driver_core.h"
#include "lib/interrupt.h"

#define KWORKER_PID 12

void queue_work(struct driver_core *core, struct work *w)
{
	if (list_empty(&w->link))
		list_append(&core->work, &w->link);
}

void run_work(struct driver_core *core)
{
	struct kernel *k = core->kernel;
	const char *comm = k->comm;
	struct context context = k->context;
	const struct called *called = k->called;
	bool kthread = k->kthread;
	int pid = k->pid, base = k->base;

	if (core->working || (list_empty(&core->work) &&
			      (!core->deferred_deadline || k->now < core->deferred_deadline)))
		return;
	core->working = true;
	if (core->deferred_deadline && k->now >= core->deferred_deadline)
		core->deferred_timeout.fn(core, &core->deferred_timeout);
	k->comm = "kworker/0:1";
	k->pid = KWORKER_PID;
	k->context = (struct context){ .caller = k->comm, .phase = "" };
	k->called = NULL;
	k->base = k->depth;
	k->kthread = true;
	while (!list_empty(&core->work) && !interrupted && !k->panic.panicked) {
		struct work *w = list_entry(core->work.next, struct work, link);

		list_remove(&w->link);
		w->fn(core, w);
		if (!k->panic.panicked)
			k->task_died = false; /* only this worker died; there are others */
	}
	k->comm = comm;
	k->pid = pid;
	k->context = context;
	k->called = called;
	k->base = base;
	k->kthread = kthread;
	core->working = false;
}

void work_finish(struct driver_core *core)
{
	struct work *w;

	list_each(w, &core->work, struct work, link) {
		list_remove(&w->link);
		if (w->drop)
			w->drop(w);
	}
}
