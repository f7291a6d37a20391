/* SPDX-License-Identifier: MIT */
/*
 * What every layer of the model stands on: the profile, simulated time, the
 * call stack, the event stream, the log and the symbols of one machine.
 *
 * Ownership: struct kernel is embedded in the machine; kernel_init() and
 * kernel_finish() bracket one boot. Watchers belong to who added them.
 */
#ifndef DEVSH_KERNEL_KERNEL_H
#define DEVSH_KERNEL_KERNEL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/breakage.h"
#include "kernel/params.h"
#include "kernel/profile.h"
#include "kernel/report_kinds.h"
#include "lib/list.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline    __attribute__((noinline))

#ifndef EPROBE_DEFER
#define EPROBE_DEFER 517 /* not in the host's errno.h */
#endif

/* --- events ------------------------------------------------------------ */

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
/* no events: memory is checked and tracked; the short ways do not know enough */
#define EV_CHECKED (1u << 31)
#define EV_STEPS   (1u << 30)

/*
 * One thing that the model did. Pointers are valid while the watcher runs;
 * who keeps an event copies what it needs.
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
	const int *returned; /* what a function that ends returns; NULL: not known */
};

struct watcher {
	uint32_t mask; /* EV_BIT()s */
	void (*see)(struct watcher *w, const struct event *e);
	struct watcher *next;
};

/* --- the log ----------------------------------------------------------- */

enum log_level {
	KERN_EMERG, KERN_ALERT, KERN_CRIT, KERN_ERR,
	KERN_WARNING, KERN_NOTICE, KERN_INFO, KERN_DEBUG,
};

struct log_line {
	uint64_t seq; /* counts from 0 at each boot, gaps show what was dropped */
	uint64_t now;
	enum log_level level;
	char *text;
};

/* A ring: the oldest lines go first. */
struct log {
	struct log_line *line;
	uint32_t cap, first, count;
	uint64_t next_seq;
	size_t bytes;
};

#define LOG_BYTES_MAX (4u << 20)

/* --- reports ----------------------------------------------------------- */

/* How often one function said the same about one thing: see ratelimit(). */
struct ratelimit {
	char function[32], about[64]; /* "": not in use, as those behind it */
	uint64_t begin;               /* of the interval, ns */
	uint32_t printed, missed;     /* in it */
	bool quiet;                   /* their number is not logged */
};

#define RATELIMITS 32

#define TAINT_DIE  (1u << 7)
#define TAINT_WARN (1u << 9)
#define TAINT_BAD_PAGE (1u << 5)
#define TAINT_OOT_MODULE (1u << 12)
#define TAINT_ALL ((1u << 18) - 1)

/* Digits of an address as this architecture prints it. */
static inline int addr_digits(const struct arch *a)
{
	return 2 * a->word;
}

/* What is said once per boot. */
enum once {
	ONCE_ALLOC_PAGES, ONCE_FREE_LARGE, ONCE_NOFAIL_ORDER, ONCE_NOFAIL_NOWAIT,
	ONCE_KMALLOC_SLAB, ONCE_KVMALLOC, ONCE_REF_GET, ONCE_REF_PUT, ONCE_REF_SATURATED,
	ONCE_SITES
};

/* --- where code is ------------------------------------------------------ */

struct module;

/*
 * Where the functions of one object (a driver, a bus, a class) are: in the module
 * whose code made it, and gone with it, or, without a module, in the kernel. Holds
 * a reference of the module. The nth function is at addr + nth * CODE_STRIDE; 0: the
 * module has too many for each to have an address.
 */
struct code_home {
	struct module *module;
	uint64_t addr;
};

#define CODE_STRIDE 0x80

/* --- symbols ----------------------------------------------------------- */

/*
 * Simulated text and read-only data. A function has an address that a dump
 * shows and a release callback is compared by; `fn` and `ctx` are what the
 * layer that added it wants to find again.
 */
