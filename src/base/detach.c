/* SPDX-License-Identifier: MIT */
/*
 * Unbinding: consumers first, then remove() and the release of resources. Corresponds to
 * the last third of Linux' drivers/base/dd.c and to device_links_unbind_consumers() in
 * core.c. Differs: what would deadlock returns -EDEADLK.
 */
#include "base/dd.h"

#include <errno.h>
#include <stdlib.h>

#include "base/device.h"
#include "base/devres.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/link.h"
#include "base/owner.h"
#include "base/probe.h"
#include "kernel/clock.h"
#include "kernel/event.h"
#include "kernel/fail.h"
#include "kernel/sleep.h"
#include "kernel/trace.h"
#include "lib/array.h"

void device_unbind_cleanup(struct device *dev, const char *phase)
{
	struct kernel *k = dev->core->kernel;
	struct context saved = k->context;
	bool frame = !k->profile->old_really_probe; /* older releases have no function for it */

	if (frame)
		fn_enter(k, "device_unbind_cleanup");
	k->context.phase = phase;
	k->context.owner = owner_mark(dev);
	devres_release_all(dev);
	k->context = saved;
	if (!k->task_died) {
		dev->driver = NULL;
		dev->drvdata = 0;
	}
	if (frame)
		fn_exit(k);
}

void probe_undone(struct device *dev, const struct device_driver *drv)
{
	struct driver_core *core = dev->core;

	core->undone.many = core->undone.by == drv->probe_name;
	core->undone.by = drv->probe_name;
	core->undone.step = dev->probe_step;
}

static void __device_release_driver(struct device *dev)
{
	struct device_driver *drv = dev->driver;
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "device_release_driver_internal");
	tick(k, NS_PER_STEP);
	dev->busy = dev->unbinding = true;
	drv->active++;
	kernel_step(k, "driver_sysfs_remove");
	device_remove(dev, drv);
	if (!k->task_died) {
		dma_cleanup(dev);
		device_unbind_cleanup(dev, "release");
	}
	dev->busy = false;
	if (k->task_died) {
		/* the dead task still holds the lock and the driver */
		dev->deadlocked = true;
		goto out;
	}
	list_remove(&dev->bound);
	dev->unbinding = false;
	kernel_step(k, "device_links_driver_cleanup");
	device_links_driver_cleanup(dev);
	drv->active--;
	probe_undone(dev, drv);
	EVENT(k, EV_BIND, .what = "unbound", .name = dev->name, .value = dev->id);
out:
	fn_exit(k);
}

bool device_is_stuck(struct device *dev)
{
	struct device *consumer = device_is_bound(dev) ? device_links_busy(dev, false) : NULL;

	return dev->busy || dev->deadlocked ||
	       (consumer && (consumer->busy || consumer->deadlocked));
}

/* A stack of devices, each of which has to be unbound before the one below it. */
struct path {
	struct device **at;
	size_t count, room;
};

static int path_push(struct path *p, struct device *dev)
{
	if (!array_room(p->at, p->count, p->room, 16))
		return -ENOMEM;
	p->at[p->count++] = get_device(dev);
	return 0;
}

/* Unbinds all devices that need dev, starting at the far end of the chain; iterative. */
static int device_links_unbind_consumers(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	struct path p = { 0 };
	int rc = 0;

	while (!rc) {
		struct device *at = p.count ? p.at[p.count - 1] : dev;
		struct device *consumer = at->driver ? device_links_busy(at, true) : NULL;

		if (consumer && (consumer->busy || consumer->deadlocked)) {
			rc = -EDEADLK;
		} else if (consumer) {
			rc = path_push(&p, consumer);
		} else if (p.count) {
			if (at->driver)
				__device_release_driver(at);
			put_device(at);
			p.count--;
			rc = k->task_died ? -EDEADLK : 0;
		} else {
			break;
		}
	}
	while (p.count)
		put_device(p.at[--p.count]);
	free(p.at);
	return rc;
}

int device_release_driver(struct device *dev)
{
	struct device_driver *drv = dev->driver;
	struct kernel *k = dev->core->kernel;
	int rc = 0;

	if (!drv)
		return 0;
	if (in_atomic(k)) /* device_lock() */
		might_sleep_at(k, SLEEP_FOR_MUTEX, "device_release_driver_internal");
	if (device_links_busy(dev, true)) {
		fn_enter(k, "device_links_unbind_consumers");
		rc = device_links_unbind_consumers(dev);
		fn_exit(k);
	}
	/* a consumer's remove() may have unbound it, or worse */
	if (rc || dev->driver != drv || dev->busy)
		return rc ? rc : dev->busy ? -EDEADLK : 0;
	__device_release_driver(dev);
	return k->task_died ? -EDEADLK : 0;
}

int device_driver_detach(struct device *dev)
{
	int rc;

	if (device_is_stuck(dev))
		return -EDEADLK;
	if (!dev->driver)
		return -ENODEV;
	get_device(dev);
	rc = device_release_driver(dev);
	put_device(dev);
	return rc;
}
