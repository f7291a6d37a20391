/* SPDX-License-Identifier: MIT */
/*
 * The callbacks of buses and drivers: match, probe, remove, dma_configure. Corresponds to
 * their callers in Linux' drivers/base/dd.c and platform.c. Differs: buses do nothing
 * themselves.
 */
#include "base/dd.h"

#include <errno.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/owner.h"
#include "base/probe.h"
#include "kernel/code.h"
#include "kernel/fail.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"

/* Indexes of the functions in a bus' and a driver's code. */
enum { BUS_MATCH, BUS_PROBE, BUS_REMOVE, BUS_DMA };
enum { DRIVER_PROBE, DRIVER_REMOVE };

int driver_match_known(struct device_driver *drv, struct device *dev)
{
	const struct bus_type *bus = drv->bus;

	if (bus->match == platform_match)
		return platform_match(dev, drv);
	if (dev->driver_override)
		return !strcmp(dev->driver_override, drv->name);
	if (bus->dynamic_ids && driver_has_dynamic_id(drv, dev))
		return 1;
	if (bus->match)
		return -1;
	return !bus->dynamic_ids || driver_has_id(drv, dev);
}

int driver_match_device(struct device_driver *drv, struct device *dev)
{
	struct bus_type *bus = drv->bus;
	struct kernel *k = drv->core->kernel;
	struct context saved;
	int rc = driver_match_known(drv, dev);

	if (rc >= 0)
		return rc;
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

int bus_driver_probe(struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (!drv->probe)
		return 0;
	return call_int(dev->core->kernel, drv->probe, drv->probe_name, "probe", dev,
			code_at(&drv->code, DRIVER_PROBE));
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
	if (!rc)
		rc = bus_driver_probe(dev);
	if (platform)
		fn_exit(k);
	return rc;
}

static void call_remove(struct device *dev, void (*remove)(struct device *), const char *name,
			struct code_home code)
{
	struct kernel *k = dev->core->kernel;
	struct context saved;

	if (upcall_begin(k, (struct context){ name, "remove", owner_mark(dev), code }, &saved)) {
		remove(dev);
		upcall_end(k, saved);
	}
}

void bus_driver_remove(struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (drv->remove)
		call_remove(dev, drv->remove, drv->remove_name,
			    code_at(&drv->code, DRIVER_REMOVE));
}

void device_remove(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	struct bus_type *bus = drv->bus;
	bool platform = bus == &dev->core->platform;

	if (platform)
		fn_enter(k, "platform_remove");
	if (bus->remove)
		call_remove(dev, bus->remove, bus->remove_name, code_at(&bus->code, BUS_REMOVE));
	else
		bus_driver_remove(dev);
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

	/* older releases have no function for it */
	if (dev->bus == &dev->core->platform && !k->profile->old_really_probe)
		kernel_step(k, "platform_dma_cleanup");
}
