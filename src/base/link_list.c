/* SPDX-License-Identifier: MIT */
/*
 * Finding, following and removing links. Corresponds to the lists of device links in
 * Linux' drivers/base/core.c.
 */
#include "base/link.h"

#include "base/dev_printk.h"
#include "base/device.h"
#include "base/driver_core.h"

#include <stdio.h>

struct device_link *device_link_find(struct device *consumer, struct device *supplier)
{
	struct device_link *link;

	if (consumer->more)
		list_each(link, &consumer->more->suppliers, struct device_link, by_consumer)
			if (link->supplier == supplier)
				return link;
	return NULL;
}

/* Pushes the device, unless this search has visited it. */
static void visit(struct device *dev, uint64_t search, struct device **path)
{
	struct device_more *more = device_more(dev);

	if (!more || more->visited == search)
		return;
	more->visited = search;
	more->came_from = *path;
	*path = dev;
}

bool device_links_depend_on(struct device *dev, struct device *needed)
{
	uint64_t search = ++dev->core->link_searches;
	struct device *path = NULL;
	struct device_link *link;

	/* nothing depends on it: the usual case, in constant time */
	if (!needed->children && (!needed->more || list_empty(&needed->more->consumers)))
		return false;
	visit(dev, search, &path);
	while (path) {
		struct device *at = path;

		path = at->more->came_from;
		if (at == needed)
			return true;
		if (at->parent)
			visit(at->parent, search, &path);
		list_each(link, &at->more->suppliers, struct device_link, by_consumer)
			if (!(link->flags & DL_FLAG_SYNC_STATE_ONLY))
				visit(link->supplier, search, &path);
	}
	return false;
}

struct device_link *device_link_take(struct device *dev)
{
	struct device_more *more = dev->more;
	struct device_link *link;

	if (more && !list_empty(&more->suppliers))
		link = list_entry(more->suppliers.next, struct device_link, by_consumer);
	else if (more && !list_empty(&more->consumers))
		link = list_entry(more->consumers.next, struct device_link, by_supplier);
	else
		return NULL;
	list_remove(&link->by_supplier);
	list_remove(&link->by_consumer);
	return link;
}

void device_link_name(const struct device_link *link, char *out, size_t size)
{
	snprintf(out, size, "%s:%s--%s:%s", dev_bus_name(link->supplier), link->supplier->name,
		 dev_bus_name(link->consumer), link->consumer->name);
}

const char *device_link_state_name(const struct device_link *link)
{
	static const char *const name[] = {
		[DL_STATE_DORMANT] = "dormant", [DL_STATE_AVAILABLE] = "available",
		[DL_STATE_CONSUMER_PROBE] = "consumer probing", [DL_STATE_ACTIVE] = "active",
		[DL_STATE_SUPPLIER_UNBIND] = "supplier unbinding",
	};

	return link->status == DL_STATE_NONE ? "not tracked" : name[link->status];
}
