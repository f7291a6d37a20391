/* SPDX-License-Identifier: MIT */
/* Managed resources, devices and drivers as rows. */
#include "call/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/devres_walk.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/probe.h"
#include "kernel/symbol.h"
#include "mm/address.h"
#include "mm/object.h"
#include "mm/page.h"

/* --- devres -------------------------------------------------------------- */

static size_t low_bit(size_t n)
{
	return n & -n;
}

/* A group's id, or the word that it was named with. */
static struct value group_value(struct call_ctx *c, uint64_t id)
{
	const char *name = rodata_lookup(ctx_kernel(c), id);

	return name ? v_str(c->result, name) : v_addr(id);
}

static void devres_row(struct call_ctx *c, struct device *dev, uint32_t walk,
		       const struct devres_info *i)
{
	struct machine *m = c->machine;
	struct value *row = result_row(c->result);
	bool marker = i->kind >= NODE_GROUP_OPEN;
	size_t align = object_align(&m->mm, &i->object), header = i->header;
	size_t used = header + i->size;

	if (!row)
		return;
	if (low_bit(header) < align)
		align = low_bit(header);
	row[DEVRES_device] = v_str(c->result, dev->name);
	row[DEVRES_driver] = v_str(c->result, dev->driver ? dev->driver->name : NULL);
	row[DEVRES_number] = v_uint(i->number ? i->number : dev->devres.count - walk + 1);
	row[DEVRES_walk] = v_uint(walk);
	row[DEVRES_addr] = v_addr(marker ? i->addr : mm_addr(&m->mm, i->data));
	row[DEVRES_size] = v_uint(i->size);
	row[DEVRES_header] = v_uint(header);
	row[DEVRES_slack] = v_uint(i->object.size > used ? i->object.size - used : 0);
	row[DEVRES_align] = v_uint(align);
	row[DEVRES_cache] = v_str(c->result, object_cache_name(&i->object));
	row[DEVRES_release] = v_str(c->result, i->release_name);
	row[DEVRES_by] = v_str(c->result, i->track ? i->track->alloc_by : NULL);
	row[DEVRES_phase] = v_str(c->result, i->track ? i->track->alloc_phase : NULL);
	row[DEVRES_node] = v_int(pfn_node(&m->mm, mm_pfn(&m->mm, i->data)));
	row[DEVRES_group] = marker ? group_value(c, i->group) : (struct value){ 0 };
	row[DEVRES_closed] = marker ? v_bool(i->closed) : (struct value){ 0 };
	row[DEVRES_bound] = v_bool(device_is_bound(dev));
	/* without DEBUG_DEVRES nodes have no name; the release function is shown instead */
	row[DEVRES_named] = v_bool(marker || m->core.layout.name);
}

static void devres_of(struct call_ctx *c, struct device *dev)
{
	struct devres_info info;
	uint64_t at = 0;
	uint32_t walk = 0;

	while (walk < dev->devres.count && devres_walk(dev, &at, &info))
		devres_row(c, dev, ++walk, &info);
}

static int run_devres(struct call_ctx *c)
{
	struct device *dev;

	RESULT_COLUMNS(c->result, DEVRES);
	if (c->arg[0].type == V_DEVICE) {
		devres_of(c, arg_device(c, 0));
		return c->result->err;
	}
	list_each(dev, &c->machine->core.devices, struct device, all)
		devres_of(c, dev);
	return c->result->err;
}

/* --- trees --------------------------------------------------------------- */

static size_t devres_bytes(const struct device *dev)
{
	struct devres_info info;
	uint64_t at = 0;
	size_t bytes = 0;

	for (uint32_t i = 0; i < dev->devres.count && devres_walk(dev, &at, &info); i++)
		bytes += info.object.size;
	return bytes;
}

static const char *device_state(const struct device *dev)
{
	if (dev->deadlocked)
		return "locked by a dead task";
	if (dev == dev->core->root)
		return "root";
	if (!dev->registered)
		return dev->dead ? "unregistered" : "not added";
	if (!list_empty(&dev->deferred))
		return "deferred";
	return dev->driver ? "bound" : "unbound";
}

