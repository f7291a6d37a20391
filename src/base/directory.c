/* SPDX-License-Identifier: MIT */
/*
 * The sysfs directory of a device: where it is, and whether it can be created.
 * Corresponds to kobject_add() in Linux' lib/kobject.c. Differs: only devices are
 * kobjects here, and only the names of directories exist.
 */
#include "base/kobject.h"

#include <errno.h>
#include <string.h>

#include "base/bus.h"
#include "base/core_alloc.h"
#include "base/device.h"
#include "base/driver_core.h"
#include "base/kobject.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "kernel/trace.h"

/* "/devices/platform/eth0", truncated at the front if it does not fit. */
static const char *device_path(const struct device *dev, char *out, size_t size)
{
	size_t at = size - 1;

	out[at] = '\0';
	for (; dev; dev = dev->parent) {
		size_t len = strlen(dev->name);

		if (len + 1 > at)
			return out + at;
		at -= len;
		memcpy(out + at, dev->name, len);
		out[--at] = '/';
	}
	if (at < 8)
		return out + at;
	return memcpy(out + at - 8, "/devices", 8);
}

/* Another device with this name in the directory of the same parent. */
static struct device *sibling(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct device *other;
	struct bus_type *bus;

	if (!strcmp(dev->name, core->root->name))
		return core->root; /* a second device with this name would only confuse */
	list_each(bus, &core->buses, struct bus_type, all) {
		other = bus_find_device(core, bus, dev->name);
		if (other && other->parent == dev->parent)
			return other;
	}
	other = bus_find_device(core, NULL, dev->name);
	return other && other->parent == dev->parent ? other : NULL;
}

#define EEXIST_TEXT "%skobject_add_internal failed for %s with -EEXIST, " \
		    "don't try to register things with the same name in the same directory."

static int name_taken(struct device *dev)
{
	static const char *const above[] = {
		"sysfs_create_dir_ns", "kobject_add_internal", "kobject_add", NULL,
	};
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	char path[512];

	sysfs_warn_dup(core, dev->parent ? device_path(dev->parent, path, sizeof(path)) : "/devices",
		       dev->name, above);
	if (!core->kobject->duplicate_warns) {
		printk(k, KERN_ERR, EEXIST_TEXT, core->kobject->prefix, dev->name);
		return -EEXIST;
	}
	fn_enter(k, "kobject_add");
	kernel_warn(k, "kobject_add_internal", EEXIST_TEXT, core->kobject->prefix, dev->name);
	fn_exit(k);
	return -EEXIST;
}

/* A parent has a directory for its children in each class. */
static int class_dir(struct device *dev)
{
	struct class *class = dev->more ? dev->more->class : NULL;
	struct device *other;

	if (!class || !dev->core->kernel->injecting ||
	    (dev->parent && dev->parent->more && dev->parent->more->class))
		return 0;
	list_each(other, &dev->core->devices, struct device, all)
		if (other->registered && other->parent == dev->parent && other->more &&
		    other->more->class == class)
			return 0;
	return core_alloc_fails(dev->core, ALLOC_CLASS_DIR, 0) ? -ENOMEM : 0;
}

int kobject_add(struct device *dev)
{
	const char *prefix = dev->core->kobject->prefix;

	if (dev->parent && !dev->parent->in_sysfs) {
		printk(dev->core->kernel, KERN_ERR,
		       "%skobject_add_internal failed for %s (error: %d parent: %s)",
		       prefix, dev->name, -ENOENT, dev->parent->name);
		return -ENOENT;
	}
	if (class_dir(dev))
		return -ENOMEM;
	if (sibling(dev))
		return name_taken(dev);
	dev->in_sysfs = true;
	return 0;
}
