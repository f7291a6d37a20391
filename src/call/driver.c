/* SPDX-License-Identifier: MIT */
/* Drivers: registering, binding, matching; deferred probes. */
#include "call/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/probe.h"
#include "base/registry.h"
#include "kernel/report.h"
#include "lib/host_memory.h"

/* The private data of a driver made by the front end. */
struct driver_code {
	struct code *probe, *remove;
};

static int probe_code(struct device *dev)
{
	struct driver_code *d = dev->driver->private;
	struct value arg = v_device(dev->id);

	return code_call(d->probe, &arg, 1);
}

static void remove_code(struct device *dev)
{
	struct driver_code *d = dev->driver->private;
	struct value arg = v_device(dev->id);

	code_run(d->remove, &arg, 1);
}

static void destroy_code(struct device_driver *drv)
{
	struct driver_code *d = drv->private;

	if (d->probe)
		d->probe->drop(d->probe);
	if (d->remove)
		d->remove->drop(d->remove);
	free(d);
}

static enum probe_type probe_type(const struct value *v)
{
	if (v->type != V_STR)
		return PROBE_DEFAULT_STRATEGY;
	return !strcmp(v->s, "async") ? PREFER_ASYNCHRONOUS : FORCE_SYNCHRONOUS;
}

static int driver_result(struct call_ctx *c, int rc)
{
	if (rc == -EINVAL && check_name(c->arg[0].s))
		return result_error(c->result, rc, "name '%.40s': wants 1 to %d characters without "
				    "blanks and '/'", c->arg[0].s, NAME_MAX_BYTES);
	if (rc == -EBUSY)
		return result_error(c->result, rc, "driver '%.40s' exists already", c->arg[0].s);
	return rc ? result_errno(c->result, rc) : 0;
}

static int run_driver(struct call_ctx *c)
{
	struct driver_code *d;
	char *names = c->arg[3].type == V_STR ? host_strdup(c->arg[3].s) : NULL;
	char *compatible = c->arg[5].type == V_STR ? host_strdup(c->arg[5].s) : NULL;
	struct device_driver proto = {
		.name = (char *)c->arg[0].s, .destroy = destroy_code,
		.bus = bus_by_name(&c->machine->core, c->arg[4].s),
		.id_table = names ? split_names(names) : NULL,
		.probe_type = probe_type(&c->arg[6]),
		.compatible = compatible ? split_strings(compatible) : NULL,
	};
	struct device_driver *drv;
	int rc = -ENOMEM;

	d = host_calloc(1, sizeof(*d));
	proto.private = d;
	if (d) {
		d->probe = take_code(c, 1);
		d->remove = take_code(c, 2);
		proto.probe = d->probe ? probe_code : NULL;
		proto.remove = d->remove ? remove_code : NULL;
		rc = driver_register(&c->machine->core, &proto, &drv);
		if (!rc)
			c->result->value = (struct value){ .type = V_DRIVER, .id = drv->id };
	}
	free(proto.id_table);
	free(proto.compatible);
	free(names);
	free(compatible);
	return driver_result(c, rc);
}

static int run_driver_unregister(struct call_ctx *c)
{
	struct device_driver *drv = arg_driver(c, 0);

	if (drv)
		return result_errno(c->result, driver_unregister(drv));
	kernel_warn(ctx_kernel(c), "driver_unregister", "Unexpected driver unregister!");
	return result_error(c->result, -ENODEV, "drv: this driver is gone");
}

/* Adds to an errno where it came from: the probe, or a driver that does not match. */
static void explain_refusal(struct call_ctx *c, const struct device *dev,
			    const struct device_driver *drv, int rc)
{
	struct result *r = c->result;
	size_t len = strlen(r->why);
	int err = dev->last_result < 0 ? dev->last_result : -dev->last_result;
	bool asked = dev->probe_step == ctx_kernel(c)->step && dev->last_probe == drv->probe_name;

	if (!len)
		return;
	if (asked && err == rc)
		snprintf(r->why + len, sizeof(r->why) - len, " (from the probe of '%.40s')", drv->name);
	else if (asked && err && errno_name(-err))
		snprintf(r->why + len, sizeof(r->why) - len,
			 " (the probe of '%.40s' failed with -%s; bind says -ENODEV up to 5.10)",
			 drv->name, errno_name(-err));
	else if (rc == -ENODEV && dev->bus->match && !dev->bus->match((struct device *)dev, (struct device_driver *)drv))
		snprintf(r->why + len, sizeof(r->why) - len, " ('%.40s' does not match '%.40s')",
			 drv->name, dev->name);
}

