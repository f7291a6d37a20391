/* SPDX-License-Identifier: MIT */
/*
 * The event stream: what the model does, one typed event at a time, for those who watch.
 * A watcher belongs to the code that added it.
 */
#ifndef DEVSH_KERNEL_EVENT_H
#define DEVSH_KERNEL_EVENT_H

#include "kernel/compiler.h"
#include "kernel/kernel.h"

enum event_type {
	EV_ENTER,   /* a kernel function begins */
	EV_EXIT,    /* ... and ends; time is its duration in ns */
	EV_ALLOC,   /* an object was handed out */
	EV_FREE,    /* an object was taken back */
	EV_NOMEM,   /* an allocation returned NULL */
	EV_DEVRES,  /* ADD, REM, REL, REPLACE of a node */
	EV_PRINTK,  /* a line of the kernel log */
	EV_REPORT,  /* WARN, BUG, Oops, allocator report */
	EV_DEVICE,  /* device_add, device_del */
	EV_DRIVER,  /* driver_register, driver_unregister */
	EV_PROBE,   /* a probe begins, and its result */
	EV_BIND,    /* BOUND_DRIVER, UNBOUND_DRIVER */
};

#define EV_BIT(type) (1u << (type))
#define EV_ALL (~0u)
/*
 * not events: EV_CHECKED: memory is checked and tracked; EV_STEPS: the shortcuts of fast
 * paths do not apply
 */
#define EV_CHECKED (1u << 31)
#define EV_STEPS   (1u << 30)

/*
 * One thing that the model did. Pointers are valid while the watcher runs; a watcher that
 * keeps an event has to copy what it needs.
 */
struct event {
	enum event_type type;
	uint64_t seq;     /* counts from 1 at each boot */
	uint64_t now;     /* simulated ns since boot */
	int depth;        /* of the simulated call stack */
	const char *what; /* function, operation, or the log's text */
	const char *name; /* device, driver or node the event is about */
	uint64_t addr;    /* simulated address */
	uint64_t size;    /* bytes */
	int64_t value;    /* result, level, or duration in ns */
	const int *returned; /* the return value of a function that ends; NULL: not known */
};

void kernel_watch(struct kernel *k, struct watcher *w);
void kernel_unwatch(struct kernel *k, struct watcher *w);
/* Recomputes `watching`. */
void kernel_watch_again(struct kernel *k);
void event_emit(struct kernel *k, struct event *e);

/* EVENT(k, EV_ALLOC, .size = 64): sent only if somebody is watching for it. */
#define EVENT(k, kind, ...)                                                   \
	do {                                                                  \
		if (unlikely((k)->watching & EV_BIT(kind)))                   \
			event_emit(k, &(struct event){ .type = (kind), __VA_ARGS__ }); \
	} while (0)

#endif
