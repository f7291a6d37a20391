/* SPDX-License-Identifier: MIT */
/*
 * For the files that define entries of the table. A run function fills c->result and
 * returns its err. Arguments have the types that the entry declares; drivers are alive;
 * devices are alive or ghosts.
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
 * Each file of calls is listed here, in the order in which help shows them. It ends with
 * its entries: NAME_calls[], terminated by an entry without a name.
 */
#define CALL_FILES(X)                                                                          \
	X(device) X(platform) X(dev_name) X(message) X(driver) X(bus) X(device_link) X(module) X(fail) X(faults)  \
	X(context) X(devm) X(copy) X(action) X(devres) X(memory) X(krealloc) X(plain_copy)     \
	X(pages) X(kvmalloc) X(kmemleak) X(kmem_cache) X(list) X(dump) X(inspect) X(leaks)     \
	X(fsck) X(who) X(why) X(file) X(machine)

#define DECLARE_CALLS(name) extern const struct call name##_calls[];
CALL_FILES(DECLARE_CALLS)
#undef DECLARE_CALLS

/*
 * A front end adds its own calls after the others, once: at(i) is the i-th, NULL past the
 * end.
 */
void call_add(const struct call *(*at)(size_t i));

/* Parameters that many calls have in common. */
#define DEV_PARAM { "dev", P_DEVICE, NULL, false, "the device" }
#define OWNER_PARAM { "dev", P_DEVICE, NULL, false, "device that owns it" }
#define GFP_PARAM { "gfp", P_GFP, "GFP_KERNEL", false, "allocation flags" }

static inline struct kernel *ctx_kernel(const struct call_ctx *c)
{
	return &c->machine->kernel;
}

/*
 * The device of a P_DEVICE argument, or its ghost if the call can work with that; the
 * live driver of a P_DRIVER argument.
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

/* The host pointer of a P_ADDR argument, even if there is no memory. */
static inline void *arg_ptr(const struct call_ctx *c, int i)
{
	return mm_wild_ptr(&c->machine->mm, c->arg[i].u);
}

/*
 * Call this before freeing argument i: an object freed by a device's release() held the
 * device.
 */
static inline void note_release(struct call_ctx *c, int i)
{
	struct driver_core *core = &c->machine->core;
	struct object o;

	if (unlikely(core->releasing != NULL) && object_find(&c->machine->mm, arg_ptr(c, i), &o) &&
	    object_allocated(&c->machine->mm, &o) && o.start == arg_ptr(c, i))
		device_memory_freed(core, c->arg[i].u, o.size);
}

/* Takes over the code of argument i. */
static inline struct code *take_code(struct call_ctx *c, int i)
{
	struct code *code = c->arg[i].type == V_CODE ? c->arg[i].code : NULL;

	c->arg[i] = (struct value){ 0 };
	return code;
}

__attribute__((format(printf, 3, 4)))
int result_error(struct result *r, int err, const char *fmt, ...);
/* Returns -errno of a call that behaved as in Linux; the text is derived from it. */
int result_errno(struct result *r, int err);
int result_pointer(struct call_ctx *c, const void *p);
int result_uint(struct result *r, uint64_t u);
int result_int(struct result *r, int64_t i);
/* A copy of s that lives as long as the result. */
const char *result_string(struct result *r, const char *s);

void result_columns(struct result *r, const char *const *names, unsigned n);
/* A new row of V_NONE cells; NULL if the host has no memory. */
struct value *result_row(struct result *r);
/* Adds a row with two cells: a name, and text. */
__attribute__((format(printf, 3, 4)))
void fact(struct call_ctx *c, const char *name, const char *fmt, ...);

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

/* apropos.c: adds rows for all that a word finds; whether only apropos() knows the word. */
int apropos(struct call_ctx *c, const char *word);
bool apropos_topic(const char *word);

/* --- note.c: the note with a result, which says what the kernel would not ----------- */

__attribute__((format(printf, 2, 3)))
void note(struct call_ctx *c, const char *fmt, ...);
/* Makes the text the note, and finishes the buf. */
struct buf;
void note_text(struct call_ctx *c, struct buf *text);
/* After a free that the kernel complained about: explains the pointer. */
void note_devm_kfree(struct call_ctx *c, struct device *dev, uint64_t addr);
void note_kfree(struct call_ctx *c, uint64_t addr);
/* After a call with a released device. */
void note_gone(struct call_ctx *c, const struct device *dev);
/* After the call: adds what can be explained, unless the call added a note itself. */
void note_what_happened(struct call_ctx *c);

/*
 * format.c: formats as printf would, with arguments given as text. 0, or -EINVAL as the
 * call's error.
 */
struct buf;
int call_format(struct call_ctx *c, const char *fmt, char *const *args, size_t n,
		struct buf *out);

/* function.c: functions of the simulated kernel that the front end defines */

/*
 * The text address of a P_FN argument: a name gets a symbol; code gets one and is taken
 * over. 0: no memory.
 */
uint64_t arg_function(struct call_ctx *c, int i);
/*
 * The front end's code for this function; NULL: it is a kernel function, or not defined
 * yet.
 */
struct code *symbol_code(const struct symbol *s);
/* Calls a callback that returns nothing. */
void code_run(struct code *code, const struct value *arg, int args);
/* -errno if the code failed, else the number that it returned, or 0. */
int code_call(struct code *code, const struct value *arg, int args);
/* The same for a match: yes is 1, no is 0. */
int code_match(struct code *code, const struct value *arg, int args);
/*
 * Splits "a,b,c" into a NULL-terminated table that points into names; the caller frees
 * it.
 */
char **split_names(char *names);
/* The same for P_STRINGS: "ti,am3352-uart ti,omap3-uart". */
char **split_strings(char *strings);

#endif
