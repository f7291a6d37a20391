/* SPDX-License-Identifier: MIT */
/*
 * Where a device and a driver meet: matching, probe, unbind. Who tries whom is
 * in attach.c. Corresponds to
 * Linux' drivers/base/dd.c. Differs: what would wait for a lock that is never
 * given back returns -EDEADLK; no notifiers, no power management.
 */
#include "base/base.h"

#include <errno.h>
#include <stdlib.h>

/* A callback of a driver whose module is gone is no code any more. */
static bool code_is_gone(struct device_driver *drv, uint64_t offset)
{
	struct kernel *k = drv->core->kernel;

	if (!drv->owner || drv->owner->state != MODULE_GONE)
		return false;
	kernel_oops(k, kernel_function(k), drv->owner->base + offset);
	return true;
}

int driver_match_device(struct device_driver *drv, struct device *dev)
{
	struct bus_type *bus = drv->bus;
	struct kernel *k = drv->core->kernel;
	struct context saved;
	int rc;

	if (bus->match == platform_match)
		return platform_match(dev, drv);
	if (dev->driver_override)
		return !strcmp(dev->driver_override, drv->name);
	if (!bus->match)
		return 1;
	if (!upcall_begin(k, (struct context){ bus->match_name, "match", 0 }, &saved))
		return -ENOMEM;
	rc = bus->match(dev, drv);
	upcall_end(k, saved);
	return rc;
}

/* --- probe ------------------------------------------------------------------ */

static int call_int(struct kernel *k, int (*fn)(struct device *), const char *name,
		    const char *phase, struct device *dev)
{
	struct context saved;
	int rc = -ENOMEM;

	if (upcall_begin(k, (struct context){ name, phase, owner_mark(dev) }, &saved)) {
		rc = fn(dev);
		upcall_end(k, saved);
	}
	return rc;
}

/* A result of 0 or -errno, or of a positive number that a probe returned. */
static int call_driver_probe(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	bool platform = drv->bus == &dev->core->platform;
	int rc = 0;

	if (drv->bus->probe)
		return call_int(k, drv->bus->probe, drv->bus->probe_name, "probe", dev);
	if (!drv->probe && !platform)
		return 0;
	if (platform)
		fn_enter(k, "platform_probe");
	if (platform && k->fails)
		rc = kernel_fail(k, "platform_probe");
	if (!rc && drv->probe && !code_is_gone(drv, 0x10))
		rc = call_int(k, drv->probe, drv->probe_name, "probe", dev);
	if (platform)
		fn_exit(k);
	return rc;
}

static void device_remove(struct device *dev, struct device_driver *drv)
{
	struct kernel *k = dev->core->kernel;
	bool platform = drv->bus == &dev->core->platform;
	void (*remove)(struct device *dev) = drv->bus->remove ? drv->bus->remove : drv->remove;
	struct context next = { drv->bus->remove ? drv->bus->remove_name : drv->remove_name,
				"remove", owner_mark(dev) }, saved;

	if (platform)
		fn_enter(k, "platform_remove");
	if (remove && (drv->bus->remove || !code_is_gone(drv, 0x90)) &&
	    upcall_begin(k, next, &saved)) {
		remove(dev);
		upcall_end(k, saved);
	}
	if (platform)
		fn_exit(k);
}

static int dma_configure(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	if (dev->bus->dma_configure)
		return call_int(k, dev->bus->dma_configure, dev->bus->dma_name, "dma_configure",
				dev);
	return dev->bus == &dev->core->platform ? kernel_step(k, "platform_dma_configure") : 0;
}

static void dma_cleanup(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	/* no function of the bus before */
	if (dev->bus == &dev->core->platform && !k->profile->old_really_probe)
		kernel_step(k, "platform_dma_cleanup");
}

static void device_unbind_cleanup(struct device *dev, const char *phase)
{
	struct kernel *k = dev->core->kernel;
	struct context saved = k->context;
	bool frame = !k->profile->old_really_probe; /* no function of its own before */

	if (frame)
		fn_enter(k, "device_unbind_cleanup");
	k->context.phase = phase;
	k->context.owner = owner_mark(dev);
	devres_release_all(dev);
	k->context = saved;
	if (!k->task_died) {
		dev->driver = NULL;
		dev->drvdata = 0;
	}
	if (frame)
		fn_exit(k);
}

