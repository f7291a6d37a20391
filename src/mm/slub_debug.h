/* SPDX-License-Identifier: MIT */
/* What slub_debug= keeps around objects, and how it is checked. */
#ifndef DEVSH_MM_SLUB_DEBUG_H
#define DEVSH_MM_SLUB_DEBUG_H

#include "mm/kasan.h"

/* Bytes that do not hold what they should. */
struct slub_damage {
	const char *what;
	const char *first, *last;
	uint8_t value; /* what they should hold */
};

/* Fills an object of a new slab: free, as all that stands around it. */
void slub_init_object(struct mm *mm, const struct object *o);
/* It is free from now on. */
void slub_take_back(struct mm *mm, const struct object *o);
/* It is in use from now on, `size` bytes of it. */
void slub_hand_out(struct mm *mm, const struct object *o, size_t size);

/* True when all is as it should be; else it was reported and repaired. */
bool slub_check_object(struct mm *mm, const struct object *o, bool in_use, const char *checker);
/* Says so and does it: nobody gets this free object any more. */
void slub_put_aside(struct mm *mm, const struct object *o);
/* Says so: this one is not freed. */
void slub_keep(struct mm *mm, const struct object *o);

/* Before an object is handed out, and before it is taken back: may it be? */
static inline bool slub_check_alloc(struct mm *mm, const struct object *o)
{
	if (!(o->cache->debug & SLUB_F) ||
	    likely(slub_check_object(mm, o, false, "alloc_debug_processing")))
		return true;
	slub_put_aside(mm, o);
	return false;
}

static inline bool slub_check_free(struct mm *mm, const struct object *o)
{
	if (!(o->cache->debug & SLUB_F) ||
	    likely(slub_check_object(mm, o, true, "free_to_partial_list")))
		return true;
	slub_keep(mm, o);
	return false;
}

/* Checks all objects of a cache; the number of damaged ones. */
uint32_t slub_validate(struct mm *mm, const struct kmem_cache *c);

/* slub_report.c */
void slub_report_damage(struct mm *mm, const struct object *o, const struct slub_damage *d,
			unsigned n, const char *checker);
void slub_report_restored(struct mm *mm, const struct object *o, const struct slub_damage *d);

#endif
