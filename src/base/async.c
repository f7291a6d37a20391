/* SPDX-License-Identifier: MIT */
/*
 * Asynchronous probing: which drivers want it, and the queue. Corresponds to Linux'
 * kernel/async.c and its use in drivers/base/dd.c.
 */
#include "base/work.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/core_alloc.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "kernel/trace.h"
#include "lib/host_memory.h"

/* "a,b": only these; "*,a,b": all but these. */
static bool async_requested(const char *list, const char *name)
{
	size_t len = strlen(name);
	bool all = false, named = false;

	while (*list) {
		size_t n = strcspn(list, ",");

		all |= n == 1 && *list == '*';
		named |= n == len && !memcmp(list, name, n);
		list += n + (list[n] == ',');
	}
	return all != named;
}

bool driver_allows_async_probing(const struct device_driver *drv)
{
	const char *list = drv->core->kernel->params.async_probe;

	if (drv->probe_type != PROBE_DEFAULT_STRATEGY)
		return drv->probe_type == PREFER_ASYNCHRONOUS;
	return *list && async_requested(list, drv->name);
}

static void drop(struct work *w)
{
	free(w);
}

static void probe_later(struct driver_core *core, struct work *w)
{
	w->dev->async_queued = false;
	fn_enter(core->kernel, "async_run_entry_fn");
	core->async_probe_now(w->dev, w->drv);
	fn_exit(core->kernel);
	w->dev->async_queued = false;
	if (w->drv)
		w->drv->active--;
	put_device(w->dev);
	drop(w);
}

/*
 * Without memory for an entry its function runs at once. Up to 5.18 this happens with the
 * device's lock held, which the function takes again: a deadlock. For driver_attach()
 * that is so from 5.1 on.
 */
static int probe_at_once(struct device *dev, struct device_driver *drv)
{
	int version = dev->core->kernel->profile->version;

	if (version <= RELEASE(5, 18) && (!drv || version >= RELEASE(5, 1))) {
		dev->deadlocked = true;
		dev->core->hung++;
		return -EDEADLK;
	}
	fn_enter(dev->core->kernel, "async_schedule_node_domain");
	dev->core->async_probe_now(dev, drv);
	fn_exit(dev->core->kernel);
	return 0;
}

int async_probe(struct device *dev, struct device_driver *drv)
{
	struct work *w;

	if (dev->async_queued)
		return 0;
	w = core_alloc_fails(dev->core, ALLOC_ASYNC_ENTRY, 0) ? NULL : host_malloc(sizeof(*w));
	if (!w)
		return probe_at_once(dev, drv);
	*w = (struct work){ .fn = probe_later, .drop = drop, .dev = get_device(dev), .drv = drv };
	list_init(&w->link);
	if (drv)
		drv->active++; /* keeps the driver until the entry has run */
	dev->async_queued = true;
	queue_work(dev->core, w);
	return 0;
}