static void say_probe_failed(struct device *dev, struct device_driver *drv, int rc)
{
	struct kernel *k = dev->core->kernel;

	if (rc == -ENODEV || rc == -ENXIO || rc == -EPROBE_DEFER)
		return; /* dev_dbg */
	if (k->profile->probe_with_driver)
		dev_printk(KERN_ERR, dev, "probe with driver %s failed with error %d",
			   drv->name, rc);
	else
		printk(k, KERN_WARNING, "%s: probe of %s failed with error %d",
		       drv->name, dev->name, rc);
}

static void say_sysfs_failed(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	if (k->profile->probe_with_driver)
		dev_printk(KERN_ERR, dev, "really_probe: driver_sysfs_add failed");
	else
		printk(k, KERN_ERR, "really_probe: driver_sysfs_add(%s) failed", dev->name);
}

static void driver_bound(struct device *dev)
{
	struct kernel *k = dev->core->kernel;

	graph_enter(k, "driver_bound");
	list_append(&dev->driver->devices, &dev->bound);
	kernel_step(k, "device_links_driver_bound");
	device_links_driver_bound(dev);
	driver_deferred_probe_del(dev);
	kernel_step(k, "driver_deferred_probe_trigger");
	driver_deferred_probe_trigger(dev->core);
	EVENT(k, EV_BIND, .what = "bound", .name = dev->name, .value = dev->id);
	graph_exit(k);
}

/* Which of the steps were taken, and so have to be undone. */
enum probe_stage { STAGE_DRIVER_SET, STAGE_DMA, STAGE_SYSFS, STAGE_PROBED };

/* The way back that old releases have for all failures, and that they report. */
static void unwind_old(struct device *dev, struct device_driver *drv, enum probe_stage stage,
		       int rc)
{
	struct kernel *k = dev->core->kernel;

	kernel_step(k, "device_links_no_driver");
	device_links_no_driver(dev);
	if (!BROKEN(BREAK_NO_PROBE_RELEASE))
		device_unbind_cleanup(dev, "probe failure");
	if (k->task_died)
		return;
	if (stage >= STAGE_DMA)
		kernel_step(k, "driver_sysfs_remove");
	say_probe_failed(dev, drv, rc);
}

/* The way back from any stage; said is the probe's own failure where it is not 0. */
static void unwind(struct device *dev, struct device_driver *drv, enum probe_stage stage, int said)
{
	struct kernel *k = dev->core->kernel;

	if (said)
		say_probe_failed(dev, drv, said);
	if (stage >= STAGE_SYSFS)
		kernel_step(k, "driver_sysfs_remove");
	if (stage >= STAGE_DMA)
		dma_cleanup(dev);
	kernel_step(k, "device_links_no_driver");
	device_links_no_driver(dev);
	if (!BROKEN(BREAK_NO_PROBE_RELEASE) && !k->task_died)
		device_unbind_cleanup(dev, "probe failure");
}

/* Memory that the probe took should be gone by now. */
static void probe_undone(struct device *dev, const struct device_driver *drv)
{
	struct driver_core *core = dev->core;

	core->undone.many = core->undone.by == drv->probe_name;
	core->undone.by = drv->probe_name;
	core->undone.step = dev->probe_step;
}

static void probe_failed(struct device *dev, struct device_driver *drv, enum probe_stage stage,
			 int rc, int said)
{
	struct kernel *k = dev->core->kernel;

	if (stage >= STAGE_PROBED)
		device_remove(dev, drv);
	if (k->profile->old_really_probe)
		unwind_old(dev, drv, stage, said ? said : rc);
	else
		unwind(dev, drv, stage, said);
	if (k->task_died)
		return;
	dev->driver = NULL;
	dev->drvdata = 0;
	probe_undone(dev, drv);
}