struct symbol {
	char *name;
	struct code_home home; /* of what it does; no module: the kernel's own text */
	void (*fn)(void);
	void *ctx;
	void (*drop)(void *ctx); /* the symbol owns ctx, and lets go of it so */
};

struct symbols {
	uint64_t base;
	struct symbol *at;
	uint32_t count, cap;
};

#define SYMBOL_STRIDE 64
#define SYMBOLS_MAX 131072 /* 8 MiB of addresses */

/* --- modules ----------------------------------------------------------- */

enum module_state { MODULE_COMING, MODULE_LIVE, MODULE_GOING, MODULE_GONE };

struct module {
	char *name;
	int (*init)(struct module *m);
	int (*exit)(struct module *m);
	void (*destroy)(struct module *m); /* the owner of `private` cleans up */
	void *private;
	enum module_state state;
	uint32_t refs;       /* the list's, and of what has its code in it */
	uint64_t base;       /* simulated address of its code */
	uint32_t functions;  /* that were given an address there */
	struct list all;     /* kernel->modules */
};

/* --- functions that fail on demand -------------------------------------- */

struct fail_function {
	const char *function;
	int retval;          /* -errno */
	int64_t times;       /* left; negative: for ever */
	uint64_t hits;
	struct fail_function *next;
};

/* --- the kernel of one machine ----------------------------------------- */

/* Whose code runs: kept with every allocation. */
struct context {
	const char *caller; /* "demo_probe"; outside of drivers the task's name */
	const char *phase;  /* "probe", "remove", "release", or "" */
	uint32_t owner;     /* whom it runs for, where tracks are kept: base/owner.c */
	struct code_home code; /* a copy, without a reference */
};

/* A call from outside: its name is in the call traces of what it does. */
struct called {
	const char *name;
	int depth;           /* of the stack, when it was made */
	const struct called *outer;
};

/* For what a function sleeps; the sentence behind its report differs. */
enum sleep_for { SLEEP_FOR_MEMORY, SLEEP_FOR_OWN_MEMORY, SLEEP_FOR_MUTEX, SLEEP_FOR_WORK };

/* Sleeps where nobody may: one report a second. */
struct sleeps {
	uint64_t at;         /* the last report, ns; 0: none */
	enum sleep_for what; /* the last report's, and what was held then */
	int atomic, irqs_off;
	bool silent;         /* it happened again since, without a report */
};

