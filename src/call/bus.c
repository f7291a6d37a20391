/* SPDX-License-Identifier: MIT */
/* Buses and classes created by the user. */
#include "call/entry.h"

#include <stdlib.h>

#include "base/bus.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/probe.h"
#include "base/registry.h"
#include "lib/host_memory.h"

/* The private data of a bus made by the front end. */
struct bus_code {
	struct code *match, *probe, *remove, *dma;
};

static int match_code(struct device *dev, struct device_driver *drv)
{
	struct bus_code *b = drv->bus->private;
	struct value arg[2] = { v_device(dev->id), v_driver(drv->id) };

	return code_match(b->match, arg, 2);
}

static int probe_code(struct device *dev)
{
	struct bus_code *b = dev->bus->private;
	struct value arg[2] = { v_device(dev->id), v_driver(dev->driver->id) };

	return code_call(b->probe, arg, 2);
}

static void remove_code(struct device *dev)
{
	struct bus_code *b = dev->bus->private;
	struct value arg[2] = { v_device(dev->id), v_driver(dev->driver->id) };

	code_run(b->remove, arg, 2);
}

static int dma_code(struct device *dev)
{
	struct bus_code *b = dev->bus->private;
	struct value arg = v_device(dev->id);

	return code_call(b->dma, &arg, 1);
}

static void drop(struct code *code)
{
	if (code)
		code->drop(code);
}

static void destroy_bus(struct bus_type *bus)
{
	struct bus_code *b = bus->private;

	drop(b->match);
	drop(b->probe);
	drop(b->remove);
	drop(b->dma);
	free(b);
}

/* For buses and classes. */
static int registered(struct call_ctx *c, int rc)
{
	if (rc == -EINVAL && check_name(c->arg[0].s))
		return result_error(c->result, rc, "name '%.40s': wants 1 to %d characters without "
				    "blanks and '/'", c->arg[0].s, NAME_MAX_BYTES);
	if (rc == -EEXIST)
		return result_error(c->result, rc, "%s '%.40s' exists already", c->call->name,
				    c->arg[0].s);
	return rc ? result_errno(c->result, rc) : 0;
}

static int run_bus(struct call_ctx *c)
{
	struct bus_code *b = host_calloc(1, sizeof(*b));
	struct bus_type proto = { .name = (char *)c->arg[0].s, .destroy = destroy_bus, .private = b };
	struct bus_type *bus;

	if (!b)
		return registered(c, -ENOMEM);
	b->match = take_code(c, 1);
	b->probe = take_code(c, 2);
	b->remove = take_code(c, 3);
	b->dma = take_code(c, 4);
	proto.match = b->match ? match_code : NULL;
	proto.probe = b->probe ? probe_code : NULL;
	proto.remove = b->remove ? remove_code : NULL;
	proto.dma_configure = b->dma ? dma_code : NULL;
	proto.driver_override = c->arg[5].type == V_BOOL && c->arg[5].b;
	proto.dynamic_ids = c->arg[6].type == V_BOOL && c->arg[6].b;
	return registered(c, bus_register(&c->machine->core, &proto, &bus));
}

static int run_bus_unregister(struct call_ctx *c)
{
	struct bus_type *bus = bus_by_name(&c->machine->core, c->arg[0].s);

	if (bus == &c->machine->core.platform)
		return result_error(c->result, -EBUSY, "'platform' is part of the kernel");
	return result_errno(c->result, bus_unregister(bus));
}

/*
 * The device, if its bus' own probe or remove is running; then it is locked and has a
 * driver.
 */
static struct device *device_of_bus_code(struct call_ctx *c, bool unbinding)
{
	struct device *dev = arg_device(c, 0);

	if (dev->driver && dev->busy && dev->unbinding == unbinding)
		return dev;
	result_error(c->result, -EINVAL, "'%.40s' is not in its bus' %s at this moment", dev->name,
		     unbinding ? "remove" : "probe");
	return NULL;
}

static int run_driver_probe(struct call_ctx *c)
{
	struct device *dev = device_of_bus_code(c, false);
	int rc = dev ? bus_driver_probe(dev) : 0;

	if (!dev)
		return c->result->err;
	return result_int(c->result, rc);
}

static int run_driver_remove(struct call_ctx *c)
{
	struct device *dev = device_of_bus_code(c, true);

	if (dev)
		bus_driver_remove(dev);
	return c->result->err;
}

static void release_code(struct device *dev)
{
	struct value arg = v_device(dev->id);

	code_run(dev->more->class->private, &arg, 1);
}

