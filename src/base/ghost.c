/* SPDX-License-Identifier: MIT */
/*
 * Pointers to devices that were released: put_device() once more, or any other
 * call. Corresponds to nothing in Linux: there it is freed memory that a
 * function reads. Differs: the memory of a platform device is taken from
 * kmalloc() and given back only when a stale pointer asks for it; the places of
 * fields behind the kobject are made up; what is on lists when it is freed
 * comes off them.
 */
#include "base/ghost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/kobject.h"
#include "mm/kasan.h"

const char kobject_put_name[] = "kobject_put";

#define GHOSTS_MAX 4096 /* the oldest is forgotten, and its handles are gone */

/* Bytes of a struct platform_device, without the name behind it. */
#define PLATFORM_DEVICE_64 760
#define PLATFORM_DEVICE_32 420

/* --- fields of a struct device ------------------------------------------------------ */

enum field { FIELD_NAME, FIELD_TYPE, FIELD_KREF, FIELD_STATE, FIELD_DRIVER, FIELD_DRVDATA, FIELD_MUTEX,
	     FIELD_NODE, FIELD_LOCK };

static const struct { uint16_t at64, at32; uint8_t size64, size32; } fields[] = {
	[FIELD_NAME] = { 0, 0, 8, 4 },
	[FIELD_TYPE] = { 40, 20, 8, 4 },
	[FIELD_KREF] = { 56, 28, 4, 4 },
	[FIELD_STATE] = { 60, 32, 1, 1 },
	[FIELD_DRIVER] = { 104, 56, 8, 4 },
	[FIELD_DRVDATA] = { 120, 64, 8, 4 },
	[FIELD_MUTEX] = { 128, 68, 8, 4 },
	[FIELD_NODE] = { 648, 364, 4, 4 },
	[FIELD_LOCK] = { 680, 384, 4, 4 },
};

static bool is_64(const struct device *dev)
{
	return dev->core->kernel->arch->word == 8;
}

static uint64_t field_at(const struct device *dev, enum field f)
{
	return dev->grave->memory + (is_64(dev) ? fields[f].at64 : fields[f].at32);
}

static size_t field_size(const struct device *dev, enum field f)
{
	return is_64(dev) ? fields[f].size64 : fields[f].size32;
}

/* The bytes as they are: nobody is told. */
static uint64_t peek(const struct device *dev, enum field f)
{
	size_t size = field_size(dev, f);
	const void *p = mm_ptr(dev->core->mm, field_at(dev, f), size);
	uint64_t value = 0;

	if (p)
		memcpy(&value, p, size);
	return value;
}

static void poke(struct device *dev, enum field f, uint64_t value)
{
	size_t size = field_size(dev, f);
	struct mm *mm = dev->core->mm;
	void *p = mm_ptr(mm, field_at(dev, f), size);

	if (!p)
		return;
	memcpy(p, &value, size);
	mm->meddled = true;
	mm->writes++;
}

static void look_at(struct device *dev, enum field f, bool write)
{
	kasan_check(dev->core->mm, field_at(dev, f), field_size(dev, f), write);
}

/* --- the memory ----------------------------------------------------------------------- */

/*
 * A platform device's: made and freed now as it was then. Nobody watches, and
 * the stacks are those of then.
 */
