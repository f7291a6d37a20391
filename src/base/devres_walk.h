/* SPDX-License-Identifier: MIT */
/* Walking lists of managed resources; see node.c. */
#ifndef DEVSH_BASE_WALK_H
#define DEVSH_BASE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/device.h"
#include "mm/object.h"

int devres_device_init(struct device *dev);
/* Call this after changing dev->numa_node. */
void devres_device_moved(struct device *dev);
void devres_device_finish(struct device *dev);

/* The simulated address of the list's head. */
static inline uint64_t devres_head(const struct device *dev)
{
	return dev->devres.addr;
}

/* The device whose list has objects with this tag, or NULL. */
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

/* A node as seen by a walk. */
struct devres_info {
	enum node_kind kind;
	uint64_t addr;          /* of the node */
	struct object object;
	char *data;
	unsigned header;        /* bytes from the node to data */
	size_t size;            /* requested */
	uint64_t release;
	const char *release_name; /* as devres.log prints it */
	uint64_t group;         /* id of a group's marker */
	bool closed;            /* ... and whether the group is closed */
	const struct track *track;
	uint32_t number;        /* does not change when others are added or removed; 0: not kept */
};

/*
 * Walks a device's list in release order: start with *at = 0, call until false. An
 * overwritten list ends where its links lead to no node.
 */
bool devres_walk(const struct device *dev, uint64_t *at, struct devres_info *info);

/* The node that begins at this object's start. False: there is none. */
bool devres_node_info(const struct driver_core *core, const struct object *o,
		      struct devres_info *info);

#endif