static void destroy_class(struct class *class)
{
	drop(class->private);
}

static int run_class(struct call_ctx *c)
{
	struct code *release = take_code(c, 1);
	struct class proto = {
		.name = (char *)c->arg[0].s, .dev_release = release ? release_code : NULL,
		.destroy = destroy_class, .private = release,
	};
	struct class *class;

	return registered(c, class_register(&c->machine->core, &proto, &class));
}

static int run_class_unregister(struct call_ctx *c)
{
	struct class *class = class_by_name(&c->machine->core, c->arg[0].s);

	return result_errno(c->result, class_unregister(class));
}

#define SUBJECT .subject = "Buses and classes"

const struct call bus_calls[] = {
	{
		.name = "bus", SUBJECT,
		.summary = "register a bus",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "match", P_CODE, "", true, "do $dev and $drv match? 1, 0, or -EPROBE_DEFER",
			  .args = "dev, drv" },
			{ "probe", P_CODE, "", true, "called instead of the driver's probe: driver_probe" },
			{ "remove", P_CODE, "", true, "called instead of the driver's remove: driver_remove" },
			{ "dma_configure", P_CODE, "", true, "called before the probe", RELEASE(4, 18) },
			{ "driver_override", P_BOOL, "", true, "yes: its devices have that file" },
			{ "dynamic_ids", P_BOOL, "", true, "yes: ids match, its drivers have new_id" },
		},
		.returns = "nothing",
		.detail = "bus_register(): 'device' and 'driver' take it as bus=. Without a match all "
			  "devices match all drivers, or, with dynamic_ids=yes, those whose id or name "
			  "is in the driver's id_table or was written to its new_id. To decide, a "
			  "match asks Lua, where dev and drv have a name.",
		.example = "bus pci match={\n"
			   "  lua fits = dev.name:sub(1, 2) == drv.name:sub(1, 2)\n"
			   "  return $fits\n}\n"
			   "device ah-0 bus=pci release={}\n"
			   "driver ahci bus=pci probe={ devm_kzalloc $dev 64 }\ndrivers",
		.run = run_bus,
	},
	{
		.name = "bus_unregister", SUBJECT,
		.summary = "remove a bus; devices and drivers on it stay as they are",
		.param = { { "bus", P_BUS, NULL, false, "the bus" } },
		.returns = "0",
		.example = "bus pci\nbus_unregister pci",
		.run = run_bus_unregister,
	},
	{
		.name = "driver_probe", SUBJECT,
		.summary = "call the probe of the driver, from its bus' own probe",
		.param = { { "dev", P_DEVICE, NULL, false, "the device" } },
		.returns = "0, or what the probe returned",
		.detail = "A bus puts what it does around the probe before and after this call, as buses "
			  "attach clocks and power domains. In the shell an errno ends the bus' probe with it.",
		.example = "bus i2c probe={ echo power on; driver_probe $dev } \\\n"
			   "  remove={ driver_remove $dev; echo power off }\n"
			   "driver lm75 bus=i2c probe={ devm_kzalloc $dev 64 } remove={ echo remove }\n"
			   "device 1-0048 bus=i2c release={}\nunbind 1-0048",
		.flags = CALL_RETURNS | CALL_LIVE, .run = run_driver_probe,
	},
	{
		.name = "driver_remove", SUBJECT,
		.summary = "call the remove of the driver, from its bus' own remove",
		.param = { { "dev", P_DEVICE, NULL, false, "the device" } },
		.returns = "nothing",
		.example = "bus i2c remove={ driver_remove $dev; echo power off }\n"
			   "driver lm75 bus=i2c remove={ echo remove }\n"
			   "device 1-0048 bus=i2c release={}\nunbind 1-0048",
		.run = run_driver_remove,
	},
	{
		.name = "class", SUBJECT,
		.summary = "register a class of devices",
		.param = {
			{ "name", P_STR, NULL, false, "its name" },
			{ "dev_release", P_CODE, "", true, "releases devices without a release() of their own" },
		},
		.returns = "nothing",
		.detail = "class_register(): 'device' takes it as class=.",
		.example = "class net dev_release={ echo release $dev }\ndevice eth0 class=net\n"
			   "device_unregister eth0",
		.run = run_class,
	},
	{
		.name = "class_unregister", SUBJECT,
		.summary = "remove a class; its devices stay as they are",
		.param = { { "class", P_CLASS, NULL, false, "the class" } },
		.returns = "0",
		.example = "class net\nclass_unregister net",
		.run = run_class_unregister,
	},
	{ 0 },
};