static int run_bind(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	struct device_driver *drv = arg_driver(c, 1);
	char *override = NULL, *before = NULL;
	int rc;

	if (!dev->bus)
		return result_error(c->result, -ENODEV, "'%.40s' is on no bus", dev->name);
	if (dev->bus != drv->bus)
		return result_error(c->result, -ENODEV, "'%.40s' is on bus '%.40s', the driver on '%.40s'",
				    dev->name, dev->bus->name, drv->bus->name);
	if (!dev->bus->registered)
		return result_error(c->result, -ENODEV, "bus '%.40s' is gone, and its bind files with it",
				    dev->bus->name);
	/*
	 * the probe may drop references and register others: hold the device until it is
	 * over
	 */
	get_device(dev);
	if (dev->bus->driver_override && !driver_match_known(drv, dev) &&
	    (override = host_strdup(drv->name))) {
		before = dev->driver_override;
		dev->driver_override = override;
	}
	rc = device_driver_attach(drv, dev);
	if (override) {
		/* even if the probe wrote to it: that replaced ours */
		free(dev->driver_override);
		dev->driver_override = before;
	}
	result_errno(c->result, rc);
	if (rc == -EBUSY && dev->driver)
		result_error(c->result, rc, "-EBUSY: '%.40s' is bound to '%.40s'",
			     dev->name, dev->driver->name);
	else if (rc < 0)
		explain_refusal(c, dev, drv, rc);
	put_device(dev);
	return rc;
}

static int run_unbind(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	int rc = device_driver_detach(dev);

	result_errno(c->result, rc);
	if (rc == -ENODEV)
		result_error(c->result, rc, "-ENODEV: '%.40s' is not bound", dev->name);
	return rc;
}

static int run_driver_set_override(struct call_ctx *c)
{
	const char *name = c->arg[1].type == V_STR ? c->arg[1].s : NULL;
	struct device *dev = arg_device(c, 0);

	if (!dev->bus)
		return result_error(c->result, -EINVAL, "'%.40s' is on no bus", dev->name);
	if (!dev->bus->driver_override)
		return result_error(c->result, -EINVAL, "bus '%.40s' has no driver_override; one made "
				    "with 'bus NAME driver_override=yes' has", dev->bus->name);
	return result_errno(c->result, driver_set_override(dev, name));
}

static int run_device_attach(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	int rc;

	if (!dev->bus)
		return result_error(c->result, -ENODEV, "'%.40s' is on no bus", dev->name);
	get_device(dev);
	rc = device_attach(dev);
	put_device(dev);
	return rc < 0 ? result_errno(c->result, rc) : result_int(c->result, rc);
}

static const char *const deferred_columns[] = { "device", "reason" };

static int run_devices_deferred(struct call_ctx *c)
{
	bool reasons = ctx_kernel(c)->profile->keeps_reason;
	struct device *dev;

	result_columns(c->result, deferred_columns, reasons ? 2 : 1);
	list_each(dev, &c->machine->core.pending, struct device, deferred) {
		struct value *row = result_row(c->result);

		if (!row)
			break;
		row[0] = v_str(c->result, dev->name);
		if (reasons)
			row[1] = v_str(c->result, device_deferred_reason(dev));
	}
	return c->result->err;
}

static int run_wait_for_device_probe(struct call_ctx *c)
{
	return result_errno(c->result, wait_for_device_probe(&c->machine->core));
}

static int run_device_block_probing(struct call_ctx *c)
{
	return result_errno(c->result, device_block_probing(&c->machine->core));
}

static int run_device_unblock_probing(struct call_ctx *c)
{
	device_unblock_probing(&c->machine->core);
	return 0;
}

static int run_define(struct call_ctx *c)
{
	if (check_name(c->arg[0].s))
		return result_error(c->result, -EINVAL, "name '%.40s': wants a word", c->arg[0].s);
	if (!call_function(c->machine, c->arg[0].s, take_code(c, 1)))
		return result_error(c->result, -ENOMEM, "the host has no memory");
	return 0;
}

#define SUBJECT .subject = "Devices and drivers"

