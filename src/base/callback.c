/* SPDX-License-Identifier: MIT */
/*
 * The callbacks of buses and drivers: match, probe, remove, dma_configure.
 * Corresponds to those lines of Linux' drivers/base/dd.c and platform.c. Differs:
 * a callback whose module is gone is an oops that names its address.
 */
#include "base/dd.h"

#include <errno.h>

/* A callback of a driver whose module is gone is no code any more. */
static bool code_is_gone(struct device_driver *drv, uint64_t offset)
{
	struct kernel *k = drv->core->kernel;

	if (!drv->owner || drv->owner->state != MODULE_GONE)
		return false;
	kernel_fault(k, kernel_function(k), drv->owner->base + offset, ACCESS_EXEC);
	return true;
}

int driver_match_device(struct device_driver *drv, struct device *dev)
{
	struct bus_type *bus = drv->bus;
	struct kernel *k = drv->core->kernel;
	struct context saved;
	int rc;

	if (bus->match == platform_match)
		return platform_match(dev, drv);
	if (dev->driver_override)
		return !strcmp(dev->driver_override, drv->name);
	if (!bus->match)
		return 1;
	if (!upcall_begin(k, (struct context){ bus->match_name, "match", 0 }, &saved))
		return -ENOMEM;
	rc = bus->match(dev, drv);
	upcall_end(k, saved);
	return rc;
}

static int call_int(struct kernel *k, int (*fn)(struct device *), const char *name,
		    const char *phase, struct device *dev)
{
	struct context saved;
	int rc = -ENOMEM;

	if (upcall_begin(k, (struct context){ name, phase, owner_mark(dev) }, &saved)) {
		rc = fn(dev);
		upcall_end(k, saved);
	}
	return rc;
}

int call_driver_probe(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	bool platform = drv->bus == &dev->core->platform;
	int rc = 0;

	if (drv->bus->probe)
		return call_int(k, drv->bus->probe, drv->bus->probe_name, "probe", dev);
	if (!drv->probe && !platform)
		return 0;
	if (platform)
		fn_enter(k, "platform_probe");
	if (platform && k->fails)
		rc = kernel_fail(k, "platform_probe");
	if (!rc && drv->probe && !code_is_gone(drv, 0x10))
		rc = call_int(k, drv->probe, drv->probe_name, "probe", dev);
	if (platform)
		fn_exit(k);
	return rc;
}

void device_remove(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	bool platform = drv->bus == &dev->core->platform;
	void (*remove)(struct device *dev) = drv->bus->remove ? drv->bus->remove : drv->remove;
	struct context next = { drv->bus->remove ? drv->bus->remove_name : drv->remove_name,
				"remove", owner_mark(dev) }, saved;

	if (platform)
		fn_enter(k, "platform_remove");
	if (remove && (drv->bus->remove || !code_is_gone(drv, 0x90)) &&
	    upcall_begin(k, next, &saved)) {
		remove(dev);
		upcall_end(k, saved);
	}
	if (platform)
		fn_exit(k);
}

int dma_configure(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	if (dev->bus->dma_configure)
		return call_int(k, dev->bus->dma_configure, dev->bus->dma_name, "dma_configure",
				dev);
	return dev->bus == &dev->core->platform ? kernel_step(k, "platform_dma_configure") : 0;
}

void dma_cleanup(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	/* no function of the bus before */
	if (dev->bus == &dev->core->platform && !k->profile->old_really_probe)
		kernel_step(k, "platform_dma_cleanup");
}
