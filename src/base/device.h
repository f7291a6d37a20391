/* SPDX-License-Identifier: MIT */
/* A device, from creation to the end of its last reference and beyond. */
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

/* Members that few devices need; allocated on first use. */
struct device_more {
	struct class *class;
	struct list on_class;            /* class->devices */
	char **compatible;               /* NULL-terminated, or NULL */
	char *id;                        /* the id that its bus' drivers match; NULL: its name */
	void (*release)(struct device *dev);
	void (*release_drop)(void *data); /* cleans up release_data */
	void *release_data;
	const char *release_name;        /* name in stacks */
	struct code_home code;           /* of release */
	char *deferred_reason;           /* "driver: text" */
	char *retried_by;                /* name of the device that its own probe bound before it
					  * deferred, or NULL */
	bool retried_by_child;
	struct list suppliers, consumers; /* struct device_link */
	struct device *came_from;        /* while links are followed: the rest of the stack */
	uint64_t visited;                /* ... and the number of the last search that visited it */
};

struct device {
	struct driver_core *core;
	uint32_t id;
	int refcount;
	int user_refs;                   /* references held by the creator and by calls */
	int borrowed;                    /* references that users dropped without holding them */
	int holds;                       /* references of the model itself: keeps the struct */
	int32_t kref;                    /* Linux' count after it was 0 */
	struct grave *grave;             /* its simulated memory once freed; NULL: not freed */
	const char *made_by;             /* caller of platform_device_alloc() */
	char *name;
	struct bus_type *bus;            /* NULL: on none */
	struct device *parent;
	struct device_driver *driver;    /* set since the beginning of the probe */
	char *driver_override;
	struct device_more *more;        /* NULL: nothing special about it */
	uint64_t drvdata;
	int numa_node;
	bool registered;
	bool in_sysfs;                   /* its directory exists, so children can be added */
	bool busy;                       /* its lock is held: a probe or unbind is running */
	bool deadlocked;                 /* ... by a task that died */
	bool unbinding;
	bool dead;                       /* deleted: it is never probed again */
	bool releasing;                  /* its last reference was dropped */
	bool gone;                       /* ... and it is a ghost now: ghost.c */
	bool can_match;                  /* some driver has matched it */
	bool platform_device;            /* has the platform's own release() */
	bool async_queued;               /* an asynchronous probe is queued */
	int last_result;                 /* of the last probe: 0, or an errno of either sign */
	const char *last_probe;          /* "demo_probe"; NULL: never probed */
	uint32_t children;
	uint32_t probe_step;             /* of the last probe; its allocations have the same step */

	struct devres_list devres __attribute__((aligned(8)));
	struct cache_node **fast_caches; /* for fast paths, by (size of data + 7) / 8 */
	/* the newest node of the list if a fast path made it, or NULL */
	struct devres_node *newest;
	struct cache_node *newest_cache;
	uint32_t newest_slot;
	uint32_t devres_groups;          /* groups that have a marker on the list */
	bool devres_locked;              /* a callback runs under devres_lock */
	uint64_t devres_seen;            /* nodes that Linux' searches would have looked at */
	uint32_t devres_last_seen;       /* ... during the last search */
	struct rank devres_rank;         /* like the members below, only if tracks are kept: */
	uint32_t devres_numbered;        /* nodes added since the list was last empty */
	uint32_t owner_mark, owner_driver; /* last result of owner_mark(), and the driver it was
					    * for */

	struct list all;                 /* core->devices */
	struct list on_bus;              /* bus->devices */
	struct list bound;               /* driver->devices */
	struct list deferred;            /* core->pending or core->active */
	UT_hash_handle by_name;
};

struct device_config {
	const char *name;
	struct bus_type *bus;   /* NULL: none; device_register() uses the platform bus if there
				 * is no class, either */
	struct class *class;
	struct device *parent;  /* NULL: none; for a platform device, the platform root */
	int numa_node;          /* NUMA_NO_NODE: as its parent */
	char *const *compatible; /* copied; or NULL */
	const char *id;         /* copied; NULL: use its name */
	void (*release)(struct device *dev);
	void (*release_drop)(void *data); /* the device owns release_data, even on error */
	void *release_data;
};

/* --- device.c, lifetime.c, directory.c: core.c in Linux ---------------------- */

/*
 * A device that is not registered yet. The caller holds its only reference. -EINVAL:
 * invalid name; -ENOMEM.
 */
int device_initialize(struct driver_core *core, const struct device_config *c,
		      struct device **out);
/*
 * Registers it and probes it if a driver matches. -EEXIST: the name exists; -EINVAL,
 * -ENOMEM, or an injected error: the caller keeps the reference. -EDEADLK: it was added,
 * but the caller hangs forever.
 */
int device_add(struct device *dev);
/* Unbinds it and removes it from its bus. -ENODEV: not registered; -EDEADLK. */
int device_del(struct device *dev);
/*
 * A platform device on no list yet: device_initialize() with the bus' own release(). -EINVAL,
 * -ENOMEM.
 */
int platform_device_alloc(struct driver_core *core, const char *name, struct device **out);
/* device_add() of one. */
int platform_device_add(struct device *dev);
/* device_initialize() and device_add(); on error nothing is left behind. */
int device_register(struct driver_core *core, const struct device_config *c,
		    struct device **out);
/* device_del() and put_device(); -EDEADLK from its own probe or remove. */
int device_unregister(struct device *dev);
struct device *get_device(struct device *dev);
/* Dropping the last reference releases the device. */
void put_device(struct device *dev);
/*
 * get_device() and put_device() on behalf of a user. Unbalanced ones do what they do in
 * Linux, even if the device is gone. -EBUSY: it is the root's own reference, which stays.
 */
void user_get_device(struct device *dev);
int user_put_device(struct device *dev);
/* The same as called by device_unregister(). */
int kobject_put(struct device *dev);
/* -ENOMEM; or -EBUSY where Linux would leave a directory with the old name behind. */
int dev_set_name(struct device *dev, const char *name);
void set_dev_node(struct device *dev, int node);
/* NULL or "" removes the override. A bound device stays bound. -ENOMEM. */
int driver_set_override(struct device *dev, const char *name);
/* more.c: allocated if needed; NULL: the host has no memory. */
struct device_more *device_more(struct device *dev);
/* private to base/: sets and frees these members; 0 or -ENOMEM */
int device_more_set(struct device *dev, const struct device_config *c);
void device_more_free(struct device *dev);
uint64_t dev_get_drvdata(struct device *dev);
void dev_set_drvdata(struct device *dev, uint64_t data);
int dev_to_node(struct device *dev);

/* --- ghost.c: released devices ---------------------------------------------- */

/*
 * The device with this id if it was released during this boot, and not too long ago; else
 * NULL.
 */
struct device *device_ghost(struct driver_core *core, uint32_t id);
/*
 * Makes the first access of a call to a released device. False: it killed the task;
 * otherwise the call continues with what it read.
 */
bool ghost_touch(struct device *dev, const char *call);
/* kfree() of this memory: if a device's release() is running, the device was in it. */
void device_memory_freed(struct driver_core *core, uint64_t addr, size_t size);

/* private to base/: frees a device; frees all ghosts when the machine ends */
void device_free(struct device *dev);
void ghosts_free(struct driver_core *core);

static inline bool device_is_bound(const struct device *dev)
{
	return !list_empty(&dev->bound);
}

#endif
