/* SPDX-License-Identifier: MIT */
/* A driver: registered, on its bus, gone. */
#ifndef DEVSH_BASE_DRIVER_H
#define DEVSH_BASE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/code.h"
#include "lib/hash_names.h"
#include "lib/list.h"

struct bus_type;
struct device;
struct driver_core;

/* A device is probed now or later; default: by driver_async_probe=. */
enum probe_type { PROBE_DEFAULT_STRATEGY, PREFER_ASYNCHRONOUS, FORCE_SYNCHRONOUS };

struct device_driver {
	struct driver_core *core;
	uint32_t id;
	char *name;
	struct bus_type *bus;
	struct code_home code;           /* of probe and remove, in this order */
	enum probe_type probe_type;
	char **id_table;                 /* NULL-terminated names, or NULL */
	char **compatible;               /* of_match_table, likewise */
	struct list dynamic_ids;         /* what was written to new_id */
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	void (*destroy)(struct device_driver *drv); /* the owner of `private` cleans up */
	void *private;
	const char *probe_name, *remove_name; /* "demo_probe": in stacks */
	int active;                      /* callbacks that run now or wait to */
	struct list devices;             /* bound, oldest first */
	struct list on_bus;
	UT_hash_handle by_name;
};

/* --- driver.c -------------------------------------------------------------- */

/*
 * The core copies name and id_table and owns the driver from here on, also when it fails.
 * Devices that match are probed. -EBUSY: name is taken, -ENOMEM; -EDEADLK: it is
 * registered, and the caller waits forever.
 */
int driver_register(struct driver_core *core, const struct device_driver *proto,
		    struct device_driver **out);
/* Unbinds its devices, newest first. -EDEADLK from inside one of its callbacks. */
int driver_unregister(struct device_driver *drv);
/*
 * As writing to the driver's new_id file: devices that match now are probed.
 * -EINVAL: no id, -EEXIST: it has this id, -ENOMEM, -EDEADLK as driver_register().
 */
int driver_new_id(struct device_driver *drv, const char *id);
/* private to base/: the memory of a driver that is on no list */
void driver_free(struct device_driver *drv);

/* --- dynamic_id.c ------------------------------------------------------------ */

/* Bound devices stay bound. -ENODEV: was not added. */
int driver_remove_id(struct device_driver *drv, const char *id);
/* private to base/: driver_new_id() without the probes */
int dynamic_id_add(struct device_driver *drv, const char *id);
/* private to base/: the device's id is in the driver's table, or was added later */
bool driver_has_id(const struct device_driver *drv, const struct device *dev);
bool driver_has_dynamic_id(const struct device_driver *drv, const struct device *dev);
void dynamic_ids_free(struct device_driver *drv);

/* --- platform.c ------------------------------------------------------------ */

int platform_match(struct device *dev, struct device_driver *drv);
/* "uart.0" is instance 0 of the platform device "uart": 4. */
size_t platform_name_length(const struct device *dev);

#endif
