/* SPDX-License-Identifier: MIT */
/* A device: made, known, referred to and gone. */
#ifndef DEVSH_BASE_DEVICE_H
#define DEVSH_BASE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/devres.h"
#include "kernel/code.h"
#include "lib/hash_names.h"
#include "lib/list.h"
#include "lib/rank.h"

struct bus_type;
struct cache_node;
struct class;
struct device_driver;
struct driver_core;

/* What few devices have; made when it is wanted. */
struct device_more {
	struct class *class;
	struct list on_class;            /* class->devices */
	char **compatible;               /* NULL-terminated, or NULL */
	char *id;                        /* what the bus' drivers know it by; NULL: its name */
	void (*release)(struct device *dev);
	void (*release_drop)(void *data); /* the owner of release_data cleans up */
	void *release_data;
	const char *release_name;        /* in stacks */
	struct code_home code;           /* of release */
	char *deferred_reason;           /* "driver: text" */
	char *retried_by;                /* what its own probe bound before it deferred, or NULL */
	bool retried_by_child;
	struct list suppliers, consumers; /* struct device_link */
	struct device *came_from;        /* while links are followed */
	uint64_t visited;                /* ... and the search that was here last */
};

struct device {
	struct driver_core *core;
	uint32_t id;
	int refcount;
	int user_refs;                   /* those of them that the creator and calls took */
	int borrowed;                    /* others' that users dropped */
	int holds;                       /* the model's own: it stays where it is */
	int32_t kref;                    /* what the count is once it was 0 */
	struct grave *grave;             /* its memory, once it is freed; NULL: it stays */
	const char *made_by;             /* who called platform_device_alloc() */
	char *name;
	struct bus_type *bus;            /* NULL: on none */
	struct device *parent;
	struct device_driver *driver;    /* set from the probe on */
	char *driver_override;
	struct device_more *more;        /* NULL: nothing rare about it */
	uint64_t drvdata;
	int numa_node;
	bool registered;
	bool in_sysfs;                   /* children find its directory */
	bool busy;                       /* its lock is held: probe or unbind runs */
	bool deadlocked;                 /* ... by a task that died */
	bool unbinding;
	bool dead;                       /* was deleted: is not probed again */
	bool releasing;                  /* its last reference is gone */
	bool gone;                       /* ... and it is a ghost: ghost.c */
	bool can_match;                  /* a driver was found once */
	bool platform_device;            /* has the platform's own release() */
	bool async_queued;               /* a probe waits in the background */
	int last_result;                 /* of the last probe: 0, or an errno of either sign */
	const char *last_probe;          /* "demo_probe"; NULL: there was none */
	uint32_t children;
	uint32_t probe_step;             /* of the last probe: what it allocated has it, too */

	struct devres_list devres __attribute__((aligned(8)));
	struct cache_node **fast_caches; /* for fast paths, by (size of data + 7) / 8 */
	/* the list's newest node where a fast path has made it, or NULL */
	struct devres_node *newest;
	struct cache_node *newest_cache;
	uint32_t newest_slot;
	uint32_t devres_groups;          /* that have a marker on the list */
	bool devres_locked;              /* a callback runs under devres_lock */
	uint64_t devres_seen;            /* nodes Linux would have looked at, all searches */
	uint32_t devres_last_seen;       /* ... the last one */
	struct rank devres_rank;         /* only while tracks are kept, as what follows: */
	uint32_t devres_numbered;        /* nodes since the list was empty */
	uint32_t owner_mark, owner_driver; /* what owner_mark() returned, and for which driver */

	struct list all;                 /* core->devices */
	struct list on_bus;              /* bus->devices */
	struct list bound;               /* driver->devices */
	struct list deferred;            /* core->pending or core->active */
	UT_hash_handle by_name;
};

struct device_config {
	const char *name;
	struct bus_type *bus;   /* NULL: none; device_register() without a class: platform */
	struct class *class;
	struct device *parent;  /* NULL: none; for a platform device the platform root */
	int numa_node;          /* NUMA_NO_NODE: the parent's */
	char *const *compatible; /* copied; or NULL */
	const char *id;         /* copied; NULL: its name is its id */
	void (*release)(struct device *dev);
	void (*release_drop)(void *data); /* the device owns release_data, also on error */
	void *release_data;
};

/* --- device.c, lifetime.c, directory.c: core.c in Linux ---------------------- */

/*
 * A device that is not known yet, with one reference, which is the caller's. -EINVAL: not a
 * valid name, -ENOMEM.
 */
int device_initialize(struct driver_core *core, const struct device_config *c,
		      struct device **out);
/*
 * Make it known; a driver that matches probes it. -EEXIST: the name is taken, -EINVAL,
 * -ENOMEM, or what a step was made to fail with; the reference stays the caller's.
 * -EDEADLK: it was added, and its adder waits forever.
 */
int device_add(struct device *dev);
/* Take it away: unbound, off its bus. -ENODEV: was not added, -EDEADLK. */
int device_del(struct device *dev);
/* device_initialize() and device_add(); on error nothing is left. */
int device_register(struct driver_core *core, const struct device_config *c,
		    struct device **out);
/* device_del() and put_device(); -EDEADLK from inside its own probe or remove. */
int device_unregister(struct device *dev);
struct device *get_device(struct device *dev);
/* The last one releases the device. */
void put_device(struct device *dev);
/*
 * get_device() and put_device() of a user. One too many is what it is in Linux, also
 * of a device that is gone. -EBUSY: it is the root's own reference, which stays.
 */
void user_get_device(struct device *dev);
int user_put_device(struct device *dev);
/* The same as device_unregister() does it. */
int kobject_put(struct device *dev);
/* -ENOMEM; or -EBUSY, where Linux leaves a directory of the old name behind. */
int dev_set_name(struct device *dev, const char *name);
void set_dev_node(struct device *dev, int node);
/* NULL or "": none. Unbinds nothing. -ENOMEM. */
int driver_set_override(struct device *dev, const char *name);
/* more.c: NULL: the host has no memory. */
struct device_more *device_more(struct device *dev);
/* private to base/: what the configuration has of it, 0 or -ENOMEM; and its end, if there is any */
int device_more_set(struct device *dev, const struct device_config *c);
void device_more_free(struct device *dev);
uint64_t dev_get_drvdata(struct device *dev);
void dev_set_drvdata(struct device *dev, uint64_t data);
int dev_to_node(struct device *dev);

/* --- ghost.c: those that are gone ------------------------------------------- */

/* The device of this number if it was released in this boot; NULL: not, or too long ago. */
struct device *device_ghost(struct driver_core *core, uint32_t id);
/*
 * What a call reads first of it. False: that was the end of the task; else the call
 * goes on with what is there.
 */
bool ghost_touch(struct device *dev, const char *call);
/* kfree(): if a device's release() runs, this was the memory that it was in. */
void device_memory_freed(struct driver_core *core, uint64_t addr, size_t size);

/* private to base/: the memory of a device, and all ghosts, at the machine's end */
void device_free(struct device *dev);
void ghosts_free(struct driver_core *core);

static inline bool device_is_bound(const struct device *dev)
{
	return !list_empty(&dev->bound);
}

#endif
