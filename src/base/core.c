/* SPDX-License-Identifier: MIT */
/*
 * What the driver core is made of: ids, names, messages, start and end.
 * Corresponds to parts of Linux' drivers/base/core.c and init.c; devices
 * themselves are in device.c. Differs: ids are ours.
 */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ghost.h"
#include "base/kobject.h"

char **names_copy(char *const *from)
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

void names_free(char **names)
{
	for (char **at = names; at && *at; at++)
		free(*at);
	free(names);
}

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

void *core_by_id(struct driver_core *core, uint32_t id, bool is_driver)
{
	uint32_t i = id - core->first_id;

	if (id >= core->next_id || id < core->first_id || core->is_driver[i] != is_driver)
		return NULL;
	return core->by_id[i];
}

struct device *device_by_id(struct driver_core *core, uint32_t id)
{
	struct device *dev = core_by_id(core, id, false);

	return dev && !dev->gone ? dev : NULL;
}

struct device_driver *driver_by_id(struct driver_core *core, uint32_t id)
{
	return core_by_id(core, id, true);
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

const char *dev_driver_string(const struct device *dev)
{
	if (dev->driver)
		return dev->driver->name;
	if (dev->bus)
		return dev->bus->name;
	return dev->more && dev->more->class ? dev->more->class->name : "";
}

void dev_printk(enum log_level level, const struct device *dev, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	printk(dev->core->kernel, level, "%s %s: %s", dev_driver_string(dev), dev->name, text);
}

/* /sys/devices/platform: on no bus, never removed. */
static int make_root(struct driver_core *core)
{
	struct device_config c = { .name = "platform", .numa_node = NUMA_NO_NODE };
	int rc = device_initialize(core, &c, &core->root);

	if (!rc)
		core->root->registered = core->root->in_sysfs = true;
	return rc;
}

int driver_core_init(struct driver_core *core, struct kernel *k, struct mm *mm,
		     uint32_t first_id)
{
	*core = (struct driver_core){
		.kernel = k, .mm = mm, .kobject = kobject_rules(k->profile, k->arch),
		.first_id = first_id, .next_id = first_id,
		.platform = { .name = (char *)"platform", .match = platform_match },
	};
	list_init(&core->devices);
	list_init(&core->ghosts);
	list_init(&core->work);
	deferred_init(core);
	list_init(&core->buses);
	list_init(&core->gone_buses);
	list_init(&core->gone_classes);
	list_init(&core->classes);
	core->platform.driver_override = true;
	bus_init(&core->platform, core);
	if (!devres_core_init(core) && !make_root(core))
		return 0;
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
	work_finish(core);
	list_each(dev, &core->devices, struct device, all)
		device_links_forget(dev);
	list_each(dev, &core->devices, struct device, all)
		device_free(dev);
	ghosts_free(core);
	list_each(class, &core->classes, struct class, all)
		class_unregister(class);
	list_each(bus, &core->buses, struct bus_type, all)
		bus_unregister(bus);
	devres_core_finish(core);
	owners_finish(core);
	free(core->by_id);
	free(core->is_driver);
	core->by_id = NULL;
	core->is_driver = NULL;
}
