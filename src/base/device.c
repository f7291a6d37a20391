/* SPDX-License-Identifier: MIT */
/*
 * The life of a device: register, add, delete. Corresponds to Linux' drivers/base/core.c;
 * its first and last reference are in lifetime.c. Differs: no uevents, no device numbers.
 */
#include "base/device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/core_alloc.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "base/ghost.h"
#include "base/kobject.h"
#include "base/link.h"
#include "base/probe.h"
#include "kernel/clock.h"
#include "kernel/event.h"
#include "kernel/fail.h"
#include "kernel/sleep.h"
#include "kernel/trace.h"
#include "lib/array.h"
#include "lib/host_memory.h"

/* --- adding ------------------------------------------------------------------------ */

static void kobject_del(struct device *dev)
{
	dev->in_sysfs = false;
}

static int private_init(struct device *dev)
{
	return core_alloc_fails(dev->core, ALLOC_DEVICE_PRIVATE, 0) ? -ENOMEM : 0;
}

static int set_name(struct device *dev)
{
	return core_alloc_fails(dev->core, ALLOC_NAME, strlen(dev->name) + 1) ? -ENOMEM : 0;
}

static int bus_add_device(struct device *dev)
{
	static const char *const link_way[] = {
		"sysfs_do_create_link_sd", "sysfs_create_link", "bus_add_device", NULL,
	};
	struct driver_core *core = dev->core;
	struct bus_type *bus = dev->bus;
	char dir[NAME_MAX_BYTES + 32];

	if (bus && !bus->registered)
		return -EINVAL;
	if (bus_find_device(core, bus, dev->name)) {
		snprintf(dir, sizeof(dir), "/bus/%s/devices", bus ? bus->name : "");
		sysfs_warn_dup(core, dir, dev->name, link_way);
		return -EEXIST;
	}
	if (!bus)
		return hash_add(by_name, core->busless_hash, dev->name, strlen(dev->name), dev);
	if (hash_add(by_name, bus->device_hash, dev->name, strlen(dev->name), dev))
		return -ENOMEM;
	list_append(&bus->devices, &dev->on_bus);
	return 0;
}

/* In this order; undone in reverse. */
static const struct add_step {
	const char *name, *undo;
	int (*fn)(struct device *dev);
	void (*undo_fn)(struct device *dev);
} add_steps[] = {
	{ "device_private_init", NULL, private_init, NULL },
	{ "dev_set_name", NULL, set_name, NULL },
	{ "kobject_add", "kobject_del", kobject_add, kobject_del },
	{ "device_create_file", "device_remove_file", NULL, NULL },
	{ "device_add_class_symlinks", "device_remove_class_symlinks", NULL, NULL },
	{ "device_add_attrs", "device_remove_attrs", NULL, NULL },
	{ "bus_add_device", "bus_remove_device", bus_add_device, device_leave_bus },
	{ "dpm_sysfs_add", "dpm_sysfs_remove", NULL, NULL },
};

#define STEPS (int)COUNT(add_steps)

static int do_add_steps(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	int i, rc = 0;

	for (i = 0; i < STEPS; i++) {
		const struct add_step *s = &add_steps[i];

		rc = kernel_step(k, s->name);
		if (!rc && s->fn)
			rc = s->fn(dev);
		if (rc)
			break;
	}
	while (rc && i-- > 0) {
		if (add_steps[i].undo)
			kernel_step(k, add_steps[i].undo);
		if (add_steps[i].undo_fn)
			add_steps[i].undo_fn(dev);
	}
	return rc;
}

int device_add(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	int rc;

	if (dev->releasing)
		return -EINVAL;
	fn_enter(k, "device_add");
	if (dev->registered)
		rc = kobject_add(dev) ? -EEXIST : -EINVAL;
	else {
		/* the private part is allocated */
		might_sleep(k, SLEEP_FOR_OWN_MEMORY);
		rc = do_add_steps(dev);
	}
	if (rc) {
		fn_exit(k);
		return rc;
	}
	dev->registered = true;
	core->device_count++;
	tick(k, NS_PER_STEP);
	EVENT(k, EV_DEVICE, .what = "add", .name = dev->name, .value = dev->id);
	get_device(dev);
	if (dev->bus)
		rc = bus_probe_device(dev);
	if (dev->more && dev->more->class && dev->registered && list_empty(&dev->more->on_class))
		list_append(&dev->more->class->devices, &dev->more->on_class);
	put_device(dev);
	fn_exit(k);
	return rc;
}

int device_register(struct driver_core *core, const struct device_config *c,
		    struct device **out)
{
	struct device_config config = *c;
	struct device *dev;
	bool pushed;
	int rc;

