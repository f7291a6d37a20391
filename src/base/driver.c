/* SPDX-License-Identifier: MIT */
/*
 * Drivers: adding and removing them. Corresponds to Linux'
 * drivers/base/driver.c and bus.c.
 */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void driver_free(struct device_driver *drv)
{
	if (drv->destroy)
		drv->destroy(drv);
	bus_put(drv->bus);
	for (char **id = drv->id_table; id && *id; id++)
		free(*id);
	free(drv->id_table);
	free(drv->name);
	free(drv);
}

static char **copy_names(char *const *from)
{
	size_t n = 0;
	char **to;

	while (from[n])
		n++;
	to = calloc(n + 1, sizeof(*to));
	for (size_t i = 0; to && i < n; i++)
		to[i] = strdup(from[i]);
	return to;
}

/* Stacks and tracks keep these names after the driver is gone. */
static const char *callback_name(struct kernel *k, const char *driver, const char *what)
{
	char name[NAME_MAX_BYTES + 16];

	snprintf(name, sizeof(name), "%s_%s", driver, what);
	return rodata_lookup(k, rodata_string(k, name));
}

int driver_register(struct driver_core *core, const struct device_driver *proto,
		    struct device_driver **out)
{
	struct kernel *k = core->kernel;
	struct device_driver *drv = malloc(sizeof(*drv));
	int rc = -ENOMEM;

	if (!drv) {
		/* ownership came with the call */
		struct device_driver lost = *proto;

		if (lost.destroy)
			lost.destroy(&lost);
		return rc;
	}
	*drv = *proto;
	drv->core = core;
	drv->bus = proto->bus ? proto->bus : &core->platform;
	bus_get(drv->bus);
	drv->name = strdup(proto->name);
	drv->id_table = proto->id_table ? copy_names(proto->id_table) : NULL;
	list_init(&drv->devices);
	list_init(&drv->on_bus);
	if (!drv->name || (proto->id_table && !drv->id_table))
		goto free_driver;
	rc = -EINVAL;
	if (check_name(drv->name))
		goto free_driver;
	rc = -EBUSY;
	if (bus_find_driver(drv->bus, drv->name)) {
		printk(k, KERN_ERR, "Error: Driver '%s' is already registered, aborting...",
		       drv->name);
		goto free_driver;
	}
	rc = core_id_new(core, drv, true, &drv->id);
	if (rc)
		goto free_driver;
	drv->probe_name = callback_name(k, drv->name, "probe");
	drv->remove_name = callback_name(k, drv->name, "remove");
	HASH_ADD_KEYPTR(by_name, drv->bus->driver_hash, drv->name, strlen(drv->name), drv);
	list_append(&drv->bus->drivers, &drv->on_bus);
	core->driver_count++;
	fn_enter(k, "bus_add_driver");
	tick(k, NS_PER_STEP);
	EVENT(k, .type = EV_DRIVER, .what = "register", .name = drv->name, .value = drv->id);
	if (out)
		*out = drv;
	drv->active++; /* a probe must not unregister it under our feet */
	driver_attach(drv);
	drv->active--;
	fn_exit(k);
	return 0;
free_driver:
	driver_free(drv);
	return rc;
}

int driver_unregister(struct device_driver *drv)
{
	struct driver_core *core = drv->core;
	struct kernel *k = core->kernel;
	struct device *dev;

	if (drv->active)
		return -EDEADLK;
	list_each(dev, &drv->devices, struct device, bound)
		if (dev->busy || dev->deadlocked)
			return -EDEADLK;
	fn_enter(k, "bus_remove_driver");
	list_remove(&drv->on_bus);
	drv->active++;
	while (!list_empty(&drv->devices) && !k->task_died) {
		dev = list_entry(drv->devices.prev, struct device, bound);
		get_device(dev);
		device_release_driver(dev);
		put_device(dev);
	}
	if (k->task_died) {
		/* off the bus, but its last user never comes back */
		fn_exit(k);
		return -EDEADLK;
	}
	drv->active--;
	HASH_DELETE(by_name, drv->bus->driver_hash, drv);
	core->driver_count--;
	EVENT(k, .type = EV_DRIVER, .what = "unregister", .name = drv->name, .value = drv->id);
	core_id_drop(core, drv->id);
	driver_free(drv);
	fn_exit(k);
	return 0;
}
