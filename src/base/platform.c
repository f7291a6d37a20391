/* SPDX-License-Identifier: MIT */
/*
 * The platform bus: which driver matches which device. Corresponds to Linux'
 * drivers/base/platform.c. Differs: a device's compatible strings are given, not read
 * from a device tree; no ACPI.
 */
#include "base/driver.h"

#include <ctype.h>
#include <string.h>

#include "base/device.h"

size_t platform_name_length(const struct device *dev)
{
	const char *dot = strrchr(dev->name, '.');

	if (dot && dot[1] && !dot[1 + strspn(dot + 1, "0123456789")])
		return (size_t)(dot - dev->name);
	return strlen(dev->name);
}

static bool same_name(const struct device *dev, const char *name)
{
	size_t len = platform_name_length(dev);

	return strlen(name) == len && !memcmp(dev->name, name, len);
}

/* Whether the device and the driver have a compatible string in common. */
static bool of_match(const struct device *dev, char *const *table)
{
	char *const *own = dev->more ? dev->more->compatible : NULL;

	for (; own && *own; own++)
		for (char *const *id = table; id && *id; id++)
			if (!strcmp(*own, *id))
				return true;
	return false;
}

int platform_match(struct device *dev, struct device_driver *drv)
{
	if (dev->driver_override)
		return !strcmp(dev->driver_override, drv->name);
	if (drv->compatible && of_match(dev, drv->compatible))
		return 1;
	if (!drv->id_table)
		return same_name(dev, drv->name);
	for (char **id = drv->id_table; *id; id++)
		if (same_name(dev, *id))
			return 1;
	return 0;
}
