/* SPDX-License-Identifier: MIT */
/*
 * Buses and classes: what devices and drivers are kept under.
 *
 *   core->buses ── bus ── devices, drivers (registration order, and by name)
 *   core->classes ── class ── devices
 *
 * Ownership: the core frees a bus when it is unregistered and its last device
 * and driver are gone; a class likewise. The platform bus is part of the core.
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
	bool driver_override;         /* its devices have that file */
	bool dynamic_ids;             /* its drivers have new_id and remove_id; ids match */
	uint32_t refs;                /* devices and drivers that name it, and the list */
	/* >0: they fit, 0: no, -EPROBE_DEFER: cannot tell yet. NULL: all fit. */
	int (*match)(struct device *dev, struct device_driver *drv);
	int (*probe)(struct device *dev);         /* instead of the driver's: bus_driver_probe() */
	void (*remove)(struct device *dev);
	int (*dma_configure)(struct device *dev);
	void (*destroy)(struct bus_type *bus);    /* the owner of `private` cleans up */
	void *private;
	const char *match_name, *probe_name, *remove_name, *dma_name; /* in stacks */
	struct code_home code;                    /* of those, in this order */
	struct list devices, drivers;             /* registration order */
	struct device *device_hash;               /* by name */
	struct device_driver *driver_hash;
	struct list all;                          /* core->buses */
};

struct class {
	struct driver_core *core;
	char *name;
	bool registered;
	uint32_t refs;                /* devices that name it, and the list */
	void (*dev_release)(struct device *dev);
	void (*destroy)(struct class *class);
	void *private;
	const char *release_name;     /* in stacks */
	struct code_home code;        /* of dev_release */
	struct list devices;          /* more->on_class */
	struct list all;              /* core->classes */
};

/* A walk over a bus' devices that survives that they come and go. */
struct bus_walk {
	struct bus_type *bus;
	struct list *at;         /* visited now, or before one that left */
	struct bus_walk *outer;
};

/* --- bus.c ------------------------------------------------------------- */

/*
 * A bus from a prototype: name and callbacks are taken from there, and the
 * core owns `private` from here on, also when it fails. -EEXIST, -EINVAL.
 */
int bus_register(struct driver_core *core, const struct bus_type *proto,
		 struct bus_type **out);
/* Its devices and drivers stay, and no others are added. -ENODEV: is not registered. */
int bus_unregister(struct bus_type *bus);
void bus_get(struct bus_type *bus);
void bus_put(struct bus_type *bus);
struct bus_type *bus_by_name(struct driver_core *core, const char *name);
/*
 * The one after `bus`, or the first one for NULL; then those that are gone but still
 * referenced. NULL past the end.
 */
struct bus_type *bus_next(struct driver_core *core, const struct bus_type *bus);
/* What is registered under this name on one bus; a NULL bus: devices without one. */
struct device *bus_find_device(struct driver_core *core, struct bus_type *bus,
			       const char *name);
struct device_driver *bus_find_driver(struct bus_type *bus, const char *name);
/* private to base/ */
void bus_init(struct bus_type *bus, struct driver_core *core);
/* private to base/: the device leaves its bus, or the devices on no bus */
void device_leave_bus(struct device *dev);

/* --- class.c ----------------------------------------------------------- */

int class_register(struct driver_core *core, const struct class *proto, struct class **out);
int class_unregister(struct class *class);
void class_get(struct class *class);
void class_put(struct class *class);
struct class *class_by_name(struct driver_core *core, const char *name);

#endif
