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
 */
#ifndef DEVSH_BASE_BASE_H
#define DEVSH_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uthash.h>

#include "base/bus.h"
#include "kernel/kernel.h"
#include "lib/list.h"
#include "lib/rank.h"
#include "mm/slab.h"

#define NAME_MAX_BYTES 255

struct device;
struct device_driver;
struct driver_core;

typedef void (*dr_release_t)(struct device *dev, void *res);
typedef bool (*dr_match_t)(struct device *dev, void *res, void *match_data);

/*
 * Links of the short way, which knows 64-bit words only. In the head, too: a
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

/* What few devices have; made when it is wanted. */
struct device_more {
	struct class *class;
	struct list on_class;            /* class->devices */
	char **compatible;               /* NULL-terminated, or NULL */
	void (*release)(struct device *dev);
	void (*release_drop)(void *data); /* the owner of release_data cleans up */
	void *release_data;
	const char *release_name;        /* in stacks */
	char *deferred_reason;           /* "driver: text" */
	struct list suppliers, consumers; /* struct device_link */
	struct device *came_from;        /* while links are followed */
	uint64_t visited;                /* ... and the search that was here last */
};

struct device {
	struct driver_core *core;
	uint32_t id;
	int refcount;
	int user_refs;                   /* those of them that the creator and calls took */
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
	bool can_match;                  /* a driver was found once */
	bool platform_device;            /* has the platform's own release() */
	bool async_queued;               /* a probe waits in the background */
	uint8_t puts_too_many;
	int last_result;                 /* of the last probe: 0, or an errno of either sign */
	const char *last_probe;          /* "demo_probe"; NULL: there was none */
	uint32_t children;
	uint32_t probe_step;             /* of the last probe: what it allocated has it, too */

	struct devres_list devres __attribute__((aligned(8)));
	struct cache_node **devres_caches; /* for short ways, by (size of data + 7) / 8 */
	/* the list's newest node where a short way has made it, or NULL */
	struct devres_node *newest;
	struct cache_node *newest_cache;
	uint32_t newest_slot;
	uint32_t devres_groups;          /* that have a marker on the list */
	bool devres_locked;              /* a callback runs under devres_lock */
	uint64_t devres_seen;            /* nodes Linux would have looked at, all searches */
	uint32_t devres_last_seen;       /* ... the last one */
	struct rank devres_rank;         /* only while tracks are kept, as what follows: */
	uint32_t devres_numbered;        /* nodes since the list was empty */
	uint32_t owner_mark, owner_driver; /* the one that owner_mark() gave, and for whom */

	struct list all;                 /* core->devices */
	struct list on_bus;              /* bus->devices */
	struct list bound;               /* driver->devices */
	struct list deferred;            /* core->pending or core->active */
	UT_hash_handle by_name;
};

/* A device is probed now or later; default: as driver_async_probe= says. */
enum probe_type { PROBE_DEFAULT_STRATEGY, PREFER_ASYNCHRONOUS, FORCE_SYNCHRONOUS };

struct device_driver {
	struct driver_core *core;
	uint32_t id;
	char *name;
	struct bus_type *bus;
	struct module *owner;            /* whose init() registered it, or NULL */
	enum probe_type probe_type;
	char **id_table;                 /* NULL-terminated names, or NULL */
	char **compatible;               /* of_match_table, likewise */
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	void (*destroy)(struct device_driver *drv); /* the owner of `private` cleans up */
	void *private;
	const char *probe_name, *remove_name; /* "demo_probe": in stacks */
	int active;                      /* callbacks that run now or wait to */
	struct list devices;             /* bound, oldest first */
	struct list on_bus;
	UT_hash_handle by_name;
};

/* Something for later: the worker takes it off the list and runs it. */
struct work {
	struct list link;                /* core->work */
	void (*fn)(struct driver_core *core, struct work *w);
	struct device *dev;              /* what fn wants to know: see there */
	struct device_driver *drv;
};

struct driver_core {
	struct kernel *kernel;
	struct mm *mm;
	struct bus_type platform;
	struct device *root;             /* "platform", parent of all without one */

