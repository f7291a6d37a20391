/* SPDX-License-Identifier: MIT */
/*
 * Names, ids and messages, which all parts of the driver core use. Corresponds to parts
 * of Linux' drivers/base/core.c. Differs: Linux has no ids.
 */
#include "base/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dev_printk.h"
#include "base/device.h"
#include "base/driver.h"
#include "base/driver_core.h"
#include "kernel/log.h"
#include "lib/array.h"
#include "lib/host_memory.h"

char **names_copy(char *const *from)
{
	size_t n = 0;
	char **to;

	while (from[n])
		n++;
	to = host_calloc(n + 1, sizeof(*to));
	for (size_t i = 0; to && i < n; i++)
		to[i] = host_strdup(from[i]);
	return to;
}

void names_free(char **names)
{
	for (char **at = names; at && *at; at++)
		free(*at);
	free(names);
}

int core_id_new(struct driver_core *core, void *object, bool is_driver, uint32_t *id)
{
	uint32_t i = core->next_id - core->first_id;

	if (!array_room(core->ids, i, core->id_cap, 64))
		return -ENOMEM;
	core->ids[i] = (struct core_id){ object, is_driver };
	*id = core->next_id++;
	return 0;
}

void core_id_drop(struct driver_core *core, uint32_t id)
{
	core->ids[id - core->first_id].object = NULL;
}

static void *core_by_id(struct driver_core *core, uint32_t id, bool is_driver)
{
	uint32_t i = id - core->first_id;

	if (id >= core->next_id || id < core->first_id || core->ids[i].is_driver != is_driver)
		return NULL;
	return core->ids[i].object;
}

struct device *device_by_id(struct driver_core *core, uint32_t id)
{
	struct device *dev = core_by_id(core, id, false);

	return dev && !dev->gone ? dev : NULL;
}

struct device *device_ghost(struct driver_core *core, uint32_t id)
{
	struct device *dev = core_by_id(core, id, false);

	return dev && dev->gone ? dev : NULL;
}

struct device_driver *driver_by_id(struct driver_core *core, uint32_t id)
{
	return core_by_id(core, id, true);
}

int check_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > NAME_MAX_BYTES || name[0] == '.')
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == '/' || name[i] == 0x7f)
			return -EINVAL;
	return 0;
}

const char *dev_bus_name(const struct device *dev)
{
	if (dev->bus)
		return dev->bus->name;
	return dev->more && dev->more->class ? dev->more->class->name : "";
}

const char *dev_driver_string(const struct device *dev)
{
	return dev->driver ? dev->driver->name : dev_bus_name(dev);
}

void dev_printk(enum log_level level, const struct device *dev, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	printk(dev->core->kernel, level, "%s %s: %s", dev_driver_string(dev), dev->name, text);
}
