/* SPDX-License-Identifier: MIT */
/*
 * Members that few devices need: class, release(), ids, links. Corresponds to members of
 * Linux' struct device, which has them in every device.
 */
#include "base/device.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bus.h"
#include "base/driver_core.h"
#include "base/registry.h"
#include "kernel/code.h"
#include "kernel/symbol.h"
#include "lib/host_memory.h"

struct device_more *device_more(struct device *dev)
{
	if (!dev->more) {
		dev->more = host_calloc(1, sizeof(*dev->more));
		if (!dev->more)
			return NULL;
		list_init(&dev->more->on_class);
		list_init(&dev->more->suppliers);
		list_init(&dev->more->consumers);
	}
	return dev->more;
}

int device_more_set(struct device *dev, const struct device_config *c)
{
	struct kernel *k = dev->core->kernel;
	char name[NAME_MAX_BYTES + 16];
	struct device_more *more;

	if (!c->class && !c->compatible && !c->id && !c->release && !c->release_drop)
		return 0;
	more = device_more(dev);
	if (!more)
		return -ENOMEM;
	more->class = c->class;
	class_get(more->class);
	more->release = c->release;
	more->release_drop = c->release_drop;
	more->release_data = c->release_data;
	snprintf(name, sizeof(name), "%s_release", dev->name);
	if (c->release) {
		more->release_name = rodata_lookup(k, rodata_string(k, name));
		if (!more->release_name)
			return -ENOMEM;
		more->code = code_here(k, 1);
	}
	if (c->compatible)
		more->compatible = names_copy(c->compatible);
	if (c->id)
		more->id = host_strdup(c->id);
	return (c->compatible && !more->compatible) || (c->id && !more->id) ? -ENOMEM : 0;
}

void device_more_free(struct device *dev)
{
	struct device_more *more = dev->more;

	if (!more)
		return;
	list_remove(&more->on_class);
	if (more->release_drop)
		more->release_drop(more->release_data);
	code_put(&more->code);
	class_put(more->class);
	names_free(more->compatible);
	free(more->id);
	free(more->deferred_reason);
	free(more->retried_by);
	free(more);
	dev->more = NULL;
}
