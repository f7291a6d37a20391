/* SPDX-License-Identifier: MIT */
/*
 * Deferred probes: which devices wait, why, and what triggers another try. Corresponds to
 * the first third of Linux' drivers/base/dd.c; the work itself is in probe_work.c.
 */
#include "base/probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dev_printk.h"
#include "base/device.h"
#include "base/driver_core.h"
#include "base/work.h"
#include "kernel/clock.h"
#include "kernel/errors.h"
#include "kernel/log.h"
#include "kernel/sleep.h"
#include "kernel/trace.h"
#include "lib/host_memory.h"

void driver_deferred_probe_add(struct device *dev)
{
	if (!dev->can_match || !dev->registered || !list_empty(&dev->deferred))
		return;
	list_append(&dev->core->pending, &dev->deferred);
}

void driver_deferred_probe_del(struct device *dev)
{
	list_remove(&dev->deferred);
	device_clear_deferred_probe_reason(dev);
}

void driver_deferred_probe_trigger(struct driver_core *core)
{
	core->trigger_count++;
	list_splice(&core->pending, &core->active);
	if (!list_empty(&core->active))
		queue_work(core, &core->deferred_work);
}

void deferred_nested_bind(const struct device *dev)
{
	struct driver_core *core = dev->core;

	snprintf(core->nested_bind.name, sizeof(core->nested_bind.name), "%s", dev->name);
	core->nested_bind.parent = dev->parent ? dev->parent->id : 0;
}

/* Its probe deferred after it had bound something itself: it is retried at once. */
void deferred_retried(struct device *dev)
{
	const struct driver_core *core = dev->core;
	struct device_more *more = device_more(dev);

	if (!more || !*core->nested_bind.name)
		return;
	free(more->retried_by);
	more->retried_by = host_strdup(core->nested_bind.name);
	more->retried_by_child = core->nested_bind.parent == dev->id;
}

/* --- reasons ------------------------------------------------------------- */

void device_clear_deferred_probe_reason(struct device *dev)
{
	if (!dev->more)
		return;
	free(dev->more->deferred_reason);
	dev->more->deferred_reason = NULL;
	free(dev->more->retried_by);
	dev->more->retried_by = NULL;
}

void device_set_deferred_probe_reason(struct device *dev, const char *fmt, ...)
{
	struct device_more *more;
	char text[512];
	size_t n;
	va_list ap;

	if (!dev->core->kernel->profile->keeps_reason)
		return;
	more = device_more(dev);
	if (!more)
		return;
	n = (size_t)snprintf(text, sizeof(text), "%s: ", dev_driver_string(dev));
	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	free(more->deferred_reason);
	more->deferred_reason = host_strdup(text);
}

const char *device_deferred_reason(const struct device *dev)
{
	return dev->more && dev->more->deferred_reason ? dev->more->deferred_reason : "";
}

int dev_err_probe(struct device *dev, int err, const char *name, const char *text)
{
	if (err == -EPROBE_DEFER)
		device_set_deferred_probe_reason(dev, "%s", text);
	else if (err != -ENOMEM || dev->core->kernel->profile->err_probe_enomem)
		dev_printk(KERN_ERR, dev, "error %s: %s", name, text);
	return err;
}

/* --- blocking and waiting -------------------------------------------------- */

int wait_for_device_probe(struct driver_core *core)
{
	if (core->probing || core->working)
		return -EDEADLK;
	fn_enter(core->kernel, "wait_for_device_probe");
	might_sleep(core->kernel, SLEEP_FOR_WORK); /* flush_work() */
	run_work(core);
	fn_exit(core->kernel);
	return 0;
}

int device_block_probing(struct driver_core *core)
{
	if (core->probing || core->working)
		return -EDEADLK;
	core->defer_all_probes = true;
	return wait_for_device_probe(core);
}

void device_unblock_probing(struct driver_core *core)
{
	core->defer_all_probes = false;
	driver_deferred_probe_trigger(core);
}

/* --- the time-out ---------------------------------------------------------- */

void deferred_init(struct driver_core *core)
{
	const struct params *p = &core->kernel->params;
	int seconds = p->deferred_timeout;

	list_init(&core->pending);
	list_init(&core->active);
	list_init(&core->deferred_work.link);
	if (seconds < 0)
		seconds = core->kernel->profile->deferred_timeout;
	core->deferred_deadline = (uint64_t)seconds * NS_PER_SECOND;
}
