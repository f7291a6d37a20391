/* SPDX-License-Identifier: MIT */
/* Devices: creating, adding, removing, releasing; driver data and NUMA node. */
#include "call/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "lib/host_memory.h"

static void release_code(struct device *dev)
{
	struct value arg = v_device(dev->id);

	code_run(dev->more->release_data, &arg, 1);
}

static void drop_release(void *data)
{
	struct code *code = data;

	code->drop(code);
}

/* Arguments common to device and device_initialize. */
struct device_args {
	struct device_config config;
	char *names, **compatible;
};

static void device_args(struct call_ctx *c, struct device_args *a)
{
	struct driver_core *core = &c->machine->core;
	struct code *release = take_code(c, 6);

	*a = (struct device_args){
		.config = {
			.name = c->arg[0].s, .numa_node = (int)c->arg[1].i,
			.parent = c->arg[2].type == V_DEVICE ? arg_device(c, 2) : NULL,
			.bus = c->arg[3].type == V_STR ? bus_by_name(core, c->arg[3].s) : NULL,
			.class = c->arg[4].type == V_STR ? class_by_name(core, c->arg[4].s) : NULL,
			.id = c->arg[7].type == V_STR ? c->arg[7].s : NULL,
		},
	};
	if (c->arg[5].type == V_STR) {
		a->names = host_strdup(c->arg[5].s);
		a->compatible = a->names ? split_strings(a->names) : NULL;
		a->config.compatible = a->compatible;
	}
	if (release) {
		a->config.release = release_code;
		a->config.release_drop = drop_release;
		a->config.release_data = release;
	}
}

static int device_result(struct call_ctx *c, struct device_args *a, int rc)
{
	free(a->compatible);
	free(a->names);
	if (rc == -EINVAL && check_name(c->arg[0].s))
		return result_error(c->result, rc, "name '%.40s': wants 1 to %d characters without "
				    "blanks and '/'", c->arg[0].s, NAME_MAX_BYTES);
	if (rc == -EEXIST)
		return result_error(c->result, rc, "device '%.40s' exists already", c->arg[0].s);
	return rc ? result_errno(c->result, rc) : 0;
}

static int run_device(struct call_ctx *c)
{
	struct driver_core *core = &c->machine->core;
	struct bus_type *bus;
	struct device_args a;
	struct device *dev;
	int rc;

	device_args(c, &a);
	bus = a.config.bus || a.config.class ? a.config.bus : &core->platform;
	if (bus)
		bus_get(bus); /* a probe may unregister the bus */
	rc = device_register(core, &a.config, NULL);
	/* a probe may have removed the device already */
	dev = bus_find_device(core, bus, c->arg[0].s);
	if (bus)
		bus_put(bus);
	if (!rc)
		c->result->value = v_device(dev ? dev->id : 0);
	return device_result(c, &a, rc);
}

static int run_device_initialize(struct call_ctx *c)
{
	struct device_args a;
	struct device *dev;
	int rc;

	device_args(c, &a);
	rc = device_initialize(&c->machine->core, &a.config, &dev);
	if (!rc)
		c->result->value = v_device(dev->id);
	return device_result(c, &a, rc);
}

static int run_device_add(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	int rc;

	dev->holds++;
	rc = device_add(dev);
	result_errno(c->result, rc);
	if (rc == -EEXIST)
		result_error(c->result, rc, "-EEXIST: the name '%.40s' is taken", dev->name);
	dev->holds--;
	return rc;
}

static int is_root(struct call_ctx *c, struct device *dev)
{
	if (dev != c->machine->core.root)
		return 0;
	return result_error(c->result, -EBUSY, "'platform' is the root of all devices");
}

static int run_device_del(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);

	return is_root(c, dev) ? c->result->err : result_errno(c->result, device_del(dev));
}

static int run_device_unregister(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);

	return is_root(c, dev) ? c->result->err : result_errno(c->result, device_unregister(dev));
}

static int run_get_device(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);

	user_get_device(dev);
	if (dev->releasing)
		note_gone(c, dev);
	c->result->value = v_device(dev->id);
	return 0;
}

static int run_put_device(struct call_ctx *c)
{
	struct device *dev = arg_device(c, 0);
	bool was_gone = dev->releasing;

	if (user_put_device(dev))
		return result_error(c->result, -EBUSY, "only the kernel's own reference to "
				    "'platform', the root of all devices, is left");
	if (was_gone)
		note_gone(c, dev);
	return 0;
}

