/* SPDX-License-Identifier: MIT */
/*
 * What a KASAN report prints about the memory: who allocated and freed the object, where
 * in it the access was, the page, and the shadow. Corresponds to the second half of
 * Linux' mm/kasan/report.c, and to report_generic.c.
 */
#include "mm/kasan.h"

#include <stdio.h>
#include <string.h>

#include "kernel/bug.h"
#include "kernel/log.h"
#include "kernel/report.h"
#include "mm/address.h"
#include "mm/depot.h"
#include "mm/kasan_layout.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/page_dump.h"
#include "mm/track.h"
#include "mm/track.h"

#define ROW (16 * KASAN_GRANULE) /* bytes of memory that a row of shadow describes */

#define LOG(...) printk(k, KERN_ERR, __VA_ARGS__)

static void blank(struct kernel *k)
{
	LOG("%s", "");
}

/* --- the object ---------------------------------------------------------------- */

/*
 * The object that an address is attributed to; after the last object of a slab, that
 * object.
 */
static bool nearest_object(const struct mm *mm, const char *p, struct object *o)
{
	if (!object_find(mm, p, o) && (!page_of(mm, p) || page_of(mm, p)->kind != PAGE_SLAB))
		return false;
	if (!o->cache)
		return false;
	if ((size_t)(o->slot - o->page->slots) >= o->cache->objects)
		object_fill(o->page, o->start - o->cache->stride, (uint32_t)o->cache->objects - 1,
			    o);
	return true;
}

/* The accessible bytes of an object according to its shadow; 0: it is free. */
static size_t shadow_size(const struct mm *mm, const struct object *o)
{
	size_t size = 0;

	while (size < o->size) {
		uint8_t shadow = kasan_shadow_at(mm, o->start + size);

		if (shadow)
			return shadow < KASAN_GRANULE ? size + shadow : size;
		size += KASAN_GRANULE;
	}
	return o->size;
}

/* The state of the object at the access; empty for an invalid free. */
static const char *state_of(const struct kasan_report *r)
{
	if (!strcmp(r->type, "slab-out-of-bounds"))
		return "allocated ";
	return strcmp(r->type, "slab-use-after-free") ? "" : "freed ";
}

static void report_region(struct mm *mm, const struct kasan_report *r, const struct object *o)
{
	const struct kasan_layout *l = mm->kasan.layout;
	unsigned long long start = mm_addr(mm, o->start), at = r->addr, distance = at - start;
	size_t size = o->cache->object_size, asked = shadow_size(mm, o);
	const char *where = "inside of";
	struct kernel *k = mm->kernel;

	if (l->asked_size && asked)
		size = asked;
	if (at < start) {
		where = "to the left of";
		distance = start - at;
	} else if (at >= start + size) {
		where = "to the right of";
		distance = at - start - size;
	}
	LOG("The buggy address belongs to the object at %016llx", start);
	LOG(" which belongs to the cache %s of size %u", o->cache->name, o->cache->object_size);
	LOG("The buggy address is located %llu bytes %s", distance, where);
	LOG(" %s%zu-byte region [%016llx, %016llx)", l->asked_size ? state_of(r) : "", size, start,
	    start + size);
	if (l->blank_after_region)
		blank(k);
}

/* --- tracks --------------------------------------------------------------------- */

/* Without CONFIG_NUMA, which one node suggests, the function has another name. */
const char *kasan_allocator_name(const struct mm *mm, const char *function)
{
	const struct kasan_layout *l = mm->kasan.layout;

	if (l && l->track_caller && mm->nodes == 1 && strstr(function, "track_caller"))
		return l->track_caller;
	return function;
}

