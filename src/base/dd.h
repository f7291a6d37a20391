/* SPDX-License-Identifier: MIT */
/*
 * What probe (dd.c) and unbind (detach.c) share, and the callbacks that both run
 * (callback.c). Private to these files.
 */
#ifndef DEVSH_BASE_DD_H
#define DEVSH_BASE_DD_H

#include "base/driver_core.h"

/* --- callback.c: calls that set the kernel's context and appear in its trace ------ */

/*
 * The probe of the bus, or else of the driver: 0 or -errno, or a positive number that it
 * returned.
 */
int call_driver_probe(struct device *dev, struct device_driver *drv);
void device_remove(struct device *dev, struct device_driver *drv);
/* 0 or -errno. */
int dma_configure(struct device *dev);
void dma_cleanup(struct device *dev);

/* --- detach.c ------------------------------------------------------------------ */

/*
 * Releases all managed resources, then clears the driver; phase is the context of the
 * releases.
 */
void device_unbind_cleanup(struct device *dev, const char *phase);
/* Records the probe, whose memory should be gone by now. */
void probe_undone(struct device *dev, const struct device_driver *drv);

#endif