static void make_memory(struct device *dev)
{
	struct driver_core *core = dev->core;
	struct kernel *k = core->kernel;
	struct grave *g = dev->grave;
	struct watcher *watchers = k->watchers;
	struct context context = k->context;
	const char *stack[STACK_MAX];
	int depth = k->depth;
	size_t size = (is_64(dev) ? PLATFORM_DEVICE_64 : PLATFORM_DEVICE_32) + strlen(dev->name) + 1;
	void *p;

	memcpy(stack, k->stack, sizeof(stack));
	k->watchers = NULL;
	kernel_watch_again(k);
	k->depth = 0;
	k->context = (struct context){ .caller = g->made_by, .phase = "" };
	fn_enter(k, "platform_device_alloc");
	p = kmalloc(core->mm, size, GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
	fn_exit(k);
	for (int i = 0; i < g->depth; i++)
		fn_enter(k, g->freed[i]);
	if (p) {
		g->memory = mm_addr(core->mm, p);
		kfree(core->mm, p);
	}
	memcpy(k->stack, stack, sizeof(stack));
	k->depth = depth;
	k->context = context;
	k->watchers = watchers;
	kernel_watch_again(k);
}

/* What was in the memory when it was freed, where freeing did not overwrite it. */
static void leave_remains(struct device *dev)
{
	struct object o;
	const void *p = mm_ptr(dev->core->mm, dev->grave->memory, 1);

	if (!p || !object_find(dev->core->mm, p, &o) || object_allocated(dev->core->mm, &o))
		return;
	if (peek(dev, FIELD_STATE) == POISON_FREE)
		return;
	poke(dev, FIELD_KREF, 0);
	poke(dev, FIELD_STATE, peek(dev, FIELD_STATE) | 1);
	poke(dev, FIELD_DRVDATA, dev->drvdata);
	poke(dev, FIELD_NODE, (uint32_t)dev->numa_node);
}

/* False: it was not freed. */
static bool was_freed(struct device *dev)
{
	if (!dev->grave)
		return false;
	if (!dev->grave->memory) {
		make_memory(dev);
		if (!dev->grave->memory)
			return false;
		leave_remains(dev);
	}
	return true;
}

static struct grave *grave_of(struct device *dev)
{
	if (!dev->grave)
		dev->grave = calloc(1, sizeof(*dev->grave));
	return dev->grave;
}

void platform_device_release(struct device *dev)
{
	struct kernel *k = dev->core->kernel;
	struct grave *g = grave_of(dev);

	kernel_step(k, "platform_device_release");
	if (!g)
		return;
	g->made_by = dev->made_by;
	for (int i = k->depth < GHOST_STACK ? 0 : k->depth - GHOST_STACK + 1;
	     i < k->depth && i < STACK_MAX; i++)
		g->freed[g->depth++] = k->stack[i];
	g->freed[g->depth++] = "platform_device_release";
}

void device_memory_freed(struct driver_core *core, uint64_t addr, size_t size)
{
	struct device *dev = core->releasing;
	struct grave *g;

	if (!dev || dev->platform_device || size < fields[FIELD_MUTEX].at64)
		return;
	g = grave_of(dev);
	if (g)
		g->memory = addr;
}

/* --- the end of a device ---------------------------------------------------------------- */

void device_withdraw(struct device *dev)
{
	struct driver_core *core = dev->core;

	device_leave_bus(dev);
	if (dev->more)
		list_remove(&dev->more->on_class);
	list_remove(&dev->bound);
	list_remove(&dev->deferred);
	dev->driver = NULL;
	dev->registered = dev->in_sysfs = false;
	dev->dead = true;
	core->device_count--;
}

static void free_more(struct device_more *more)
{
	list_remove(&more->on_class);
	if (more->release_drop)
		more->release_drop(more->release_data);
	code_put(&more->code);
	class_put(more->class);
	names_free(more->compatible);
	free(more->id);
	free(more->deferred_reason);
	free(more->retried_by);
	free(more);
}

void device_free(struct device *dev)
{
	struct driver_core *core = dev->core;

	list_remove(&dev->all);
	list_remove(&dev->deferred);
	devres_device_finish(dev);
	core_id_drop(core, dev->id);
	if (dev->more)
		free_more(dev->more);
	bus_put(dev->bus);
	free(dev->driver_override);
	free(dev->grave);
	free(dev->name);
	free(dev);
}

/* The oldest that nobody needs: not what the model works with, nor what has resources. */
static void forget_oldest(struct driver_core *core)
{
	struct device *dev;

	list_each(dev, &core->ghosts, struct device, all) {
		if (dev->holds || dev->refcount > 0 || dev->children || !devres_empty(dev))
			continue;
		core->ghost_count--;
		device_free(dev);
		return;
	}
}

/* Children that still have a pointer to it: it leads nowhere good in Linux. */
static void leave_children(struct device *dev)
{
	struct device *child;

	list_each(child, &dev->core->devices, struct device, all) {
		if (child->parent != dev)
			continue;
		child->parent = NULL;
		dev->children--;
		dev->refcount--;
	}
}

void device_bury(struct device *dev)
{
	struct driver_core *core = dev->core;

	dev->gone = true;
	if (dev->children)
		leave_children(dev);
	device_links_drop(dev);
	if (dev->more)
		free_more(dev->more);
	dev->more = NULL;
	bus_put(dev->bus);
	dev->bus = NULL;
	list_remove(&dev->all);
	list_append(&core->ghosts, &dev->all);
	if (++core->ghost_count > GHOSTS_MAX)
		forget_oldest(core);
	if (dev->grave && dev->grave->memory)
		leave_remains(dev);
}

void ghosts_free(struct driver_core *core)
{
	struct device *dev;

	list_each(dev, &core->ghosts, struct device, all)
		device_free(dev);
}

struct device *device_ghost(struct driver_core *core, uint32_t id)
{
	struct device *dev = core_by_id(core, id, false);

	return dev && dev->gone ? dev : NULL;
}

/* --- its references ------------------------------------------------------------------------ */

/* A name that a stray pointer leads to. */
static void name_of(const struct device *dev, char *out, size_t size)
{
	uint64_t at = peek(dev, FIELD_NAME);
	const char *p = at ? mm_ptr(dev->core->mm, at, size) : NULL;

	if (!at)
		memcpy(out, "(null)", 7);
	else if (!p)
		memcpy(out, "(efault)", 9);
	else
		snprintf(out, size, "%s", p);
}

/* kobject_get() and kobject_put() ask first. */
static void check_initialized(struct device *dev, const char *function)
{
	struct kernel *k = dev->core->kernel;
	char name[24];

	look_at(dev, FIELD_STATE, false);
	if (peek(dev, FIELD_STATE) & 1)
		return;
	name_of(dev, name, sizeof(name));
	kernel_warn(k, function, "kobject: '%s' (%0*llx): is not initialized, yet %s() is being "
		    "called.", name, addr_digits(k->arch), (unsigned long long)dev->grave->memory,
		    function);
}

void ghost_get(struct device *dev)
{
	int32_t count;

	if (!was_freed(dev)) {
		kref_get(dev->core, &dev->kref);
		return;
	}
	check_initialized(dev, "kobject_get");
	look_at(dev, FIELD_KREF, true);
	count = (int32_t)peek(dev, FIELD_KREF);
	kref_get(dev->core, &count);
	poke(dev, FIELD_KREF, (uint32_t)count);
}

/* It would be released by what stands where its type was. */
static void release_of_nothing(struct device *dev)
{
	kernel_oops(dev->core->kernel, kobject_put_name, peek(dev, FIELD_TYPE));
}

void ghost_put(struct device *dev)
{
	int32_t count;
	bool last;

	if (!was_freed(dev)) {
		kref_put(dev->core, &dev->kref);
		return;
	}
	check_initialized(dev, kobject_put_name);
	look_at(dev, FIELD_KREF, true);
	count = (int32_t)peek(dev, FIELD_KREF);
	last = kref_put(dev->core, &count);
	poke(dev, FIELD_KREF, (uint32_t)count);
	if (last)
		release_of_nothing(dev);
}

/* --- other calls ----------------------------------------------------------------------------- */

/* What a call touches first, and who does. Calls that are not named: devres calls. */
static const struct touch {
	const char *call, *function; /* NULL: the call itself */
	enum field field;
	bool write, value;           /* value: no pointer that leads on */
} touches[] = {
	{ "device_del", "mutex_lock", FIELD_MUTEX, true, false },
	{ "device_unregister", "mutex_lock", FIELD_MUTEX, true, false },
	{ "device_attach", "mutex_lock", FIELD_MUTEX, true, false },
	{ "dev_get_drvdata", NULL, FIELD_DRVDATA, false, true },
	{ "dev_set_drvdata", NULL, FIELD_DRVDATA, true, true },
	{ "dev_to_node", NULL, FIELD_NODE, false, true },
	{ "set_dev_node", NULL, FIELD_NODE, true, true },
	{ "dev_set_name", "kobject_set_name_vargs", FIELD_NAME, false, false },
	{ "dev_*", "dev_driver_string", FIELD_DRIVER, false, false },
	{ "driver_set_override", NULL, FIELD_DRIVER, false, false },
	{ "devm_kmalloc", NULL, FIELD_NODE, false, false },
	{ NULL, NULL, FIELD_LOCK, true, false },
};

/* A row's name, or how it begins: "dev_*". */
static bool is_row_of(const char *row, const char *call)
{
	size_t len = strcspn(row, "*");

	return row[len] ? !strncmp(row, call, len) : !strcmp(row, call);
}

static const struct touch *touch_of(const char *call)
{
	const struct touch *t = touches;

	while (t->call && !is_row_of(t->call, call))
		t++;
	return t;
}

uint64_t ghost_value(struct device *dev, bool node)
{
	enum field f = node ? FIELD_NODE : FIELD_DRVDATA;

	if (!dev->grave)
		return node ? (uint64_t)(int64_t)dev->numa_node : dev->drvdata;
	return node ? (uint64_t)(int64_t)(int32_t)peek(dev, f) : peek(dev, f);
}

void ghost_set_value(struct device *dev, bool node, uint64_t value)
{
	if (dev->grave)
		poke(dev, node ? FIELD_NODE : FIELD_DRVDATA, value);
}

static bool takes_reference(const char *call)
{
	static const char *const names[] = {
		"device", "device_initialize", "device_add", "device_link_add",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(call, names[i]))
			return true;
	return false;
}

/* The memory is somebody else's by now. */
static bool is_reused(const struct device *dev)
{
	struct object o;
	const void *p = mm_ptr(dev->core->mm, dev->grave->memory, 1);

	return p && object_find(dev->core->mm, p, &o) && object_allocated(dev->core->mm, &o);
}

/* False: a pointer in the struct is poison, or what the memory's next owner wrote. */
static bool leads_on(struct device *dev, const struct touch *t)
{
	struct kernel *k = dev->core->kernel;
	uint64_t at = 0;
	const void *p;

	if (t->value || (peek(dev, FIELD_STATE) != POISON_FREE && !is_reused(dev)))
		return true;
	p = mm_ptr(dev->core->mm, field_at(dev, t->field), k->arch->word);
	if (p)
		memcpy(&at, p, k->arch->word);
	if (mm_ptr(dev->core->mm, at, 1))
		return true;
	kernel_oops(k, kernel_function(k), at);
	return false;
}

bool ghost_touch(struct device *dev, const char *call)
{
	const struct touch *t = touch_of(call);
	struct kernel *k = dev->core->kernel;
	bool alive;

	if (!strcmp(call, "get_device") || !strcmp(call, "put_device"))
		return true;
	if (takes_reference(call)) {
		user_get_device(dev);
		return !k->task_died;
	}
	if (!was_freed(dev))
		return true;
	fn_enter(k, call);
	if (t->function)
		fn_enter(k, t->function);
	look_at(dev, t->field, t->write);
	alive = leads_on(dev, t);
	if (t->function)
		fn_exit(k);
	fn_exit(k);
	return alive;
}
