/* SPDX-License-Identifier: MIT */
/* Devices and drivers: making, binding, removing, looking after. */
#include "call/entry.h"

#include <stdlib.h>
#include <string.h>

static int run_device(struct call_ctx *c);
static int run_device_unregister(struct call_ctx *c);
static int run_get_device(struct call_ctx *c);
static int run_put_device(struct call_ctx *c);
static int run_driver(struct call_ctx *c);
static int run_driver_unregister(struct call_ctx *c);
static int run_bind(struct call_ctx *c);
static int run_unbind(struct call_ctx *c);
static int run_dev_set_drvdata(struct call_ctx *c);
static int run_dev_get_drvdata(struct call_ctx *c);
static int run_dev_to_node(struct call_ctx *c);
static int run_dev_err(struct call_ctx *c);
static int run_dev_info(struct call_ctx *c);
static int run_define(struct call_ctx *c);

#define DEV_PARAM { "dev", P_DEVICE, NULL, false, "the device" }
#define SUBJECT .subject = "Devices and drivers"

const struct call device_calls[] = {
	{
		.name = "device", SUBJECT,
		.summary = "make a platform device",
		.param = {
			{ "name", P_STR, NULL, false, "its name; behind a dot an instance: uart.0" },
			{ "numa_node", P_NODE, "-1", true, "NUMA node it is attached to" },
			{ "parent", P_DEVICE, "", true, "device above it" },
		},
		.returns = "the device",
		.detail = "A registered driver that matches probes it at once. numa_node=-1 takes "
			  "the parent's node.",
		.example = "device eth0\ndevice eth1 parent=eth0\ndevices",
		.run = run_device,
	},
	{
		.name = "device_unregister", SUBJECT,
		.summary = "remove a device: unbind it, release its resources",
		.param = { DEV_PARAM },
		.returns = "0, or -ENODEV, -EDEADLK",
		.example = "device eth0\ndevice_unregister eth0",
		.run = run_device_unregister,
	},
	{
		.name = "get_device", SUBJECT,
		.summary = "take a reference to a device",
		.param = { DEV_PARAM },
		.returns = "the device",
		.example = "device eth0\nget_device eth0\nput_device eth0",
		.run = run_get_device,
	},
	{
		.name = "put_device", SUBJECT,
		.summary = "drop a reference; the last one frees the device",
		.param = { DEV_PARAM },
		.returns = "nothing",
		.example = "device eth0\nget_device eth0\ndevice_unregister eth0\nput_device eth0",
		.run = run_put_device,
	},
	{
		.name = "driver", SUBJECT,
		.summary = "register a driver",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "probe", P_CODE, "", true, "called to bind; the device is $dev" },
			{ "remove", P_CODE, "", true, "called to unbind; the device is $dev" },
			{ "id_table", P_NAMES, "", true, "device names it drives, a,b,c" },
		},
		.returns = "the driver",
		.detail = "Devices that match are probed at once: by id_table, and by the driver's "
			  "own name when there is no table. A probe fails with the errno of its "
			  "first failing call, or with 'return -ENODEV'.",
		.example = "driver demo probe={ a = devm_kzalloc $dev 64; b = devm_kmalloc $dev 200 }\n"
			   "device eth0\nbind eth0 demo\ndevres eth0",
		.run = run_driver,
	},
	{
		.name = "driver_unregister", SUBJECT,
		.summary = "remove a driver; its devices are unbound, newest first",
		.param = { { "drv", P_DRIVER, NULL, false, "the driver" } },
		.returns = "0, or -EDEADLK from inside its own callbacks",
		.example = "driver demo probe={ devm_kzalloc $dev 64 }\ndevice demo.0\ndriver_unregister demo",
		.run = run_driver_unregister,
	},
	{
		.name = "bind", SUBJECT,
		.summary = "bind a device to a driver: probe it",
		.param = { DEV_PARAM, { "drv", P_DRIVER, NULL, false, "the driver" } },
		.returns = "0, -EBUSY when it is bound, -EAGAIN when the probe defers, the probe's errno",
		.detail = "As writing the name to the driver's bind file. A driver that does not "
			  "match by itself is made to match for this one probe, as with driver_override.",
		.example = "device eth0\ndriver demo probe={ devm_kzalloc $dev 64 }\nbind eth0 demo",
		.run = run_bind,
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
		.run = run_unbind,
	},
	{
		.name = "dev_set_drvdata", SUBJECT,
		.summary = "keep a pointer with the device",
		.param = { DEV_PARAM, { "data", P_ADDR, NULL, false, "the pointer" } },
		.returns = "nothing",
		.example = "device eth0\np = devm_kzalloc eth0 64\ndev_set_drvdata eth0 $p",
		.run = run_dev_set_drvdata,
	},
	{
		.name = "dev_get_drvdata", SUBJECT,
		.summary = "the pointer that dev_set_drvdata kept",
		.param = { DEV_PARAM },
		.returns = "pointer; NULL after unbind",
		.example = "device eth0\ndev_get_drvdata eth0",
		.flags = CALL_LOOKS, .run = run_dev_get_drvdata,
	},
	{
		.name = "dev_to_node", SUBJECT,
		.summary = "the device's NUMA node",
		.param = { DEV_PARAM },
		.returns = "node, -1 for none",
		.example = "device eth0\ndev_to_node eth0",
		.flags = CALL_LOOKS, .run = run_dev_to_node,
	},
	{
		.name = "dev_err", SUBJECT,
		.summary = "log an error of a device",
		.param = { DEV_PARAM, { "text", P_WORDS, NULL, false, "the message" } },
		.returns = "nothing",
		.example = "device eth0\ndev_err eth0 no link\ndmesg",
		.run = run_dev_err,
	},
	{
		.name = "dev_info", SUBJECT,
		.summary = "log a message of a device",
		.param = { DEV_PARAM, { "text", P_WORDS, NULL, false, "the message" } },
		.returns = "nothing",
		.detail = "It is in dmesg; the console shows warnings and what is worse.",
		.example = "device eth0\ndev_info eth0 link is up\ndmesg",
		.run = run_dev_info,
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

static int run_device(struct call_ctx *c)
{
	struct device_config config = {
		.name = c->arg[0].s, .numa_node = (int)c->arg[1].i,
		.parent = c->arg[2].type == V_DEVICE ? arg_device(c, 2) : NULL,
	};
	struct device *dev;
	int rc;

	rc = device_register(&c->machine->core, &config, NULL);
	if (rc == -EINVAL)
		return result_error(c->result, rc, "name '%.40s': wants 1 to %d characters without "
				    "blanks and '/'", c->arg[0].s, NAME_MAX_BYTES);
	if (rc == -EEXIST)
		return result_error(c->result, rc, "device '%.40s' exists already", c->arg[0].s);
	if (rc)
		return result_errno(c->result, rc);
	/* a probe may have removed it already */
	dev = device_by_name(&c->machine->core, c->arg[0].s);
	c->result->value = v_device(dev ? dev->id : 0);
	return 0;
}

static int run_device_unregister(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);

	if (dev == c->machine->core.root)
		return result_error(c->result, -EBUSY, "'platform' is the root of all devices");
	return result_errno(c->result, device_unregister(dev));
}

