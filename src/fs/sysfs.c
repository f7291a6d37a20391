/* SPDX-License-Identifier: MIT */
/*
 * /sys: buses, devices, drivers. Corresponds to the attributes in Linux'
 * drivers/base/{bus,core,dd,platform}.c. Differs: only attributes with a function exist,
 * so there is no power/; uevents go nowhere.
 */
#include "fs/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/probe.h"
#include "kernel/code.h"
#include "kernel/event.h"
#include "kernel/module.h"
#include "lib/array.h"
#include "lib/host_memory.h"
#include "mm/page_alloc.h"

/* --- uevent --------------------------------------------------------------------- */

static ssize_t store_uevent(const struct place *at, const char *text, size_t len)
{
	static const char *const action[] = {
		"add", "remove", "change", "move", "online", "offline", "bind", "unbind",
	};
	size_t word = strcspn(text, " \n");

	(void)at;
	for (size_t i = 0; i < COUNT(action); i++)
		if (strlen(action[i]) == word && !strncmp(action[i], text, word))
			return (ssize_t)len;
	return -EINVAL;
}

/* --- buses and drivers ------------------------------------------------------------ */

/* The device on this bus that was named by a write. */
static struct device *named_device(const struct place *at, const char *text, size_t len)
{
	char *name = written_word(text, len);
	struct device *dev = name ? bus_find_device(&at->m->core, at->bus, name) : NULL;

	free(name);
	return dev;
}

static ssize_t store_bind(const struct place *at, const char *text, size_t len)
{
	struct device *dev = named_device(at, text, len);
	int rc;

	if (!dev)
		return -ENODEV;
	rc = device_driver_attach(at->drv, dev);
	return rc ? rc : (ssize_t)len;
}

static ssize_t store_unbind(const struct place *at, const char *text, size_t len)
{
	struct device *dev = named_device(at, text, len);
	int rc;

	if (!dev || dev->driver != at->drv)
		return -ENODEV;
	rc = device_driver_detach(dev);
	return rc ? rc : (ssize_t)len;
}

static ssize_t store_drivers_probe(const struct place *at, const char *text, size_t len)
{
	struct device *dev = named_device(at, text, len);
	int rc;

	if (!dev)
		return -ENODEV;
	get_device(dev);
	rc = device_attach(dev);
	put_device(dev);
	/* a failed probe is not an error of the write, but one that cannot begin is */
	return rc == -EDEADLK ? rc : rc < 0 ? -EINVAL : (ssize_t)len;
}

static void show_drivers_autoprobe(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !at->bus->no_autoprobe);
}

static ssize_t store_drivers_autoprobe(const struct place *at, const char *text, size_t len)
{
	at->bus->no_autoprobe = text[0] == '0';
	return (ssize_t)len;
}

/* --- ids of a driver ------------------------------------------------------------- */

static bool has_ids(const struct place *at)
{
	return at->bus->dynamic_ids;
}

static ssize_t write_id(const struct place *at, const char *text, size_t len,
			int (*change)(struct device_driver *drv, const char *id))
{
	char *id = written_word(text, len);
	int rc = id ? change(at->drv, id) : -ENOMEM;

	free(id);
	return rc ? rc : (ssize_t)len;
}

static ssize_t store_new_id(const struct place *at, const char *text, size_t len)
{
	return write_id(at, text, len, driver_new_id);
}

static ssize_t store_remove_id(const struct place *at, const char *text, size_t len)
{
	return write_id(at, text, len, driver_remove_id);
}

static void link_driver(const struct place *at, struct buf *out)
{
	path_of_driver(at->dev->driver, out);
}

/* --- devices ------------------------------------------------------------------------ */

static void link_device(const struct place *at, struct buf *out)
{
	path_of_device(at->dev, out);
}

static bool is_bound(const struct place *at)
{
	return at->dev->driver;
}

static struct class *class_of(const struct device *dev)
{
	return dev->more && dev->more->class && dev->more->class->registered ? dev->more->class : NULL;
}

static bool has_subsystem(const struct place *at)
{
	const struct bus_type *bus = at->dev->bus;

	return bus ? bus->registered : class_of(at->dev) != NULL;
}

static void link_subsystem(const struct place *at, struct buf *out)
{
	if (at->dev->bus)
		path_of_bus(at->dev->bus, out);
	else
		buf_printf(out, "/sys/class/%s", class_of(at->dev)->name);
}

static bool serves_parent(const struct place *at)
{
	return class_of(at->dev) && at->dev->parent && at->dev->parent->registered;
}

static void link_parent(const struct place *at, struct buf *out)
{
	path_of_device(at->dev->parent, out);
}

static bool is_platform(const struct place *at)
{
	return at->dev->bus == &at->m->core.platform;
}

