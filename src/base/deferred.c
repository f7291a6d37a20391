/* SPDX-License-Identifier: MIT */
/*
 * Probes that were deferred: who waits, why, and when they are tried again.
 * Corresponds to the first third of Linux' drivers/base/dd.c. Differs: a probe
 * whose retries keep triggering retries is stopped after a while, as Linux'
 * worker would never come to an end, and goes on with the next call.
 */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/interrupt.h"

void driver_deferred_probe_add(struct device *dev)
{
	if (!dev->can_match || !dev->registered || !list_empty(&dev->deferred))
		return;
	list_append(&dev->core->pending, &dev->deferred);
}

void driver_deferred_probe_del(struct device *dev)
{
	list_remove(&dev->deferred);
	device_clear_deferred_probe_reason(dev);
}

/* All of them, in constant time. */
static void splice(struct list *from, struct list *to)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	from->prev->next = to;
	to->prev->next = from->next;
	to->prev = from->prev;
	list_init(from);
}

void driver_deferred_probe_trigger(struct driver_core *core)
{
	core->trigger_count++;
	splice(&core->pending, &core->active);
	if (!list_empty(&core->active))
		queue_work(core, &core->deferred_work);
}

void deferred_nested_bind(const struct device *dev)
{
	struct driver_core *core = dev->core;

	snprintf(core->nested_bind.name, sizeof(core->nested_bind.name), "%s", dev->name);
	core->nested_bind.parent = dev->parent ? dev->parent->id : 0;
}

/* Its probe deferred after something was bound in it: it is tried again at once. */
void deferred_retried(struct device *dev)
{
	const struct driver_core *core = dev->core;
	struct device_more *more = device_more(dev);

	if (!more || !*core->nested_bind.name)
		return;
	free(more->retried_by);
	more->retried_by = strdup(core->nested_bind.name);
	more->retried_by_child = core->nested_bind.parent == dev->id;
}

/*
 * Linux would go round for ever when each retry makes a device that binds. Its
 * workqueues notice since 6.6, and tell when they did for the fourth time.
 */
static bool too_busy(struct driver_core *core, uint64_t since, const struct device *dev)
{
	if (core->trigger_count - since < 1000 + 4ull * core->device_count)
		return false;
	if (core->kernel->profile->version >= RELEASE(6, 6))
		printk(core->kernel, KERN_WARNING,
		       "workqueue: deferred_probe_work_func hogged CPU for >10000us 4 times, "
		       "consider switching to WQ_UNBOUND");
	core->endless = dev->id;
	return true;
}

static void deferred_probe_work_func(struct driver_core *core, struct work *w)
{
	struct kernel *k = core->kernel;
	uint64_t since = core->trigger_count;

	fn_enter(k, "deferred_probe_work_func");
	while (!list_empty(&core->active) && !k->task_died) {
		struct device *dev = list_entry(core->active.next, struct device, deferred);

		if (interrupted)
			break;
		if (too_busy(core, since, dev)) {
			list_remove(&w->link); /* until the next trigger */
			splice(&core->active, &core->pending);
			break;
		}
		list_remove(&dev->deferred);
		device_clear_deferred_probe_reason(dev);
		get_device(dev);
		bus_probe_device(dev);
		put_device(dev);
	}
	fn_exit(k);
	if (!list_empty(&core->active) && interrupted)
		queue_work(core, w);
}

/* --- reasons ------------------------------------------------------------- */

void device_clear_deferred_probe_reason(struct device *dev)
{
	if (!dev->more)
		return;
	free(dev->more->deferred_reason);
	dev->more->deferred_reason = NULL;
	free(dev->more->retried_by);
	dev->more->retried_by = NULL;
}

void device_set_deferred_probe_reason(struct device *dev, const char *fmt, ...)
{
	struct device_more *more;
	char text[512];
	size_t n;
	va_list ap;

	if (!dev->core->kernel->profile->keeps_reason)
		return;
	more = device_more(dev);
	if (!more)
		return;
	n = (size_t)snprintf(text, sizeof(text), "%s: ", dev_driver_string(dev));
	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	free(more->deferred_reason);
	more->deferred_reason = strdup(text);
}

const char *device_deferred_reason(const struct device *dev)
{
	return dev->more && dev->more->deferred_reason ? dev->more->deferred_reason : "";
}

int dev_err_probe(struct device *dev, int err, const char *name, const char *text)
{
	if (err == -EPROBE_DEFER)
		device_set_deferred_probe_reason(dev, "%s", text);
	else if (err != -ENOMEM || dev->core->kernel->profile->err_probe_enomem)
		dev_printk(KERN_ERR, dev, "error %s: %s", name, text);
	return err;
}

/* --- blocking and waiting -------------------------------------------------- */

int wait_for_device_probe(struct driver_core *core)
{
	if (core->probing || core->working)
		return -EDEADLK;
	fn_enter(core->kernel, "wait_for_device_probe");
	might_sleep(core->kernel, SLEEP_FOR_WORK); /* flush_work() */
	run_work(core);
	fn_exit(core->kernel);
	return 0;
}

int device_block_probing(struct driver_core *core)
{
	if (core->probing || core->working)
		return -EDEADLK;
	core->defer_all_probes = true;
	return wait_for_device_probe(core);
}

void device_unblock_probing(struct driver_core *core)
{
	core->defer_all_probes = false;
	driver_deferred_probe_trigger(core);
}

/* --- the time-out ---------------------------------------------------------- */

void deferred_init(struct driver_core *core)
{
	const struct params *p = &core->kernel->params;
	int seconds = p->deferred_timeout;

	list_init(&core->pending);
	list_init(&core->active);
	core->deferred_work.fn = deferred_probe_work_func;
	list_init(&core->deferred_work.link);
	if (seconds < 0)
		seconds = core->kernel->profile->deferred_timeout;
	core->deferred_deadline = (uint64_t)seconds * NS_PER_SECOND;
}

void deferred_check_timeout(struct driver_core *core)
{
	struct kernel *k = core->kernel;
	struct device *dev;

	if (!core->deferred_deadline || k->now < core->deferred_deadline)
		return;
	core->deferred_deadline = 0;
	driver_deferred_probe_trigger(core);
	if (!list_empty(&core->deferred_work.link)) {
		list_remove(&core->deferred_work.link);
		deferred_probe_work_func(core, &core->deferred_work);
	}
	list_each(dev, &core->pending, struct device, deferred) {
		const char *reason = device_deferred_reason(dev);

		if (k->profile->deferred_reason)
			dev_printk(KERN_WARNING, dev, "deferred probe pending: %s",
				   *reason ? reason : "(reason unknown)");
		else
			dev_printk(KERN_INFO, dev, "deferred probe pending");
	}
}
