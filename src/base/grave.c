/* SPDX-License-Identifier: MIT */
/*
 * The memory of a struct device after it was freed. Corresponds to nothing in Linux.
 * Differs: the memory of a platform device is only taken from kmalloc() and freed when a
 * stale pointer needs it; offsets of fields after the kobject are invented.
 */
#include "base/ghost.h"

#include <stdlib.h>
#include <string.h>

#include "base/device.h"
#include "base/driver_core.h"
#include "kernel/event.h"
#include "kernel/fail.h"
#include "kernel/trace.h"
#include "lib/host_memory.h"
#include "mm/address.h"
#include "mm/gfp.h"
#include "mm/kasan.h"
#include "mm/kmalloc.h"
#include "mm/object.h"
#include "mm/poison.h"

/* Size of struct platform_device, without the name that follows it. */
#define PLATFORM_DEVICE_64 760
#define PLATFORM_DEVICE_32 420

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

uint64_t grave_field(const struct device *dev, enum field f)
{
	return dev->grave->memory + (is_64(dev) ? fields[f].at64 : fields[f].at32);
}

static size_t field_size(const struct device *dev, enum field f)
{
	return is_64(dev) ? fields[f].size64 : fields[f].size32;
}

uint64_t grave_peek(const struct device *dev, enum field f)
{
	size_t size = field_size(dev, f);
	const void *p = mm_ptr(dev->core->mm, grave_field(dev, f), size);
	uint64_t value = 0;

	if (p)
		memcpy(&value, p, size);
	return value;
}

void grave_poke(struct device *dev, enum field f, uint64_t value)
{
	size_t size = field_size(dev, f);
	struct mm *mm = dev->core->mm;
	void *p = mm_ptr(mm, grave_field(dev, f), size);

	if (!p)
		return;
	memcpy(p, &value, size);
	mm->tampered = true;
	mm->writes++;
}

void grave_look_at(struct device *dev, enum field f, bool write)
{
	kasan_check(dev->core->mm, grave_field(dev, f), field_size(dev, f), write);
}

/* --- the memory ----------------------------------------------------------------------- */

/*
 * Allocates and frees a platform device's memory now, as it would have been then: with
 * the call stacks of that time, and invisible to watchers.
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

void grave_leave_remains(struct device *dev)
{
	struct object o;
	const void *p = mm_ptr(dev->core->mm, dev->grave->memory, 1);

	if (!p || !object_find(dev->core->mm, p, &o) || object_allocated(dev->core->mm, &o))
		return;
	if (grave_peek(dev, FIELD_STATE) == POISON_FREE)
		return;
	grave_poke(dev, FIELD_KREF, 0);
	grave_poke(dev, FIELD_STATE, grave_peek(dev, FIELD_STATE) | 1);
	grave_poke(dev, FIELD_DRVDATA, dev->drvdata);
	grave_poke(dev, FIELD_NODE, (uint32_t)dev->numa_node);
}

bool device_was_freed(struct device *dev)
{
	if (!dev->grave)
		return false;
	if (!dev->grave->memory) {
		make_memory(dev);
		if (!dev->grave->memory)
			return false;
		grave_leave_remains(dev);
	}
	return true;
}

static struct grave *grave_of(struct device *dev)
{
	if (!dev->grave)
		dev->grave = host_calloc(1, sizeof(*dev->grave));
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
