/* SPDX-License-Identifier: MIT */
/*
 * Devices, drivers, buses and classes: what is on a list must also be found by name or
 * id, and every reference must be accounted for.
 */
#include "machine/fsck.h"

#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "base/work.h"

static struct device *device_at(const struct driver_core *core, uint32_t i)
{
	struct device *dev = core->ids[i].is_driver ? NULL : core->ids[i].object;

	return dev && !dev->gone ? dev : NULL;
}

/* --- ids ---------------------------------------------------------------------- */

/* Ids and devices must match. False: ids cannot be used to count references. */
static bool check_ids(struct fsck *f)
{
	struct driver_core *core = &f->m->core;
	uint32_t ids = core->next_id - core->first_id, devices = 0, listed = 0;
	struct device *dev;

	if (ids > core->id_cap) {
		fsck_report(f, FSCK_UNSOUND, "ids", "%u in room for %u", ids, core->id_cap);
		return false;
	}
	if (fsck_ring(f, &core->devices, "devices", "list of all") < 0)
		return false;
	list_each(dev, &core->devices, struct device, all) {
		listed++;
		if (dev->core != core || device_by_id(core, dev->id) != dev) {
			fsck_report(f, FSCK_UNSOUND, dev->name, "its id %u is not its own", dev->id);
			return false;
		}
	}
	for (uint32_t i = 0; i < ids; i++)
		devices += device_at(core, i) != NULL;
	if (devices != listed)
		fsck_report(f, FSCK_UNSOUND, "ids", "%u devices have one, %u exist", devices, listed);
	return devices == listed;
}

/* --- references ------------------------------------------------------------------- */

static void count_refs(struct fsck *f)
{
	struct driver_core *core = &f->m->core;
	struct device *dev;
	struct work *w;

	list_each(dev, &core->devices, struct device, all) {
		f->refs[dev->id - core->first_id] += (uint32_t)dev->user_refs;
		if (!dev->parent)
			continue;
		if (dev->parent->core != core || device_by_id(core, dev->parent->id) != dev->parent) {
			fsck_report(f, FSCK_UNSOUND, dev->name, "its parent does not exist");
			continue;
		}
		f->refs[dev->parent->id - core->first_id]++;
		f->children[dev->parent->id - core->first_id]++;
	}
	if (fsck_ring(f, &core->work, "kernel", "work") >= 0)
		list_each(w, &core->work, struct work, link)
			if (w->dev)
				f->refs[w->dev->id - core->first_id]++;
}

static void check_refs(struct fsck *f, const struct device *dev)
{
	uint32_t i = dev->id - dev->core->first_id;
	int known = (int)f->refs[i];

	if (dev->refcount < known || (f->calm && dev->refcount != known))
		fsck_report(f, FSCK_UNSOUND, dev->name, "%d references are counted, %d are known",
			    dev->refcount, known);
	if (dev->children != f->children[i])
		fsck_report(f, FSCK_UNSOUND, dev->name, "%u children are counted, there are %u",
			    dev->children, f->children[i]);
}

/* --- a device ------------------------------------------------------------------------ */

static void check_places(struct fsck *f, struct device *dev)
{
	struct driver_core *core = dev->core;
	bool known = dev != core->root && dev->registered;
	bool found = bus_find_device(core, dev->bus, dev->name) == dev;
	bool listed = !list_empty(&dev->on_bus);

	/* not while device_add() or device_del() are running */
	if (f->calm && (found != known || listed != (known && dev->bus != NULL)))
		fsck_report(f, FSCK_UNSOUND, dev->name, "%s registered, and %s by name, %s its bus' list",
			    dev->registered ? "is" : "is not", found ? "known" : "not known",
			    listed ? "on" : "not on");
	if (f->calm && device_is_bound(dev) != (dev->driver != NULL))
		fsck_report(f, FSCK_UNSOUND, dev->name, "has %s driver and is %sbound",
			    dev->driver ? "a" : "no", device_is_bound(dev) ? "" : "not ");
	if (f->calm && (dev->busy || dev->unbinding || dev->releasing || dev->deadlocked ||
			dev->async_queued))
		fsck_report(f, FSCK_UNSOUND, dev->name, "is busy between calls:%s%s%s%s%s",
			    dev->busy ? " lock" : "", dev->unbinding ? " unbind" : "",
			    dev->releasing ? " release" : "", dev->deadlocked ? " deadlock" : "",
			    dev->async_queued ? " probe" : "");
	if (!list_empty(&dev->deferred) && !dev->can_match)
		fsck_report(f, FSCK_UNSOUND, dev->name, "waits for a probe, but no driver ever matched");
	if (f->calm && !list_empty(&dev->deferred) && !dev->registered)
		fsck_report(f, FSCK_UNSOUND, dev->name, "waits for a probe, but is not registered");
}