static void show_modalias(const struct place *at, struct buf *out)
{
	buf_puts(out, "platform:");
	buf_add(out, at->dev->name, platform_name_length(at->dev));
	buf_putc(out, '\n');
}

static void show_device_uevent(const struct place *at, struct buf *out)
{
	if (at->dev->driver)
		buf_printf(out, "DRIVER=%s\n", at->dev->driver->name);
	if (is_platform(at)) {
		buf_puts(out, "MODALIAS=");
		show_modalias(at, out);
	}
}

static bool has_override(const struct place *at)
{
	return at->dev->bus && at->dev->bus->driver_override;
}

static void show_driver_override(const struct place *at, struct buf *out)
{
	const char *name = at->dev->driver_override;

	buf_printf(out, "%s\n", name ? name : "(null)");
}

static ssize_t store_driver_override(const struct place *at, const char *text, size_t len)
{
	char *name;
	int rc;

	if (len >= page_size(&at->m->mm) - 1)
		return -EINVAL;
	name = host_strndup(text, strcspn(text, "\n"));
	rc = name ? driver_set_override(at->dev, name) : -ENOMEM;
	free(name);
	return rc ? rc : (ssize_t)len;
}

static bool is_on_node(const struct place *at)
{
	return is_platform(at) && at->dev->numa_node != NUMA_NO_NODE;
}

static void show_numa_node(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", at->dev->numa_node);
}

/* --- NUMA nodes ---------------------------------------------------------------------- */

static bool has_numa(const struct place *at)
{
	return at->m->kernel.profile->numa;
}

static void show_nodes(int nodes, struct buf *out)
{
	buf_printf(out, nodes > 1 ? "0-%d\n" : "%d\n", nodes - 1);
}

static void show_online(const struct place *at, struct buf *out)
{
	show_nodes(at->m->mm.nodes, out);
}

static void show_has_memory(const struct place *at, struct buf *out)
{
	show_nodes(at->m->mm.mem_nodes, out);
}

/* As in the firmware's table. */
static void show_distance(const struct place *at, struct buf *out)
{
	for (int n = 0; n < at->m->mm.nodes; n++)
		buf_printf(out, n ? " %d" : "%d", node_distance(at->node, n));
	buf_putc(out, '\n');
}

static void show_meminfo(const struct place *at, struct buf *out)
{
	const struct numa_node *n = &at->m->mm.node[at->node];
	unsigned long long total = (n->end - n->start) * (PAGE_SIZE / 1024ull), available = 0;

	for (int z = 0; z < ZONES; z++)
		available += n->zone[z].free * (PAGE_SIZE / 1024ull);
	buf_printf(out, "Node %d MemTotal:       %8llu kB\n", at->node, total);
	buf_printf(out, "Node %d MemFree:        %8llu kB\n", at->node, available);
	buf_printf(out, "Node %d MemUsed:        %8llu kB\n", at->node, total - available);
}

/* --- modules and parameters ----------------------------------------------------------------- */

static bool has_module(const struct place *at)
{
	return at->drv->code.module && !code_is_gone(&at->drv->code);
}

static void link_module(const struct place *at, struct buf *out)
{
	buf_printf(out, "/sys/module/%s", at->drv->code.module->name);
}

static void show_initstate(const struct place *at, struct buf *out)
{
	static const char *const state[] = {
		[MODULE_COMING] = "coming", [MODULE_LIVE] = "live", [MODULE_GOING] = "going",
	};

	buf_printf(out, "%s\n", state[at->module->state]);
}

static void show_module_taint(const struct place *at, struct buf *out)
{
	(void)at;
	buf_puts(out, "O\n");
}

/* Needs CONFIG_DEBUG_DEVRES. */
static bool has_devres_log(const struct place *at)
{
	return at->m->kernel.params.devres_log;
}

static void show_devres_log(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", at->m->core.log_watcher.mask != 0);
}

static ssize_t store_devres_log(const struct place *at, const char *text, size_t len)
{
	struct watcher *w = &at->m->core.log_watcher;
	uint64_t on;

	if (written_number(text, len, &on) || on > INT32_MAX)
		return -EINVAL;
	if (w->mask)
		kernel_unwatch(&at->m->kernel, w);
	w->mask = on ? EV_BIT(EV_DEVRES) : 0;
	if (w->mask)
		kernel_watch(&at->m->kernel, w);
	return (ssize_t)len;
}

#define BUS "/sys/bus/<bus>"
#define DRIVER BUS "/drivers/<driver>"
#define DEVICE "/sys/devices/<root>"
#define MODULE "/sys/module/<module>"
#define NODES "/sys/devices/system/node"

