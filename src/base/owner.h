/* SPDX-License-Identifier: MIT */
/* Marks in tracks: the device, and its driver, that allocated memory. See owner.c. */
#ifndef DEVSH_BASE_OWNER_H
#define DEVSH_BASE_OWNER_H

#include <stdint.h>

#include "base/device.h"
#include "base/driver.h"
#include "kernel/compiler.h"

/* The current or former owner of memory. Both names outlive what they name. */
struct owner {
	const char *device;
	const char *driver;  /* "": none was bound */
	bool no_remove;      /* neither that driver nor its bus has a remove() */
};

/* A mark for a device and its present driver; 0 if tracks are not kept. */
uint32_t owner_mark_new(struct device *dev);

static inline uint32_t owner_mark(struct device *dev)
{
	uint32_t driver = dev->driver ? dev->driver->id : 0;

	if (likely(dev->owner_mark && dev->owner_driver == driver))
		return dev->owner_mark;
	return owner_mark_new(dev);
}

/* NULL for 0. */
const struct owner *owner_of(const struct driver_core *core, uint32_t mark);
void owners_finish(struct driver_core *core);

#endif
