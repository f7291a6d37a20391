/* SPDX-License-Identifier: MIT */
/*
 * /sys/kernel/debug. Corresponds to the debugfs files of Linux' drivers/base/dd.c.
 * Differs: devres/ only exists in devsh; in Linux the list of a device can only be seen
 * in a debugger.
 */
#include "fs/node.h"

#include "base/device.h"
#include "base/devres_walk.h"
#include "base/probe.h"
#include "kernel/report.h"

static void show_devices_deferred(const struct place *at, struct buf *out)
{
	const struct list *queues[] = { &at->m->core.pending, &at->m->core.active };
	struct device *dev;

	for (int i = 0; i < 2; i++)
		list_each(dev, queues[i], struct device, deferred)
			if (at->m->kernel.profile->keeps_reason)
				buf_printf(out, "%s\t%s\n", dev->name, device_deferred_reason(dev));
			else
				buf_printf(out, "%s\n", dev->name);
}

/* Nodes in release order, as devres.log prints them. */
static void show_devres(const struct place *at, struct buf *out)
{
	struct devres_info info;
	uint64_t where = 0;

	for (uint32_t i = 0; i < at->dev->devres.count && devres_walk(at->dev, &where, &info); i++)
		buf_printf(out, "%0*llx %s (%zu bytes)\n", addr_digits(at->m->kernel.arch),
			   (unsigned long long)info.addr + info.header, info.release_name, info.size);
}

const struct node debugfs_nodes[] = {
	{ "/sys/kernel/debug", "for debugging the kernel", .mode = 0700 },
	{ "/sys/kernel/debug/devices_deferred", "devices whose probe will be tried again", .mode = 0444,
	  .since = RELEASE(4, 19), .show = show_devices_deferred },
	{ .path = "/sys/kernel/debug/devres", .help = "managed resources; only devsh has this" },
	{ "/sys/kernel/debug/devres/<any>", "its resources in the order of release", .mode = 0444,
	  .show = show_devres },
	{ 0 },
};
