/* SPDX-License-Identifier: MIT */
/*
 * Where devices and drivers meet: probe, unbind and deferral. Corresponds to
 * Linux' drivers/base/dd.c. Differs: what would wait for a lock that is never
 * given back returns -EDEADLK; no asynchronous probing, no device links.
 */
#include "base/base.h"

#include <errno.h>

/* A result of 0 or -errno, or of a positive number that a probe returned. */
static int call_probe(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	struct context saved;
	int rc;

	if (!drv->probe)
		return 0;
	fn_enter(k, "platform_probe");
	if (upcall_begin(k, (struct context){ drv->probe_name, "probe" }, &saved)) {
		rc = drv->probe(dev);
		upcall_end(k, saved);
	} else {
		rc = -ENOMEM;
	}
	fn_exit(k);
	return rc;
}

static void call_remove(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	struct context saved;

	if (!drv->remove)
		return;
	fn_enter(k, "platform_remove");
	if (upcall_begin(k, (struct context){ drv->remove_name, "remove" }, &saved)) {
		drv->remove(dev);
		upcall_end(k, saved);
	}
	fn_exit(k);
}

static void device_unbind_cleanup(struct device *dev, const char *phase)
{
	struct kernel *k = dev->core->kernel;
	struct context saved = k->context;

	fn_enter(k, "device_unbind_cleanup");
	k->context.phase = phase;
	devres_release_all(dev);
	k->context = saved;
	if (!k->task_died) {
		dev->driver = NULL;
		dev->drvdata = 0;
	}
	fn_exit(k);
}

static void say_probe_failed(struct device *dev, struct device_driver *drv, int rc)
{
	struct kernel *k = dev->core->kernel;

	if (rc == -ENODEV || rc == -ENXIO || rc == -EPROBE_DEFER)
		return; /* dev_dbg */
	if (k->profile->probe_with_driver)
		dev_printk(KERN_ERR, dev, "probe with driver %s failed with error %d",
			   drv->name, rc);
	else
		printk(k, KERN_WARNING, "%s: probe of %s failed with error %d",
		       drv->name, dev->name, rc);
}

static void driver_bound(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	list_append(&dev->driver->devices, &dev->bound);
	list_remove(&dev->deferred);
	EVENT(k, .type = EV_BIND, .what = "bound", .name = dev->name, .value = dev->id);
}

/* 0 or -errno */
static int really_probe(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	int rc;

	fn_enter(k, "really_probe");
	tick(k, NS_PER_STEP);
	EVENT(k, .type = EV_PROBE, .what = "begin", .name = dev->name, .value = dev->id);
	if (!devres_empty(dev)) {
		dev_printk(KERN_CRIT, dev, "Resources present before probing");
		rc = -EBUSY;
		goto out;
	}
	dev->driver = drv;
	drv->active++;
	rc = call_probe(dev, drv);
	if (k->task_died)
		goto task_died;
	if (rc)
		goto probe_failed;
	drv->active--;
	driver_bound(dev);
	goto out;
probe_failed:
	say_probe_failed(dev, drv, rc);
	if (!BROKEN(BREAK_NO_PROBE_RELEASE))
		device_unbind_cleanup(dev, "probe failure");
	if (k->task_died)
		goto task_died;
	drv->active--;
	dev->driver = NULL;
	dev->drvdata = 0;
	if (rc > 0)
		rc = -rc;
	goto out;
task_died:
	/* nobody comes back to unwind or to unlock: the driver stays in use */
	dev->deadlocked = true;
	rc = -EDEADLK;
out:
	EVENT(k, .type = EV_PROBE, .what = "end", .name = dev->name, .value = rc);
	fn_exit(k);
	return rc;
}

static int __driver_probe_device(struct device *dev, struct device_driver *drv)
{
	int rc;

	if (!dev->registered)
		return -ENODEV;
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	if (dev->driver)
		return -EBUSY;
	get_device(dev);
	dev->busy = true;
	rc = really_probe(dev, drv);
	dev->busy = false;
	put_device(dev);
	return rc;
}

