/* SPDX-License-Identifier: MIT */
/*
 * Released devices, for calls that still have a pointer to one. The model keeps its own
 * data about them, so that no script can reach freed host memory. What is read and
 * written is the simulated memory of the struct device, if its release() freed it.
 */
#ifndef DEVSH_BASE_GHOST_H
#define DEVSH_BASE_GHOST_H

#include "base/driver_core.h"

#define GHOST_STACK 12

/* The freed memory of a struct device; without one, it was not freed. */
struct grave {
	uint64_t memory;              /* its address; 0: of a platform device, not allocated yet */
	const char *made_by;          /* caller of platform_device_alloc() */
	const char *freed[GHOST_STACK]; /* call stack of the free, outermost first */
	int depth;
};

extern const char kobject_put_name[];

/* --- grave.c: private to base/ ------------------------------------------------ */

/* Members of the struct that are accessed. */
enum field {
	FIELD_NAME, FIELD_TYPE, FIELD_KREF, FIELD_STATE, FIELD_DRIVER, FIELD_DRVDATA, FIELD_MUTEX,
	FIELD_NODE, FIELD_LOCK,
};

/* The simulated address. */
uint64_t grave_field(const struct device *dev, enum field f);
/* Unchecked, and invisible to watchers. */
uint64_t grave_peek(const struct device *dev, enum field f);
void grave_poke(struct device *dev, enum field f, uint64_t value);
/* An access that KASAN checks. */
void grave_look_at(struct device *dev, enum field f, bool write);
/* False: it was not freed. Allocates and frees a platform device's memory if necessary. */
bool device_was_freed(struct device *dev);
/* Stores what was in the memory when it was freed, unless freeing overwrote it. */
void grave_leave_remains(struct device *dev);
/* The release() of platform devices, whose memory the core itself frees. */
void platform_device_release(struct device *dev);

/* --- ghost.c: private to base/ ------------------------------------------------ */

/* kobject_get() and kobject_put() of a ghost. */
void ghost_get(struct device *dev);
void ghost_put(struct device *dev);
/* Driver data or node, as read from the freed memory. */
uint64_t ghost_value(struct device *dev, bool node);
void ghost_set_value(struct device *dev, bool node, uint64_t value);

#endif