	struct list devices;             /* all that are not freed yet */
	struct list buses, classes;      /* registered ones */
	struct list gone_buses;          /* ... and buses that only references keep */
	struct device *busless_hash;     /* registered ones on no bus, by name */
	uint32_t first_id, next_id;
	void **by_id;                    /* struct device or struct device_driver */
	bool *is_driver;
	uint32_t id_cap;
	uint32_t device_count, driver_count;

	struct list pending, active;     /* deferred probes: first in, first out */
	uint64_t trigger_count;
	bool defer_all_probes;
	uint64_t deferred_deadline;      /* ns; 0: it has passed, or there is none */
	struct work deferred_work;
	struct list work;                /* done when the outermost call is over */
	bool working;
	/* the last probe that failed or was undone, until somebody asks what it left */
	struct { const char *by; uint32_t step; bool many; } undone;
	int probing;                     /* probes that have not returned */
	struct bus_walk *walks;          /* of devices, innermost first */
	uint64_t link_searches;

	struct devres_layout layout;
	unsigned header;                 /* layout.header: bytes in front of data[] */
	bool whole_bucket;               /* nodes ask for all of their bucket */
	size_t short_max;                /* bytes of data that have a short way; 0: none */
	struct { struct device *dev; uint32_t next_free; } *lists;
	uint32_t lists_used, lists_cap, lists_free;
	uint64_t release_kmalloc, release_action, release_pages, release_percpu;
	uint64_t release_open, release_close; /* of groups */
	uint64_t release_node;           /* generic_node: what the node itself has */
	uint64_t free_node, free_action, free_group; /* the same, for free_node */
	uint64_t name_kmalloc, name_krealloc, name_action;
	struct watcher log_watcher;      /* devres.log=1 */
	struct owner_entry **owners, *owner_hash; /* by mark - 1, and by names */
	uint32_t owners_used, owners_cap;
};

/* `first_id` continues the ids of an earlier boot. 0 or -ENOMEM. */
int driver_core_init(struct driver_core *core, struct kernel *k, struct mm *mm,
		     uint32_t first_id);
/* Frees everything without running a callback. */
void driver_core_finish(struct driver_core *core);

/* --- core.c ------------------------------------------------------------ */

struct device_config {
	const char *name;
	struct bus_type *bus;   /* NULL: none; device_register() without a class: platform */
	struct class *class;
	struct device *parent;  /* NULL: none; for a platform device the platform root */
	int numa_node;          /* NUMA_NO_NODE: the parent's */
	char *const *compatible; /* copied; or NULL */
	void (*release)(struct device *dev);
	void (*release_drop)(void *data); /* the device owns release_data, also on error */
	void *release_data;
};

/* --- device.c: core.c in Linux ------------------------------------------- */

/*
 * A device that nobody knows yet, with one reference, which is the caller's.
 * -EINVAL: no name for a device, -ENOMEM.
 */
int device_initialize(struct driver_core *core, const struct device_config *c,
		      struct device **out);
/*
 * Make it known; a driver that matches probes it. -EEXIST: the name is taken,
 * -EINVAL, or what a step was made to fail with; the reference stays the caller's.
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
/* get_device() and put_device() of a user: one too many is reported, not obeyed. */
void user_get_device(struct device *dev);
void user_put_device(struct device *dev);
void set_dev_node(struct device *dev, int node);
/* NULL or "": none. Unbinds nothing. -ENOMEM. */
int driver_set_override(struct device *dev, const char *name);
/* NULL: the host has no memory. */
struct device_more *device_more(struct device *dev);
/* "/devices/platform/eth0", cut at the front where it does not fit. */
const char *device_path(const struct device *dev, char *out, size_t size);
/* private to base/ */
void device_free(struct device *dev);

static inline bool device_is_bound(const struct device *dev)
{
	return !list_empty(&dev->bound);
}

struct device *device_by_id(struct driver_core *core, uint32_t id);
/*
 * A registered device, or else one that only references keep. A name that two
 * buses know is the older bus' device; "BUS:NAME" says which.
 */
