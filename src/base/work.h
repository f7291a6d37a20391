/* SPDX-License-Identifier: MIT */
/* Work that runs when the outermost call returns, including asynchronous probes. */
#ifndef DEVSH_BASE_WORK_H
#define DEVSH_BASE_WORK_H

#include <stdbool.h>

#include "lib/list.h"

struct device;
struct device_driver;
struct driver_core;

/* A work item: the worker takes it off the list and runs it. */
struct work {
	struct list link;                /* core->work */
	void (*fn)(struct driver_core *core, struct work *w);
	void (*drop)(struct work *w);    /* frees an item that never ran; NULL: it is static */
	struct device *dev;              /* for fn */
	struct device_driver *drv;
};

/* --- work.c ---------------------------------------------------------------- */

/* Queueing twice has no effect. */
void queue_work(struct driver_core *core, struct work *w);
/* Runs what is queued; called when the outermost call returns. */
void run_work(struct driver_core *core);
/* private to base/: drops what is queued */
void work_finish(struct driver_core *core);

/* --- async.c ---------------------------------------------------------------- */

bool driver_allows_async_probing(const struct device_driver *drv);
/*
 * Queues a probe of dev by drv, or (NULL) by all drivers that probe asynchronously;
 * without memory for that it runs at once. 0, or -EDEADLK: that would wait for the
 * device's lock.
 */
int async_probe(struct device *dev, struct device_driver *drv);

#endif