const struct call driver_calls[] = {
	{
		.name = "driver", SUBJECT,
		.summary = "register a driver",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "probe", P_CODE, "", true, "called to bind; the device is $dev" },
			{ "remove", P_CODE, "", true, "called to unbind; the device is $dev" },
			{ "id_table", P_NAMES, "", true, "names or ids of devices it drives, a,b,c" },
			{ "bus", P_BUS, "platform", true, "bus it is on" },
			{ "compatible", P_STRINGS, "", true, "what it drives: \"vendor,device ...\"" },
			{ "probe_type", P_CHOICE, "", true, "sync, or async: probe in the background",
			  CHOICES("sync", "async") },
		},
		.returns = "the driver",
		.detail = "Devices that match are probed at once: by driver_override, compatible, "
			  "id_table, and by the driver's own name when there is no table. A probe "
			  "fails with the errno of its first failing call, or with 'return -ENODEV'.",
		.example = "driver demo probe={ a = devm_kzalloc $dev 64; devm_kmalloc $dev 200 }\n"
			   "device eth0\nbind eth0 demo\ndevres eth0",
		.run = run_driver,
	},
	{
		.name = "driver_unregister", SUBJECT,
		.summary = "remove a driver; its devices are unbound, newest first",
		.param = { { "drv", P_DRIVER, NULL, false, "the driver" } },
		.returns = "0, or -EDEADLK from inside its own callbacks",
		.example = "driver demo probe={ devm_kzalloc $dev 64 }\ndevice demo.0\ndriver_unregister demo",
		.flags = CALL_STALE, .run = run_driver_unregister,
	},
	{
		.name = "bind", SUBJECT,
		.summary = "bind a device to a driver: probe it",
		.param = { DEV_PARAM, { "drv", P_DRIVER, NULL, false, "the driver" } },
		.returns = "0, -EBUSY when it is bound, -EAGAIN when the probe defers, the probe's errno; "
			   "up to 5.10 -ENODEV when it is bound or the driver does not take it",
		.detail = "As writing the name to the driver's bind file. On a bus with "
			  "driver_override a driver that does not match by itself is made to match for "
			  "this one probe.",
		.example = "device eth0\ndriver demo probe={ devm_kzalloc $dev 64 }\nbind eth0 demo",
		.flags = CALL_LIVE, .run = run_bind,
	},
	{
		.name = "unbind", SUBJECT,
		.summary = "unbind a device from its driver",
		.param = { DEV_PARAM },
		.returns = "0, -ENODEV when it is not bound",
		.detail = "remove() runs first, then the resources are released, newest first, "
			  "then driver data and driver are cleared.",
		.example = "device eth0\ndriver demo probe={ devm_kzalloc $dev 64 }\n"
			   "bind eth0 demo\nunbind eth0",
		.flags = CALL_LIVE, .run = run_unbind,
	},
	{
		.name = "driver_set_override", SUBJECT,
		.summary = "let only one driver match a device",
		.param = { DEV_PARAM, { "name", P_STR, "", false, "the driver's name; none: all match again" } },
		.returns = "0",
		.detail = "As writing to the device's driver_override file, which devices have on the "
			  "platform bus and on a bus that was made with driver_override=yes. Nothing "
			  "is unbound.",
		.example = "driver demo\ndevice eth0\ndriver_set_override eth0 demo\n"
			   "device_attach eth0\ndriver_set_override eth0",
		.run = run_driver_set_override,
	},
	{
		.name = "device_attach", SUBJECT,
		.summary = "try all drivers of its bus on a device",
		.param = { DEV_PARAM },
		.returns = "1 bound, 0 no driver took it, -errno of a probe that could not begin",
		.detail = "As writing the name to the bus' drivers_probe file.",
		.example = "driver uart\ndevice uart.0\nunbind uart.0\ndevice_attach uart.0",
		.run = run_device_attach,
	},
	{
		.name = "devices_deferred", SUBJECT,
		.summary = "devices whose probe waits for something, and for what",
		.returns = "rows",
		.detail = "Each driver that binds gives all of them one more try.",
		.example = "driver demo probe={ return -EPROBE_DEFER }\ndevice demo.0\ndevices_deferred",
		.since = RELEASE(4, 19), .flags = CALL_LOOKS, .run = run_devices_deferred,
	},
	{
		.name = "wait_for_device_probe", SUBJECT,
		.summary = "let probes in the background run now",
		.returns = "0, -EDEADLK from inside a probe",
		.example = "driver demo probe_type=async\ndevice demo.0\nwait_for_device_probe",
		.run = run_wait_for_device_probe,
	},
	{
		.name = "device_block_probing", SUBJECT,
		.summary = "defer all probes from here on, as suspend does",
		.returns = "0, -EDEADLK from inside a probe",
		.example = "device_block_probing\ndriver demo\ndevice demo.0\ndevice_unblock_probing",
		.run = run_device_block_probing,
	},
	{
		.name = "device_unblock_probing", SUBJECT,
		.summary = "probe again, and try what was deferred",
		.returns = "nothing",
		.example = "device_block_probing\ndevice_unblock_probing",
		.run = run_device_unblock_probing,
	},
	{
		.name = "define", SUBJECT,
		.summary = "define a function that actions and releases can name",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "body", P_CODE, NULL, false, "what it does; $dev and $data are its arguments" },
		},
		.returns = "nothing",
		.example = "define disable_clk { echo clock off }\ndevice eth0\n"
			   "devm_add_action eth0 disable_clk\ndevice_unregister eth0",
		.run = run_define,
	},
	{ 0 },
};
