/* SPDX-License-Identifier: MIT */
/*
 * The rules of devres lists and of binding a second time, in the simplest way: arrays
 * that are walked from one end to the other. Written from what Linux does and not from
 * src/, of which nothing is included here: the same mistake would have to be made twice.
 *
 * There is no memory. The caller supplies the address of each allocation; overlapping
 * addresses are detected.
 */
#ifndef DEVSH_TESTS_NAIVE_H
#define DEVSH_TESTS_NAIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAIVE_RELEASE(major, minor) (1000 * (major) + (minor))

enum naive_arch { NAIVE_X86_64, NAIVE_ARM64, NAIVE_ARM };

/* What is booted. */
struct naive_config {
	int release;        /* NAIVE_RELEASE(6, 12) */
	bool repaired;      /* with the backports to 5.10: see naive_repaired() */
	enum naive_arch arch;
	unsigned page;      /* bytes */
	unsigned max_order; /* of pages, inclusive */
	bool tracks;        /* the allocator keeps the requested size */
};

enum naive_kind {
	NAIVE_KMALLOC, NAIVE_RES, NAIVE_ACTION, NAIVE_PAGES, NAIVE_PERCPU,
	NAIVE_OPEN, NAIVE_CLOSE,
};

struct naive_group {
	uint64_t id;
	int color;
	bool closed;
};

struct naive_node {
	enum naive_kind kind;
	uint64_t addr;      /* what the driver got; 0 for others */
	uint64_t size;      /* requested */
	uint64_t bucket;    /* bytes of the object, including the header */
	uint64_t data;      /* of an action */
	unsigned fn;        /* its release or action */
	bool reallocated;
	struct naive_group *group;
};

struct naive_list {
	struct naive_node **at; /* oldest first */
	size_t count, room;
};

struct naive_driver;

struct naive_device {
	unsigned name, serial;
	bool registered, busy, deadlocked, locked;
	int refs, user_refs;
	struct naive_driver *driver;
	struct naive_list list;
};

struct naive_driver {
	unsigned name, serial;
	bool on_bus, has_probe, has_remove, has_table;
	uint32_t table;     /* one bit for each device's name */
	int active;
	struct naive_device *bound[64]; /* oldest first */
	size_t bound_count;
};

/* Steps of a probe that can be made to fail, in order. */
enum naive_step {
	NAIVE_SUPPLIERS, NAIVE_PINS, NAIVE_DMA, NAIVE_SYSFS, NAIVE_PROBE, NAIVE_GROUPS, NAIVE_STEPS
};

enum naive_callback { NAIVE_CALL_PROBE, NAIVE_CALL_REMOVE, NAIVE_CALL_RELEASE, NAIVE_CALL_ACTION };

/* What the rules request from their caller. */
struct naive_world {
	/* The address from the allocator; 0: none. */
	uint64_t (*memory)(void *ctx);
	/* Runs a function, or a driver's callback, that the test defined. */
	int (*callback)(void *ctx, enum naive_callback what, unsigned fn,
			struct naive_device *dev, uint64_t data);
	/* ADD, REM, REL, REPLACE */
	void (*log)(void *ctx, const char *op, struct naive_device *dev,
		    const struct naive_node *node);
	void *ctx;
};

#define NAIVE_MAX 256

struct naive {
	struct naive_config config;
	struct naive_world world;
	struct naive_device *device[NAIVE_MAX]; /* alive, in order of creation */
	size_t devices;
	struct naive_driver *driver[NAIVE_MAX]; /* in the order of registration */
	size_t drivers;
	struct naive_device *pending[NAIVE_MAX]; /* deferred */
	size_t pendings;
	struct naive_device *active[NAIVE_MAX]; /* ... and about to be retried */
	size_t actives;
	int fail[NAIVE_STEPS];                  /* -errno for the next time */
	unsigned triggers;                      /* number of devices bound */
	bool triggered;                         /* deferred devices have to be retried */
	struct naive_list loose;                /* resources on no list */
	struct naive_list all;                  /* every node that has memory */
	unsigned serials, complaints;
	bool died;                              /* of the task, until the call is over */
	bool warned_too_big;
	const char *wrong;                      /* something that no allocator may do, or NULL */
};

struct naive *naive_boot(const struct naive_config *config, const struct naive_world *world);
void naive_power_off(struct naive *n);

/* --- lists (naive_node.c) ------------------------------------------------- */

struct naive_match {
	uint64_t res;       /* only this one; 0: any */
	bool (*match)(void *ctx, struct naive_device *dev, uint64_t data); /* or NULL */
	void *ctx;
};

