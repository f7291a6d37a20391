/* SPDX-License-Identifier: MIT */
/*
 * Which drivers are tried with which devices: all drivers with one device, all devices
 * with one driver, or a given pair. Corresponds to Linux' drivers/base/dd.c and bus.c.
 */
#include "base/probe.h"

#include <errno.h>

#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/work.h"
#include "kernel/errors.h"
#include "kernel/sleep.h"

struct attach {
	bool check_async, want_async, have_async;
};

/* 1: bound, 0: try the next driver, -errno: stop trying. */
static int attach_driver(struct device_driver *drv, struct device *dev, struct attach *a)
{
	int rc = driver_match_device(drv, dev);
	bool async;

	if (rc == -EPROBE_DEFER) {
		dev->can_match = true;
		driver_deferred_probe_add(dev);
	}
	if (rc <= 0)
		return rc;
	async = driver_allows_async_probing(drv);
	a->have_async |= async;
	if (a->check_async && async != a->want_async)
		return 0;
	rc = driver_probe_device(dev, drv);
	return rc < 0 ? rc : rc == 0;
}

static int attach_drivers(struct device *dev, struct attach *a)
{
	struct kernel *k = dev->core->kernel;
	struct list *drivers = &dev->bus->drivers;
	int rc = device_is_bound(dev);

	for (struct list *l = drivers->next; l != drivers && !rc;) {
		struct device_driver *drv = list_entry(l, struct device_driver, on_bus);

		if (!dev->registered || k->task_died || !dev->bus->registered)
			break;
		drv->active++; /* keeps its place in the list */
		rc = attach_driver(drv, dev, a);
		l = l->next;
		drv->active--;
	}
	return rc;
}

int device_attach(struct device *dev)
{
	struct attach all = { 0 };

	if (!dev->bus || dev->dead)
		return 0;
	if (device_is_bound(dev) && !dev->busy)
		return 1;
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	return attach_drivers(dev, &all);
}

int bus_probe_device(struct device *dev)
{
	struct attach sync = { .check_async = true };

	if (dev->bus->no_autoprobe || dev->dead || dev->busy || dev->deadlocked || dev->driver)
		return 0;
	if (!attach_drivers(dev, &sync) && sync.have_async)
		return async_probe(dev, NULL);
	return 0;
}

void async_probe_now(struct device *dev, struct device_driver *drv)
{
	struct attach async = { .check_async = true, .want_async = true };

	if (dev->dead || dev->busy || dev->deadlocked || dev->driver || !dev->registered)
		return;
	if (drv)
		driver_probe_device(dev, drv);
	else
		attach_drivers(dev, &async);
}

static int try_device(struct device_driver *drv, struct device *dev)
{
	int rc;

	if (dev->driver)
		return 0;
	rc = driver_match_device(drv, dev);
	if (rc == -EPROBE_DEFER) {
		dev->can_match = true;
		driver_deferred_probe_add(dev);
	}
	if (rc <= 0)
		return 0;
	if (driver_allows_async_probing(drv))
		return async_probe(dev, drv);
	driver_probe_device(dev, drv);
	return 0;
}

int driver_attach(struct device_driver *drv)
{
	struct driver_core *core = drv->core;
	struct list *devices = &drv->bus->devices;
	struct bus_walk walk = { drv->bus, devices, core->walks };
	int rc = 0;

	core->walks = &walk;
	/* devices that a probe adds are visited, too */
	while (!rc && walk.at->next != devices && !core->kernel->task_died) {
		struct device *dev = list_entry(walk.at->next, struct device, on_bus);

		walk.at = &dev->on_bus;
		get_device(dev);
		rc = try_device(drv, dev);
		put_device(dev);
	}
	core->walks = walk.outer;
	return rc;
}

static int attach_error(struct device_driver *drv, int rc)
{
	if (drv->core->kernel->profile->old_really_probe)
		return rc > 0 ? -ENODEV : rc; /* the driver rejected it */
	if (rc > 0)
		rc = -rc;
	return rc == -EPROBE_DEFER ? -EAGAIN : rc;
}

/*
 * Holds device and driver, because a match may do anything. Returns what Linux' bind file
 * does.
 */
static int match_and_probe(struct device_driver *drv, struct device *dev)
{
	struct kernel *k = drv->core->kernel;
	int rc;

	if (dev->driver && k->profile->old_really_probe)
		return -ENODEV;
	rc = driver_match_device(drv, dev);
	if (k->task_died)
		return -EDEADLK;
	if (!rc || !dev->registered)
		return -ENODEV;
	return attach_error(drv, __driver_probe_device(dev, drv));
}

int device_driver_attach(struct device_driver *drv, struct device *dev)
{
	int rc;

	if (!dev->registered || dev->bus != drv->bus)
		return -ENODEV;
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	get_device(dev);
	if (in_atomic(dev->core->kernel))
		might_sleep_at(dev->core->kernel, SLEEP_FOR_MUTEX, "device_driver_attach");
	drv->active++;
	rc = match_and_probe(drv, dev);
	drv->active--;
	put_device(dev);
	return rc;
}