static void check_devices(struct fsck *f)
{
	struct driver_core *core = &f->m->core;
	uint32_t registered = 0, bound = 0, waiting = 0, on_bus = 0;
	int64_t pending, active;
	struct device *dev;

	list_each(dev, &core->devices, struct device, all) {
		fsck_links(f, dev);
		check_places(f, dev);
		registered += dev != core->root && dev->registered;
		bound += device_is_bound(dev);
		waiting += !list_empty(&dev->deferred);
		on_bus += !list_empty(&dev->on_bus);
	}
	if (registered != core->device_count)
		fsck_report(f, FSCK_UNSOUND, "devices", "%u are counted, %u are registered",
			    core->device_count, registered);
	pending = fsck_ring(f, &core->pending, "deferred", "pending");
	active = fsck_ring(f, &core->active, "deferred", "active");
	if (pending >= 0 && active >= 0 && pending + active != waiting)
		fsck_report(f, FSCK_UNSOUND, "deferred", "%u devices wait, %lld are on the lists", waiting,
			    (long long)(pending + active));
	f->bound = bound;
	f->on_bus = on_bus;
}

/* --- drivers ---------------------------------------------------------------------------- */

static void check_driver(struct fsck *f, struct device_driver *drv, uint32_t *bound)
{
	struct driver_core *core = &f->m->core;
	struct device *dev;
	bool listed = !list_empty(&drv->on_bus);

	if (drv->core != core || driver_by_id(core, drv->id) != drv)
		fsck_report(f, FSCK_UNSOUND, drv->name, "its id %u is not its own", drv->id);
	if (f->calm && (!listed || drv->active))
		fsck_report(f, FSCK_UNSOUND, drv->name, "%s its bus' list, in use by %d", listed ? "on" :
			    "not on", drv->active);
	if (fsck_ring(f, &drv->devices, drv->name, "bound devices") < 0)
		return;
	list_each(dev, &drv->devices, struct device, bound) {
		++*bound;
		if (dev->driver != drv || dev->bus != drv->bus)
			fsck_report(f, FSCK_UNSOUND, drv->name, "%.60s is on its list, but not its own",
				    dev->name);
	}
}

/* --- buses and classes ---------------------------------------------------------------------- */

static uint32_t bus_users(const struct driver_core *core, const struct bus_type *bus)
{
	struct device *dev;
	uint32_t n = HASH_CNT(by_name, bus->driver_hash);

	list_each(dev, &core->devices, struct device, all)
		n += dev->bus == bus;
	return n;
}

struct bus_totals {
	uint32_t bound, on_bus, drivers;
};

