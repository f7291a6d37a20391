/* SPDX-License-Identifier: MIT */
/*
 * Where a device and a driver meet: probe, from the first step to bound, and the error
 * path. attach.c chooses the driver, detach.c unbinds, callback.c calls their code.
 * Corresponds to really_probe() and the functions around it in Linux' drivers/base/dd.c.
 * Differs: what would deadlock returns -EDEADLK; no notifiers, no power management.
 */
#include "base/dd.h"

#include <errno.h>

#include "base/dev_printk.h"
#include "base/device.h"
#include "base/devres_walk.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/link.h"
#include "base/probe.h"
#include "kernel/clock.h"
#include "kernel/errors.h"
#include "kernel/event.h"
#include "kernel/fail.h"
#include "kernel/log.h"
#include "kernel/mutants.h"
#include "kernel/report.h"
#include "kernel/trace.h"

static void report_probe_failed(struct device *dev, struct device_driver *drv, int rc)
{
	struct kernel *k = dev->core->kernel;

	if (rc == -ENODEV || rc == -ENXIO || rc == -EPROBE_DEFER)
		return; /* dev_dbg() in Linux */
	if (k->profile->probe_with_driver)
		dev_printk(KERN_ERR, dev, "probe with driver %s failed with error %d",
			   drv->name, rc);
	else
		printk(k, KERN_WARNING, "%s: probe of %s failed with error %d",
		       drv->name, dev->name, rc);
}

static void report_sysfs_failed(struct device *dev)
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
	if (dev->core->probing > 1)
		deferred_nested_bind(dev);
	EVENT(k, EV_BIND, .what = "bound", .name = dev->name, .value = dev->id);
	graph_exit(k);
}

/* How far the probe came, and so what has to be undone. */
enum probe_stage { STAGE_DRIVER_SET, STAGE_DMA, STAGE_SYSFS, STAGE_PROBED };

/* Error path of old releases, the same for any failure. */
static void unwind_old(struct device *dev, struct device_driver *drv, enum probe_stage stage,
		       int rc)
{
	struct kernel *k = dev->core->kernel;

	kernel_step(k, "device_links_no_driver");
	device_links_no_driver(dev);
	if (!MUTANT(NO_PROBE_RELEASE))
		device_unbind_cleanup(dev, "probe failure");
	if (k->task_died)
		return;
	if (stage >= STAGE_DMA)
		kernel_step(k, "driver_sysfs_remove");
	report_probe_failed(dev, drv, rc);
}

/* Undoes the steps up to a stage; probe_rc is the error of the probe itself, or 0. */
static void unwind(struct device *dev, struct device_driver *drv, enum probe_stage stage,
		   int probe_rc)
{
	struct kernel *k = dev->core->kernel;

	if (probe_rc)
		report_probe_failed(dev, drv, probe_rc);
	if (stage >= STAGE_SYSFS)
		kernel_step(k, "driver_sysfs_remove");
	if (stage >= STAGE_DMA)
		dma_cleanup(dev);
	kernel_step(k, "device_links_no_driver");
	device_links_no_driver(dev);
	if (!MUTANT(NO_PROBE_RELEASE) && !k->task_died)
		device_unbind_cleanup(dev, "probe failure");
}

static void probe_failed(struct device *dev, struct device_driver *drv, enum probe_stage stage,
			 int rc, int probe_rc)
{
	struct kernel *k = dev->core->kernel;
	bool lost = k->profile->sysfs_errno_lost && stage == STAGE_DMA;

	if (stage >= STAGE_PROBED)
		device_remove(dev, drv);
	if (k->profile->old_really_probe)
		unwind_old(dev, drv, stage, probe_rc ? probe_rc : lost ? 0 : rc);
	else
		unwind(dev, drv, stage, probe_rc);
	if (k->task_died)
		return;
	dev->driver = NULL;
	dev->drvdata = 0;
	probe_undone(dev, drv);
}

/* Steps 5 to 11 of a probe. *probe_rc is what the driver's own probe returned. */
static int probe_steps(struct device *dev, struct device_driver *drv, enum probe_stage *stage,
		       int *probe_rc)
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
		report_sysfs_failed(dev);
		return rc;
	}
	*stage = STAGE_SYSFS;
	*probe_rc = call_driver_probe(dev, drv);
	if (*probe_rc || k->task_died)
		return -*probe_rc; /* positive: the next driver may be tried */
	rc = kernel_step(k, "device_add_groups");
	if (rc) {
		*stage = STAGE_PROBED;
		dev_printk(KERN_ERR, dev, "device_add_groups() failed");
	}
	return rc;
}

/* Queues the device for another try; what it waits for may have come during the probe. */
static void defer(struct device *dev, uint64_t triggers)
{
	struct driver_core *core = dev->core;

	driver_deferred_probe_add(dev);
	if (triggers == core->trigger_count || core->defer_all_probes)
		return;
	deferred_retried(dev);
	driver_deferred_probe_trigger(core);
}

/* Checks before a driver is called: 0, or -errno. */
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
	if (core->kernel->profile->present_warns) {
		kernel_warn(core->kernel, "really_probe", NULL);
		return 0; /* existing resources will be released along with those of this probe */
	}
	dev_printk(KERN_CRIT, dev, "Resources present before probing");
	return -EBUSY;
}

/* The return value in the graph: old releases return whether a device was bound. */
static int shown_result(struct kernel *k, int rc)
{
	if (!k->profile->old_really_probe || rc < 0)
		return rc;
	return rc == 0;
}

/* 0; positive errno: another driver may be tried; negative: no other driver is tried. */
static int really_probe(struct device *dev, struct device_driver *drv)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	uint64_t triggers = core->trigger_count;
	bool old = k->profile->old_really_probe;
	enum probe_stage stage;
	int rc, probe_rc = 0;

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
	rc = probe_steps(dev, drv, &stage, &probe_rc);
	if (!k->task_died && rc)
		probe_failed(dev, drv, stage, rc, probe_rc);
	if (!k->task_died && old && (probe_rc ? probe_rc : rc) == -EPROBE_DEFER)
		defer(dev, triggers);
	if (k->task_died) {
		/* nothing unwinds or unlocks any more, so the driver stays in use */
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

/* A probe on behalf of the bus: the device is queued if it defers. */
int driver_probe_device(struct device *dev, struct device_driver *drv)
{
	struct driver_core *core = dev->core;
	uint64_t triggers = core->trigger_count;
	int rc = __driver_probe_device(dev, drv);

	if ((rc == -EPROBE_DEFER || rc == EPROBE_DEFER) && !core->kernel->profile->old_really_probe)
		defer(dev, triggers);
	return rc;
}