static int run_get_device(struct call_ctx *c)
{
	struct device *dev = get_device(arg_device(c, 0));

	dev->user_refs++;
	c->result->value = v_device(dev->id);
	return 0;
}

static int run_put_device(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);

	/* the creator's reference goes with device_unregister(), others are the core's */
	if (!dev->user_refs)
		return result_error(c->result, -EINVAL, "'%.40s' has no reference left that "
				    "get_device took", dev->name);
	dev->user_refs--;
	put_device(dev);
	return 0;
}

/* What a driver of the front end keeps in its private pointer. */
struct driver_code {
	struct code *probe, *remove;
};

static int probe_code(struct device *dev)
{
	struct driver_code *d = dev->driver->private;
	struct value arg = v_device(dev->id), ret = { 0 };
	int rc = d->probe->run(d->probe, &arg, 1, &ret);

	if (rc)
		return rc;
	return ret.type == V_INT ? (int)ret.i : 0;
}

static void remove_code(struct device *dev)
{
	struct driver_code *d = dev->driver->private;
	struct value arg = v_device(dev->id), ret = { 0 };

	d->remove->run(d->remove, &arg, 1, &ret);
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

/* "a,b,c" into a NULL-terminated table that points into the copy. */
static char **split_names(char *names)
{
	size_t n = 2;
	char **table, *save;

	for (char *s = names; *s; s++)
		n += *s == ',';
	table = calloc(n, sizeof(*table));
	n = 0;
	for (char *s = strtok_r(names, ", ", &save); table && s; s = strtok_r(NULL, ", ", &save))
		table[n++] = s;
	return table;
}

static int run_driver(struct call_ctx *c)
{
	struct driver_code *d = calloc(1, sizeof(*d));
	char *names = c->arg[3].type == V_STR ? strdup(c->arg[3].s) : NULL;
	struct device_driver proto = {
		.name = (char *)c->arg[0].s, .destroy = destroy_code, .private = d,
		.id_table = names ? split_names(names) : NULL,
	};
	struct device_driver *drv;
	int rc = -ENOMEM;

	if (d) {
		d->probe = take_code(c, 1);
		d->remove = take_code(c, 2);
		proto.probe = d->probe ? probe_code : NULL;
		proto.remove = d->remove ? remove_code : NULL;
		rc = driver_register(&c->machine->core, &proto, &drv);
	}
	free(proto.id_table);
	free(names);
	if (rc == -EINVAL)
		return result_error(c->result, rc, "name '%.40s': wants 1 to %d characters without "
				    "blanks and '/'", c->arg[0].s, NAME_MAX_BYTES);
	if (rc == -EBUSY)
		return result_error(c->result, rc, "driver '%.40s' exists already", c->arg[0].s);
	if (rc)
		return result_errno(c->result, rc);
	c->result->value = (struct value){ .type = V_DRIVER, .id = drv->id };
	return 0;
}

static int run_driver_unregister(struct call_ctx *c)
{
	return result_errno(c->result, driver_unregister(arg_driver(c, 0)));
}

static int run_bind(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	struct device_driver *drv = arg_driver(c, 1);
	char *override;
	int rc;

	if (!dev->bus)
		return result_error(c->result, -ENODEV, "'%.40s' is on no bus", dev->name);
	/* the probe may drop references and make others: both stay until it is over */
	get_device(dev);
	override = dev->driver_override;
	if (!dev->bus->match(dev, drv))
		dev->driver_override = drv->name;
	rc = device_driver_attach(drv, dev);
	dev->driver_override = override;
	result_errno(c->result, rc);
	if (rc == -EBUSY && dev->driver)
		result_error(c->result, rc, "-EBUSY: '%.40s' is bound to '%.40s'",
			     dev->name, dev->driver->name);
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

static int run_dev_set_drvdata(struct call_ctx *c)
{
	arg_device(c, 0)->drvdata = c->arg[1].u;
	return 0;
}

static int run_dev_get_drvdata(struct call_ctx *c)
{
	c->result->value = v_addr(arg_device(c, 0)->drvdata);
	return 0;
}

static int run_dev_to_node(struct call_ctx *c)
{
	return result_int(c->result, arg_device(c, 0)->numa_node);
}

static int run_dev_err(struct call_ctx *c)
{
	dev_printk(KERN_ERR, arg_device(c, 0), "%s", c->arg[1].s);
	return 0;
}

static int run_dev_info(struct call_ctx *c)
{
	dev_printk(KERN_INFO, arg_device(c, 0), "%s", c->arg[1].s);
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
