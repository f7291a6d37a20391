/* SPDX-License-Identifier: MIT */
/*
 * Devices, drivers and managed resources of one machine.
 *
 *   driver_core ── devices (all that exist, by id)
 *       │             └─ devres_head: nodes in simulated memory
 *       ├─ buses ── devices, drivers (registration order, by name)
 *       │                     └─ bound: devices, newest last
 *       └─ classes ── devices
 *
 * A device is freed when its last reference is dropped, a driver when it is unregistered.
 * Ids are never reused, not even after a boot: a stale one finds nothing.
 *
 * What can be done with each is in its header: bus.h, device.h, driver.h, devres.h,
 * devm.h, probe.h, link.h ...
 */
#ifndef DEVSH_BASE_DRIVER_CORE_H
#define DEVSH_BASE_DRIVER_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bus.h"
#include "base/work.h"
#include "kernel/kernel.h"
#include "lib/list.h"
#include "mm/mm.h"

#define NAME_MAX_BYTES 255

/* A release function of the core itself: its text address, and its code. */
struct own_release {
	uint64_t release;
	void (*fn)(struct device *dev, uint64_t data);
};

/* An object with an id: a struct device or struct device_driver; NULL: it is gone. */
struct core_id {
	void *object;
	bool is_driver;
};

struct kobject_rules;

struct driver_core {
	struct kernel *kernel;
	struct mm *mm;
	const struct kobject_rules *kobject; /* of this release: kobject.h */
	struct bus_type platform;
	struct device *root;             /* "platform", the parent of devices without another one */

	struct list devices;             /* all that are not released yet */
	struct list ghosts;              /* released ones, oldest first */
	uint32_t ghost_count;
	struct device *releasing;        /* the device whose release() is running */
	struct list buses, classes;      /* registered ones */
	struct list gone_buses, gone_classes; /* ... and those kept only by references */
	struct device *busless_hash;     /* registered devices without a bus, by name */
	uint32_t first_id, next_id;
	struct core_id *ids;             /* from first_id on */
	uint32_t id_cap;
	uint32_t device_count, driver_count;

	struct list pending, active;     /* deferred probes, first in, first out */
	uint64_t trigger_count;
	/* the last device bound during another device's probe, and the id of its parent */
	struct { char name[NAME_MAX_BYTES + 1]; uint32_t parent; } nested_bind;
	uint32_t endless;                /* id of a device whose retries trigger more retries;
					  * explained once */
	bool defer_all_probes;
	uint64_t deferred_deadline;      /* ns; 0: passed, or none */
	struct work deferred_work;
	struct work deferred_timeout;    /* runs once the deadline has passed */
	struct list work;                /* runs when the outermost call returns */
	/* runs an asynchronous probe: async_probe_now() */
	void (*async_probe_now)(struct device *dev, struct device_driver *drv);
	bool working;
	/* the last probe that failed or was undone, kept until its leftovers are checked */
	struct { const char *by; uint32_t step; bool many; } undone;
	int probing;                     /* probes that have not returned */
	uint32_t hung;                   /* tasks that hang forever */
	struct bus_walk *walks;          /* over devices, innermost first */
	uint64_t link_searches;

	struct devres_layout layout;
	unsigned header;                 /* copy of layout.header: bytes before data[] */
	bool whole_bucket;               /* nodes request the whole bucket */
	size_t fast_max;                /* largest data with a fast path, bytes; 0: none */
	struct { struct device *dev; uint32_t next_free; } *lists;
	uint32_t lists_used, lists_cap, lists_free;
	uint64_t release_kmalloc, release_action, release_pages, release_percpu;
	uint64_t release_open, release_close; /* of groups */
	struct own_release own_releases[4]; /* the last one has no fn */
	uint64_t release_node;           /* generic_node: release of the node itself */
	uint64_t free_node, free_action, free_group; /* the same: values of free_node */
	uint64_t name_kmalloc, name_krealloc, name_action;
	struct watcher log_watcher;      /* devres.log=1 */
	struct owner_entry **owners, *owner_hash; /* indexed by mark - 1; hashed by names */
	uint32_t owners_used, owners_cap;
};

/* An empty core, which can only be inspected and finished. */
void driver_core_off(struct driver_core *core, struct kernel *k, struct mm *mm, uint32_t first_id);

/* `first_id` continues the ids of the previous boot. 0 or -ENOMEM. */
int driver_core_init(struct driver_core *core, struct kernel *k, struct mm *mm,
		     uint32_t first_id);
/* Frees everything without running callbacks. */
void driver_core_finish(struct driver_core *core);

#endif