/* What ends the machine: the sysctls of kernel.*, and whether it has come to that. */
struct panic_policy {
	int on_warn, on_oops, timeout;
	uint32_t warn_limit, oops_limit; /* 0: none */
	uint32_t warns, oopses;
	bool panicked;       /* nothing runs any more, and nothing is logged */
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
	bool lock_debug_off; /* said so: reports behind a taint are not to be trusted */
	bool warned_once[ONCE_SITES];
	int atomic;          /* preempt_count(): spinlocks that are held */
	int irqs_off;        /* how often interrupts were disabled */
	struct sleeps slept; /* what did not care for that */
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
int kernel_init(struct kernel *k, const struct params *params);
void kernel_finish(struct kernel *k);

/* Another function on behalf of the same, which is the nth of those at home. */
static inline struct context context_of(const struct kernel *k, const char *caller,
					const struct code_home *home)
{
	return (struct context){ caller, k->context.phase, k->context.owner, *home };
}

static inline struct code_home code_at(const struct code_home *home, unsigned nth)
{
	return (struct code_home){ home->module, home->addr ? home->addr + nth * CODE_STRIDE : 0 };
}

/* trace.c */
void kernel_watch(struct kernel *k, struct watcher *w);
void kernel_unwatch(struct kernel *k, struct watcher *w);
/* Finds out what `watching` has to be. */
void kernel_watch_again(struct kernel *k);
void event_emit(struct kernel *k, struct event *e);

/* context.c: where nobody may sleep */

/* How one comes there, with the kernel's own names. */
enum section { SECTION_SPIN_LOCK, SECTION_SPIN_LOCK_IRQSAVE, SECTION_LOCAL_IRQ_SAVE };
void section_begin(struct kernel *k, enum section s);
void section_end(struct kernel *k, enum section s);
/* A callback that runs in between runs under devres_lock. */
static inline void atomic_begin(struct kernel *k)
{
	section_begin(k, SECTION_SPIN_LOCK_IRQSAVE);
}
static inline void atomic_end(struct kernel *k)
{
	section_end(k, SECTION_SPIN_LOCK_IRQSAVE);
}

static inline bool in_atomic(const struct kernel *k)
{
	return unlikely(k->atomic | k->irqs_off);
}
/*
 * What may sleep says so on its way in: a report where nobody may, once a second.
 * @function: who says it, if it is not on the stack; or NULL
 */
void might_sleep_at(struct kernel *k, enum sleep_for what, const char *function);
static inline void might_sleep(struct kernel *k, enum sleep_for what)
{
	if (in_atomic(k))
		might_sleep_at(k, what, NULL);
}

/* EVENT(k, EV_ALLOC, .size = 64): made only where somebody watches for it. */
#define EVENT(k, kind, ...)                                                   \
	do {                                                                  \
		if (unlikely((k)->watching & EV_BIT(kind)))                   \
			event_emit(k, &(struct event){ .type = (kind), __VA_ARGS__ }); \
	} while (0)

void trace_enter(struct kernel *k, const char *function);
void trace_exit(struct kernel *k);

/* Every function that a call stack should show. Costs two stores. */
static inline void fn_enter(struct kernel *k, const char *function)
{
	if (likely(k->depth < STACK_MAX))
		k->stack[k->depth] = function;
	k->depth++;
	if (unlikely(k->watching & EV_BIT(EV_ENTER)))
		trace_enter(k, function);
}

/* The innermost function that runs now. */
static inline const char *kernel_function(const struct kernel *k)
{
	return k->depth > 0 && k->depth <= STACK_MAX ? k->stack[k->depth - 1] : k->context.caller;
}

static inline void fn_exit(struct kernel *k)
{
	if (unlikely(k->watching & EV_BIT(EV_EXIT)))
		trace_exit(k);
	k->depth--;
}

/* As fn_exit(), of a function of which the graph shows what it returns. */
static inline void fn_return(struct kernel *k, int rc)
{
	k->returned = &rc;
	fn_exit(k);
	k->returned = NULL;
}

static inline bool fn_traced(const struct kernel *k)
{
	return unlikely(k->watching & EV_BIT(EV_ENTER));
}

/* Nobody watches or checks: a call may take its short way, which tells nothing. */
static inline bool quiet(const struct kernel *k)
{
	return likely(!k->watching) && !BROKEN_ANY;
}

/* Nobody watches, but memory is checked. */
static inline bool only_checked(const struct kernel *k)
{
	return likely(k->watching == EV_CHECKED) && !BROKEN_ANY;
}

/* Functions that only the function graph shows: nothing where nobody traces. */
static inline void graph_enter(struct kernel *k, const char *function)
{
	if (fn_traced(k))
		fn_enter(k, function);
}

static inline void graph_exit(struct kernel *k)
{
	if (fn_traced(k))
		fn_exit(k);
}

/*
 * Functions that call traces show and the function graph has by itself: nothing
 * where somebody traces. frame_pop() takes what frame_push() answered.
 */
static inline bool frame_push(struct kernel *k, const char *function)
{
	if (fn_traced(k))
		return false;
	if (likely(k->depth < STACK_MAX))
		k->stack[k->depth] = function;
	k->depth++;
	return true;
}

static inline void frame_pop(struct kernel *k, bool pushed)
{
	k->depth -= pushed;
}

/* upcall.c */

/*
 * Before and after a call out of the model (probe, remove, release). False; do
 * not call: the task is dead, or, reported, it is nested too deep or the code is
 * gone with its module.
 */
bool upcall_begin(struct kernel *k, struct context next, struct context *saved);
void upcall_end(struct kernel *k, struct context saved);

/* simulated time passes per operation */
#define NS_PER_STEP 40
#define NS_PER_SECOND 1000000000ull
#define JIFFY_NS 4000000u /* CONFIG_HZ=250 */

static inline void tick(struct kernel *k, uint32_t ns)
{
	k->now += ns;
}

/* Since boot. */
static inline uint32_t jiffies(const struct kernel *k)
{
	return (uint32_t)(k->now / JIFFY_NS);
}

/* random.c: the machine's own, from its seed */
uint64_t kernel_random(struct kernel *k);

/* printk.c */
__attribute__((format(printf, 3, 4)))
void printk(struct kernel *k, enum log_level level, const char *fmt, ...);
void vprintk(struct kernel *k, enum log_level level, const char *fmt, va_list ap);

/* The i-th kept line, oldest first; NULL behind the end. */
const struct log_line *log_at(const struct log *l, uint32_t i);
void log_clear(struct log *l);

/* ratelimit.c */

/*
 * True when `function` may print what it has to say about this: ten times in
 * five seconds. What is kept back is counted, and the number printed at the
 * interval's end. Reports count as such whether they are printed or not.
 */
bool ratelimit(struct kernel *k, const char *function, const char *about);
/* The same for what prints nothing; nor is the number printed. */
bool ratelimit_quiet(struct kernel *k, const char *function, const char *about);
/* ratelimit() for `burst` times in so many seconds. */
bool ratelimit_every(struct kernel *k, const char *function, const char *about, unsigned seconds,
		     unsigned burst);
/* Ends all intervals: who looks at what comes now is to see it. */
void ratelimit_begin(struct kernel *k);

/* warn.c, bug.c, oops.c, stack.c, taint.c: reports; what they share is in bug.h */

/* WARN at `function`; fmt may be NULL (WARN_ON). */
__attribute__((format(printf, 3, 4)))
void kernel_warn(struct kernel *k, const char *function, const char *fmt, ...);

/*
 * The same as the end of another report: neither counted nor limited. In the first
 * of `above`, which the model does not enter; ended by NULL, newest first.
 */
void kernel_warn_end(struct kernel *k, const char *const *above);

/* True: this time it did. */
__attribute__((format(printf, 4, 5)))
bool kernel_warn_once(struct kernel *k, enum once site, const char *function,
		      const char *fmt, ...);

/* BUG(): the task is dead, the machine goes on. */
void kernel_bug(struct kernel *k, const char *function);
/* The same in a function that has several; source_line.c knows this one as `site`. */
void kernel_bug_at(struct kernel *k, const char *function, const char *site);

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/*
 * A bad access to `addr` in `function`: an Oops, and the task is dead. ACCESS_EXEC:
 * `function` called what is not there.
 */
void kernel_fault(struct kernel *k, const char *function, uint64_t addr, enum access access);
static inline void kernel_oops(struct kernel *k, const char *function, uint64_t addr)
{
	kernel_fault(k, function, addr, ACCESS_READ);
}
/* Marks the task as dead and counts why. */
void kernel_die(struct kernel *k, enum report kind, const char *function, uint64_t addr);

/* Counts a report that was printed, and tells the watchers. */
void kernel_complain(struct kernel *k, enum report kind, const char *function, uint64_t addr);

void dump_stack(struct kernel *k, enum log_level level, const char *function);
/* The same with functions that the model does not enter on top, ended by NULL. */
void dump_stack_above(struct kernel *k, enum log_level level, const char *const *above);
/* As dump_stack_above(), for who calls dump_stack_lvl() itself: its only difference. */
void dump_stack_lvl_above(struct kernel *k, enum log_level level, const char *const *above);

/* "devm_kfree+0x4a/0x60": stable for a name, invented but for its shape. */
const char *symbolic(const char *function, char out[96]);
/* Where the code of a function lies, as call traces print it. */
unsigned long long code_address(const struct kernel *k, const char *function);

/* Sets a bit; the first one that breaks trust in locks says so. */
void kernel_taint(struct kernel *k, uint32_t bit);

/* "Not tainted" or "Tainted: G        W         ": 32 bytes are enough. */
const char *print_tainted(const struct kernel *k, char out[32]);

/* WARNs, BUGs, oopses and allocator reports since boot. */
uint32_t kernel_reports(const struct kernel *k);
/* Those of them after which a task was dead. */
uint32_t kernel_deaths(const struct kernel *k);

/* panic.c */
void panic_init(struct kernel *k);
/*
 * After a WARN in the first function of `above` (see kernel_warn_end), and after a
 * report of KASAN: whether the machine goes on.
 */
void panic_on_warn(struct kernel *k, const char *const *above);
void panic_on_kasan(struct kernel *k, bool write);
/* A WARN of this release looks for that before it names the modules. */
bool panic_warns_early(const struct kernel *k);
/* After a task died. */
void panic_on_oops(struct kernel *k, enum report kind);

/* fail.c */

/* `function` returns retval `times` times; 0: no more. -EINVAL: it cannot. */
int fail_function(struct kernel *k, const char *function, int retval, int64_t times);
/* The i-th function that can be made to fail, NULL behind the end. */
const char *fail_function_at(size_t i);
/* 0, or the error with which the function is to fail now. */
int kernel_fail(struct kernel *k, const char *function);
int kernel_step_slow(struct kernel *k, const char *function);
void fail_finish(struct kernel *k);

/* A function of which only its name in the graph and its failing are simulated. */
static inline int kernel_step(struct kernel *k, const char *function)
{
	if (likely(!fn_traced(k) && !k->fails))
		return 0;
	return kernel_step_slow(k, function);
}

/* code.c */

/* Of an object that is made now: in the module whose code runs. code_put() when it goes. */
struct code_home code_here(struct kernel *k, unsigned functions);
/* NULL, or the module that the functions went with. */
const struct module *code_is_gone(const struct code_home *home);
void code_put(struct code_home *home);
/* Private to code.c and module.c: the last one frees it. */
void module_put(struct module *m);

/* module.c */

/*
 * A module from a prototype, whose `private` the kernel owns from here on:
 * runs init(). -EEXIST, or what init() returned; then it is not loaded.
 */
int module_load(struct kernel *k, const struct module *proto);
/* Runs exit(). -EBUSY: it is coming or going, or has an init() and no exit(). */
int module_unload(struct kernel *k, struct module *m);
struct module *module_find(struct kernel *k, const char *name);
void modules_finish(struct kernel *k);

/* symbol.c */

/*
 * The address of a function; the same name is the same function, but a module has
 * functions of its own, and where nobody else has one others find them. 0: no memory.
 */
uint64_t text_symbol(struct kernel *k, const char *name);
/* Of a function that gets a body from the code that runs now: text_define() it. */
uint64_t text_function(struct kernel *k, const char *name);
/* The same; 0: no function has this name so far. */
uint64_t text_known(struct kernel *k, const char *name);
/* What the function does; takes the place of what it did before. */
void text_define(struct symbol *s, void (*fn)(void), void *ctx, void (*drop)(void *ctx));
/* NULL when nothing is there. */
struct symbol *text_lookup(struct kernel *k, uint64_t addr);
/* A constant string in .rodata; the same text has the same address. */
uint64_t rodata_string(struct kernel *k, const char *text);
const char *rodata_lookup(const struct kernel *k, uint64_t addr);
void symbols_finish(struct symbols *s);

static inline bool is_rodata(const struct kernel *k, uint64_t addr)
{
	return addr - k->rodata.base < (uint64_t)k->rodata.count * SYMBOL_STRIDE;
}

#endif