static void device_rows(struct call_ctx *c, struct device *dev, unsigned depth)
{
	struct driver_core *core = &c->machine->core;
	struct value *row = result_row(c->result);
	struct device *child;
	uint32_t children = dev->children;

	if (!row)
		return;
	row[DEVICES_device] = v_str(c->result, dev->name);
	row[DEVICES_parent] = v_str(c->result, dev->parent ? dev->parent->name : NULL);
	row[DEVICES_depth] = v_uint(depth);
	row[DEVICES_driver] = v_str(c->result, dev->driver ? dev->driver->name : NULL);
	row[DEVICES_refs] = v_int(dev->refcount);
	row[DEVICES_node] = v_int(dev->numa_node);
	row[DEVICES_resources] = v_uint(dev->devres.count);
	row[DEVICES_bytes] = v_uint(devres_bytes(dev));
	row[DEVICES_seen] = v_uint(dev->devres_seen);
	row[DEVICES_state] = v_str(c->result, device_state(dev));
	row[DEVICES_bus] = v_str(c->result, dev->bus ? dev->bus->name : NULL);
	row[DEVICES_class] = v_str(c->result, dev->more && dev->more->class ? dev->more->class->name : NULL);
	row[DEVICES_reason] = v_str(c->result, *device_deferred_reason(dev) ? device_deferred_reason(dev) : NULL);
	if (depth > 200)
		return;
	/* children are created after their parent */
	for (struct list *l = dev->all.next; children && l != &core->devices; l = l->next) {
		child = list_entry(l, struct device, all);
		if (child->parent != dev)
			continue;
		children--;
		device_rows(c, child, depth + 1);
	}
}

static int run_devices(struct call_ctx *c)
{
	struct device *dev;

	RESULT_COLUMNS(c->result, DEVICES);
	list_each(dev, &c->machine->core.devices, struct device, all)
		if (!dev->parent)
			device_rows(c, dev, 0);
	return c->result->err;
}

static const char *join_names(struct result *r, char *const *names)
{
	char text[256] = "";
	size_t len = 0;

	for (; names && *names && len < sizeof(text); names++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len ? "," : "", *names);
	return result_string(r, text);
}

static void driver_row(struct call_ctx *c, struct device_driver *drv, struct device *dev)
{
	struct value *row = result_row(c->result);

	if (!row)
		return;
	row[DRIVERS_driver] = v_str(c->result, drv->name);
	row[DRIVERS_bus] = v_str(c->result, drv->bus->name);
	row[DRIVERS_device] = v_str(c->result, dev ? dev->name : NULL);
	row[DRIVERS_resources] = v_uint(dev ? dev->devres.count : 0);
	row[DRIVERS_probe] = v_bool(drv->probe);
	row[DRIVERS_remove] = v_bool(drv->remove);
	row[DRIVERS_id_table] = (struct value){ .type = V_STR, .s = join_names(c->result, drv->id_table) };
}

static int run_drivers(struct call_ctx *c)
{
	struct driver_core *core = &c->machine->core;
	struct bus_type *bus;
	struct device_driver *drv;
	struct device *dev;

	RESULT_COLUMNS(c->result, DRIVERS);
	for (bus = bus_next(core, NULL); bus; bus = bus_next(core, bus))
		list_each(drv, &bus->drivers, struct device_driver, on_bus) {
			if (list_empty(&drv->devices))
				driver_row(c, drv, NULL);
			list_each(dev, &drv->devices, struct device, bound)
				driver_row(c, drv, dev);
		}
	return c->result->err;
}

#define SUBJECT .subject = "Looking"

const struct call list_calls[] = {
	{
		.name = "devres", SUBJECT,
		.summary = "show managed resources in the order of their release",
		.param = { { "dev", P_DEVICE, "", false, "only this device" } },
		.returns = "a row for each node",
		.detail = "walk is the number of nodes that Linux looks at to find this one.",
		.example = "device eth0\ndevm_kmalloc eth0 100\ndevm_kzalloc eth0 64\ndevres eth0",
		.view = "devres", .flags = CALL_LOOKS | CALL_LIVE, .run = run_devres,
	},
	{
		.name = "devices", SUBJECT,
		.summary = "show the tree of devices",
		.returns = "a row for each device, parents first",
		.example = "device eth0\ndevice eth1 parent=eth0\ndevices",
		.view = "devices", .flags = CALL_LOOKS, .run = run_devices,
	},
	{
		.name = "drivers", SUBJECT,
		.summary = "show the drivers and what is bound to them",
		.returns = "a row for each bound device, one without device for idle drivers",
		.example = "driver demo probe={ devm_kzalloc $dev 64 }\ndevice demo.0\ndrivers",
		.view = "drivers", .flags = CALL_LOOKS, .run = run_drivers,
	},
	{ 0 },
};
