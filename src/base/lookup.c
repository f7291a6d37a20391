/* SPDX-License-Identifier: MIT */
/*
 * Devices and drivers by name, on any bus. Corresponds to no file of Linux, where names
 * are looked up on one bus.
 */
#include "base/registry.h"

#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"

/* If the name begins with "BUS:", the bus; *rest is what follows. */
static struct bus_type *bus_in_front(struct driver_core *core, const char *name,
				     const char **rest)
{
	size_t len = strcspn(name, ":");
	struct bus_type *bus;

	if (!name[len])
		return NULL;
	*rest = name + len + 1;
	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		if (!strncmp(bus->name, name, len) && !bus->name[len])
			break;
	return bus;
}

static struct device *registered_device(struct driver_core *core, const char *name)
{
	struct device *dev;
	struct bus_type *bus;
	const char *rest;

	list_each(bus, &core->buses, struct bus_type, all)
		if ((dev = bus_find_device(core, bus, name)))
			return dev;
	bus = bus_in_front(core, name, &rest);
	return bus_find_device(core, bus, bus ? rest : name);
}

struct device_driver *driver_by_name(struct driver_core *core, const char *name)
{
	struct device_driver *drv;
	struct bus_type *bus;
	const char *rest;

	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		if ((drv = bus_find_driver(bus, name)))
			return drv;
	bus = bus_in_front(core, name, &rest);
	return bus ? bus_find_driver(bus, rest) : NULL;
}

struct device *device_by_name(struct driver_core *core, const char *name)
{
	struct device *dev = registered_device(core, name), *it;

	if (dev)
		return dev;
	list_each(it, &core->devices, struct device, all)
		if (!strcmp(it->name, name))
			dev = it;
	return dev;
}
