/* SPDX-License-Identifier: MIT */
/*
 * References to a device, and its end; what is left then is in ghost.c.
 * Corresponds to Linux' drivers/base/core.c and lib/kobject.c. Differs: a
 * reference is counted for the creator, each child, each link and each
 * get_device(); those of the lists that a device is on are known, not counted.
 */
#include "base/ghost.h"

#include "base/kobject.h"

/* What Linux' count would be: the lists of its bus and of its parent have one each. */
static int references(const struct device *dev)
{
	int lists = dev->registered ? (dev->bus != NULL) + (dev->parent != NULL) : 0;

	if (dev == dev->core->root)
		lists = 1; /* nobody ever takes that away */
	return dev->refcount + lists - dev->borrowed;
}

struct device *get_device(struct device *dev)
{
	if (dev)
		dev->refcount++;
	return dev;
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
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct device_more *more = dev->more;
	struct device *outer = core->releasing;

	fn_enter(k, "device_release");
	devres_release_all(dev);
	core->releasing = dev;
	if (more && more->release)
		call_release(dev, more->release, more->release_name, &more->code);
	else if (dev->platform_device)
		platform_device_release(dev);
	else if (more && more->class && more->class->dev_release)
		call_release(dev, more->class->dev_release, more->class->release_name,
			     &more->class->code);
	else
		kernel_warn(k, "device_release", "Device '%s' does not have a release() function, "
			    "it is broken and must be fixed.%s", dev->name,
			    core->kobject->release_hint);
	core->releasing = outer;
	fn_exit(k);
}

/* Its last reference is gone, whoever knows it. */
static void release(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	bool inside = k->depth && k->depth <= STACK_MAX && kernel_function(k) == kobject_put_name;

	dev->releasing = true;
	dev->kref = 0;
	if (!inside)
		fn_enter(k, kobject_put_name);
	if (dev->registered)
		device_withdraw(dev);
	device_release(dev);
	if (!inside)
		fn_exit(k);
	device_bury(dev);
}

/* A parent goes with its last child, so this climbs. */
static void release_all(struct device *dev)
{
	while (dev && references(dev) <= 0 && !dev->releasing) {
		struct device *parent = dev->parent;

		release(dev);
		dev->parent = NULL;
		if (parent) {
			parent->children--;
			parent->refcount--;
		}
		dev = parent;
	}
}

void put_device(struct device *dev)
{
	if (dev && --dev->refcount <= dev->borrowed)
		release_all(dev);
}

void user_get_device(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "get_device");
	fn_enter(k, "kobject_get");
	if (dev->releasing || dev->gone) {
		ghost_get(dev);
	} else {
		dev->user_refs++;
		dev->refcount++;
	}
	fn_exit(k);
	fn_exit(k);
}

/* One that is not a user's to drop: as long as there are others, nobody notices. */
static void put_too_many(struct device *dev)
{
	int left = references(dev);

	if (left <= 0) { /* a probe that runs is all that keeps it */
		dev->kref = 0;
		kref_put(dev->core, &dev->kref);
		return;
	}
	/* all devices hang on the root: its own reference is not for anybody to put */
	if (left == 1 && dev == dev->core->root)
		return;
	dev->borrowed++;
	if (left == 1 && !dev->busy)
		release_all(dev);
}

void kobject_put(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	fn_enter(k, kobject_put_name);
	if (dev->releasing || dev->gone) {
		ghost_put(dev);
	} else if (dev->user_refs) {
		dev->user_refs--;
		put_device(dev);
	} else {
		put_too_many(dev);
	}
	fn_exit(k);
}

void user_put_device(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "put_device");
	kobject_put(dev);
	fn_exit(k);
}