	if (!config.bus && !config.class)
		config.bus = &core->platform;
	if (config.bus == &core->platform && !config.parent)
		config.parent = core->root;
	if (config.bus == &core->platform &&
	    core_alloc_fails(core, ALLOC_PLATFORM_DEVICE, strlen(c->name) + 1)) {
		if (c->release_drop)
			c->release_drop(c->release_data);
		return -ENOMEM;
	}
	rc = device_initialize(core, &config, &dev);
	if (rc)
		return rc;
	dev->platform_device = dev->bus == &core->platform;
	dev->made_by = core->kernel->context.caller;
	dev->holds++; /* a probe may unregister the device */
	pushed = frame_push(core->kernel, dev->platform_device ? "platform_device_add" : "device_register");
	rc = device_add(dev);
	frame_pop(core->kernel, pushed);
	if (out)
		*out = dev;
	if (rc && rc != -EDEADLK) /* a task that never returned keeps its reference */
		put_device(dev);
	dev->holds--;
	return rc;
}

/* --- platform devices in two steps ---------------------------------------------------- */

int platform_device_alloc(struct driver_core *core, const char *name, struct device **out)
{
	const struct device_config c = {
		.name = name, .numa_node = NUMA_NO_NODE, .bus = &core->platform, .parent = core->root,
	};
	int rc;

	if (core_alloc_fails(core, ALLOC_PLATFORM_DEVICE, strlen(name) + 1))
		return -ENOMEM;
	rc = device_initialize(core, &c, out);
	if (rc)
		return rc;
	(*out)->platform_device = true;
	(*out)->made_by = core->kernel->context.caller;
	return 0;
}

int platform_device_add(struct device *dev)
{
	bool pushed = frame_push(dev->core->kernel, "platform_device_add");
	int rc = device_add(dev);

	frame_pop(dev->core->kernel, pushed);
	return rc;
}

/* --- removing ------------------------------------------------------------------------- */

/*
 * Removes it from sysfs and its bus; as in Linux, not in the reverse order of
 * device_add().
 */
static void forget_device(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	kernel_step(k, "dpm_sysfs_remove");
	kernel_step(k, "device_remove_class_symlinks");
	kernel_step(k, "device_remove_file");
	kernel_step(k, "device_remove_attrs");
	graph_enter(k, "bus_remove_device");
	device_leave_bus(dev);
}

/* Unbinds it and removes its links and resources. -EDEADLK: the task died. */
static int tear_down(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	int rc = device_release_driver(dev);

	graph_exit(k); /* bus_remove_device */
	if (rc)
		return rc;
	driver_deferred_probe_del(dev);
	device_links_purge(dev);
	if (k->profile->release_at_device_del && !k->task_died)
		devres_release_all(dev);
	return k->task_died ? -EDEADLK : 0;
}

int device_del(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	int rc;

	if (!dev->registered)
		return -ENODEV;
	if (device_is_stuck(dev))
		return -EDEADLK;
	fn_enter(k, "device_del");
	might_sleep(k, SLEEP_FOR_MUTEX); /* device_lock() */
	get_device(dev);
	dev->registered = false;
	dev->dead = !k->profile->added_again_probes;
	core->device_count--;
	if (dev->more)
		list_remove(&dev->more->on_class);
	forget_device(dev);
	rc = tear_down(dev);
	if (rc) {
		/* the reference is never dropped */
		fn_exit(k);
		return rc;
	}
	tick(k, NS_PER_STEP);
	kernel_step(k, "kobject_del");
	kobject_del(dev);
	EVENT(k, EV_DEVICE, .what = "del", .name = dev->name, .value = dev->id);
	fn_exit(k);
	put_device(dev);
	return 0;
}

int device_unregister(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	int rc;

	if (!dev->registered && !dev->gone)
		return -ENODEV;
	dev->holds++;
	fn_enter(k, "device_unregister");
	rc = device_del(dev);
	if (!rc || dev->gone)
		kobject_put(dev);
	fn_exit(k);
	dev->holds--;
	return rc;
}

/*
 * --- attributes
 * -------------------------------------------------------------------------
 */

uint64_t dev_get_drvdata(struct device *dev)
{
	return dev->gone ? ghost_value(dev, false) : dev->drvdata;
}

void dev_set_drvdata(struct device *dev, uint64_t data)
{
	dev->drvdata = data;
	if (dev->gone)
		ghost_set_value(dev, false, data);
}

int dev_to_node(struct device *dev)
{
	return dev->gone ? (int)ghost_value(dev, true) : dev->numa_node;
}

void set_dev_node(struct device *dev, int node)
{
	dev->numa_node = node;
	if (dev->gone)
		ghost_set_value(dev, true, (uint32_t)node);
	devres_device_moved(dev);
}

int dev_set_name(struct device *dev, const char *name)
{
	char *copy;

	if (dev->registered)
		return -EBUSY;
	copy = host_strdup(name);
	if (!copy)
		return -ENOMEM;
	free(dev->name);
	dev->name = copy;
	return 0;
}

int driver_set_override(struct device *dev, const char *name)
{
	char *copy = NULL;

	if (name && *name) {
		copy = core_alloc_fails(dev->core, ALLOC_OVERRIDE, strlen(name) + 1) ? NULL : host_strdup(name);
		if (!copy)
			return -ENOMEM;
	}
	free(dev->driver_override);
	dev->driver_override = copy;
	return 0;
}