static void check_bus(struct fsck *f, struct bus_type *bus, bool registered, struct bus_totals *t)
{
	struct driver_core *core = &f->m->core;
	struct device_driver *drv, *next;
	struct device *dev;
	int64_t devices = fsck_ring(f, &bus->devices, bus->name, "devices");
	int64_t drivers = fsck_ring(f, &bus->drivers, bus->name, "drivers");
	uint32_t users = registered + bus_users(core, bus);

	if (bus->registered != registered || bus->core != core)
		fsck_report(f, FSCK_UNSOUND, bus->name, "is on the list of buses that are %s",
			    registered ? "registered" : "gone");
	if (bus->refs < users || (f->calm && bus->refs != users))
		fsck_report(f, FSCK_UNSOUND, bus->name, "%u references are counted, %u are known",
			    bus->refs, users);
	HASH_ITER(by_name, bus->driver_hash, drv, next)
		check_driver(f, drv, &t->bound);
	t->drivers += HASH_CNT(by_name, bus->driver_hash);
	if (drivers > (int64_t)HASH_CNT(by_name, bus->driver_hash))
		fsck_report(f, FSCK_UNSOUND, bus->name, "%lld drivers are on its list, %u are known by "
			    "name", (long long)drivers, HASH_CNT(by_name, bus->driver_hash));
	if (devices < 0)
		return;
	t->on_bus += (uint32_t)devices;
	if (devices != (int64_t)HASH_CNT(by_name, bus->device_hash))
		fsck_report(f, FSCK_UNSOUND, bus->name, "%lld devices are on its list, %u are known by "
			    "name", (long long)devices, HASH_CNT(by_name, bus->device_hash));
	list_each(dev, &bus->devices, struct device, on_bus)
		if (dev->bus != bus)
			fsck_report(f, FSCK_UNSOUND, bus->name, "%.60s is on its list, but not its own",
				    dev->name);
}

static void check_buses(struct fsck *f)
{
	struct driver_core *core = &f->m->core;
	struct bus_totals t = { 0 };
	struct bus_type *bus;

	if (fsck_ring(f, &core->buses, "buses", "registered") < 0 ||
	    fsck_ring(f, &core->gone_buses, "buses", "gone") < 0)
		return;
	list_each(bus, &core->buses, struct bus_type, all)
		check_bus(f, bus, true, &t);
	list_each(bus, &core->gone_buses, struct bus_type, all)
		check_bus(f, bus, false, &t);
	if (t.drivers != core->driver_count)
		fsck_report(f, FSCK_UNSOUND, "drivers", "%u are counted, %u are known by name",
			    core->driver_count, t.drivers);
	if (t.bound != f->bound)
		fsck_report(f, FSCK_UNSOUND, "drivers", "%u devices are bound, %u are on their lists",
			    f->bound, t.bound);
	if (t.on_bus != f->on_bus)
		fsck_report(f, FSCK_UNSOUND, "buses", "%u devices are on one, %u are on their lists",
			    f->on_bus, t.on_bus);
}

static uint32_t class_users(const struct driver_core *core, const struct class *class)
{
	struct device *dev;
	uint32_t n = 0;

	list_each(dev, &core->devices, struct device, all)
		n += dev->more && dev->more->class == class;
	return n;
}

static void check_class(struct fsck *f, struct class *class, bool registered)
{
	uint32_t users = registered + class_users(&f->m->core, class);
	struct device_more *more;

	if (class->refs < users || (f->calm && class->refs != users) ||
	    class->registered != registered)
		fsck_report(f, FSCK_UNSOUND, class->name, "%u references are counted, %u are known",
			    class->refs, users);
	if (fsck_ring(f, &class->devices, class->name, "devices") < 0)
		return;
	list_each(more, &class->devices, struct device_more, on_class)
		if (more->class != class)
			fsck_report(f, FSCK_UNSOUND, class->name, "a device of another class is on "
				    "its list");
}

static void check_classes(struct fsck *f)
{
	struct driver_core *core = &f->m->core;
	struct class *class;

	if (fsck_ring(f, &core->classes, "classes", "registered") < 0 ||
	    fsck_ring(f, &core->gone_classes, "classes", "gone") < 0)
		return;
	list_each(class, &core->classes, struct class, all)
		check_class(f, class, true);
	list_each(class, &core->gone_classes, struct class, all)
		check_class(f, class, false);
}

void fsck_core(struct fsck *f)
{
	struct device *dev;

	if (!check_ids(f))
		return;
	count_refs(f);
	check_devices(f);
	list_each(dev, &f->m->core.devices, struct device, all)
		check_refs(f, dev);
	check_buses(f);
	check_classes(f);
}