struct device *device_by_name(struct driver_core *core, const char *name);
struct device_driver *driver_by_id(struct driver_core *core, uint32_t id);
struct device_driver *driver_by_name(struct driver_core *core, const char *name);

/* "demo" when it is bound, else its bus, its class, or "". */
const char *dev_driver_string(const struct device *dev);

/* 0 when the word can name a device or driver, else -EINVAL. */
int check_name(const char *name);

/* dev_err() and its family. */
__attribute__((format(printf, 3, 4)))
void dev_printk(enum log_level level, const struct device *dev, const char *fmt, ...);

/* private to base/: ids, and what sysfs says to a name that is taken */
void duplicate_name(struct driver_core *core, const char *dir, const char *name);
char **names_copy(char *const *from);
void names_free(char **names);
int core_id_new(struct driver_core *core, void *object, bool is_driver, uint32_t *id);
void core_id_drop(struct driver_core *core, uint32_t id);

/* --- driver.c ---------------------------------------------------------- */

/*
 * The core copies name and id_table and owns the driver from here on, also
 * when it fails. Devices that match are probed. -EBUSY: name is taken.
 */
int driver_register(struct driver_core *core, const struct device_driver *proto,
		    struct device_driver **out);
/* Unbinds its devices, newest first. -EDEADLK from inside one of its callbacks. */
int driver_unregister(struct device_driver *drv);
/* private to base/: the memory of a driver that is on no list */
void driver_free(struct device_driver *drv);

/* --- platform.c -------------------------------------------------------- */

int platform_match(struct device *dev, struct device_driver *drv);
/* "uart.0" is instance 0 of the platform device "uart": 4. */
size_t platform_name_length(const struct device *dev);

/* --- dd.c, attach.c, detach.c, callback.c ----------------------------------- */

/* >0: they fit, 0: no, -EPROBE_DEFER, or what else the bus' match said. */
int driver_match_device(struct device_driver *drv, struct device *dev);
/*
 * As writing to the driver's bind file: 0, -ENODEV, -EBUSY, -EAGAIN, probe's
 * errno; up to 5.10 -ENODEV for all that fails.
 */
int device_driver_attach(struct device_driver *drv, struct device *dev);
/* As writing to the driver's unbind file: 0, -ENODEV. */
int device_driver_detach(struct device *dev);
/*
 * Try all drivers of the bus: 1 bound, 0 none took it; -errno of a probe that
 * could not begin. As drivers_probe does.
 */
int device_attach(struct device *dev);
/* Likewise for a new device: when its bus probes by itself, maybe later. */
void bus_probe_device(struct device *dev);
/* Try the driver on all devices of its bus. */
void driver_attach(struct device_driver *drv);
/* Unbind if bound; the device is not busy. -EDEADLK: a consumer is, or somebody died. */
int device_release_driver(struct device *dev);
/* Whoever wants to unbind it now waits for ever: for its lock, or for a consumer's. */
bool device_is_stuck(struct device *dev);

/* A walk over a bus' devices that survives that they come and go. */
struct bus_walk {
	struct bus_type *bus;
	struct list *at;         /* visited now, or in front of who left */
	struct bus_walk *outer;
};
/*
 * private to base/: 0; a positive errno of a probe that failed, a negative one of
 * one that could not begin. The second queues a device that defers.
 */
int __driver_probe_device(struct device *dev, struct device_driver *drv);
int driver_probe_device(struct device *dev, struct device_driver *drv);
/* private to base/: the device leaves its bus */
void bus_walks_skip(struct device *dev);

/* --- deferred.c: dd.c in Linux ------------------------------------------- */

