/* SPDX-License-Identifier: MIT */
/* Naming a device that is not registered yet. */
#include "call/copy_args.h"

#include "base/device.h"
#include "base/registry.h"

static int run_dev_set_name(struct call_ctx *c)
{
	struct buf text = BUF_INIT;
	int rc;

	if (arg_formatted(c, 1, &text)) {
		buf_finish(&text);
		return c->result->err;
	}
	if (check_name(buf_str(&text))) {
		result_error(c->result, -EINVAL, "fmt: '%.60s' cannot be the name of a device", buf_str(&text));
		buf_finish(&text);
		return c->result->err;
	}
	rc = dev_set_name(arg_device(c, 0), buf_str(&text));
	buf_finish(&text);
	if (rc == -EBUSY)
		return result_error(c->result, rc, "%.60s is added: Linux would change dev_name() and "
				    "leave its directories in /sys as they are",
				    arg_device(c, 0)->name);
	return result_errno(c->result, rc);
}

const struct call dev_name_calls[] = {
	{
		.name = "dev_set_name", .subject = "Devices and drivers",
		.summary = "name a device that is not added yet",
		.param = {
			{ "dev", P_DEVICE, NULL, false, "from device_initialize" },
			FMT_PARAM, FMT_ARGS,
		},
		.returns = "0, or -ENOMEM",
		.detail = "Linux does not refuse it for a device that is added: dev_name() changes, "
			  "and the directories in /sys keep the old name. Here it is an error.",
		.example = "device_initialize eth0\ndev_set_name eth0 \"eth%d\" 1\ndevice_add eth1",
		.run = run_dev_set_name,
	},
	{ 0 },
};
