/* SPDX-License-Identifier: MIT */
/*
 * The worker's part of probing: it retries deferred probes, and reports those still
 * pending after the timeout. Corresponds to the work functions of Linux'
 * drivers/base/dd.c. Differs: if retries keep triggering retries, Linux' worker never
 * ends; here it stops after a while and continues with the next call.
 */
#include "base/probe.h"

#include "base/dev_printk.h"
#include "base/device.h"
#include "base/driver_core.h"
#include "base/work.h"
#include "kernel/log.h"
#include "kernel/trace.h"
#include "lib/interrupt.h"

/*
 * Linux loops forever if each retry adds a device that binds. Since 6.6 its workqueues
 * notice that, and report it the fourth time.
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
			list_splice(&core->active, &core->pending);
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

static void deferred_probe_timeout(struct driver_core *core, struct work *w)
{
	struct kernel *k = core->kernel;
	struct device *dev;

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

void probe_work_init(struct driver_core *core)
{
	core->deferred_work.fn = deferred_probe_work_func;
	core->deferred_timeout.fn = deferred_probe_timeout;
	core->async_probe_now = async_probe_now;
}
