/* SPDX-License-Identifier: MIT */
/*
 * For the files that hold entries of the table. A run function fills
 * c->result and returns nothing but its err; arguments have the types that
 * the entry declares, drivers are alive, and devices are or were.
 */
#ifndef DEVSH_CALL_ENTRY_H
#define DEVSH_CALL_ENTRY_H

#include <errno.h>

#include "call/columns.h"
#include "call/type.h"

#include "base/device.h"
#include "base/registry.h"
#include "kernel/compiler.h"
#include "machine/machine.h"
#include "mm/address.h"
#include "mm/kasan.h"
#include "mm/object.h"

/*
 * A file of calls is listed here once, in the order in which help shows them, and
 * ends with its entries: NAME_calls[], itself ended by an entry without a name.
 */
#define CALL_FILES(X)                                                                          \
	X(device) X(dev_name) X(message) X(driver) X(bus) X(device_link) X(module) X(fail) X(faults)  \
	X(context) X(devm) X(copy) X(action) X(devres) X(memory) X(krealloc) X(plain_copy)     \
	X(pages) X(kvmalloc) X(kmemleak) X(kmem_cache) X(list) X(dump) X(inspect) X(leaks)     \
	X(fsck) X(who) X(why) X(file) X(machine)

#define DECLARE_CALLS(name) extern const struct call name##_calls[];
CALL_FILES(DECLARE_CALLS)
#undef DECLARE_CALLS

/*
 * A front end adds its own calls behind the others, once: at(i) is the i-th, NULL
 * behind the end.
 */
void call_add(const struct call *(*at)(size_t i));

/* Parameters that many calls have. */
#define DEV_PARAM { "dev", P_DEVICE, NULL, false, "the device" }
#define OWNER_PARAM { "dev", P_DEVICE, NULL, false, "device that owns it" }
#define GFP_PARAM { "gfp", P_GFP, "GFP_KERNEL", false, "allocation flags" }

static inline struct kernel *ctx_kernel(const struct call_ctx *c)
{
	return &c->machine->kernel;
}

/*
 * The device of a P_DEVICE argument, or what is left of it where the call may
 * go on with that; the live driver of a P_DRIVER argument.
 */
static inline struct device *arg_device(const struct call_ctx *c, int i)
{
	struct driver_core *core = &c->machine->core;
	struct device *dev = device_by_id(core, c->arg[i].id);

	return likely(dev != NULL) ? dev : device_ghost(core, c->arg[i].id);
}

static inline struct device_driver *arg_driver(const struct call_ctx *c, int i)
{
	return driver_by_id(&c->machine->core, c->arg[i].id);
}

/* The host pointer of a P_ADDR argument, also of one that leads nowhere. */
static inline void *arg_ptr(const struct call_ctx *c, int i)
{
	return mm_wild_ptr(&c->machine->mm, c->arg[i].u);
}

/* Before a free of argument i: what a device's release() frees is what the device was in. */
static inline void note_release(struct call_ctx *c, int i)
{
	struct driver_core *core = &c->machine->core;
	struct object o;

	if (unlikely(core->releasing != NULL) && object_find(&c->machine->mm, arg_ptr(c, i), &o) &&
	    object_allocated(&c->machine->mm, &o) && o.start == arg_ptr(c, i))
		device_memory_freed(core, c->arg[i].u, o.size);
}

/* The code of argument i becomes the caller's. */
static inline struct code *take_code(struct call_ctx *c, int i)
{
	struct code *code = c->arg[i].type == V_CODE ? c->arg[i].code : NULL;

	c->arg[i] = (struct value){ 0 };
	return code;
}

__attribute__((format(printf, 3, 4)))
int result_error(struct result *r, int err, const char *fmt, ...);
/* -errno of a call that behaved as Linux does: the text is made from it. */
int result_errno(struct result *r, int err);
int result_pointer(struct call_ctx *c, const void *p);
int result_uint(struct result *r, uint64_t u);
int result_int(struct result *r, int64_t i);
/* A copy of s that lives as long as the result. */
const char *result_string(struct result *r, const char *s);

void result_columns(struct result *r, const char *const *names, unsigned n);
/* A new row of V_NONE cells, NULL when the host has no memory. */
struct value *result_row(struct result *r);
/* A row of two: a name, and what there is to say of it. */
__attribute__((format(printf, 3, 4)))
void fact(struct call_ctx *c, const char *name, const char *fmt, ...);

static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static inline struct value v_str(struct result *r, const char *s)
{
	return (struct value){ .type = s ? V_STR : V_NONE, .s = result_string(r, s) };
}

static inline struct value v_uint(uint64_t u)
{
	return (struct value){ .type = V_UINT, .u = u };
}

static inline struct value v_int(int64_t i)
{
	return (struct value){ .type = V_INT, .i = i };
}

static inline struct value v_addr(uint64_t u)
{
	return (struct value){ .type = V_ADDR, .u = u };
}

static inline struct value v_bool(bool b)
{
	return (struct value){ .type = V_BOOL, .b = b };
}

static inline struct value v_driver(uint32_t id)
{
	return (struct value){ .type = V_DRIVER, .id = id };
}

static inline struct value v_device(uint32_t id)
{
	return (struct value){ .type = V_DEVICE, .id = id };
}

/* apropos.c: rows for all that is about a word; whether it is one that only apropos() knows of. */
int apropos(struct call_ctx *c, const char *word);
bool apropos_topic(const char *word);

/* --- note.c: the note beside a result, what the kernel would not say --------------- */

__attribute__((format(printf, 2, 3)))
void note(struct call_ctx *c, const char *fmt, ...);
/* The text is the note; it is finished. */
struct buf;
void note_text(struct call_ctx *c, struct buf *text);
/* After a free that the kernel complained about: what the pointer was. */
void note_devm_kfree(struct call_ctx *c, struct device *dev, uint64_t addr);
void note_kfree(struct call_ctx *c, uint64_t addr);
/* After a call with a device that was released. */
void note_gone(struct call_ctx *c, const struct device *dev);
/* When the call is over: what can be explained, where the call said nothing itself. */
void note_what_happened(struct call_ctx *c);

/*
 * format.c: text for printf's format and arguments that are text. 0, or -EINVAL
 * as the call's error.
 */
struct buf;
int call_format(struct call_ctx *c, const char *fmt, char *const *args, size_t n,
		struct buf *out);

/* function.c: functions of the simulated text that the front end defines */

/*
 * The text address for a P_FN argument: a name gets a symbol, code gets one
 * and is taken. 0: no memory.
 */
uint64_t arg_function(struct call_ctx *c, int i);
/* The front end's code that is this function; NULL: it is the kernel's, or nobody's yet. */
struct code *symbol_code(const struct symbol *s);
/* A callback that returns nothing. */
void code_run(struct code *code, const struct value *arg, int args);
/* -errno of the code itself, or the number that it returned; 0 for none. */
int code_call(struct code *code, const struct value *arg, int args);
/* The same of a match: yes is 1, no is 0. */
int code_match(struct code *code, const struct value *arg, int args);
/* "a,b,c" into a NULL-terminated table, the caller's, that points into names. */
char **split_names(char *names);
/* Likewise of P_STRINGS: "ti,am3352-uart ti,omap3-uart". */
char **split_strings(char *strings);

#endif
