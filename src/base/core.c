/* SPDX-License-Identifier: MIT */
/*
 * Devices: names, references, adding and removing. Corresponds to Linux'
 * drivers/base/core.c. Differs: a reference is counted for the creator, each
 * child and each get_device(), not for the core's own lists.
 */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int core_id_new(struct driver_core *core, void *object, bool is_driver, uint32_t *id)
{
	uint32_t i = core->next_id - core->first_id;

	if (i == core->id_cap) {
		uint32_t cap = core->id_cap ? 2 * core->id_cap : 64;
		void **by_id = realloc(core->by_id, cap * sizeof(*by_id));
		bool *kind = by_id ? realloc(core->is_driver, cap * sizeof(*kind)) : NULL;

		if (by_id)
			core->by_id = by_id;
		if (!kind)
			return -ENOMEM;
		core->is_driver = kind;
		core->id_cap = cap;
	}
	core->by_id[i] = object;
	core->is_driver[i] = is_driver;
	*id = core->next_id++;
	return 0;
}

void core_id_drop(struct driver_core *core, uint32_t id)
{
	core->by_id[id - core->first_id] = NULL;
}

static void *by_id(struct driver_core *core, uint32_t id, bool is_driver)
{
	uint32_t i = id - core->first_id;

	if (id >= core->next_id || id < core->first_id || core->is_driver[i] != is_driver)
		return NULL;
	return core->by_id[i];
}

struct device *device_by_id(struct driver_core *core, uint32_t id)
{
	return by_id(core, id, false);
}

struct device_driver *driver_by_id(struct driver_core *core, uint32_t id)
{
	return by_id(core, id, true);
}

/* A "BUS:" in front of a name: the bus, and what follows in *rest. */
static struct bus_type *bus_in_front(struct driver_core *core, const char *name,
				     const char **rest)
{
	size_t len = strcspn(name, ":");
	struct bus_type *bus;

	if (!name[len])
		return NULL;
	*rest = name + len + 1;
	list_each(bus, &core->buses, struct bus_type, all)
		if (!strncmp(bus->name, name, len) && !bus->name[len])
			return bus;
	return NULL;
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

	list_each(bus, &core->buses, struct bus_type, all)
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

int check_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > NAME_MAX_BYTES || name[0] == '.')
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == '/' || name[i] == 0x7f)
			return -EINVAL;
	return 0;
}

void dev_printk(enum log_level level, const struct device *dev, const char *fmt, ...)
{
	const char *from = dev->driver ? dev->driver->name : dev->bus ? dev->bus->name : "";
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	printk(dev->core->kernel, level, "%s %s: %s", from, dev->name, text);
}

struct device *get_device(struct device *dev)
{
	if (dev)
		dev->refcount++;
	return dev;
}

static void device_free(struct device *dev)
{
	struct driver_core *core = dev->core;

	list_remove(&dev->all);
	devres_device_finish(dev);
	core_id_drop(core, dev->id);
	bus_put(dev->bus);
	free(dev->driver_override);
	free(dev->name);
	free(dev);
}

void put_device(struct device *dev)
{
	/* a parent goes with its last child, so this climbs */
	while (dev && --dev->refcount == 0) {
		struct device *parent = dev->parent;

		dev->refcount = 1; /* callbacks may take and drop references */
		devres_release_all(dev);
		if (--dev->refcount)
			return;
		device_free(dev);
		if (parent)
			parent->children--;
		dev = parent;
	}
}

static struct device *device_alloc(struct driver_core *core, const char *name)
{
	struct device *dev = calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	dev->core = core;
	dev->refcount = 1;
	dev->numa_node = NUMA_NO_NODE;
	dev->name = strdup(name);
	list_init(&dev->all);
	list_init(&dev->on_bus);
	list_init(&dev->bound);
	list_init(&dev->deferred);
	if (!dev->name || core_id_new(core, dev, false, &dev->id))
		goto free_device;
	if (devres_device_init(dev))
		goto drop_id;
	list_append(&core->devices, &dev->all);
	return dev;
drop_id:
	core_id_drop(core, dev->id);
free_device:
	free(dev->name);
	free(dev);
	return NULL;
}

static void set_parent(struct device *dev, struct device *parent)
{
	dev->parent = get_device(parent);
	parent->children++;
	if (dev->numa_node == NUMA_NO_NODE)
		dev->numa_node = parent->numa_node;
	devres_device_moved(dev);
}

