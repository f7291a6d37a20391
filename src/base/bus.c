/* SPDX-License-Identifier: MIT */
/*
 * Buses. Corresponds to Linux' drivers/base/bus.c; drivers are added in driver.c and
 * devices in device.c. Differs: a bus is not a kset, and it lives until its last device
 * and driver are gone.
 */
#include "base/bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/core_alloc.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/kobject.h"
#include "base/registry.h"
#include "kernel/clock.h"
#include "kernel/code.h"
#include "kernel/symbol.h"
#include "lib/host_memory.h"

/* The functions that create a bus' directory, for the report that the name exists. */
static const char *const kset_way[] = {
	"sysfs_create_dir_ns", "kobject_add_internal", "kset_register", "bus_register", NULL,
};

struct bus_type *bus_by_name(struct driver_core *core, const char *name)
{
	struct bus_type *bus;

	list_each(bus, &core->buses, struct bus_type, all)
		if (!strcmp(bus->name, name))
			return bus;
	return NULL;
}

struct bus_type *bus_next(struct driver_core *core, const struct bus_type *bus)
{
	struct list *at = bus ? bus->all.next : core->buses.next;

	if (at == &core->buses)
		at = core->gone_buses.next;
	return at == &core->gone_buses ? NULL : list_entry(at, struct bus_type, all);
}

struct device *bus_find_device(struct driver_core *core, struct bus_type *bus,
			       const char *name)
{
	struct device *hash = bus ? bus->device_hash : core->busless_hash, *dev;

	HASH_FIND(by_name, hash, name, strlen(name), dev);
	return dev;
}

struct device_driver *bus_find_driver(struct bus_type *bus, const char *name)
{
	struct device_driver *drv;

	HASH_FIND(by_name, bus->driver_hash, name, strlen(name), drv);
	return drv;
}

void bus_init(struct bus_type *bus, struct driver_core *core)
{
	bus->core = core;
	bus->refs = 1;
	bus->registered = true;
	list_init(&bus->devices);
	list_init(&bus->drivers);
	list_append(&core->buses, &bus->all);
}

static void bus_free(struct bus_type *bus)
{
	list_remove(&bus->all);
	if (bus->destroy)
		bus->destroy(bus);
	code_put(&bus->code);
	if (bus == &bus->core->platform)
		return;
	free(bus->name);
	free(bus);
}

void bus_get(struct bus_type *bus)
{
	if (bus)
		bus->refs++;
}

void bus_put(struct bus_type *bus)
{
	if (bus && !--bus->refs)
		bus_free(bus);
}

/* "pci" + "match": the name in stacks. */
static const char *callback_name(struct kernel *k, const char *bus, const char *what)
{
	char name[NAME_MAX_BYTES + 24];

	snprintf(name, sizeof(name), "%s_%s", bus, what);
	return rodata_lookup(k, rodata_string(k, name));
}

/*
 * Allocations of bus_register(): the private part, and the directories of devices and
 * drivers.
 */
static bool own_parts_fail(struct driver_core *core, const char *name)
{
	return core_alloc_fails(core, ALLOC_BUS_PRIVATE, 0) ||
	       core_alloc_fails(core, ALLOC_NAME, strlen(name) + 1) ||
	       core_alloc_fails(core, ALLOC_KSET, 0) ||
	       core_alloc_fails(core, ALLOC_NAME, sizeof("devices")) ||
	       core_alloc_fails(core, ALLOC_KSET, 0) ||
	       core_alloc_fails(core, ALLOC_NAME, sizeof("drivers"));
}

int bus_register(struct driver_core *core, const struct bus_type *proto,
		 struct bus_type **out)
{
	struct kernel *k = core->kernel;
	struct bus_type *bus = host_malloc(sizeof(*bus)), lost = *proto;
	int rc = -ENOMEM;

	if (!bus)
		goto fail;
	*bus = *proto;
	bus->core = core;
	rc = -EINVAL;
	if (check_name(proto->name))
		goto fail;
	rc = -EEXIST;
	if (bus_by_name(core, proto->name)) {
		sysfs_warn_dup(core, "/bus", proto->name, kset_way);
		goto fail;
	}
	rc = -ENOMEM;
	if (own_parts_fail(core, proto->name))
		goto fail;
	bus->name = host_strdup(proto->name);
	if (!bus->name)
		goto fail;
	bus->match_name = callback_name(k, bus->name, "match");
	bus->probe_name = callback_name(k, bus->name, "probe");
	bus->remove_name = callback_name(k, bus->name, "remove");
	bus->dma_name = callback_name(k, bus->name, "dma_configure");
	if (!bus->match_name || !bus->probe_name || !bus->remove_name || !bus->dma_name) {
		free(bus->name);
		goto fail;
	}
	bus->code = code_here(k, 4);
	bus_init(bus, core);
	tick(k, NS_PER_STEP);
	*out = bus;
	return 0;
fail:
	free(bus);
	if (lost.destroy)
		lost.destroy(&lost);
	return rc;
}

int bus_unregister(struct bus_type *bus)
{
	if (!bus->registered)
		return -ENODEV;
	bus->registered = false;
	list_remove(&bus->all);
	list_append(&bus->core->gone_buses, &bus->all);
	bus_put(bus);
	return 0;
}

/*
 * Moves a walk that is at this device to the one before it, so that it continues after
 * it.
 */
static void walks_skip(struct device *dev)
{
	for (struct bus_walk *w = dev->core->walks; w; w = w->outer)
		if (w->at == &dev->on_bus)
			w->at = dev->on_bus.prev;
}

void device_leave_bus(struct device *dev)
{
	if (!dev->bus) {
		hash_remove(by_name, dev->core->busless_hash, dev);
		return;
	}
	hash_remove(by_name, dev->bus->device_hash, dev);
	walks_skip(dev);
	list_remove(&dev->on_bus);
}
