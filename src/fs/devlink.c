/* SPDX-License-Identifier: MIT */
/*
 * Device links. Corresponds to the class devlink in Linux' drivers/base/core.c. Differs:
 * the directory of a link is in the class, not in /sys/devices/virtual.
 */
#include "fs/node.h"

#include "base/link.h"

static bool has_link_class(const struct place *at)
{
	return at->m->kernel.profile->link_class;
}

static void show_auto_remove_on(const struct place *at, struct buf *out)
{
	uint32_t flags = at->link->flags;

	buf_printf(out, "%s\n", flags & DL_FLAG_AUTOREMOVE_SUPPLIER ? "supplier unbind" :
		   flags & DL_FLAG_AUTOREMOVE_CONSUMER ? "consumer unbind" : "never");
}

static void show_runtime_pm(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->link->flags & DL_FLAG_PM_RUNTIME));
}

static void show_status(const struct place *at, struct buf *out)
{
	buf_printf(out, "%s\n", device_link_state_name(at->link));
}

static void show_sync_state_only(const struct place *at, struct buf *out)
{
	buf_printf(out, "%d\n", !!(at->link->flags & DL_FLAG_SYNC_STATE_ONLY));
}

static void link_supplier(const struct place *at, struct buf *out)
{
	path_of_device(at->link->supplier, out);
}

static void link_consumer(const struct place *at, struct buf *out)
{
	path_of_device(at->link->consumer, out);
}

static void link_devlink(const struct place *at, struct buf *out)
{
	char name[sizeof(((struct cursor *)0)->text)];

	device_link_name(at->link, name, sizeof(name));
	buf_printf(out, "/sys/class/devlink/%s", name);
}

#define LINK "/sys/class/devlink/<link>"
#define DEVICE "/sys/devices/<root>"

const struct node link_nodes[] = {
	{ "/sys/class/devlink", "device links: which device needs which", .exists = has_link_class },
	{ .path = LINK, .help = "one device link: supplier--consumer" },
	{ LINK "/auto_remove_on", "when it is removed automatically", .mode = 0444,
	  .show = show_auto_remove_on },
	{ LINK "/consumer", "the device that needs the other", .link = link_consumer },
	{ LINK "/runtime_pm", "1: the supplier is resumed first", .mode = 0444,
	  .show = show_runtime_pm },
	{ LINK "/status", "the state of both ends", .mode = 0444, .show = show_status },
	{ LINK "/supplier", "the device that is needed", .link = link_supplier },
	{ LINK "/sync_state_only", "1: does not defer a probe", .mode = 0444,
	  .show = show_sync_state_only },
	{ DEVICE "/<consumer>", "the link to a device that needs this one",
	  .exists = has_link_class, .link = link_devlink },
	{ DEVICE "/<supplier>", "the link to a device that this one needs",
	  .exists = has_link_class, .link = link_devlink },
	{ 0 },
};
