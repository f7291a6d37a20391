/* SPDX-License-Identifier: MIT */
/* What slub_debug= adds around objects, and how it is checked. */
#ifndef DEVSH_MM_SLUB_DEBUG_H
#define DEVSH_MM_SLUB_DEBUG_H

#include "kernel/compiler.h"
#include "mm/freeptr.h"
#include "mm/kasan.h"
#include "mm/object.h"

/*
 * A bit in kmem_cache.debug, besides those of the letters: objects are laid out, filled
 * and checked as by CONFIG_SLAB. slab_debug.h has the rest.
 */
#define DEBUG_SLAB 64

/* What the allocator was about to do when it checked. */
enum slub_way { SLUB_ALLOC, SLUB_FREE, SLUB_VALIDATE, SLUB_DISCARD };

/* Bytes that do not hold what they should. */
struct slub_damage {
	const char *what;
	const char *first, *last;
	uint8_t value; /* the value that they should have */
};

/* Fills the objects of a new slab as free ones, and what is around and after them. */
void slub_init_slab(struct mm *mm, struct page *page);
/* Fills an object that becomes free. */
void slub_take_back(struct mm *mm, const struct object *o);
/* Fills an object that comes into use with `size` bytes. */
void slub_hand_out(struct mm *mm, const struct object *o, size_t size);

/* True if it is intact; otherwise it was reported and repaired. */
bool slub_check_object(struct mm *mm, const struct object *o, bool in_use, enum slub_way way);
/* Reports that this free object is set aside: it will never be handed out again. */
void slub_put_aside(struct mm *mm, const struct object *o);
/* Reports that this object is not freed. */
void slub_keep(struct mm *mm, const struct object *o);

/* The TRACE line of slub_debug=T; way: SLUB_ALLOC or SLUB_FREE. */
void slub_trace(struct mm *mm, const struct object *o, enum slub_way way);

/* Checks the unused end of o's slab; reports and repairs damage. */
void slub_check_tail(struct mm *mm, const struct object *o, enum slub_way way);

/* The same, but only if something was written to memory since the last check. */
static inline void slub_look_at_tail(struct mm *mm, const struct object *o, enum slub_way way)
{
	if (unlikely(o->page->writes != (uint16_t)mm->writes))
		slub_check_tail(mm, o, way);
}

/* slab_debug.c: the same for objects with DEBUG_SLAB; these stay in use even if damaged. */
bool slab_check_object(struct mm *mm, const struct object *o, bool in_use, enum slub_way way);
/*
 * kfree() of a pointer that is not the start of an object, or whose object is already
 * free.
 */
void slab_bad_kfree(struct mm *mm, const void *p, const struct object *o);

/* Whether an object may be handed out by `entry`, and whether it may be freed. */
static inline bool slub_check_alloc(struct mm *mm, const struct object *o, const char *entry)
{
	mm->slab_entry = entry;
	if (unlikely(o->cache->debug & DEBUG_SLAB)) {
		if (o->cache->debug & SLUB_F)
			slab_check_object(mm, o, false, SLUB_ALLOC);
		return true;
	}
	if (o->cache->debug & SLUB_F)
		slub_look_at_tail(mm, o, SLUB_ALLOC);
	if (o->cache->debug & SLUB_F &&
	    unlikely(!slub_check_object(mm, o, false, SLUB_ALLOC))) {
		slub_put_aside(mm, o);
		return false;
	}
	if (unlikely(o->cache->debug & SLUB_T))
		slub_trace(mm, o, SLUB_ALLOC);
	return true;
}

static inline bool slub_check_free(struct mm *mm, const struct object *o)
{
	if (unlikely(o->cache->debug & DEBUG_SLAB)) {
		if (o->cache->debug & SLUB_F)
			slab_check_object(mm, o, true, SLUB_FREE);
		return true;
	}
	if (o->cache->debug & SLUB_F)
		slub_look_at_tail(mm, o, SLUB_FREE);
	if (o->cache->debug & SLUB_F &&
	    unlikely(!slub_check_object(mm, o, true, SLUB_FREE))) {
		slub_keep(mm, o);
		return false;
	}
	if (unlikely(o->cache->debug & SLUB_T))
		slub_trace(mm, o, SLUB_FREE);
	return true;
}

/* Checks all objects of an empty slab before its pages are freed. */
void slub_check_discard(struct mm *mm, struct page *page);

/* Checks all objects of a cache; returns the number of damaged ones. */
uint32_t slub_validate(struct mm *mm, const struct kmem_cache *c);

/* The value that a byte in or around an object should have; -1: any. */
int slub_value_at(const struct mm *mm, const struct object *o, int64_t off);

/* Offset of the kmalloc red zone in o; o's size if there is none. */
static inline size_t slub_kmalloc_red(const struct mm *mm, const struct object *o)
{
	if (!o->cache || !o->cache->keeps_size || !object_allocated(mm, o))
		return o->size;
	return mm->tracks[o->slot].orig < o->size ? mm->tracks[o->slot].orig : o->size;
}

/* slub_report.c: reports; of each kind in a loop, ten are printed */

/* Reports a problem with an object, and dumps it. */
void slub_report_object(struct mm *mm, const struct object *o, enum slub_way way, const char *what);
/* Reports a problem with a slab or a pointer into it; of o only the slab matters. */
__attribute__((format(printf, 4, 5)))
void slub_report_slab(struct mm *mm, const struct object *o, enum slub_way way, const char *fmt, ...);
/* Reports damaged bytes after a slab's last object; the slab ends at `end`. */
void slub_report_tail(struct mm *mm, const struct object *o, const struct slub_damage *d,
		      const char *end, enum slub_way way);
/* Reports n damaged places of an object, and that they were repaired. */
void slub_report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			unsigned n, enum slub_way way);
/* Reports that a cache is being destroyed while objects of this slab are in use. */
void slub_report_remaining(struct mm *mm, const struct page *page);
/* "FIX kmalloc-64: ...": what was done about the last report, if that was printed. */
__attribute__((format(printf, 3, 4)))
void slub_fix(struct mm *mm, const struct object *o, const char *fmt, ...);

/* slub_frames.c: SLUB's functions in call stacks */

#define SLUB_FRAMES 16

/*
 * Lists the functions from `inner`, newest first, to the one that the model entered; ends
 * with NULL.
 */
void slub_frames(const struct mm *mm, enum slub_way way, const char *const *inner,
		 const char *out[SLUB_FRAMES]);

struct call_path;
/* The function that called kfree(). */
const char *track_freed_in(const struct mm *mm, const struct track *t);
/* The functions that a track shows, newest first. */
void track_path(const struct mm *mm, const struct track *t, bool freed, struct call_path *p);

#endif
