/* SPDX-License-Identifier: MIT */
/*
 * Sets up and tears down the driver core of a machine. Corresponds to Linux'
 * drivers/base/init.c.
 */
#include "base/driver_core.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/devm.h"
#include "base/devres.h"
#include "base/driver.h"
#include "base/ghost.h"
#include "base/kobject.h"
#include "base/link.h"
#include "base/owner.h"
#include "base/probe.h"
#include "base/work.h"

/* /sys/devices/platform, a device without a bus that is never removed. */
static int make_root(struct driver_core *core)
{
	struct device_config c = { .name = "platform", .numa_node = NUMA_NO_NODE };
	int rc = device_initialize(core, &c, &core->root);

	if (!rc)
		core->root->registered = core->root->in_sysfs = true;
	return rc;
}

void driver_core_off(struct driver_core *core, struct kernel *k, struct mm *mm, uint32_t first_id)
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
	probe_work_init(core);
	list_init(&core->buses);
	list_init(&core->gone_buses);
	list_init(&core->gone_classes);
	list_init(&core->classes);
	core->platform.driver_override = true;
	bus_init(&core->platform, core);
}

int driver_core_init(struct driver_core *core, struct kernel *k, struct mm *mm,
		     uint32_t first_id)
{
	driver_core_off(core, k, mm, first_id);
	if (!devres_core_init(core) && !make_root(core)) {
		devm_action_init(core);
		devm_pages_init(core);
		return 0;
	}
	driver_core_finish(core);
	return -ENOMEM;
}

static void forget_bus(struct bus_type *bus)
{
	struct device_driver *drv, *next;

	bus_get(bus); /* freeing its last driver must not free it */
	HASH_CLEAR(by_name, bus->device_hash);
	HASH_ITER(by_name, bus->driver_hash, drv, next) {
		hash_remove(by_name, bus->driver_hash, drv);
		driver_free(drv);
	}
	bus_put(bus);
}

void driver_core_finish(struct driver_core *core)
{
	struct bus_type *bus;
	struct device_link *link;
	struct class *class;
	struct device *dev;

	list_each(bus, &core->buses, struct bus_type, all)
		forget_bus(bus);
	list_each(bus, &core->gone_buses, struct bus_type, all)
		forget_bus(bus);
	HASH_CLEAR(by_name, core->busless_hash);
	work_finish(core);
	list_each(dev, &core->devices, struct device, all)
		while ((link = device_link_take(dev)))
			free(link);
	list_each(dev, &core->devices, struct device, all)
		device_free(dev);
	ghosts_free(core);
	list_each(class, &core->classes, struct class, all)
		class_unregister(class);
	list_each(bus, &core->buses, struct bus_type, all)
		bus_unregister(bus);
	devres_core_finish(core);
	owners_finish(core);
	free(core->ids);
	core->ids = NULL;
}
