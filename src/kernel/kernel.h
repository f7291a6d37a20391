/* SPDX-License-Identifier: MIT */
/*
 * The kernel of one machine: the state that every layer of the model is built on. What
 * can be done with it is in a header for each concept: event.h, trace.h, log.h,
 * report.h, symbol.h, module.h, sleep.h, upcall.h, clock.h ...
 *
 * Ownership: struct kernel is embedded in the machine; kernel_init() and
 * kernel_finish() bracket one boot.
 */
#ifndef DEVSH_KERNEL_KERNEL_H
#define DEVSH_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/code.h"
#include "kernel/params.h"
#include "kernel/profile.h"
#include "kernel/report_kinds.h"
#include "lib/list.h"

/* A ring: the oldest lines go first. */
struct log {
	struct log_line *line;
	uint32_t cap, first, count;
	uint64_t next_seq;
	size_t bytes;
};

struct event;

/* Who watches the event stream: event.h. */
struct watcher {
	uint32_t mask; /* EV_BIT()s */
	void (*see)(struct watcher *w, const struct event *e);
	struct watcher *next;
};

/* --- reports ----------------------------------------------------------- */

/* How often one function reported the same about one thing: see ratelimit(). */
struct ratelimit {
	char function[32], about[64]; /* "": not in use, nor are those after it */
	uint64_t begin;               /* of the interval, ns */
	uint32_t printed, missed;     /* in it */
	bool quiet;                   /* their number is not logged */
};

#define RATELIMITS 32

/* What is reported once per boot. */
enum once {
	ONCE_ALLOC_PAGES, ONCE_FREE_LARGE, ONCE_NOFAIL_ORDER, ONCE_NOFAIL_NOWAIT,
	ONCE_KMALLOC_SLAB, ONCE_KVMALLOC, ONCE_REF_GET, ONCE_REF_PUT, ONCE_REF_SATURATED,
	ONCE_SITES
};

/* --- symbols ----------------------------------------------------------- */

struct symbols {
	uint64_t base;
	struct symbol *at;
	uint32_t count, cap, max; /* as many as there are addresses for */
	uint32_t *table, places; /* by name: symbol.c */
};

/* --- the kernel of one machine ----------------------------------------- */

/* Whose code is running; kept with every allocation. */
struct context {
	const char *caller; /* "demo_probe"; outside drivers the task's name */
	const char *phase;  /* "probe", "remove", "release", or "" */
	uint32_t owner;     /* the device it runs for, if tracks are kept: base/owner.c */
	struct code_home code; /* a copy, without a reference */
};

/* A call from outside: its name is in the call traces of what it does. */
struct called {
	const char *name;
	int depth;           /* of the stack, when it was made */
	const struct called *outer;
};

/* What a function sleeps for: the explanation of its report depends on it. */
enum sleep_for { SLEEP_FOR_MEMORY, SLEEP_FOR_OWN_MEMORY, SLEEP_FOR_MUTEX, SLEEP_FOR_WORK };

/* Sleeps in atomic sections: one report a second. */
struct sleeps {
	uint64_t at;         /* the last report, ns; 0: none */
	enum sleep_for what; /* the last report's, and what was held then */
	int atomic, irqs_off;
	bool silent;         /* it happened again without a report */
};

/* What ends the machine, the sysctls of kernel.*, and whether it has ended. */
struct panic_policy {
	int on_warn, on_oops, timeout;
	uint32_t warn_limit, oops_limit; /* 0: none */
	uint32_t warns, oopses;
	bool panicked;       /* nothing runs and nothing is logged any more */
	char text[128];      /* why */
};

#define STACK_MAX 64
#define NESTING_MAX 24

struct kernel {
	const struct profile *profile;
	const struct arch *arch;
	struct params params;
	char uname[32];      /* "6.12.117-amd64" */
	const char *comm;    /* task name, in reports */
	int pid;

	uint64_t now;        /* ns */
	uint64_t rng;        /* state of the one random source */
	uint32_t step;       /* calls from outside that could change something, and
			      * what a front end did besides; a call's boot counts on */

	uint32_t watching;   /* union of the watchers' masks, EV_CHECKED, EV_STEPS */
	struct watcher *watchers;
	uint64_t seq;

	int depth;
	int nesting;         /* calls out of the model that have not returned */
	const char *stack[STACK_MAX];
	uint64_t entered[STACK_MAX];
	struct context context;
	const struct called *called; /* calls from outside that run, the innermost first */
	int base;            /* depth at which the task that runs began */
	bool kthread;        /* it is a kernel thread, and has no memory of its own */
	const int *returned; /* what the function that ends now returns */

	struct log log;
	uint32_t taint;
	uint64_t trace_id;   /* of the last end of a trace; counts on from a random one */
	uint32_t reports[REPORT_KINDS];
	bool task_died;      /* since the flag was last cleared */
	struct panic_policy panic;
	bool lock_debug_off; /* the line about it was printed: lockdep is off once the kernel is tainted */
	bool warned_once[ONCE_SITES];
	int atomic;          /* preempt_count(): spinlocks that are held */
	int irqs_off;        /* how often interrupts were disabled */
	struct sleeps slept; /* what slept in spite of that */
	bool injecting;      /* some allocation may be made to fail (mm/failslab.c) */

	struct symbols text, rodata;
	struct fail_function *fails; /* NULL: nothing is made to fail */

	struct list modules;         /* oldest first */
	uint32_t modules_loaded;
	char *last_unloaded;         /* name, or NULL */

	struct ratelimit limits[RATELIMITS];
	uint64_t kept_back;          /* reports that were not printed, of all */
};

/* Starts from zero with the profile that the parameters name. */
void kernel_init(struct kernel *k, const struct params *params);
void kernel_finish(struct kernel *k);

#endif
