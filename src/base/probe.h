/* SPDX-License-Identifier: MIT */
/* Where devices and drivers meet: now, later, in the background, and never again. */
#ifndef DEVSH_BASE_PROBE_H
#define DEVSH_BASE_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/list.h"

struct bus_type;
struct device;
struct device_driver;
struct driver_core;

/* --- dd.c, attach.c, detach.c, callback.c ---------------------------------- */

/* 1: they fit, 0: they do not; -1: only code of the bus' own knows. */
int driver_match_known(struct device_driver *drv, struct device *dev);
/* For a bus' probe and remove: those of the device's driver. */
int bus_driver_probe(struct device *dev);
void bus_driver_remove(struct device *dev);
/* >0: they fit, 0: no, -EPROBE_DEFER, or whatever else the bus' match returned. */
int driver_match_device(struct device_driver *drv, struct device *dev);
/*
 * As writing to the driver's bind file: 0, -ENODEV, -EBUSY, -EAGAIN, probe's
 * errno; up to 5.10 -ENODEV for all that fails.
 */
int device_driver_attach(struct device_driver *drv, struct device *dev);
/* As writing to the driver's unbind file: 0, -ENODEV. */
int device_driver_detach(struct device *dev);
/*
 * Try all drivers of the bus: 1 bound, 0 none took it; -errno of a probe that
 * could not begin. As drivers_probe does.
 */
int device_attach(struct device *dev);
/*
 * The same for a new device, if its bus probes automatically; maybe later. 0, or -EDEADLK:
 * it never comes back.
 */
int bus_probe_device(struct device *dev);
/* Try the driver on all devices of its bus. 0, or -EDEADLK: it never comes back. */
int driver_attach(struct device_driver *drv);
/* Unbind if bound; the device is not busy. -EDEADLK: a consumer is busy, or the task died. */
int device_release_driver(struct device *dev);
/* Unbinding it now would wait forever for its lock, or for a consumer's. */
bool device_is_stuck(struct device *dev);

/*
 * private to base/: 0; a positive errno of a probe that failed, a negative one of
 * one that could not begin. The second queues a device that defers.
 */
int __driver_probe_device(struct device *dev, struct device_driver *drv);
int driver_probe_device(struct device *dev, struct device_driver *drv);
/* private to base/: by this driver, or (NULL) by all that are probed in the background */
void async_probe_now(struct device *dev, struct device_driver *drv);

/* --- deferred.c: dd.c in Linux --------------------------------------------- */

void driver_deferred_probe_add(struct device *dev);
void driver_deferred_probe_del(struct device *dev);
/* All that wait are tried once more when the outermost call is over. */
void driver_deferred_probe_trigger(struct driver_core *core);
/* Bound while another device is probed: if that one defers, it is tried again at once. */
void deferred_nested_bind(const struct device *dev);
void deferred_retried(struct device *dev);
/* Why a probe defers; text as dev_err_probe() gets it. */
__attribute__((format(printf, 2, 3)))
void device_set_deferred_probe_reason(struct device *dev, const char *fmt, ...);
void device_clear_deferred_probe_reason(struct device *dev);
/* "" if none was given. */
const char *device_deferred_reason(const struct device *dev);
/* Logs the error, named "-EIO", or keeps it as the reason for deferring. Returns err. */
int dev_err_probe(struct device *dev, int err, const char *name, const char *text);
/* No probe from here on: they all defer. -EDEADLK from inside a probe. */
int device_block_probing(struct driver_core *core);
void device_unblock_probing(struct driver_core *core);
/* -EDEADLK from inside a probe or from the worker. */
int wait_for_device_probe(struct driver_core *core);
/* private to base/ */
void deferred_init(struct driver_core *core);
/* private to base/, probe_work.c: what the worker does for deferred and background probes */
void probe_work_init(struct driver_core *core);

#endif
