/* SPDX-License-Identifier: MIT */
/*
 * Drivers: adding and removing them. Corresponds to Linux'
 * drivers/base/driver.c and bus.c.
 */
#include "base/driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/core_alloc.h"
#include "base/device.h"
#include "base/driver_core.h"
#include "base/probe.h"
#include "base/registry.h"
#include "base/work.h"
#include "kernel/clock.h"
#include "kernel/code.h"
#include "kernel/event.h"
#include "kernel/log.h"
#include "kernel/sleep.h"
#include "kernel/symbol.h"
#include "kernel/trace.h"
#include "lib/host_memory.h"

void driver_free(struct device_driver *drv)
{
	if (drv->destroy)
		drv->destroy(drv);
	bus_put(drv->bus);
	code_put(&drv->code);
	names_free(drv->id_table);
	names_free(drv->compatible);
	dynamic_ids_free(drv);
	free(drv->name);
	free(drv);
}

/* Interned, because stacks and tracks use these names after the driver is gone. */
static const char *callback_name(struct kernel *k, const char *driver, const char *what)
{
	char name[NAME_MAX_BYTES + 16];

	snprintf(name, sizeof(name), "%s_%s", driver, what);
	return rodata_lookup(k, rodata_string(k, name));
}

static int bus_takes(struct device_driver *drv)
{
	struct kernel *k = drv->core->kernel;
	struct bus_type *bus = drv->bus;

	if (!bus->registered) {
		printk(k, KERN_ERR, "Driver '%s' was unable to register with bus_type '%s' "
		       "because the bus was not initialized.", drv->name, bus->name);
		return -EINVAL;
	}
	return 0;
}

/* A new driver may serve a waiting device, so the timeout starts again. */
static void extend_timeout(struct driver_core *core)
{
	struct kernel *k = core->kernel;
	int seconds = k->params.deferred_timeout;

	if (seconds < 0)
		seconds = k->profile->deferred_timeout;
	if (core->deferred_deadline)
		core->deferred_deadline = k->now + (uint64_t)seconds * NS_PER_SECOND;
}

/* Adds it to the bus and probes devices. 0, -ENOMEM, or -EDEADLK: the task hangs. */
static int bus_add_driver(struct device_driver *drv)
{
	struct driver_core *core = drv->core;
	struct kernel *k = core->kernel;
	int rc = 0;

	fn_enter(k, "bus_add_driver");
	might_sleep(k, SLEEP_FOR_OWN_MEMORY); /* its private part */
	if (core_alloc_fails(core, ALLOC_DRIVER_PRIVATE, 0) ||
	    core_alloc_fails(core, ALLOC_NAME, strlen(drv->name) + 1) ||
	    hash_add(by_name, drv->bus->driver_hash, drv->name, strlen(drv->name), drv)) {
		fn_exit(k);
		return -ENOMEM;
	}
	list_append(&drv->bus->drivers, &drv->on_bus);
	core->driver_count++;
	tick(k, NS_PER_STEP);
	EVENT(k, EV_DRIVER, .what = "register", .name = drv->name, .value = drv->id);
	drv->active++; /* a probe must not unregister the driver while it is in use */
	if (!drv->bus->no_autoprobe)
		rc = driver_attach(drv);
	if (!rc) /* else it stays in use forever */
		drv->active--;
	fn_exit(k);
	return rc;
}

int driver_register(struct driver_core *core, const struct device_driver *proto,
		    struct device_driver **out)
{
	struct kernel *k = core->kernel;
	struct device_driver *drv = host_malloc(sizeof(*drv));
	int rc = -ENOMEM;

	if (!drv) {
		/* the caller has handed over `private` */
		struct device_driver lost = *proto;

		if (lost.destroy)
			lost.destroy(&lost);
		return rc;
	}
	*drv = *proto;
	drv->core = core;
	drv->bus = proto->bus ? proto->bus : &core->platform;
	bus_get(drv->bus);
	drv->name = host_strdup(proto->name);
	drv->id_table = proto->id_table ? names_copy(proto->id_table) : NULL;
	drv->compatible = proto->compatible ? names_copy(proto->compatible) : NULL;
	drv->code = code_here(k, 2);
	list_init(&drv->devices);
	list_init(&drv->on_bus);
	list_init(&drv->dynamic_ids);
	if (!drv->name || (proto->id_table && !drv->id_table) ||
	    (proto->compatible && !drv->compatible))
		goto free_driver;
	rc = -EINVAL;
	if (check_name(drv->name))
		goto free_driver;
	rc = bus_takes(drv);
	if (rc)
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
	rc = -ENOMEM;
	if (!drv->probe_name || !drv->remove_name)
		goto drop_id;
	if (out)
		*out = drv;
	rc = bus_add_driver(drv);
	if (rc == -ENOMEM)
		goto drop_id;
	extend_timeout(core);
	return rc;
drop_id:
	core_id_drop(core, drv->id);
free_driver:
	driver_free(drv);
	return rc;
}

int driver_new_id(struct device_driver *drv, const char *id)
{
	int rc = dynamic_id_add(drv, id);

	if (rc)
		return rc;
	drv->active++; /* a probe must not unregister the driver while it is in use */
	rc = driver_attach(drv);
	drv->active--;
	return rc;
}

/* Newest bound first. -EDEADLK: a callback never returned. */
static int driver_detach(struct device_driver *drv)
{
	struct kernel *k = drv->core->kernel;
	int rc = 0;

	while (!list_empty(&drv->devices) && !rc) {
		struct device *dev = list_entry(drv->devices.prev, struct device, bound);

		get_device(dev);
		rc = device_release_driver(dev);
		put_device(dev);
	}
	return k->task_died ? -EDEADLK : rc;
}

int driver_unregister(struct device_driver *drv)
{
	struct driver_core *core = drv->core;
	struct kernel *k = core->kernel;
	struct device *dev;

	/* asynchronous probes come first: async_synchronize_full() */
	if (drv->active && driver_allows_async_probing(drv))
		run_work(core);
	if (drv->active)
		return -EDEADLK;
	list_each(dev, &drv->devices, struct device, bound)
		if (device_is_stuck(dev))
			return -EDEADLK;
	fn_enter(k, "bus_remove_driver");
	list_remove(&drv->on_bus);
	drv->active++;
	if (driver_detach(drv)) {
		/* off the bus, but its last user never returns */
		fn_exit(k);
		return -EDEADLK;
	}
	drv->active--;
	hash_remove(by_name, drv->bus->driver_hash, drv);
	core->driver_count--;
	EVENT(k, EV_DRIVER, .what = "unregister", .name = drv->name, .value = drv->id);
	core_id_drop(core, drv->id);
	driver_free(drv);
	fn_exit(k);
	return 0;
}
