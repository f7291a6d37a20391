/* SPDX-License-Identifier: MIT */
/* What the driver core allocates for itself: see core_alloc.c. Private to base/. */
#ifndef DEVSH_BASE_CORE_ALLOC_H
#define DEVSH_BASE_CORE_ALLOC_H

#include "base/driver_core.h"
#include "kernel/compiler.h"

/* Allocations in Linux, unrelated to the host's memory. */
enum core_alloc {
	ALLOC_DEVICE_PRIVATE, ALLOC_PLATFORM_DEVICE, ALLOC_NAME, ALLOC_DRIVER_PRIVATE,
	ALLOC_BUS_PRIVATE, ALLOC_CLASS_PRIVATE, ALLOC_KSET, ALLOC_CLASS_DIR, ALLOC_LINK,
	ALLOC_ASYNC_ENTRY, ALLOC_OVERRIDE, ALLOC_DYNAMIC_ID,
};

bool core_alloc_fails_slow(struct driver_core *core, enum core_alloc what, size_t more);
/* Whether failslab makes this allocation fail; `more` bytes follow the struct. */
static inline bool core_alloc_fails(struct driver_core *core, enum core_alloc what, size_t more)
{
	return unlikely(core->kernel->injecting) && core_alloc_fails_slow(core, what, more);
}

#endif
