/* SPDX-License-Identifier: MIT */
/*
 * Red zones, poison and the last caller of an object on CONFIG_SLAB profiles. Corresponds
 * to the CONFIG_DEBUG_SLAB part of Linux' mm/slab.c. Differs: slub_debug= switches its
 * parts on, with F for the checks; a double free has no effect beyond the report;
 * validate can check all objects of a cache.
 */
#include "mm/slab_debug.h"

#include "kernel/report.h"
#include "lib/bytes.h"
#include "mm/cache.h"
#include "mm/object.h"
#include "mm/page.h"
#include "mm/poison.h"
#include "mm/track.h"

/* --- layout ------------------------------------------------------------ */

static uint64_t zone_value(bool in_use)
{
	return in_use ? SLAB_ZONE_USED : SLAB_ZONE_FREE;
}

static void set_zones(const struct object *o, bool in_use)
{
	uint64_t value = zone_value(in_use);

	if (!(o->cache->debug & SLUB_Z))
		return;
	memcpy(o->start - SLAB_ZONE, &value, SLAB_ZONE);
	memcpy(slab_right_zone(o), &value, SLAB_ZONE);
}

static void poison(const struct object *o)
{
	size_t last = o->cache->object_size - 1;

	if (!(o->cache->debug & SLUB_P))
		return;
	memset(o->start, POISON_FREE, last);
	o->start[last] = (char)POISON_END;
}

static bool is_poison(const struct object *o)
{
	size_t last = o->cache->object_size - 1;

	return (uint8_t)o->start[last] == POISON_END && bytes_are(o->start, POISON_FREE, last);
}

int slab_value_at(const struct mm *mm, const struct object *o, int64_t off)
{
	const struct kmem_cache *c = o->cache;
	bool in_use = object_allocated(mm, o);

	if (c->debug & SLUB_Z && (off < 0 || (off >= c->inuse - SLAB_ZONE && off < c->inuse)))
		return (uint8_t)(zone_value(in_use) >> 8 * ((uint64_t)off % SLAB_ZONE));
	if (in_use || off >= c->object_size || !(c->debug & SLUB_P))
		return -1;
	return off == c->object_size - 1 ? POISON_END : POISON_FREE;
}

/* --- the last caller --------------------------------------------------- */

static void set_user(struct mm *mm, const struct object *o, const char *function)
{
	uint64_t addr = function ? code_address(mm->kernel, function) : 0;

	if (o->cache->debug & SLUB_U)
		memcpy(o->start + o->cache->inuse, &addr, SLAB_ZONE);
}

void slab_note_user(struct mm *mm, const struct object *o, bool freed)
{
	const struct track *t = object_track(mm, o);

	if (t && o->cache->debug & SLUB_U)
		set_user(mm, o, freed ? track_freed_in(mm, t) : t->alloc_by);
}

/* --- contents ---------------------------------------------------------- */

void slab_init_slab(struct mm *mm, struct page *page)
{
	const struct kmem_cache *c = page->owner->cache;
	char *first = pfn_ptr(mm, page->head) + c->left;
	struct object o;

	for (uint32_t i = 0; i < c->objects; i++) {
		object_fill(page, first + (size_t)i * c->stride, i, &o);
		slab_take_back(mm, &o);
		set_user(mm, &o, NULL);
	}
}

void slab_take_back(struct mm *mm, const struct object *o)
{
	set_zones(o, false);
	poison(o);
}

void slab_hand_out(struct mm *mm, const struct object *o)
{
	set_zones(o, true);
	if (o->cache->debug & SLUB_P)
		memset(o->start, POISON_INUSE, o->cache->object_size);
}

/* --- checks ------------------------------------------------------------ */

bool slab_check_object(struct mm *mm, const struct object *o, bool in_use, enum slub_way way)
{
	uint64_t value = zone_value(in_use);
	struct slab_zones z;
	bool ok = true;

	if (!in_use && o->cache->debug & SLUB_P && !is_poison(o)) {
		slab_report_corruption(mm, o, way);
		poison(o);
		ok = false;
	}
	/* no log shows a red zone report for a slab that is being freed */
	if (!(o->cache->debug & SLUB_Z) || way == SLUB_DISCARD)
		return ok;
	z = slab_zones(o);
	if (z.left == value && z.right == value)
		return ok;
	slab_report_zones(mm, o, in_use, way);
	set_zones(o, in_use);
	return false;
}

void slab_bad_kfree(struct mm *mm, const void *p, const struct object *o)
{
	if (o->start != p || object_allocated(mm, o)) {
		kernel_bug(mm->kernel, "cache_free_debugcheck");
		return;
	}
	/* poison alone does not show which objects are free */
	if (!(o->cache->debug & SLUB_Z)) {
		mm->unnoticed = true;
		return;
	}
	slab_report_zones(mm, o, true, SLUB_FREE);
	slab_take_back(mm, o);
	set_user(mm, o, mm->kernel->context.caller);
}