static int run_dev_set_drvdata(struct call_ctx *c)
{
	dev_set_drvdata(arg_device(c, 0), c->arg[1].u);
	return 0;
}

static int run_dev_get_drvdata(struct call_ctx *c)
{
	c->result->value = v_addr(dev_get_drvdata(arg_device(c, 0)));
	return 0;
}

static int run_dev_to_node(struct call_ctx *c)
{
	return result_int(c->result, dev_to_node(arg_device(c, 0)));
}

static int run_set_dev_node(struct call_ctx *c)
{
	set_dev_node(arg_device(c, 0), (int)c->arg[1].i);
	return 0;
}

#define DEVICE_PARAMS \
	{ "numa_node", P_NODE, "-1", true, "NUMA node it is attached to" }, \
	{ "parent", P_DEVICE, "", true, "device above it" }, \
	{ "bus", P_BUS, "", true, "bus it is on" }, \
	{ "class", P_CLASS, "", true, "class it belongs to" }, \
	{ "compatible", P_STRINGS, "", true, "what it can be driven as: \"vendor,device ...\"" }, \
	{ "release", P_CODE, "", true, "called when its last reference is dropped; $dev" }, \
	{ "id", P_STR, "", true, "what drivers' ids are compared with; none: its name" },
#define SUBJECT .subject = "Devices and drivers"

const struct call device_calls[] = {
	{
		.name = "device", SUBJECT,
		.summary = "make a device; a platform device when no bus is named",
		.param = {
			{ "name", P_STR, NULL, false, "its name; after a dot an instance: uart.0" },
			DEVICE_PARAMS
		},
		.returns = "the device",
		.detail = "device_register(): a registered driver that matches probes it at once. "
			  "numa_node=-1 takes the parent's node. On other buses than platform the "
			  "device needs a release(), or its class does.",
		.example = "device eth0\ndevice eth1 parent=eth0\ndevices",
		.run = run_device,
	},
	{
		.name = "device_initialize", SUBJECT,
		.summary = "make a device that is not added yet",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			DEVICE_PARAMS
		},
		.returns = "the device, with a reference that is yours",
		.detail = "device_add adds it, put_device frees it. Platform devices have "
			  "platform_device_alloc.",
		.example = "device_initialize dev0 release={ echo release $dev }\n"
			   "device_add dev0\ndevice_del dev0\nput_device dev0",
		.run = run_device_initialize,
	},
	{
		.name = "device_add", SUBJECT,
		.summary = "add a device; drivers that match probe it",
		.param = { DEV_PARAM },
		.returns = "0, -EEXIST when its name exists",
		.detail = "On an error the device is still yours: put_device.",
		.example = "device_initialize dev0 bus=platform release={}\ndevice_add dev0",
		.run = run_device_add,
	},
	{
		.name = "device_del", SUBJECT,
		.summary = "unbind a device and take it off its bus; it is not freed",
		.param = { DEV_PARAM },
		.returns = "0, or -ENODEV, -EDEADLK",
		.example = "device eth0\ndevice_del eth0\nput_device eth0",
		.run = run_device_del,
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
		.detail = "The creator has one, too; device_unregister drops that. A put too many "
			  "underflows, at once or when the device goes.",
		.example = "device eth0\nget_device eth0\ndevice_unregister eth0\nput_device eth0",
		.run = run_put_device,
	},
	{
		.name = "dev_set_drvdata", SUBJECT,
		.summary = "store a pointer in the device",
		.param = { DEV_PARAM, { "data", P_ADDR, NULL, false, "the pointer" } },
		.returns = "nothing",
		.example = "device eth0\np = devm_kzalloc eth0 64\ndev_set_drvdata eth0 $p",
		.run = run_dev_set_drvdata,
	},
	{
		.name = "dev_get_drvdata", SUBJECT,
		.summary = "the pointer that dev_set_drvdata stored",
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
		.name = "set_dev_node", SUBJECT,
		.summary = "attach a device to a NUMA node",
		.param = { DEV_PARAM, { "node", P_NODE, NULL, false, "the node, -1 for none" } },
		.returns = "nothing",
		.example = "device eth0\nset_dev_node eth0 0",
		.run = run_set_dev_node,
	},
	{ 0 },
};
