/* SPDX-License-Identifier: MIT */
/*
 * A device from its creation to its release, and the references in between; what remains
 * after that is in ghost.c. Corresponds to Linux' drivers/base/core.c and lib/kobject.c.
 * Differs: only references of the creator, of children, links and get_device() are
 * counted; those of lists follow from the lists that the device is on.
 */
#include "base/ghost.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/devres.h"
#include "base/devres_walk.h"
#include "base/driver_core.h"
#include "base/kobject.h"
#include "base/link.h"
#include "base/owner.h"
#include "base/registry.h"
#include "kernel/code.h"
#include "kernel/report.h"
#include "kernel/trace.h"
#include "kernel/upcall.h"
#include "lib/host_memory.h"

#define GHOSTS_MAX 4096 /* more than this, and the oldest is freed and its handles become invalid */

/* --- creation -------------------------------------------------------------------- */

static void set_parent(struct device *dev, struct device *parent)
{
	dev->parent = get_device(parent);
	if (!parent)
		return;
	parent->children++;
	if (dev->numa_node == NUMA_NO_NODE)
		dev->numa_node = parent->numa_node;
}

static struct device *device_alloc(struct driver_core *core, const char *name)
{
	struct device *dev = host_calloc(1, sizeof(*dev));

	if (!dev)
		return NULL;
	dev->core = core;
	dev->refcount = dev->user_refs = 1;
	dev->name = host_strdup(name);
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

void device_free(struct device *dev)
{
	struct driver_core *core = dev->core;

	list_remove(&dev->all);
	list_remove(&dev->deferred);
	devres_device_finish(dev);
	core_id_drop(core, dev->id);
	device_more_free(dev);
	bus_put(dev->bus);
	free(dev->driver_override);
	free(dev->grave);
	free(dev->name);
	free(dev);
}

int device_initialize(struct driver_core *core, const struct device_config *c,
		      struct device **out)
{
	struct device *dev = NULL;
	int rc = -EINVAL;

	if (check_name(c->name) || (c->parent && c->parent->releasing))
		goto drop_release;
	rc = -ENOMEM;
	dev = device_alloc(core, c->name);
	if (!dev)
		goto drop_release;
	dev->numa_node = c->numa_node;
	dev->bus = c->bus;
	bus_get(dev->bus);
	if (device_more_set(dev, c))
		goto free_device;
	set_parent(dev, c->parent);
	devres_device_moved(dev);
	*out = dev;
	return 0;
free_device:
	if (dev->more)
		dev->more->release_drop = NULL; /* called below */
	device_free(dev);
drop_release:
	if (c->release_drop)
		c->release_drop(c->release_data);
	return rc;
}

/* --- release ----------------------------------------------------------------------- */

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

/* The memory of a device belongs to its creator: somebody has to free it. */
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

/* Silently takes it off all lists, where in Linux it would be freed memory. */
static void withdraw(struct device *dev)
{
	struct driver_core *core = dev->core;

	device_leave_bus(dev);
	if (dev->more)
		list_remove(&dev->more->on_class);
	list_remove(&dev->bound);
	list_remove(&dev->deferred);
	dev->driver = NULL;
	dev->registered = dev->in_sysfs = false;
	dev->dead = true;
	core->device_count--;
}

/* Frees the oldest ghost that nothing refers to and that has no resources. */
static void forget_oldest(struct driver_core *core)
{
	struct device *dev;

	list_each(dev, &core->ghosts, struct device, all) {
		if (dev->holds || dev->refcount > 0 || dev->children || !devres_empty(dev))
			continue;
		core->ghost_count--;
		device_free(dev);
		return;
	}
}

/* Detaches children that still point to it; in Linux their pointer would dangle. */
static void leave_children(struct device *dev)
{
	struct device *child;

	list_each(child, &dev->core->devices, struct device, all) {
		if (child->parent != dev)
			continue;
		child->parent = NULL;
		dev->children--;
		dev->refcount--;
	}
}

/* Silently drops its links and their references. */
static void drop_links(struct device *dev)
{
	struct device_link *link;

	while ((link = device_link_take(dev))) {
		put_device(link->consumer);
		put_device(link->supplier);
		free(link);
	}
}

/* After the release: turns the device into a ghost. */
static void bury(struct device *dev)
{
	struct driver_core *core = dev->core;

	dev->gone = true;
	if (dev->children)
		leave_children(dev);
	drop_links(dev);
	device_more_free(dev);
	bus_put(dev->bus);
	dev->bus = NULL;
	list_remove(&dev->all);
	list_append(&core->ghosts, &dev->all);
	if (++core->ghost_count > GHOSTS_MAX)
		forget_oldest(core);
	if (dev->grave && dev->grave->memory)
		grave_leave_remains(dev);
}

void ghosts_free(struct driver_core *core)
{
	struct device *dev;

	list_each(dev, &core->ghosts, struct device, all)
		device_free(dev);
}

/* Its last reference was dropped, even if it is still registered. */
static void release(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	bool inside = k->depth && k->depth <= STACK_MAX && kernel_function(k) == kobject_put_name;

	dev->releasing = true;
	dev->kref = 0;
	if (!inside)
		fn_enter(k, kobject_put_name);
	if (dev->registered)
		withdraw(dev);
	device_release(dev);
	if (!inside)
		fn_exit(k);
	bury(dev);
}

/* --- references ---------------------------------------------------------------------- */

/* Linux' count: the lists of its bus and its parent hold a reference each. */
static int references(const struct device *dev)
{
	int lists = dev->registered ? (dev->bus != NULL) + (dev->parent != NULL) : 0;

	if (dev == dev->core->root)
		lists = 1; /* its own, which it keeps */
	return dev->refcount + lists - dev->borrowed;
}

struct device *get_device(struct device *dev)
{
	if (dev)
		dev->refcount++;
	return dev;
}

/* A parent may be released along with its last child, so this climbs. */
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

/* Drops a reference that the user does not hold: no effect while there are others. */
static int put_too_many(struct device *dev)
{
	int left = references(dev);

	if (left <= 0) { /* only a running probe keeps it */
		dev->kref = 0;
		kref_put(dev->core, &dev->kref);
		return 0;
	}
	/* all devices need the root: its own reference stays */
	if (left == 1 && dev == dev->core->root)
		return -EBUSY;
	dev->borrowed++;
	if (left == 1 && !dev->busy)
		release_all(dev);
	return 0;
}

int kobject_put(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	int rc = 0;

	fn_enter(k, kobject_put_name);
	if (dev->releasing || dev->gone) {
		ghost_put(dev);
	} else if (dev->user_refs) {
		dev->user_refs--;
		put_device(dev);
	} else {
		rc = put_too_many(dev);
	}
	fn_exit(k);
	return rc;
}

int user_put_device(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	int rc;

	fn_enter(k, "put_device");
	rc = kobject_put(dev);
	fn_exit(k);
	return rc;
}
