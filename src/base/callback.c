/* SPDX-License-Identifier: MIT */
/*
 * The callbacks of buses and drivers: match, probe, remove, dma_configure.
 * Corresponds to those lines of Linux' drivers/base/dd.c and platform.c. Differs:
 * no lines of the bus' own.
 */
#include "base/dd.h"

#include <errno.h>

/* The order in which a bus' and a driver's code holds them. */
enum { BUS_MATCH, BUS_PROBE, BUS_REMOVE, BUS_DMA };
enum { DRIVER_PROBE, DRIVER_REMOVE };

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
	if (!upcall_begin(k, (struct context){ bus->match_name, "match", 0,
			  code_at(&bus->code, BUS_MATCH) }, &saved))
		return -ENOMEM;
	rc = bus->match(dev, drv);
	upcall_end(k, saved);
	return rc;
}

static int call_int(struct kernel *k, int (*fn)(struct device *), const char *name,
		    const char *phase, struct device *dev, struct code_home code)
{
	struct context saved;
	int rc = -ENOMEM;

	if (upcall_begin(k, (struct context){ name, phase, owner_mark(dev), code }, &saved)) {
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
		return call_int(k, drv->bus->probe, drv->bus->probe_name, "probe", dev,
				code_at(&drv->bus->code, BUS_PROBE));
	if (!drv->probe && !platform)
		return 0;
	if (platform)
		fn_enter(k, "platform_probe");
	if (platform && k->fails)
		rc = kernel_fail(k, "platform_probe");
	if (!rc && drv->probe)
		rc = call_int(k, drv->probe, drv->probe_name, "probe", dev,
			      code_at(&drv->code, DRIVER_PROBE));
	if (platform)
		fn_exit(k);
	return rc;
}

void device_remove(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	bool platform = drv->bus == &dev->core->platform;
	bool bus = drv->bus->remove;
	void (*remove)(struct device *dev) = bus ? drv->bus->remove : drv->remove;
	struct context next = {
		bus ? drv->bus->remove_name : drv->remove_name, "remove", owner_mark(dev),
		bus ? code_at(&drv->bus->code, BUS_REMOVE) : code_at(&drv->code, DRIVER_REMOVE),
	}, saved;

	if (platform)
		fn_enter(k, "platform_remove");
	if (remove && upcall_begin(k, next, &saved)) {
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
				dev, code_at(&dev->bus->code, BUS_DMA));
	return dev->bus == &dev->core->platform ? kernel_step(k, "platform_dma_configure") : 0;
}

void dma_cleanup(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	/* no function of the bus before */
	if (dev->bus == &dev->core->platform && !k->profile->old_really_probe)
		kernel_step(k, "platform_dma_cleanup");
}
