/* SPDX-License-Identifier: MIT */
/*
 * Work that waits until the outermost call is over: deferred probes and
 * asynchronous ones. Corresponds to Linux' kernel/workqueue.c and
 * kernel/async.c. Differs: one worker does one thing after the other, in the
 * order in which it was asked for.
 */
#include "base/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	deferred_check_timeout(core);
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
			k->task_died = false; /* that was a worker; there are others */
	}
	k->comm = comm;
	k->pid = pid;
	k->context = context;
	k->called = called;
	k->base = base;
	k->kthread = kthread;
	core->working = false;
}

/* "a,b": these; "*,a,b": all but these. */
static bool async_requested(const char *list, const char *name)
{
	size_t len = strlen(name);
	bool all = false, named = false;

	while (*list) {
		size_t n = strcspn(list, ",");

		all |= n == 1 && *list == '*';
		named |= n == len && !memcmp(list, name, n);
		list += n + (list[n] == ',');
	}
	return all != named;
}

bool driver_allows_async_probing(const struct device_driver *drv)
{
	const char *list = drv->core->kernel->params.async_probe;

	if (drv->probe_type != PROBE_DEFAULT_STRATEGY)
		return drv->probe_type == PREFER_ASYNCHRONOUS;
	return *list && async_requested(list, drv->name);
}

static void forget(struct work *w)
{
	w->dev->async_queued = false;
	if (w->drv)
		w->drv->active--;
	put_device(w->dev);
	free(w);
}

static void probe_later(struct driver_core *core, struct work *w)
{
	w->dev->async_queued = false;
	fn_enter(core->kernel, "async_run_entry_fn");
	async_probe_now(w->dev, w->drv);
	fn_exit(core->kernel);
	forget(w);
}

/*
 * No memory for an entry: its function runs right now. Up to 5.18 the device's lock
 * is held here, which the function takes again; a driver's own walk held it from
 * 5.1 on.
 */
static int probe_at_once(struct device *dev, struct device_driver *drv)
{
	int version = dev->core->kernel->profile->version;

	if (version <= RELEASE(5, 18) && (!drv || version >= RELEASE(5, 1))) {
		dev->deadlocked = true;
		dev->core->hung++;
		return -EDEADLK;
	}
	fn_enter(dev->core->kernel, "async_schedule_node_domain");
	async_probe_now(dev, drv);
	fn_exit(dev->core->kernel);
	return 0;
}

int async_probe(struct device *dev, struct device_driver *drv)
{
	struct work *w;

	if (dev->async_queued)
		return 0;
	w = core_alloc_fails(dev->core, ALLOC_ASYNC_ENTRY, 0) ? NULL : malloc(sizeof(*w));
	if (!w)
		return probe_at_once(dev, drv);
	*w = (struct work){ .fn = probe_later, .dev = get_device(dev), .drv = drv };
	list_init(&w->link);
	if (drv)
		drv->active++; /* it stays until then */
	dev->async_queued = true;
	queue_work(dev->core, w);
	return 0;
}

void work_finish(struct driver_core *core)
{
	struct work *w;

	list_each(w, &core->work, struct work, link) {
		list_remove(&w->link);
		if (w->fn == probe_later)
			free(w);
	}
}
