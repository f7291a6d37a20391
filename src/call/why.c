/* SPDX-License-Identifier: MIT */
/*
 * why: the reason that a device is not bound; for an address, the same as `who`. The
 * sentences are derived from what the machine records anyway; no code is run, not even a
 * bus' own match function.
 */
#include "call/who.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "base/link.h"
#include "base/probe.h"
#include "base/registry.h"
#include "call/entry.h"
#include "kernel/errors.h"
#include "lib/buf.h"

#define LISTED_MAX 8 /* drivers or devices that are listed individually */

__attribute__((format(printf, 2, 3)))
static void sentence(struct call_ctx *c, const char *fmt, ...)
{
	struct value *row = result_row(c->result);
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (row)
		row[SENTENCES_text] = v_str(c->result, text);
}

/* --- why is a device not bound --------------------------------------------- */

static void explain_resources(struct call_ctx *c, struct device *dev)
{
	if (!dev->devres.count)
		return;
	if (device_is_bound(dev))
		sentence(c, "%u resource%s on its list: unbind releases them.", dev->devres.count,
			 plural(dev->devres.count));
	else
		sentence(c, "%u resource%s on its list, from before a probe: every probe is refused with "
			 "-EBUSY, as 'Resources present before probing' says.", dev->devres.count,
			 plural(dev->devres.count));
}

static void explain_suppliers(struct call_ctx *c, struct device *dev)
{
	struct device_link *link;

	if (!dev->more)
		return;
	list_each(link, &dev->more->suppliers, struct device_link, by_consumer)
		if (!(link->flags & DL_FLAG_STATELESS) && !device_is_bound(link->supplier))
			sentence(c, "Its supplier %.60s is not bound.", link->supplier->name);
}

static void explain_last_probe(struct call_ctx *c, struct device *dev)
{
	int err = dev->last_result < 0 ? -dev->last_result : dev->last_result;
	const char *reason = device_deferred_reason(dev), *name = errno_name(err);

	if (!list_empty(&dev->deferred) && (!dev->last_probe || err != EPROBE_DEFER)) {
		sentence(c, "The bus' match function answered -EPROBE_DEFER.");
	} else if (!dev->last_probe || !err || err == EBUSY) {
		return;
	} else if (err == EPROBE_DEFER) {
		sentence(c, "The last attempt, %.60s, was deferred%s%.200s", dev->last_probe,
			 *reason ? ": " : ", without a reason.", reason);
	} else {
		sentence(c, "The last attempt, %.60s, failed with -%s: %s.", dev->last_probe,
			 name ? name : "?", name ? errno_text(err) : "an unknown error");
	}
	if (list_empty(&dev->deferred))
		return;
	if (dev->more && dev->more->retried_by)
		sentence(c, "Its own probe binds %.60s%s and then defers: each device that is bound has the "
			 "deferred probes retried, including this one, endlessly.", dev->more->retried_by,
			 dev->more->retried_by_child ? ", its child," : "");
	else
		sentence(c, "It is tried again when another device is bound.");
}

