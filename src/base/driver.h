/* SPDX-License-Identifier: MIT */
/* A driver, from registration on. */
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

/* Whether devices are probed synchronously; default: as driver_async_probe= says. */
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
	struct list dynamic_ids;         /* ids written to new_id */
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	void (*destroy)(struct device_driver *drv); /* cleans up `private` */
	void *private;
	const char *probe_name, *remove_name; /* "demo_probe": names in stacks */
	int active;                      /* callbacks that are running or queued */
	struct list devices;             /* bound, oldest first */
	struct list on_bus;
	UT_hash_handle by_name;
};

/* --- driver.c -------------------------------------------------------------- */

/*
 * The core copies name and id_table and owns the driver from then on, even on error.
 * Matching devices are probed. -EBUSY: the name exists; -ENOMEM; -EDEADLK: it is
 * registered, but the caller hangs forever.
 */
int driver_register(struct driver_core *core, const struct device_driver *proto,
		    struct device_driver **out);
/* Unbinds its devices, newest first. -EDEADLK from one of its callbacks. */
int driver_unregister(struct device_driver *drv);
/*
 * Like writing to the driver's new_id file: devices that now match are probed. -EINVAL:
 * not an id, -EEXIST: it has this id, -ENOMEM, -EDEADLK as for driver_register().
 */
int driver_new_id(struct device_driver *drv, const char *id);
/* private to base/: frees a driver that is on no list */
void driver_free(struct device_driver *drv);

/* --- dynamic_id.c ------------------------------------------------------------ */

/* Bound devices stay bound. -ENODEV: it was not added. */
int driver_remove_id(struct device_driver *drv, const char *id);
/* private to base/: driver_new_id() without the probes */
int dynamic_id_add(struct device_driver *drv, const char *id);
/* private to base/: whether the driver's table, or an id added later, matches the device */
bool driver_has_id(const struct device_driver *drv, const struct device *dev);
bool driver_has_dynamic_id(const struct device_driver *drv, const struct device *dev);
void dynamic_ids_free(struct device_driver *drv);

/* --- platform.c ------------------------------------------------------------ */

int platform_match(struct device *dev, struct device_driver *drv);
/* The length of the name without the instance: 4 for "uart.0". */
size_t platform_name_length(const struct device *dev);

#endif
