/* SPDX-License-Identifier: MIT */
/*
 * What probe (dd.c) and unbind (detach.c) share, and the callbacks that both
 * run (callback.c). Private to these files.
 */
#ifndef DEVSH_BASE_DD_H
#define DEVSH_BASE_DD_H

#include "base/driver_core.h"

/* --- callback.c: each is told to the kernel's context and trace --------------- */

/* Of the bus, else of the driver: 0 or -errno, or a positive number that it returned. */
int call_driver_probe(struct device *dev, struct device_driver *drv);
void device_remove(struct device *dev, struct device_driver *drv);
/* 0 or -errno. */
int dma_configure(struct device *dev);
void dma_cleanup(struct device *dev);

/* --- detach.c ------------------------------------------------------------------ */

/* All that is managed goes, then the driver does; phase is what releases run in. */
void device_unbind_cleanup(struct device *dev, const char *phase);
/* Memory that the probe took should be gone by now. */
void probe_undone(struct device *dev, const struct device_driver *drv);

#endif
