/* SPDX-License-Identifier: MIT */
/* A device's list of managed resources, and the calls that make and take them. */
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
 * Links of the fast paths, which know 64-bit words only. In the head, too: a
 * list is a ring through it. Packed, because a link that was overwritten may
 * lead to any byte.
 */
struct devres_link {
	uint64_t next, prev;
} __attribute__((packed));

/* The node that most kernels have, in simulated memory; node.h reads any. */
struct devres_node {
	uint64_t next, prev, release;
	uint64_t name, size;
};

/*
 * Nodes that are on one list. Their objects are all marked with its tag, so
 * that a node is found from its address.
 *
 *   head -> oldest -> ... -> newest -> head
 *   | next | prev | release | name | size | gap | data[] ... | slack |
 *    <------------ header ---------------------> ^ what drivers get
 */
struct devres_list {
	struct devres_link head; /* or two 32-bit words, in its first 8 bytes */
	uint64_t addr;           /* where the head would be in memory */
	uint32_t tag;            /* what objects on the list are marked with */
	uint32_t count;          /* nodes, markers of groups among them */
};

/* --- devres.c -------------------------------------------------------------- */

int devres_core_init(struct driver_core *core);
void devres_core_finish(struct driver_core *core);

/*
 * Release functions and actions are text_symbol() addresses, resources host
 * pointers to data. match gets a resource of this release; NULL takes any, and
 * the newest hit is meant. It runs under devres_lock: a call on the same
 * device's list from there never returns in Linux, and is a BUG here.
 */

/* Zeroed data that is on no list yet; NULL: no memory. size 0 is fine. */
void *devres_alloc_node(struct driver_core *core, uint64_t release, size_t size,
			gfp_t gfp, int nid);
/* NULL is fine. BUG when the resource is on a list. */
void devres_free(struct driver_core *core, void *res);
/* As the newest. BUG when it is on a list. */
void devres_add(struct device *dev, void *res);
void *devres_find(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* The one that is there, and new_res is freed; or else new_res, added. */
void *devres_get(struct device *dev, void *new_res, dr_match_t match, void *data);
/* The caller owns it then. */
void *devres_remove(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* Without its release. 0 or -ENOENT. */
int devres_destroy(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* fn for each that matches, newest first. */
void devres_for_each_res(struct device *dev, uint64_t release, dr_match_t match, void *md,
			 void (*fn)(struct device *dev, void *res, void *data), void *data);

/* How the function at a text address is called; ctx is the symbol's. */
enum symbol_use {
	USE_RELEASE, /* release(dev, res) */
	USE_ACTION,  /* action(data); the device is an extra */
};
typedef void (*action_fn)(void *ctx, struct device *dev, uint64_t data, enum symbol_use use);

/* --- devres_release.c ------------------------------------------------------ */

/* With its release. 0 or -ENOENT. */
int devres_release(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* The number of nodes released, groups not counted. */
int devres_release_all(struct device *dev);
/* Releases what is in the group. The number of nodes released, groups not counted. */
int devres_release_group(struct device *dev, uint64_t id);

/* --- match.c --------------------------------------------------------------- */

/* A match function of the kernel's own; data is a simulated address. */
struct kernel_match {
	const char *name;
	int since; /* RELEASE() */
	bool (*match)(struct device *dev, void *res, uint64_t data);
};

/* By name; NULL: not in this release. */
const struct kernel_match *kernel_match(const struct kernel *k, const char *name);
const struct kernel_match *kernel_match_at(size_t i);

/* --- group.c --------------------------------------------------------------- */

/* The group's id, by default its own address; 0: no memory. */
uint64_t devres_open_group(struct device *dev, uint64_t id, gfp_t gfp);
/* id 0: the newest open group. WARNs when there is none; BUG when it is closed. */
void devres_close_group(struct device *dev, uint64_t id);
/* Forgets the group; its members stay. WARNs when there is none. */
void devres_remove_group(struct device *dev, uint64_t id);

#endif
