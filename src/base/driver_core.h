/* SPDX-License-Identifier: MIT */
/*
 * Devices, drivers and managed resources of one machine.
 *
 *   driver_core ── devices (all that exist, by id)
 *       │             └─ devres_head: nodes in simulated memory
 *       ├─ buses ── devices, drivers (registration order, by name)
 *       │              └─ bound: devices, newest last
 *       └─ classes ── devices
 *
 * A device is freed when its last reference goes; a driver when it is
 * unregistered. Ids never come back, not even after a boot: a stale one finds
 * nothing.
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

/* A release function that is the core's own: its text address, and what it does. */
struct own_release {
	uint64_t release;
	void (*fn)(struct device *dev, uint64_t data);
};

/* What has an id: a struct device or struct device_driver; NULL: it is gone. */
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
	struct device *root;             /* "platform", parent of all without one */

	struct list devices;             /* all that are not freed yet */
	struct list ghosts;              /* those that are, oldest first */
	uint32_t ghost_count;
	struct device *releasing;        /* whose release() runs */
	struct list buses, classes;      /* registered ones */
	struct list gone_buses, gone_classes; /* ... and those that only references keep */
	struct device *busless_hash;     /* registered ones on no bus, by name */
	uint32_t first_id, next_id;
	struct core_id *ids;             /* from first_id on */
	uint32_t id_cap;
	uint32_t device_count, driver_count;

	struct list pending, active;     /* deferred probes: first in, first out */
	uint64_t trigger_count;
	/* the last device that was bound inside another's probe, and its parent's id */
	struct { char name[NAME_MAX_BYTES + 1]; uint32_t parent; } nested_bind;
	uint32_t endless;                /* id of a device whose retries trigger retries; explained once */
	bool defer_all_probes;
	uint64_t deferred_deadline;      /* ns; 0: it has passed, or there is none */
	struct work deferred_work;
	struct work deferred_timeout;    /* done when the deadline has passed */
	struct list work;                /* done when the outermost call is over */
	/* what a background probe does: async_probe_now() */
	void (*async_probe_now)(struct device *dev, struct device_driver *drv);
	bool working;
	/* the last probe that failed or was undone, until somebody asks what it left */
	struct { const char *by; uint32_t step; bool many; } undone;
	int probing;                     /* probes that have not returned */
	uint32_t hung;                   /* tasks that wait forever */
	struct bus_walk *walks;          /* of devices, innermost first */
	uint64_t link_searches;

	struct devres_layout layout;
	unsigned header;                 /* layout.header: bytes in front of data[] */
	bool whole_bucket;               /* nodes ask for all of their bucket */
	size_t fast_max;                /* bytes of data that have a fast path; 0: none */
	struct { struct device *dev; uint32_t next_free; } *lists;
	uint32_t lists_used, lists_cap, lists_free;
	uint64_t release_kmalloc, release_action, release_pages, release_percpu;
	uint64_t release_open, release_close; /* of groups */
	struct own_release own_releases[4]; /* ended by one without fn */
	uint64_t release_node;           /* generic_node: what the node itself has */
	uint64_t free_node, free_action, free_group; /* the same, for free_node */
	uint64_t name_kmalloc, name_krealloc, name_action;
	struct watcher log_watcher;      /* devres.log=1 */
	struct owner_entry **owners, *owner_hash; /* by mark - 1, and by names */
	uint32_t owners_used, owners_cap;
};

/* Without a device: nothing can be done with it, but to look and to finish it. */
void driver_core_off(struct driver_core *core, struct kernel *k, struct mm *mm, uint32_t first_id);

/* `first_id` continues the ids of an earlier boot. 0 or -ENOMEM. */
int driver_core_init(struct driver_core *core, struct kernel *k, struct mm *mm,
		     uint32_t first_id);
/* Frees everything without running a callback. */
void driver_core_finish(struct driver_core *core);

#endif