void driver_deferred_probe_add(struct device *dev);
void driver_deferred_probe_del(struct device *dev);
/* All that wait get one more try, when the outermost call is over. */
void driver_deferred_probe_trigger(struct driver_core *core);
/* Why a probe defers; text as dev_err_probe() gets it. */
__attribute__((format(printf, 2, 3)))
void device_set_deferred_probe_reason(struct device *dev, const char *fmt, ...);
void device_clear_deferred_probe_reason(struct device *dev);
/* "" when nobody said one. */
const char *device_deferred_reason(const struct device *dev);
/* Logs the error, named "-EIO", or keeps it as the reason for deferring. Returns err. */
int dev_err_probe(struct device *dev, int err, const char *name, const char *text);
/* No probe from here on: they all defer. -EDEADLK from inside a probe. */
int device_block_probing(struct driver_core *core);
void device_unblock_probing(struct driver_core *core);
/* -EDEADLK from inside a probe or from the worker. */
int wait_for_device_probe(struct driver_core *core);
/* private to base/ */
void deferred_init(struct driver_core *core);
void deferred_check_timeout(struct driver_core *core);

/* --- work.c --------------------------------------------------------------- */

/* Twice is once. */
void queue_work(struct driver_core *core, struct work *w);
/* Do what waits. For who makes calls: when the outermost one is over. */
void run_work(struct driver_core *core);
bool driver_allows_async_probing(const struct device_driver *drv);
/* A probe of dev, by drv or (NULL) by all drivers that want it so. -ENOMEM. */
int async_probe(struct device *dev, struct device_driver *drv);
/* private to base/: what waits is forgotten */
void work_finish(struct driver_core *core);
/* private to base/, in attach.c */
void async_probe_now(struct device *dev, struct device_driver *drv);

/* --- link.c: core.c in Linux ---------------------------------------------- */

enum device_link_flag {
	DL_FLAG_STATELESS = 1 << 0,
	DL_FLAG_AUTOREMOVE_CONSUMER = 1 << 1,
	DL_FLAG_PM_RUNTIME = 1 << 2,
	DL_FLAG_RPM_ACTIVE = 1 << 3,
	DL_FLAG_AUTOREMOVE_SUPPLIER = 1 << 4,
	DL_FLAG_AUTOPROBE_CONSUMER = 1 << 5,
	DL_FLAG_MANAGED = 1 << 6,
	DL_FLAG_SYNC_STATE_ONLY = 1 << 7,
	DL_FLAG_INFERRED = 1 << 8,
	DL_FLAG_CYCLE = 1 << 9,
};

enum device_link_state {
	DL_STATE_NONE = -1, DL_STATE_DORMANT, DL_STATE_AVAILABLE, DL_STATE_CONSUMER_PROBE,
	DL_STATE_ACTIVE, DL_STATE_SUPPLIER_UNBIND,
};

/* Keeps both devices alive. */
struct device_link {
	struct device *supplier, *consumer;
	struct list by_supplier;  /* supplier->more->consumers */
	struct list by_consumer;  /* consumer->more->suppliers */
	enum device_link_state status;
	uint32_t flags;
	int refs;
};

/* NULL, with one line in *why: what Linux refuses without a word. */
struct device_link *device_link_add(struct device *consumer, struct device *supplier,
				    uint32_t flags, const char **why);
/* WARNs for a managed link: the core looks after that. */
void device_link_del(struct device_link *link);
struct device_link *device_link_find(struct device *consumer, struct device *supplier);
/* private to base/ */
int device_links_check_suppliers(struct device *dev);
void device_links_driver_bound(struct device *dev);
void device_links_no_driver(struct device *dev);
void device_links_driver_cleanup(struct device *dev);
void device_links_purge(struct device *dev);
/* At the end of a machine: links to suppliers are freed, nothing else happens. */
void device_links_forget(struct device *dev);
/* A consumer that is bound or being probed; unbinding: others are told. NULL: none. */
struct device *device_links_busy(struct device *dev, bool unbinding);

/* --- owner.c ------------------------------------------------------------ */

/* Whose memory is, or was. Both names outlive what they name. */
struct owner {
	const char *device;
	const char *driver;  /* "": none was bound */
};

/* A device and its driver of this moment, for tracks; 0 where none are kept. */
uint32_t owner_mark_new(struct device *dev);

static inline uint32_t owner_mark(struct device *dev)
{
	uint32_t driver = dev->driver ? dev->driver->id : 0;

	if (likely(dev->owner_mark && dev->owner_driver == driver))
		return dev->owner_mark;
	return owner_mark_new(dev);
}

