/* SPDX-License-Identifier: MIT */
/*
 * The ids that a bus' devices and drivers are matched by, including those added to a
 * driver at run time. Corresponds to new_id and remove_id, which each bus in Linux
 * implements for itself: drivers/pci/pci-driver.c and the like. Differs: an id is a
 * string, with blanks or ':' between its numbers, not a struct.
 */
#include "base/driver.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/core_alloc.h"
#include "base/device.h"
#include "lib/host_memory.h"

struct dynamic_id {
	struct list link;                /* driver->dynamic_ids */
	char id[];
};

static bool separates(char c)
{
	return c == ':' || c == ' ' || c == '\t' || c == '\n';
}

/* "8086 1572" equals "8086:1572"; case is ignored. */
static bool same_id(const char *a, const char *b)
{
	while (*a && *b) {
		if (separates(*a) && separates(*b)) {
			while (separates(*a))
				a++;
			while (separates(*b))
				b++;
		} else if (tolower((unsigned char)*a++) != tolower((unsigned char)*b++)) {
			return false;
		}
	}
	while (separates(*a))
		a++;
	while (separates(*b))
		b++;
	return !*a && !*b;
}

/* The device's id, else its name: what drivers' ids are compared with. */
static const char *device_bus_id(const struct device *dev)
{
	return dev->more && dev->more->id ? dev->more->id : dev->name;
}

static struct dynamic_id *find(const struct device_driver *drv, const char *id)
{
	struct dynamic_id *d;

	list_each(d, &drv->dynamic_ids, struct dynamic_id, link)
		if (same_id(d->id, id))
			return d;
	return NULL;
}

static bool in_table(const struct device_driver *drv, const char *id)
{
	for (char *const *at = drv->id_table; at && *at; at++)
		if (same_id(*at, id))
			return true;
	return false;
}

bool driver_has_id(const struct device_driver *drv, const struct device *dev)
{
	return in_table(drv, device_bus_id(dev));
}

bool driver_has_dynamic_id(const struct device_driver *drv, const struct device *dev)
{
	return !list_empty(&drv->dynamic_ids) && find(drv, device_bus_id(dev));
}

int dynamic_id_add(struct device_driver *drv, const char *id)
{
	struct dynamic_id *d;

	if (!id[strspn(id, ": \t\n")])
		return -EINVAL;
	if (in_table(drv, id) || find(drv, id))
		return -EEXIST;
	d = core_alloc_fails(drv->core, ALLOC_DYNAMIC_ID, 0) ? NULL : host_malloc(sizeof(*d) + strlen(id) + 1);
	if (!d)
		return -ENOMEM;
	strcpy(d->id, id);
	list_append(&drv->dynamic_ids, &d->link);
	return 0;
}

int driver_remove_id(struct device_driver *drv, const char *id)
{
	struct dynamic_id *d = find(drv, id);

	if (!d)
		return -ENODEV;
	list_remove(&d->link);
	free(d);
	return 0;
}

void dynamic_ids_free(struct device_driver *drv)
{
	struct dynamic_id *d;

	list_each(d, &drv->dynamic_ids, struct dynamic_id, link)
		free(d);
	list_init(&drv->dynamic_ids);
}