/* Steps 5 to 11 of a probe. *rc is what the driver said where it failed itself. */
static int probe_steps(struct device *dev, struct device_driver *drv, enum probe_stage *stage,
		       int *said)
{
	struct kernel *k = dev->core->kernel;
	int rc;

	*stage = STAGE_DRIVER_SET;
	rc = kernel_step(k, "pinctrl_bind_pins");
	if (rc)
		return rc;
	rc = dma_configure(dev);
	if (rc)
		return rc;
	*stage = STAGE_DMA;
	rc = kernel_step(k, "driver_sysfs_add");
	if (rc) {
		say_sysfs_failed(dev);
		return rc;
	}
	*stage = STAGE_SYSFS;
	*said = call_driver_probe(dev, drv);
	if (*said || k->task_died)
		return -*said; /* positive: the next driver may try its luck */
	rc = kernel_step(k, "device_add_groups");
	if (rc) {
		*stage = STAGE_PROBED;
		dev_printk(KERN_ERR, dev, "device_add_groups() failed");
	}
	return rc;
}

/* In the queue; what it waits for may have come while it was busy. */
static void defer(struct device *dev, uint64_t triggers)
{
	struct driver_core *core = dev->core;

	driver_deferred_probe_add(dev);
	if (triggers != core->trigger_count && !core->defer_all_probes)
		driver_deferred_probe_trigger(core);
}

/* What comes before a driver is asked: 0, or -errno. */
static int before_probe(struct device *dev)
{
	struct driver_core *core = dev->core;

	if (core->defer_all_probes)
		return -EPROBE_DEFER;
	if (kernel_step(core->kernel, "device_links_check_suppliers") == -EPROBE_DEFER ||
	    device_links_check_suppliers(dev))
		return -EPROBE_DEFER;
	if (devres_empty(dev))
		return 0;
	dev_printk(KERN_CRIT, dev, "Resources present before probing");
	return -EBUSY;
}

/* What the graph shows: old releases count the devices that are bound. */
static int shown_result(struct kernel *k, int rc)
{
	if (!k->profile->old_really_probe || rc < 0)
		return rc;
	return rc == 0;
}

/* 0; a positive errno: another driver may have it; a negative one: none will. */
static int really_probe(struct device *dev, struct device_driver *drv)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t triggers = core->trigger_count;
	bool old = k->profile->old_really_probe;
	enum probe_stage stage;
	int rc, said = 0;

	fn_enter(k, "really_probe");
	tick(k, NS_PER_STEP);
	EVENT(k, EV_PROBE, .what = "begin", .name = dev->name, .value = dev->id);
	rc = before_probe(dev);
	if (rc == -EPROBE_DEFER && old)
		defer(dev, triggers);
	if (rc)
		goto out;
	dev->driver = drv;
	dev->probe_step = k->step;
	drv->active++;
	rc = probe_steps(dev, drv, &stage, &said);
	if (!k->task_died && rc)
		probe_failed(dev, drv, stage, rc, said);
	if (!k->task_died && old && (said ? said : rc) == -EPROBE_DEFER)
		defer(dev, triggers);
	if (k->task_died) {
		/* nobody comes back to unwind or to unlock: the driver stays in use */
		dev->deadlocked = true;
		rc = -EDEADLK;
		goto out;
	}
	drv->active--;
	if (old && rc < 0)
		rc = -rc;
	if (!rc) {
		kernel_step(k, "pinctrl_init_done");
		driver_bound(dev);
	}
out:
	dev->last_probe = drv->probe_name;
	dev->last_result = rc;
	EVENT(k, EV_PROBE, .what = "end", .name = dev->name,
	      .value = rc > 0 ? -rc : rc);
	fn_return(k, shown_result(k, rc));
	return rc;
}

int __driver_probe_device(struct device *dev, struct device_driver *drv)
{
	struct driver_core *core = dev->core;
	int rc;

	if (!dev->registered || dev->dead)
		return -ENODEV;
	if (dev->busy || dev->deadlocked)
		return -EDEADLK;
	if (dev->driver)
		return -EBUSY;
	dev->can_match = true;
	get_device(dev);
	dev->busy = true;
	core->probing++;
	rc = really_probe(dev, drv);
	core->probing--;
	dev->busy = false;
	put_device(dev);
	return rc;
}