/* 4 or 8: bytes of a pointer. */
unsigned naive_word(const struct naive_config *c);
/* What the list and the log show of a node. */
uint64_t naive_shown_size(const struct naive *n, const struct naive_node *node, bool in_log);
const char *naive_shown_name(const struct naive *n, const struct naive_node *node);
/* Whether this is the data of an allocated resource or of devm_kmalloc(). */
bool naive_knows(const struct naive *n, uint64_t addr);

/* naive_devm.c */
uint64_t naive_devm_kmalloc(struct naive *n, struct naive_device *d, uint64_t size, bool nowarn);
uint64_t naive_devm_krealloc(struct naive *n, struct naive_device *d, uint64_t p, uint64_t size,
			     bool nowarn);
void naive_devm_kfree(struct naive *n, struct naive_device *d, uint64_t p);
uint64_t naive_devm_get_free_pages(struct naive *n, struct naive_device *d, unsigned order,
				   bool nowarn);
void naive_devm_free_pages(struct naive *n, struct naive_device *d, uint64_t p);
uint64_t naive_devm_alloc_percpu(struct naive *n, struct naive_device *d, uint64_t size);
void naive_devm_free_percpu(struct naive *n, struct naive_device *d, uint64_t p);

/* naive_action.c */
int naive_devm_add_action(struct naive *n, struct naive_device *d, unsigned fn, uint64_t data,
			  bool or_reset);
int naive_devm_remove_action(struct naive *n, struct naive_device *d, unsigned fn,
			     uint64_t data, bool warn);
void naive_devm_release_action(struct naive *n, struct naive_device *d, unsigned fn,
			       uint64_t data);
bool naive_devm_is_action_added(struct naive *n, struct naive_device *d, unsigned fn,
				uint64_t data);

/* naive_devres.c */
uint64_t naive_devres_alloc(struct naive *n, unsigned fn, uint64_t size, bool nowarn);
void naive_devres_free(struct naive *n, uint64_t res);
void naive_devres_add(struct naive *n, struct naive_device *d, uint64_t res);
uint64_t naive_devres_find(struct naive *n, struct naive_device *d, unsigned fn,
			   const struct naive_match *m);
uint64_t naive_devres_get(struct naive *n, struct naive_device *d, uint64_t res,
			  const struct naive_match *m);
uint64_t naive_devres_remove(struct naive *n, struct naive_device *d, unsigned fn,
			     const struct naive_match *m);
int naive_devres_destroy(struct naive *n, struct naive_device *d, unsigned fn,
			 const struct naive_match *m);
int naive_devres_release(struct naive *n, struct naive_device *d, unsigned fn,
			 const struct naive_match *m);
void naive_devres_for_each_res(struct naive *n, struct naive_device *d, unsigned fn,
			       const struct naive_match *m,
			       void (*each)(void *ctx, struct naive_device *d, uint64_t data));

/* naive_group.c */
int naive_devres_release_all(struct naive *n, struct naive_device *d);
uint64_t naive_devres_open_group(struct naive *n, struct naive_device *d, uint64_t id);
void naive_devres_close_group(struct naive *n, struct naive_device *d, uint64_t id);
void naive_devres_remove_group(struct naive *n, struct naive_device *d, uint64_t id);
int naive_devres_release_group(struct naive *n, struct naive_device *d, uint64_t id);

/* --- devices and drivers (naive_core.c) --------------------------------------- */

/* 0, -EEXIST. *out may be gone already if a probe removed it. */
int naive_device(struct naive *n, unsigned name, struct naive_device **out);
int naive_device_unregister(struct naive *n, struct naive_device *d);
void naive_get_device(struct naive_device *d);
int naive_put_device(struct naive *n, struct naive_device *d);
/* 0, -EBUSY. *drv has the name, the table, and which callbacks exist. */
int naive_driver(struct naive *n, const struct naive_driver *drv, struct naive_driver **out);
int naive_driver_unregister(struct naive *n, struct naive_driver *drv);
int naive_bind(struct naive *n, struct naive_device *d, struct naive_driver *drv);
int naive_unbind(struct naive *n, struct naive_device *d);
/* By number; numbers are not reused. NULL: gone. */
struct naive_device *naive_device_at(const struct naive *n, unsigned serial);
struct naive_driver *naive_driver_at(const struct naive *n, unsigned serial);
/* The state as shown in the list of devices. */
const char *naive_state(const struct naive *n, const struct naive_device *d);
/* The outermost call is over: runs what it deferred. */
void naive_call_over(struct naive *n);

#endif