const struct node sysfs_nodes[] = {
	{ .path = "/", .help = "all paths of the machine" },
	{ .path = "/sys", .help = "devices, drivers, kernel internals" },
	{ .path = "/sys/bus", .help = "buses: where devices and drivers meet" },
	{ .path = BUS, .help = "one bus" },
	{ .path = BUS "/devices", .help = "all devices of the bus" },
	{ BUS "/devices/<device>", "the device", .link = link_device },
	{ .path = BUS "/drivers", .help = "all drivers of the bus" },
	{ .path = DRIVER, .help = "one driver" },
	{ DRIVER "/bind", "bind a device: write its name", .mode = 0200, .store = store_bind,
	  .writer = "bind_store" },
	{ DRIVER "/unbind", "unbind a device: write its name", .mode = 0200, .store = store_unbind,
	  .writer = "unbind_store" },
	{ DRIVER "/new_id", "add an id to drive: write it", .mode = 0200,
	  .exists = has_ids, .store = store_new_id, .writer = "new_id_store" },
	{ DRIVER "/remove_id", "remove an id that new_id added: write it", .mode = 0200,
	  .exists = has_ids, .store = store_remove_id, .writer = "remove_id_store" },
	{ DRIVER "/module", "the module that it is in", .exists = has_module,
	  .link = link_module },
	{ DRIVER "/uevent", "send user space an event: write add or change", .mode = 0200, .store = store_uevent },
	{ DRIVER "/<bound>", "a device that is bound to it", .link = link_device },
	{ BUS "/drivers_autoprobe", "0: new devices and drivers wait for a bind", .mode = 0644,
	  .show = show_drivers_autoprobe, .store = store_drivers_autoprobe },
	{ BUS "/drivers_probe", "find a driver for a device: write its name", .mode = 0200,
	  .store = store_drivers_probe, .writer = "drivers_probe_store" },
	{ BUS "/uevent", "send user space an event: write add or change", .mode = 0200, .store = store_uevent },

	{ .path = "/sys/class", .help = "devices by purpose" },
	{ .path = "/sys/class/<class>", .help = "one class" },
	{ "/sys/class/<class>/<member>", "the device", .link = link_device },

	{ .path = "/sys/devices", .help = "all devices, children below their parents" },
	{ "/sys/devices/system", "devices of the machine itself", .exists = has_numa },
	{ NODES, "NUMA nodes", .exists = has_numa },
	{ NODES "/has_memory", "the nodes that have memory", .mode = 0444, .show = show_has_memory },
	{ NODES "/online", "the nodes that exist", .mode = 0444, .show = show_online },
	{ .path = NODES "/<node>", .help = "one node" },
	{ NODES "/<node>/distance", "its distance to each node; 10: itself", .mode = 0444,
	  .show = show_distance },
	{ NODES "/<node>/meminfo", "its memory", .mode = 0444, .show = show_meminfo },
	{ .path = DEVICE, .help = "one device" },
	{ DEVICE "/<child>", .as = DEVICE },
	{ DEVICE "/device", "the device that it serves", .exists = serves_parent,
	  .link = link_parent },
	{ DEVICE "/driver", "its driver", .exists = is_bound, .link = link_driver },
	{ DEVICE "/driver_override", "the only driver that may match; empty: any", .mode = 0644,
	  .exists = has_override, .show = show_driver_override,
	  .store = store_driver_override },
	{ DEVICE "/modalias", "what its module is found by", .mode = 0444,
	  .exists = is_platform, .show = show_modalias },
	{ DEVICE "/numa_node", "the NUMA node it is attached to", .mode = 0444,
	  .exists = is_on_node, .show = show_numa_node },
	{ DEVICE "/subsystem", "its bus or class", .exists = has_subsystem, .link = link_subsystem },
	{ DEVICE "/uevent", "what its events tell user space", .mode = 0644,
	  .show = show_device_uevent, .store = store_uevent },

	{ .path = "/sys/module", .help = "modules and their parameters" },
	{ .path = MODULE, .help = "one module" },
	{ MODULE "/initstate", "coming, live or going", .mode = 0444, .show = show_initstate },
	{ MODULE "/taint", "why it taints the kernel", .mode = 0444, .show = show_module_taint },
	{ "/sys/module/devres", "the built-in code of devres", .exists = has_devres_log },
	{ "/sys/module/devres/parameters", "parameters", .exists = has_devres_log },
	{ "/sys/module/devres/parameters/log", "1: log every devres operation", .mode = 0644,
	  .exists = has_devres_log, .show = show_devres_log,
	  .store = store_devres_log, .wants = "a number up to 2147483647" },

	{ .path = "/sys/kernel", .help = "kernel internals" },
	{ 0 },
};
