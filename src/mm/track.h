/* SPDX-License-Identifier: MIT */
/* Who allocated an object, who freed it, and which device owned it before. */
#ifndef DEVSH_MM_TRACK_H
#define DEVSH_MM_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/trace.h"

struct mm;

struct track {
	uint32_t size;        /* requested, bytes */
	uint32_t rank;        /* rank of a node on its list; after it left the list, the size of
			       * its header */
	uint32_t rank_close;  /* ... of a second node in the object */
	uint32_t owner, was;  /* the device that owns it, and the previous one (base/owner.c); 0:
			       * not known */
	uint32_t number;      /* of a node on its device's list; 0: it was never on one */
	uint32_t number_close; /* ... of a second node in the object */
	uint32_t orig;        /* bytes requested from the allocator */
	uint32_t alloc_step, free_step;
	uint32_t alloc_when, free_when; /* jiffies */
	uint32_t alloc_stack, free_stack; /* handles in the depot; 0: none */
	const char *alloc_by, *free_by;
	const char *alloc_phase, *free_phase;
	uint32_t life;        /* index of the previous life in the ring of lives; 0: none */
};

/* An earlier life of an object (lives.c). */
struct life {
	uint32_t owner, alloc_step, free_step;
	uint32_t before;      /* index of the life before; 0: none */
};

#define LIVES 32768u

/* --- track.c: where mm->tracks is not NULL; private to mm/ ------------------- */

/*
 * The running context allocates the object of this slot; `chain` is the innermost
 * function.
 */
void track_alloc(struct mm *mm, uint32_t slot, size_t asked, const char *chain);
void track_free(struct mm *mm, uint32_t slot);

extern const char kmem_cache_free_name[];

/*
 * The function that is freeing an object: kfree(), or kmem_cache_free() for drivers'
 * caches.
 */
static inline const char *freeing_function(const struct kernel *k)
{
	return kernel_function(k) == kmem_cache_free_name ? kmem_cache_free_name : "kfree";
}

/* --- lives.c ----------------------------------------------------------------- */

/* Saves the allocation and free in the track as an earlier life; the object was freed. */
void life_end(struct mm *mm, struct track *t);
/* NULL: there is none, or it was overwritten. */
const struct life *life_at(const struct mm *mm, uint32_t life);

#endif
