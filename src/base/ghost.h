/* SPDX-License-Identifier: MIT */
/*
 * Devices that were released, for calls that still have a pointer to one. The model keeps
 * what it needs to know of it, so that no script can reach freed host memory; what is read
 * and written is the simulated memory that the struct device was in, if its release() gave
 * that back.
 */
#ifndef DEVSH_BASE_GHOST_H
#define DEVSH_BASE_GHOST_H

#include "base/driver_core.h"

#define GHOST_STACK 12

/* The memory of a struct device that was freed; without one the memory is still there. */
struct grave {
	uint64_t memory;              /* its address; 0: of its own kind, not made yet */
	const char *made_by;          /* who called platform_device_alloc() */
	const char *freed[GHOST_STACK]; /* by whom, outermost first */
	int depth;
};

extern const char kobject_put_name[];

/* --- grave.c: private to base/ ------------------------------------------------ */

/* Members of the struct that somebody reads or writes. */
enum field {
	FIELD_NAME, FIELD_TYPE, FIELD_KREF, FIELD_STATE, FIELD_DRIVER, FIELD_DRVDATA, FIELD_MUTEX,
	FIELD_NODE, FIELD_LOCK,
};

/* The simulated address. */
uint64_t grave_field(const struct device *dev, enum field f);
/* The bytes as they are, unchecked and unseen by any watcher. */
uint64_t grave_peek(const struct device *dev, enum field f);
void grave_poke(struct device *dev, enum field f, uint64_t value);
/* The access that KASAN checks. */
void grave_look_at(struct device *dev, enum field f, bool write);
/* False: it was not freed. Makes the memory of a platform device. */
bool device_was_freed(struct device *dev);
/* What was in the memory when it was freed, where freeing did not overwrite it. */
void grave_leave_remains(struct device *dev);
/* The memory of a platform device is the core's own to free. */
void platform_device_release(struct device *dev);

/* --- ghost.c: private to base/ ------------------------------------------------ */

/* kobject_get() and kobject_put() of a ghost. */
void ghost_get(struct device *dev);
void ghost_put(struct device *dev);
/* Driver data or node as its memory has them. */
uint64_t ghost_value(struct device *dev, bool node);
void ghost_set_value(struct device *dev, bool node, uint64_t value);

#endif