static void report_frames(struct mm *mm, uint32_t stack, const char *const *above,
			  const char *calls)
{
	struct kernel *k = mm->kernel;
	struct call_path known = { .n = 0 }, path;
	const char *const *frame;
	char sym[96];
	uint32_t n;

	frame = depot_fetch(&mm->depot, stack, &n);
	if (!n) {
		LOG("(stack is not available)");
		return;
	}
	for (; *above; above++)
		LOG(" %s", symbolic(*above, sym));
	if (calls && frame[0] != kmem_cache_free_name)
		LOG(" %s", symbolic(calls, sym));
	for (uint32_t i = 0; i < n && i < STACK_MAX; i++)
		known.frame[known.n++] = i ? frame[i] : kasan_allocator_name(mm, frame[i]);
	if (strcmp(known.frame[known.n - 1], "devsh"))
		known.frame[known.n++] = "devsh";
	call_path_of(k, &known, true, &path);
	for (int i = 0; i < path.n; i++)
		LOG(" %s", symbolic(path.frame[i], sym));
}

static void report_track(struct mm *mm, const char *what, uint32_t stack,
			 const char *const *above, const char *calls)
{
	struct kernel *k = mm->kernel;
	int pid = stack ? k->pid : 0;

	if (mm->kasan.layout->old) {
		LOG("%s:", what);
		LOG("PID = %d", pid);
		report_frames(mm, stack, above, calls);
		return;
	}
	LOG("%s by task %d:", what, pid);
	report_frames(mm, stack, above, calls);
	blank(k);
}

/* The functions above the allocator depend on which allocator it was. */
static const char *const *above_alloc(struct mm *mm, uint32_t stack)
{
	const struct kasan_layout *l = mm->kasan.layout;
	uint32_t n;
	const char *const *frame = depot_fetch(&mm->depot, stack, &n);

	if (n && strstr(frame[0], "kmem_cache_alloc"))
		return l->alloc_cache;
	return n && strstr(frame[0], "track_caller") ? l->alloc_caller : l->alloc;
}

static void report_tracks(struct mm *mm, const struct object *o)
{
	const struct kasan_layout *l = mm->kasan.layout;
	const struct track *t = object_track(mm, o);
	bool marked = kasan_shadow_at(mm, o->start) == KASAN_SLAB_FREE_META;

	if (!t)
		return;
	if (t->alloc_stack || !l->free_kinds)
		report_track(mm, "Allocated", t->alloc_stack, above_alloc(mm, t->alloc_stack),
			     NULL);
	if (l->always_freed || marked)
		report_track(mm, "Freed", t->free_stack, l->freed, l->kfree_calls);
}

/* --- the report ------------------------------------------------------------------ */

void kasan_report_old_object(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	struct object o;

	if (!nearest_object(mm, mm_ptr(mm, r->addr, 1), &o))
		return;
	LOG("Object at %016llx, in cache %s size: %u", (unsigned long long)mm_addr(mm, o.start),
	    o.cache->name, o.cache->object_size);
	report_tracks(mm, &o);
}

void kasan_report_memory(struct mm *mm, const struct kasan_report *r)
{
	struct kernel *k = mm->kernel;
	const void *p = mm_ptr(mm, r->addr, 1);
	struct object o;

	if (nearest_object(mm, p, &o)) {
		report_tracks(mm, &o);
		report_region(mm, r, &o);
	}
	LOG("The buggy address belongs to the %s:", mm->kasan.layout->page_word);
	dump_page(mm, p, "kasan: bad access detected");
	blank(k);
}

/* Five rows of the shadow; the bad byte is in the middle one. */
void kasan_report_shadow(struct mm *mm, uint64_t bad)
{
	struct kernel *k = mm->kernel;
	uint64_t guilty = bad - (bad - mm->page_offset) % ROW;

	LOG("Memory state around the buggy address:");
	for (int row = -2; row <= 2; row++) {
		uint64_t at = guilty + (uint64_t)(int64_t)(row * ROW);
		const char *p = mm_ptr(mm, at, ROW);
		char text[16 * 3 + 1];

		if (!p)
			continue;
		for (int i = 0; i < 16; i++)
			snprintf(text + 3 * i, 4, " %02x", kasan_shadow_at(mm, p + i * KASAN_GRANULE));
		LOG("%c%016llx:%s", row ? ' ' : '>', (unsigned long long)at, text);
		if (!row)
			LOG("%*s", 3 + 16 + (int)((bad - guilty) / KASAN_GRANULE * 3) + 1, "^");
	}
}
