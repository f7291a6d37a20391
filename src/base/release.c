/* SPDX-License-Identifier: MIT */
/*
 * References to a device, and its end. Corresponds to Linux'
 * drivers/base/core.c and lib/kobject.c. Differs: a reference is counted for
 * the creator, each child, each link and each get_device(), not for the core's
 * own lists: what is registered stays. A put too many is reported and not obeyed.
 */
#include "base/base.h"

#include <stdlib.h>

struct device *get_device(struct device *dev)
{
	if (dev)
		dev->refcount++;
	return dev;
}

void device_free(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct device_more *more = dev->more;

	list_remove(&dev->all);
	list_remove(&dev->deferred);
	devres_device_finish(dev);
	core_id_drop(core, dev->id);
	if (more) {
		list_remove(&more->on_class);
		if (more->release_drop)
			more->release_drop(more->release_data);
		code_put(&more->code);
		class_put(more->class);
		names_free(more->compatible);
		free(more->id);
		free(more->deferred_reason);
		free(more->retried_by);
		free(more);
	}
	bus_put(dev->bus);
	free(dev->driver_override);
	free(dev->name);
	free(dev);
}

static void call_release(struct device *dev, void (*release)(struct device *), const char *name,
			 const struct code_home *code)
{
	struct kernel *k = dev->core->kernel;
	struct context saved;

	if (upcall_begin(k, (struct context){ name, "release", owner_mark(dev), *code }, &saved)) {
		release(dev);
		upcall_end(k, saved);
	}
}

/* The memory of a device is its owner's: somebody has to give it back. */
static void device_release(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	struct device_more *more = dev->more;

	fn_enter(k, "device_release");
	devres_release_all(dev);
	if (more && more->release)
		call_release(dev, more->release, more->release_name, &more->code);
	else if (dev->platform_device)
		kernel_step(k, "platform_device_release");
	else if (more && more->class && more->class->dev_release)
		call_release(dev, more->class->dev_release, more->class->release_name,
			     &more->class->code);
	else
		kernel_warn(k, "device_release", "Device '%s' does not have a release() function, "
			    "it is broken and must be fixed. See "
			    "Documentation/core-api/kobject.rst.", dev->name);
	fn_exit(k);
}

void put_device(struct device *dev)
{
	/* a parent goes with its last child, so this climbs */
	while (dev && --dev->refcount == 0 && !dev->registered && !dev->releasing) {
		struct device *parent = dev->parent;

		dev->releasing = true;
		device_release(dev);
		device_free(dev);
		if (parent)
			parent->children--;
		dev = parent;
	}
}

void user_get_device(struct device *dev)
{
	if (dev->releasing) {
		kernel_warn(dev->core->kernel, "refcount_warn_saturate",
			    "refcount_t: addition on 0; use-after-free.");
		return;
	}
	dev->user_refs++;
	get_device(dev);
}

/* The lists of its bus and of its parent hold a reference each in Linux. */
#define REFS_OF_LISTS 2

void user_put_device(struct device *dev)
{
	if (dev->user_refs && !dev->releasing) {
		dev->user_refs--;
		put_device(dev);
		return;
	}
	if (dev->registered && dev->puts_too_many < REFS_OF_LISTS) {
		dev->puts_too_many++; /* nobody notices, yet */
		return;
	}
	kernel_warn(dev->core->kernel, "refcount_warn_saturate",
		    "refcount_t: underflow; use-after-free.");
}
