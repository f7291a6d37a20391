/* SPDX-License-Identifier: MIT */
/*
 * Platform devices in two steps, as board code and MFD drivers make them. `device` makes
 * them in one.
 */
#include "call/entry.h"

#include <stdio.h>

#include "base/device.h"
#include "base/driver_core.h"
#include "base/registry.h"

#define NO_INSTANCE (-1) /* PLATFORM_DEVID_NONE */

static int run_platform_device_alloc(struct call_ctx *c)
{
	char name[NAME_MAX_BYTES + 16];
	struct device *dev;
	int rc;

	if (c->arg[1].i < NO_INSTANCE)
		return result_error(c->result, -EINVAL, "id %lld: wants a number, or -1 for none",
				    (long long)c->arg[1].i);
	if (c->arg[1].i == NO_INSTANCE)
		snprintf(name, sizeof(name), "%s", c->arg[0].s);
	else
		snprintf(name, sizeof(name), "%s.%lld", c->arg[0].s, (long long)c->arg[1].i);
	rc = platform_device_alloc(&c->machine->core, name, &dev);
	if (rc == -EINVAL)
		return result_error(c->result, rc, "name '%.40s': wants 1 to %d characters without "
				    "blanks and '/'", name, NAME_MAX_BYTES);
	c->result->value = rc ? v_addr(0) : v_device(dev->id);
	return 0;
}

static int run_platform_device_add(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	int rc;

	if (!dev->platform_device)
		return result_error(c->result, -EINVAL, "'%.40s' is not from platform_device_alloc: "
				    "device_add adds it", dev->name);
	dev->holds++;
	rc = platform_device_add(dev);
	result_errno(c->result, rc);
	if (rc == -EEXIST)
		result_error(c->result, rc, "-EEXIST: the name '%.40s' is taken", dev->name);
	dev->holds--;
	return rc;
}

#define SUBJECT .subject = "Devices and drivers"

const struct call platform_calls[] = {
	{
		.name = "platform_device_alloc", SUBJECT,
		.summary = "make a platform device that is not added yet",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "id", P_INT, "-1", false, "its instance, which follows the name after a dot; -1: none" },
		},
		.returns = "the device, with a reference that is yours; NULL when memory runs out",
		.detail = "platform_device_add adds it, and put_device frees it if that fails.",
		.example = "pdev = platform_device_alloc demo 0\nplatform_device_add $pdev\n"
			   "device_unregister $pdev",
		.flags = CALL_POINTER, .run = run_platform_device_alloc,
	},
	{
		.name = "platform_device_add", SUBJECT,
		.summary = "add a device from platform_device_alloc; it is probed",
		.param = { DEV_PARAM },
		.returns = "0, -EEXIST when its name exists",
		.detail = "On an error the device is still yours: put_device.",
		.example = "pdev = platform_device_alloc demo\nplatform_device_add $pdev",
		.run = run_platform_device_add,
	},
	{ 0 },
};
