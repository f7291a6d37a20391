/* SPDX-License-Identifier: MIT */
/* Binding devices to drivers: at once, deferred, or asynchronously. */
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

/* 1: they match, 0: they do not; -1: only the bus' own code can tell. */
int driver_match_known(struct device_driver *drv, struct device *dev);
/* For a bus' probe and remove: call those of the device's driver. */
int bus_driver_probe(struct device *dev);
void bus_driver_remove(struct device *dev);
/* >0: they match, 0: no, -EPROBE_DEFER, or whatever else the bus' match returned. */
int driver_match_device(struct device_driver *drv, struct device *dev);
/*
 * Like writing to the driver's bind file: 0, -ENODEV, -EBUSY, -EAGAIN, or the error of
 * probe; up to 5.10 any failure is -ENODEV.
 */
int device_driver_attach(struct device_driver *drv, struct device *dev);
/* Like writing to the driver's unbind file: 0 or -ENODEV. */
int device_driver_detach(struct device *dev);
/*
 * Tries all drivers of the bus, like drivers_probe. 1: bound, 0: no driver took it;
 * -errno of a probe that could not begin.
 */
int device_attach(struct device *dev);
/*
 * The same for a new device if its bus probes automatically; the probe may be
 * asynchronous. 0, or -EDEADLK: the task hangs.
 */
int bus_probe_device(struct device *dev);
/* Tries the driver on all devices of its bus. 0, or -EDEADLK: the task hangs. */
int driver_attach(struct device_driver *drv);
/* Unbinds a device that is not busy. -EDEADLK: a consumer is busy, or the task died. */
int device_release_driver(struct device *dev);
/* Whether unbinding it now would wait forever for its lock, or for a consumer's. */
bool device_is_stuck(struct device *dev);

/*
 * private to base/: 0; the positive errno of a probe that failed, or the negative one of
 * a probe that could not begin. The second function queues a device that defers.
 */
int __driver_probe_device(struct device *dev, struct device_driver *drv);
int driver_probe_device(struct device *dev, struct device_driver *drv);
/*
 * private to base/: probes with this driver, or (NULL) with all that probe asynchronously
 */
void async_probe_now(struct device *dev, struct device_driver *drv);

/* --- deferred.c: dd.c in Linux --------------------------------------------- */

void driver_deferred_probe_add(struct device *dev);
void driver_deferred_probe_del(struct device *dev);
/* Retries all waiting devices when the outermost call returns. */
void driver_deferred_probe_trigger(struct driver_core *core);
/*
 * A device was bound during another one's probe: if that one defers, it is retried at
 * once.
 */
void deferred_nested_bind(const struct device *dev);
void deferred_retried(struct device *dev);
/* Sets why a probe defers; text as for dev_err_probe(). */
__attribute__((format(printf, 2, 3)))
void device_set_deferred_probe_reason(struct device *dev, const char *fmt, ...);
void device_clear_deferred_probe_reason(struct device *dev);
/* "" if none was given. */
const char *device_deferred_reason(const struct device *dev);
/* Logs the error, named "-EIO", or records it as the reason for deferring. Returns err. */
int dev_err_probe(struct device *dev, int err, const char *name, const char *text);
/* From here on all probes defer. -EDEADLK during a probe. */
int device_block_probing(struct driver_core *core);
void device_unblock_probing(struct driver_core *core);
/* -EDEADLK during a probe or in the worker. */
int wait_for_device_probe(struct driver_core *core);
/* private to base/ */
void deferred_init(struct driver_core *core);
/* private to base/, probe_work.c: the worker's part of deferred and asynchronous probes */
void probe_work_init(struct driver_core *core);

#endif
