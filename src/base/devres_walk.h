/* SPDX-License-Identifier: MIT */
/* Lists as walkers see them. node.c. */
#ifndef DEVSH_BASE_WALK_H
#define DEVSH_BASE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/device.h"
#include "mm/object.h"

int devres_device_init(struct device *dev);
/* dev->numa_node was set. */
void devres_device_moved(struct device *dev);
void devres_device_finish(struct device *dev);

/* Where the list's head would be in memory. */
static inline uint64_t devres_head(const struct device *dev)
{
	return dev->devres.addr;
}

/* The device whose list an object with this tag is on, or NULL. */
struct device *devres_owner(const struct driver_core *core, uint32_t tag);

static inline bool devres_empty(const struct device *dev)
{
	return !dev->devres.count;
}

enum node_kind {
	NODE_RES,         /* a resource with a release */
	NODE_ACTION,      /* an action without a struct devres */
	NODE_GROUP_OPEN,  /* "grp<" */
	NODE_GROUP_CLOSE, /* "grp>" */
};

/* What a walker sees of one node. */
struct devres_info {
	enum node_kind kind;
	uint64_t addr;          /* of the node */
	struct object object;
	char *data;
	unsigned header;        /* bytes from the node to data */
	size_t size;            /* requested */
	uint64_t release;
	const char *release_name; /* as devres.log prints it */
	uint64_t group;         /* a marker's id */
	bool closed;            /* ... and whether the other one is there */
	const struct track *track;
	uint32_t number;        /* stays the same while others come and go; 0: not kept */
};

/*
 * Walk a device's list in release order: start with *at = 0, call until false.
 * A list that was overwritten ends where it leads nowhere.
 */
bool devres_walk(const struct device *dev, uint64_t *at, struct devres_info *info);

/* The node that begins at this object's start. False: none. */
bool devres_node_info(const struct driver_core *core, const struct object *o,
		      struct devres_info *info);

#endif
