/* SPDX-License-Identifier: MIT */
/*
 * The kernel of one machine: the state that every layer of the model builds on. What can
 * be done with it is in one header per concept: event.h, trace.h, log.h, report.h,
 * symbol.h, module.h, sleep.h, upcall.h, clock.h ...
 *
 * Ownership: struct kernel is embedded in the machine; kernel_init() and kernel_finish()
 * bracket one boot.
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

/* A ring: the oldest lines are dropped first. */
struct log {
	struct log_line *line;
	uint32_t cap, first, count;
	uint64_t next_seq;
	size_t bytes;
};

struct event;

/* A watcher of the event stream: event.h. */
struct watcher {
	uint32_t mask; /* EV_BIT()s */
	void (*see)(struct watcher *w, const struct event *e);
	struct watcher *next;
};

/* --- reports ----------------------------------------------------------- */

/* How often a function reported the same problem about the same thing: see ratelimit(). */
struct ratelimit {
	char function[32], about[64]; /* "": this entry and all after it are free */
	uint64_t begin;               /* of the interval, ns */
	uint32_t printed, missed;     /* during the interval */
	bool quiet;                   /* do not log the number of missed ones */
};

#define RATELIMITS 32

/* Reported only once per boot. */
enum once {
	ONCE_ALLOC_PAGES, ONCE_FREE_LARGE, ONCE_NOFAIL_ORDER, ONCE_NOFAIL_NOWAIT,
	ONCE_KMALLOC_SLAB, ONCE_KVMALLOC, ONCE_REF_GET, ONCE_REF_PUT, ONCE_REF_SATURATED,
	ONCE_SITES
};

/* --- symbols ----------------------------------------------------------- */

struct symbols {
	uint64_t base;
	struct symbol *at;
	uint32_t count, cap, max; /* max: how many there are addresses for */
	uint32_t *table, places; /* by name: symbol.c */
};

/* --- the kernel of one machine ----------------------------------------- */

/* Whose code is running; kept with every allocation. */
struct context {
	const char *caller; /* "demo_probe"; outside drivers, the task's name */
	const char *phase;  /* "probe", "remove", "release", or "" */
	uint32_t owner;     /* the device that it runs for, if tracks are kept: base/owner.c */
	struct code_home code; /* a copy that holds no reference */
};

/* A call from outside the model; its name is in the call traces of what it does. */
struct called {
	const char *name;
	int depth;           /* of the stack when the call was made */
	const struct called *outer;
};

/* Why a function sleeps; the explanation of the report depends on it. */
enum sleep_for { SLEEP_FOR_MEMORY, SLEEP_FOR_OWN_MEMORY, SLEEP_FOR_MUTEX, SLEEP_FOR_WORK };

/* Sleeping in atomic sections is reported once a second. */
struct sleeps {
	uint64_t at;         /* time of the last report, ns; 0: none */
	enum sleep_for what; /* of the last report, with what was held then */
	int atomic, irqs_off;
	bool silent;         /* it has happened again since, without a report */
};

/* What ends the machine (the sysctls of kernel.*), and whether it has ended. */
struct panic_policy {
	int on_warn, on_oops, timeout;
	uint32_t warn_limit, oops_limit; /* 0: none */
	uint32_t warns, oopses;
	bool panicked;       /* nothing runs or is logged any more */
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
	uint64_t rng;        /* state of the only random source */
	uint32_t step;       /* counts calls from outside that could change something, and
			      * actions of a front end; not reset by a call's boot */

	uint32_t watching;   /* union of the watchers' masks, plus EV_CHECKED and EV_STEPS */
	struct watcher *watchers;
	uint64_t seq;

	int depth;
	int nesting;         /* upcalls that have not returned */
	const char *stack[STACK_MAX];
	uint64_t entered[STACK_MAX];
	struct context context;
	const struct called *called; /* running calls from outside, innermost first */
	int base;            /* depth at which the running task began */
	bool kthread;        /* the task is a kernel thread without memory of its own */
	const int *returned; /* return value of the function that is ending */

	struct log log;
	uint32_t taint;
	uint64_t trace_id;   /* in the last "end trace" line; counts up from a random value */
	uint32_t reports[REPORT_KINDS];
	bool task_died;      /* since the flag was last cleared */
	struct panic_policy panic;
	bool lock_debug_off; /* lockdep is off, and the line about it has been printed: the first
			      * taint does that */
	bool warned_once[ONCE_SITES];
	int atomic;          /* preempt_count(): spinlocks held */
	int irqs_off;        /* nesting of disabled interrupts */
	struct sleeps slept; /* reports of sleeping in such a section */
	bool injecting;      /* some allocation may fail on purpose (mm/failslab.c) */

	struct symbols text, rodata;
	struct fail_function *fails; /* NULL: no function is made to fail */

	struct list modules;         /* oldest first */
	uint32_t modules_loaded;
	char *last_unloaded;         /* its name, or NULL */

	struct ratelimit limits[RATELIMITS];
	uint64_t kept_back;          /* all reports that were not printed */
};

/* Starts from zero, with the profile that the parameters name. */
void kernel_init(struct kernel *k, const struct params *params);
void kernel_finish(struct kernel *k);

#endif
