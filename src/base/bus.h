/* SPDX-License-Identifier: MIT */
/*
 * Buses and classes, which devices and drivers belong to.
 *
 *   core->buses ── bus ── devices, drivers (registration order, and by name)
 *   core->classes ── class ── devices
 *
 * Ownership: the core frees a bus once it is unregistered and its last device and driver
 * are gone; the same goes for a class. The platform bus is part of the core.
 */
#ifndef DEVSH_BASE_BUS_H
#define DEVSH_BASE_BUS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/code.h"
#include "lib/list.h"

struct device;
struct device_driver;
struct driver_core;

struct bus_type {
	struct driver_core *core;
	char *name;
	bool registered;
	bool no_autoprobe;            /* drivers_autoprobe is 0 */
	bool driver_override;         /* its devices have a file driver_override */
	bool dynamic_ids;             /* its drivers have new_id and remove_id; ids are matched */
	uint32_t refs;                /* from its devices and drivers, and one from the list */
	/* >0: they match, 0: no, -EPROBE_DEFER: not known yet. NULL: all match. */
	int (*match)(struct device *dev, struct device_driver *drv);
	int (*probe)(struct device *dev);         /* instead of the driver's, which
						   * bus_driver_probe() calls */
	void (*remove)(struct device *dev);
	int (*dma_configure)(struct device *dev);
	void (*destroy)(struct bus_type *bus);    /* cleans up `private` */
	void *private;
	const char *match_name, *probe_name, *remove_name, *dma_name; /* names in stacks */
	struct code_home code;                    /* of these functions, in this order */
	struct list devices, drivers;             /* registration order */
	struct device *device_hash;               /* by name */
	struct device_driver *driver_hash;
	struct list all;                          /* core->buses */
};

struct class {
	struct driver_core *core;
	char *name;
	bool registered;
	uint32_t refs;                /* from its devices, and one from the list */
	void (*dev_release)(struct device *dev);
	void (*destroy)(struct class *class);
	void *private;
	const char *release_name;     /* name in stacks */
	struct code_home code;        /* of dev_release */
	struct list devices;          /* more->on_class */
	struct list all;              /* core->classes */
};

/* A walk over a bus' devices during which devices may be added or removed. */
struct bus_walk {
	struct bus_type *bus;
	struct list *at;         /* the device being visited, or the one before it if it was
				  * removed */
	struct bus_walk *outer;
};

/* --- bus.c ------------------------------------------------------------- */

/*
 * Registers a bus. Its name and callbacks come from a prototype; the core owns `private`
 * from then on, even on error. -EEXIST, -EINVAL or -ENOMEM.
 */
int bus_register(struct driver_core *core, const struct bus_type *proto,
		 struct bus_type **out);
/* Its devices and drivers stay, but no more can be added. -ENODEV: not registered. */
int bus_unregister(struct bus_type *bus);
void bus_get(struct bus_type *bus);
void bus_put(struct bus_type *bus);
struct bus_type *bus_by_name(struct driver_core *core, const char *name);
/*
 * The bus after `bus`, or the first one if that is NULL; registered ones are followed by
 * those that only references keep. NULL past the end.
 */
struct bus_type *bus_next(struct driver_core *core, const struct bus_type *bus);
/* What is registered on the bus under this name; with a NULL bus, devices without a bus. */
struct device *bus_find_device(struct driver_core *core, struct bus_type *bus,
			       const char *name);
struct device_driver *bus_find_driver(struct bus_type *bus, const char *name);
/* private to base/ */
void bus_init(struct bus_type *bus, struct driver_core *core);
/* private to base/: removes the device from its bus, or from the devices without a bus */
void device_leave_bus(struct device *dev);

/* --- class.c ----------------------------------------------------------- */

int class_register(struct driver_core *core, const struct class *proto, struct class **out);
int class_unregister(struct class *class);
void class_get(struct class *class);
void class_put(struct class *class);
struct class *class_by_name(struct driver_core *core, const char *name);

#endif