void duplicate_name(struct driver_core *core, const char *dir, const char *name)
{
	struct kernel *k = core->kernel;

	printk(k, KERN_WARNING, "sysfs: cannot create duplicate filename '%s/%s'",
	       dir, name);
	dump_stack(k, KERN_WARNING, "sysfs_warn_dup");
	printk(k, KERN_ERR, "kobject: kobject_add_internal failed for %s with -EEXIST, "
	       "don't try to register things with the same name in the same directory.", name);
}

int device_register(struct driver_core *core, const struct device_config *c,
		    struct device **out)
{
	struct bus_type *bus = c->bus ? c->bus : &core->platform;
	struct kernel *k = core->kernel;
	struct device *dev;

	if (check_name(c->name))
		return -EINVAL;
	if (bus_find_device(core, bus, c->name) || !strcmp(c->name, core->root->name)) {
		duplicate_name(core, "/devices/platform", c->name);
		return -EEXIST;
	}
	dev = device_alloc(core, c->name);
	if (!dev)
		return -ENOMEM;
	fn_enter(k, "device_add");
	dev->bus = bus;
	bus_get(bus);
	dev->numa_node = c->numa_node;
	set_parent(dev, c->parent ? c->parent : core->root);
	dev->registered = true;
	HASH_ADD_KEYPTR(by_name, bus->device_hash, dev->name, strlen(dev->name), dev);
	list_append(&dev->bus->devices, &dev->on_bus);
	core->device_count++;
	tick(k, NS_PER_STEP);
	EVENT(k, .type = EV_DEVICE, .what = "add", .name = dev->name, .value = dev->id);
	if (out)
		*out = dev;
	get_device(dev);
	device_attach(dev);
	put_device(dev);
	fn_exit(k);
	return 0;
}

int device_unregister(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;

	if (!dev->registered)
		return -ENODEV;
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	fn_enter(k, "device_del");
	dev->registered = false;
	HASH_DELETE(by_name, dev->bus->device_hash, dev);
	core->device_count--;
	list_remove(&dev->on_bus);
	device_release_driver(dev);
	list_remove(&dev->deferred);
	if (k->profile->release_at_device_del && !k->task_died)
		devres_release_all(dev);
	if (k->task_died) {
		/* the reference is never given back */
		fn_exit(k);
		return -EDEADLK;
	}
	tick(k, NS_PER_STEP);
	EVENT(k, .type = EV_DEVICE, .what = "del", .name = dev->name, .value = dev->id);
	fn_exit(k);
	put_device(dev);
	return 0;
}

int driver_core_init(struct driver_core *core, struct kernel *k, struct mm *mm,
		     uint32_t first_id)
{
	*core = (struct driver_core){
		.kernel = k, .mm = mm, .first_id = first_id, .next_id = first_id,
		.platform = { .name = (char *)"platform", .match = platform_match },
	};
	list_init(&core->devices);
	list_init(&core->deferred);
	list_init(&core->buses);
	list_init(&core->gone_buses);
	list_init(&core->classes);
	bus_init(&core->platform, core);
	if (devres_core_init(core))
		goto fail;
	core->root = device_alloc(core, "platform");
	if (!core->root)
		goto fail;
	core->root->registered = true;
	return 0;
fail:
	driver_core_finish(core);
	return -ENOMEM;
}

static void forget_bus(struct bus_type *bus)
{
	struct device_driver *drv, *next;

	bus_get(bus); /* its last driver must not free it */
	HASH_CLEAR(by_name, bus->device_hash);
	HASH_ITER(by_name, bus->driver_hash, drv, next) {
		HASH_DELETE(by_name, bus->driver_hash, drv);
		driver_free(drv);
	}
	bus_put(bus);
}

void driver_core_finish(struct driver_core *core)
{
	struct bus_type *bus;
	struct class *class;
	struct device *dev;

	list_each(bus, &core->buses, struct bus_type, all)
		forget_bus(bus);
	list_each(bus, &core->gone_buses, struct bus_type, all)
		forget_bus(bus);
	HASH_CLEAR(by_name, core->busless_hash);
	list_each(dev, &core->devices, struct device, all)
		device_free(dev);
	list_each(class, &core->classes, struct class, all)
		class_unregister(class);
	list_each(bus, &core->buses, struct bus_type, all)
		bus_unregister(bus);
	devres_core_finish(core);
	free(core->by_id);
	free(core->is_driver);
	core->by_id = NULL;
	core->is_driver = NULL;
}
