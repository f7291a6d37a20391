/* SPDX-License-Identifier: MIT */
/* A device's list of managed resources, and the functions that add and remove them. */
#ifndef DEVSH_BASE_DEVRES_H
#define DEVSH_BASE_DEVRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/gfp.h"

struct device;
struct driver_core;
struct kernel;

typedef void (*dr_release_t)(struct device *dev, void *res);
typedef bool (*dr_match_t)(struct device *dev, void *res, void *match_data);

/*
 * Links as fast paths use them, with 64-bit words only. The head has the same: a list is
 * a ring through it. Packed, because an overwritten link may point to any byte.
 */
struct devres_link {
	uint64_t next, prev;
} __attribute__((packed));

/* The node of most kernels, in simulated memory; node.h reads all kinds. */
struct devres_node {
	uint64_t next, prev, release;
	uint64_t name, size;
};

/*
 * The nodes of one list. Their objects are marked with the list's tag, so that a node can
 * be found from its address.
 *
 *   head -> oldest -> ... -> newest -> head
 *   | next | prev | release | name | size | gap | data[] ... | slack |
 *    <------------ header --------------------> ^ what drivers get
 */
struct devres_list {
	struct devres_link head; /* or two 32-bit words in its first 8 bytes */
	uint64_t addr;           /* simulated address of the head */
	uint32_t tag;            /* marks the objects on the list */
	uint32_t count;          /* nodes, including markers of groups */
};

/* --- devres.c -------------------------------------------------------------- */

int devres_core_init(struct driver_core *core);
void devres_core_finish(struct driver_core *core);

/*
 * Release functions and actions are text_symbol() addresses; resources are host pointers
 * to their data. match() is called for resources with this release; a NULL match takes
 * the newest. It runs under devres_lock: calling a function on the same device's list
 * from there deadlocks in Linux, and is a BUG here.
 */

/* Zeroed data that is not on a list yet; NULL: no memory. size may be 0. */
void *devres_alloc_node(struct driver_core *core, uint64_t release, size_t size,
			gfp_t gfp, int nid);
/* res may be NULL. BUG if the resource is on a list. */
void devres_free(struct driver_core *core, void *res);
/* Adds it as the newest. BUG if it is on a list. */
void devres_add(struct device *dev, void *res);
void *devres_find(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* Returns a matching resource and frees new_res; if there is none, adds new_res. */
void *devres_get(struct device *dev, void *new_res, dr_match_t match, void *data);
/* Takes it off the list; the caller owns it. */
void *devres_remove(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* Frees it without calling its release. 0 or -ENOENT. */
int devres_destroy(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* Calls fn for each match, newest first. */
void devres_for_each_res(struct device *dev, uint64_t release, dr_match_t match, void *md,
			 void (*fn)(struct device *dev, void *res, void *data), void *data);

/* How to call the function at a text address; ctx is the symbol's. */
enum symbol_use {
	USE_RELEASE, /* release(dev, res) */
	USE_ACTION,  /* action(data); the device is passed in addition */
};
typedef void (*action_fn)(void *ctx, struct device *dev, uint64_t data, enum symbol_use use);

/* --- devres_release.c ------------------------------------------------------ */

/* Calls its release and frees it. 0 or -ENOENT. */
int devres_release(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* Returns the number of nodes released, not counting groups. */
int devres_release_all(struct device *dev);
/*
 * Releases what is in the group. Returns the number of nodes released, not counting
 * groups.
 */
int devres_release_group(struct device *dev, uint64_t id);

/* --- match.c --------------------------------------------------------------- */

/* A match function of the kernel; data is a simulated address. */
struct kernel_match {
	const char *name;
	int since; /* RELEASE() */
	bool (*match)(struct device *dev, void *res, uint64_t data);
};

/* By name; NULL: this release does not have it. */
const struct kernel_match *kernel_match(const struct kernel *k, const char *name);
const struct kernel_match *kernel_match_at(size_t i);

/* --- group.c --------------------------------------------------------------- */

/* Returns the group's id, by default its own address; 0: no memory. */
uint64_t devres_open_group(struct device *dev, uint64_t id, gfp_t gfp);
/* id 0: the newest open group. WARNs if there is none; BUG if it is closed already. */
void devres_close_group(struct device *dev, uint64_t id);
/* Removes the group; its members stay. WARNs if there is none. */
void devres_remove_group(struct device *dev, uint64_t id);

#endif
