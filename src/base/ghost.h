/* SPDX-License-Identifier: MIT */
/*
 * Devices that were released, to those who still have a pointer to one. The
 * model keeps what it needs to know of it, so that nothing that a script does
 * leads anywhere; what is read and written is the simulated memory that the
 * struct device was in, if its release() gave that back.
 */
#ifndef DEVSH_BASE_GHOST_H
#define DEVSH_BASE_GHOST_H

#include "base/base.h"

#define GHOST_STACK 12

/* The memory of a struct device that was freed; without one the memory is still there. */
struct grave {
	uint64_t memory;              /* its address; 0: of its own kind, not made yet */
	const char *made_by;          /* who called platform_device_alloc() */
	const char *freed[GHOST_STACK]; /* by whom, outermost first */
	int depth;
};

extern const char kobject_put_name[];

/* --- private to base/ ------------------------------------------------------- */

/* Off all lists without a word: what is on them is freed memory in Linux. */
void device_withdraw(struct device *dev);
/* After its release: a ghost from here on. */
void device_bury(struct device *dev);
/* The memory of a platform device is the core's own to free. */
void platform_device_release(struct device *dev);
/* kobject_get() and kobject_put() of a ghost. */
void ghost_get(struct device *dev);
void ghost_put(struct device *dev);
/* Driver data or node as its memory has them. */
uint64_t ghost_value(struct device *dev, bool node);
void ghost_set_value(struct device *dev, bool node, uint64_t value);
/* All that are left, at the machine's end. */
void ghosts_free(struct driver_core *core);

#endif