static void join(char *out, size_t size, char *const *names)
{
	size_t len = 0;

	out[0] = '\0';
	for (; names && *names && len < size; names++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", len ? ", " : "", *names);
}

/* What a driver would match. */
static void explain_wants(struct call_ctx *c, const struct device_driver *drv)
{
	char names[160];

	join(names, sizeof(names), drv->id_table ? drv->id_table : drv->compatible);
	if (drv->bus->dynamic_ids && !drv->id_table)
		sentence(c, "%.60s wants an id that is written to its new_id", drv->name);
	else if (drv->id_table)
		sentence(c, "%.60s wants %s %s", drv->name,
			 strchr(names, ',') ? "one of the names" : "the name", names);
	else if (drv->compatible)
		sentence(c, "%.60s wants compatible %s, or the name %.60s", drv->name, names, drv->name);
	else
		sentence(c, "%.60s wants the name %.60s", drv->name, drv->name);
}

static void explain_drivers(struct call_ctx *c, struct device *dev)
{
	struct device_driver *drv;
	unsigned drivers = 0, matching = 0;
	bool own = false;

	list_each(drv, &dev->bus->drivers, struct device_driver, on_bus) {
		drivers++;
		own |= driver_match_known(drv, dev) < 0;
		if (driver_match_known(drv, dev) <= 0)
			continue;
		matching++;
		if (matching <= LISTED_MAX)
			sentence(c, "%.60s matches: 'bind %.60s %.60s' probes it%s.", drv->name,
				 dev->name, drv->name, dev->last_probe ? " again" : "");
	}
	if (!drivers) {
		sentence(c, "No driver is registered on bus %.60s.", dev->bus->name);
	} else if (own && !matching) {
		sentence(c, "Bus %.60s has a match function of its own, and %u driver%s: "
			 "'trace device_attach %.60s' shows what it answers.",
			 dev->bus->name, drivers, plural(drivers), dev->name);
	} else if (!matching) {
		if (dev->driver_override)
			sentence(c, "driver_override lets only %.60s match, and there is no such driver.",
				 dev->driver_override);
		else if (drivers == 1)
			sentence(c, "The only driver on bus %.60s does not match.", dev->bus->name);
		else
			sentence(c, "None of the %u drivers on bus %.60s matches.", drivers,
				 dev->bus->name);
		drivers = 0;
		list_each(drv, &dev->bus->drivers, struct device_driver, on_bus)
			if (!dev->driver_override && drivers++ < LISTED_MAX)
				explain_wants(c, drv);
		if (dev->bus == &c->machine->core.platform && strrchr(dev->name, '.'))
			sentence(c, "The instance after the dot does not count: this is a '%.*s'.",
				 (int)(strrchr(dev->name, '.') - dev->name), dev->name);
		if (!dev->driver_override && dev->bus->driver_override)
			sentence(c, "'bind %.60s DRIVER' makes one match once.", dev->name);
	}
	if (dev->bus->no_autoprobe)
		sentence(c, "drivers_autoprobe of bus %.60s is off: only bind probes.", dev->bus->name);
}

static void why_device(struct call_ctx *c, struct device *dev)
{
	if (dev == c->machine->core.root) {
		sentence(c, "%.60s is the root of all devices and is never bound.", dev->name);
		return;
	}
	if (device_is_bound(dev)) {
		sentence(c, "%.60s is bound to %.60s.", dev->name, dev->driver->name);
		explain_resources(c, dev);
		return;
	}
	sentence(c, "%.60s is not bound.", dev->name);
	if (dev->deadlocked)
		sentence(c, "Whoever holds the device's lock died or waits forever: nothing can bind it any more.");
	else if (dev->dead)
		sentence(c, "It was removed; %d reference%s it: the last put_device frees it.",
			 dev->refcount, dev->refcount == 1 ? " keeps" : "s keep");
	else if (!dev->registered)
		sentence(c, "It was not added yet: device_add does that.");
	else if (!dev->bus)
		sentence(c, "It is on no bus.");
	else if (!dev->bus->registered)
		sentence(c, "Bus %.60s is gone: nothing on it is probed any more.", dev->bus->name);
	explain_resources(c, dev);
	if (dev->deadlocked || dev->dead || !dev->registered || !dev->bus || !dev->bus->registered)
		return;
	if (dev->driver)
		sentence(c, "%.60s is being probed at this moment.", dev->driver->name);
	if (dev->async_queued)
		sentence(c, "A probe waits in the background: wait_for_device_probe runs it.");
	if (c->machine->core.defer_all_probes)
		sentence(c, "Probing is blocked: device_unblock_probing lets it go on.");
	explain_suppliers(c, dev);
	explain_last_probe(c, dev);
	explain_drivers(c, dev);
}

static void why_driver(struct call_ctx *c, struct device_driver *drv)
{
	unsigned bound = 0, matching = 0, devices = 0;
	bool own = drv->bus->match && drv->bus != &c->machine->core.platform;
	struct device *dev;

	list_each(dev, &drv->devices, struct device, bound)
		bound++;
	sentence(c, "%.60s is bound to %u device%s.", drv->name, bound, plural(bound));
	list_each(dev, &drv->devices, struct device, bound)
		if (devices++ < LISTED_MAX)
			sentence(c, "%.60s", dev->name);
	list_each(dev, &drv->bus->devices, struct device, on_bus) {
		if (device_is_bound(dev) || !drv->bus->registered || driver_match_known(drv, dev) <= 0)
			continue;
		if (matching++ < LISTED_MAX)
			sentence(c, "%.60s matches and is not bound: 'why %.60s' says why.", dev->name,
				 dev->name);
	}
	if (!drv->bus->registered)
		sentence(c, "Bus %.60s is gone: it binds to nothing any more.", drv->bus->name);
	else if (!bound && !matching && !own)
		sentence(c, "No device on bus %.60s matches.", drv->bus->name);
	if (!bound && !matching && !own && drv->bus->registered)
		explain_wants(c, drv);
}

static int run_why(struct call_ctx *c)
{
	const struct value *what = &c->arg[0];

	RESULT_COLUMNS(c->result, SENTENCES);
	if (what->type == V_DEVICE)
		why_device(c, arg_device(c, 0));
	else if (what->type == V_DRIVER)
		why_driver(c, arg_driver(c, 0));
	else
		who_address(c, what->u);
	return c->result->err;
}

const struct call why_calls[] = {
	{
		.name = "why", .subject = "Looking",
		.summary = "explain why a device is not bound, or whose memory it is",
		.param = { { "what", P_THING, NULL, false, "a device, a driver or an address" } },
		.returns = "a row for each sentence; for an address what `who` answers",
		.example = "device eth0\nwhy eth0\np = devm_kmalloc eth0 64\nwhy $p",
		.view = "why", .flags = CALL_LOOKS | CALL_LIVE, .run = run_why,
	},
	{ 0 },
};