/* A probe that the bus asked for: a deferred one is put in the queue. */
int driver_probe_device(struct device *dev, struct device_driver *drv)
{
	struct driver_core *core = dev->core;
	uint64_t triggers = core->trigger_count;
	int rc = __driver_probe_device(dev, drv);

	if ((rc == -EPROBE_DEFER || rc == EPROBE_DEFER) && !core->kernel->profile->old_really_probe)
		defer(dev, triggers);
	return rc;
}

/* --- unbind --------------------------------------------------------------------- */

static void __device_release_driver(struct device *dev)
{
	struct device_driver *drv = dev->driver;
	struct kernel *k = dev->core->kernel;

	fn_enter(k, "device_release_driver_internal");
	tick(k, NS_PER_STEP);
	dev->busy = dev->unbinding = true;
	drv->active++;
	kernel_step(k, "driver_sysfs_remove");
	device_remove(dev, drv);
	if (!k->task_died) {
		dma_cleanup(dev);
		device_unbind_cleanup(dev, "release");
	}
	dev->busy = false;
	if (k->task_died) {
		/* it still holds the lock and the driver */
		dev->deadlocked = true;
		goto out;
	}
	list_remove(&dev->bound);
	dev->unbinding = false;
	kernel_step(k, "device_links_driver_cleanup");
	device_links_driver_cleanup(dev);
	drv->active--;
	probe_undone(dev, drv);
	EVENT(k, EV_BIND, .what = "unbound", .name = dev->name, .value = dev->id);
out:
	fn_exit(k);
}

bool device_is_stuck(struct device *dev)
{
	struct device *consumer = device_is_bound(dev) ? device_links_busy(dev, false) : NULL;

	return dev->busy || dev->deadlocked ||
	       (consumer && (consumer->busy || consumer->deadlocked));
}

/* Devices that wait for the one behind them: suppliers of suppliers. */
struct path {
	struct device **at;
	size_t count, room;
};

static int path_push(struct path *p, struct device *dev)
{
	if (p->count == p->room) {
		size_t room = p->room ? 2 * p->room : 16;
		struct device **at = realloc(p->at, room * sizeof(struct device *));

		if (!at)
			return -ENOMEM;
		p->at = at;
		p->room = room;
	}
	p->at[p->count++] = get_device(dev);
	return 0;
}

/* All that need dev, from the far end of the chain: a path instead of recursion. */
static int device_links_unbind_consumers(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	struct path p = { 0 };
	int rc = 0;

	while (!rc) {
		struct device *at = p.count ? p.at[p.count - 1] : dev;
		struct device *consumer = at->driver ? device_links_busy(at, true) : NULL;

		if (consumer && (consumer->busy || consumer->deadlocked)) {
			rc = -EDEADLK;
		} else if (consumer) {
			rc = path_push(&p, consumer);
		} else if (p.count) {
			if (at->driver)
				__device_release_driver(at);
			put_device(at);
			p.count--;
			rc = k->task_died ? -EDEADLK : 0;
		} else {
			break;
		}
	}
	while (p.count)
		put_device(p.at[--p.count]);
	free(p.at);
	return rc;
}

int device_release_driver(struct device *dev)
{
	struct device_driver *drv = dev->driver;
	struct kernel *k = dev->core->kernel;
	int rc = 0;

	if (!drv)
		return 0;
	if (device_links_busy(dev, true)) {
		fn_enter(k, "device_links_unbind_consumers");
		rc = device_links_unbind_consumers(dev);
		fn_exit(k);
	}
	/* a consumer's remove may have unbound it, or worse */
	if (rc || dev->driver != drv || dev->busy)
		return rc ? rc : dev->busy ? -EDEADLK : 0;
	__device_release_driver(dev);
	return k->task_died ? -EDEADLK : 0;
}

int device_driver_detach(struct device *dev)
{
	int rc;

	if (device_is_stuck(dev))
		return -EDEADLK;
	if (!dev->driver)
		return -ENODEV;
	get_device(dev);
	rc = device_release_driver(dev);
	put_device(dev);
	return rc;
}