static void move_all(struct list *from, struct list *to)
{
	while (!list_empty(from)) {
		struct list *l = from->next;

		list_remove(l);
		list_append(to, l);
	}
}

/* Each device that waits gets one more try after every successful probe. */
static void driver_deferred_probe_trigger(struct driver_core *core)
{
	struct list active;

	if (core->deferred_running)
		return;
	core->deferred_running = true;
	list_init(&active);
	move_all(&core->deferred, &active);
	while (!list_empty(&active) && !core->kernel->task_died) {
		struct device *dev = list_entry(active.next, struct device, deferred);

		list_remove(&dev->deferred);
		get_device(dev);
		if (!dev->driver && !dev->busy && device_attach(dev) == 1)
			move_all(&core->deferred, &active);
		put_device(dev);
	}
	move_all(&active, &core->deferred);
	core->deferred_running = false;
}

/* A probe that the bus asked for: a deferred one is put in the queue. */
static int driver_probe_device(struct device *dev, struct device_driver *drv)
{
	int rc = __driver_probe_device(dev, drv);

	if (rc == -EPROBE_DEFER && dev->registered && list_empty(&dev->deferred))
		list_append(&dev->core->deferred, &dev->deferred);
	if (!rc)
		driver_deferred_probe_trigger(dev->core);
	return rc;
}

int device_attach(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	struct list *drivers = &dev->bus->drivers;
	struct device_driver *drv;
	int bound = dev->driver != NULL;

	for (struct list *l = drivers->next; l != drivers; l = l->next) {
		if (bound || !dev->registered || k->task_died)
			break;
		drv = list_entry(l, struct device_driver, on_bus);
		if (!dev->bus->match(dev, drv))
			continue;
		drv->active++; /* keeps its place in the list */
		bound = !driver_probe_device(dev, drv);
		drv->active--;
	}
	return bound;
}

void driver_attach(struct device_driver *drv)
{
	struct kernel *k = drv->core->kernel;
	struct list *l = drv->bus->devices.next;

	while (l != &drv->bus->devices && !k->task_died) {
		struct device *dev = list_entry(l, struct device, on_bus);

		get_device(dev);
		if (!dev->driver && drv->bus->match(dev, drv))
			driver_probe_device(dev, drv);
		/* a probe may have taken the device off the bus */
		l = list_empty(l) ? drv->bus->devices.prev->next : l->next;
		put_device(dev);
	}
}

int device_driver_attach(struct device_driver *drv, struct device *dev)
{
	int rc;

	if (!dev->registered)
		return -ENODEV;
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	if (dev->driver)
		return -EBUSY;
	if (!drv->bus->match(dev, drv))
		return -ENODEV;
	rc = __driver_probe_device(dev, drv);
	if (!rc)
		driver_deferred_probe_trigger(drv->core);
	return rc == -EPROBE_DEFER ? -EAGAIN : rc;
}

void device_release_driver(struct device *dev)
{
	struct device_driver *drv = dev->driver;
	struct kernel *k = dev->core->kernel;

	if (!drv)
		return;
	fn_enter(k, "device_release_driver_internal");
	tick(k, NS_PER_STEP);
	dev->busy = true;
	drv->active++;
	call_remove(dev, drv);
	if (!k->task_died)
		device_unbind_cleanup(dev, "release");
	dev->busy = false;
	if (k->task_died) {
		/* it still holds the lock and the driver */
		dev->deadlocked = true;
		goto out;
	}
	list_remove(&dev->bound);
	drv->active--;
	EVENT(k, .type = EV_BIND, .what = "unbound", .name = dev->name, .value = dev->id);
out:
	fn_exit(k);
}

int device_driver_detach(struct device *dev)
{
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	if (!dev->driver)
		return -ENODEV;
	get_device(dev);
	device_release_driver(dev);
	put_device(dev);
	return 0;
}