/* NULL for 0. */
const struct owner *owner_of(const struct driver_core *core, uint32_t mark);
void owners_finish(struct driver_core *core);

/* --- devres.c ---------------------------------------------------------- */

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
/* With its release. 0 or -ENOENT. */
int devres_release(struct device *dev, uint64_t release, dr_match_t match, void *data);
/* fn for each that matches, newest first. */
void devres_for_each_res(struct device *dev, uint64_t release, dr_match_t match, void *md,
			 void (*fn)(struct device *dev, void *res, void *data), void *data);
/* The number of nodes released, groups not counted. */
int devres_release_all(struct device *dev);

/* The way to a function that a text address stands for; ctx is the symbol's. */
enum symbol_use {
	USE_RELEASE, /* release(dev, res) */
	USE_ACTION,  /* action(data); the device is an extra */
};
typedef void (*action_fn)(void *ctx, struct device *dev, uint64_t data, enum symbol_use use);

/* --- group.c ----------------------------------------------------------- */

/* The group's id, by default its own address; 0: no memory. */
uint64_t devres_open_group(struct device *dev, uint64_t id, gfp_t gfp);
/* id 0: the newest open group. WARNs when there is none; BUG when it is closed. */
void devres_close_group(struct device *dev, uint64_t id);
/* Forgets the group; its members stay. WARNs when there is none. */
void devres_remove_group(struct device *dev, uint64_t id);
/* Releases what is in it. The number of nodes, groups not counted. */
int devres_release_group(struct device *dev, uint64_t id);

/* --- devm.c, devm_string.c --------------------------------------------- */

/*
 * devm_kmalloc - managed kmalloc
 *
 * size in bytes. NULL when memory runs out or size + header overflows; size 0
 * gives ZERO_SIZE_PTR, before 5.10 a pointer to no bytes. Freed after remove()
 * of the driver that is bound, or with devm_kfree().
 */
void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp);
void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp);
void *devm_kmalloc_array(struct device *dev, size_t n, size_t size, gfp_t gfp);
void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t gfp);
/*
 * In place while the bucket is big enough, and then nobody asks whose it is;
 * else a new node in the old one's place on the list. NULL with a WARN for
 * memory of another device, without one when memory runs out: p stays.
 */
void *devm_krealloc(struct device *dev, void *p, size_t size, gfp_t gfp);
void *devm_krealloc_array(struct device *dev, void *p, size_t n, size_t size, gfp_t gfp);
/* WARNs when p is not this device's; p is never dereferenced. */
void devm_kfree(struct device *dev, const void *p);

char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp);
void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp);

/* --- action.c ---------------------------------------------------------- */

/* 0 or -ENOMEM. */
int devm_add_action(struct device *dev, uint64_t action, uint64_t data);
/* On error the action has run. */
int devm_add_action_or_reset(struct device *dev, uint64_t action, uint64_t data);
/* Without running it. WARNs when there is none. */
void devm_remove_action(struct device *dev, uint64_t action, uint64_t data);
/* 0 or -ENOENT, and no WARN. */
int devm_remove_action_nowarn(struct device *dev, uint64_t action, uint64_t data);
/* Runs it now. WARNs when there is none. */
void devm_release_action(struct device *dev, uint64_t action, uint64_t data);
bool devm_is_action_added(struct device *dev, uint64_t action, uint64_t data);

/* --- devm_pages.c ------------------------------------------------------ */

/* 2^order pages; NULL: no memory. The node is allocated with GFP_KERNEL. */
void *devm_get_free_pages(struct device *dev, gfp_t gfp, unsigned order);
/* WARNs when the pages are not this device's. */
void devm_free_pages(struct device *dev, const void *p);
/* Zeroed memory for each CPU. */
void *devm_alloc_percpu(struct device *dev, size_t size, size_t align);
void devm_free_percpu(struct device *dev, const void *p);

/* --- node.c: lists as walkers see them --------------------------------- */

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
	NODE_ACTION,      /* an action that is no struct devres */
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

/* The node that begins at this object's start. False: none does. */
bool devres_node_info(const struct driver_core *core, const struct object *o,
		      struct devres_info *info);

#endif
