/* SPDX-License-Identifier: MIT */
/* What is done when the outermost call is over, probes in the background among it. */
#ifndef DEVSH_BASE_WORK_H
#define DEVSH_BASE_WORK_H

#include <stdbool.h>

#include "lib/list.h"

struct device;
struct device_driver;
struct driver_core;

/* Something for later: the worker takes it off the list and runs it. */
struct work {
	struct list link;                /* core->work */
	void (*fn)(struct driver_core *core, struct work *w);
	void (*drop)(struct work *w);    /* frees one that is never done; NULL: it is static */
	struct device *dev;              /* what fn wants to know: see there */
	struct device_driver *drv;
};

/* --- work.c ---------------------------------------------------------------- */

/* Queueing twice has no effect. */
void queue_work(struct driver_core *core, struct work *w);
/* Does what waits: for callers, when the outermost call is over. */
void run_work(struct driver_core *core);
/* private to base/: what waits is forgotten */
void work_finish(struct driver_core *core);

/* --- async.c ---------------------------------------------------------------- */

bool driver_allows_async_probing(const struct device_driver *drv);
/*
 * Queues a probe of dev, by drv or (NULL) by all drivers that probe in the background;
 * without memory for that it is done at once. 0, or -EDEADLK: that waits for the device's
 * lock.
 */
int async_probe(struct device *dev, struct device_driver *drv);

#endif
