/* SPDX-License-Identifier: MIT */
/* Who allocated an object and who freed it, and whose it was before. */
#ifndef DEVSH_MM_TRACK_H
#define DEVSH_MM_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/trace.h"

struct mm;

struct track {
	uint32_t size;        /* requested, bytes */
	uint32_t rank;        /* of a node on its list; of one that left it the bytes of its header */
	uint32_t rank_close;  /* ... for a second node in it */
	uint32_t owner, was;  /* whose it is, and whose it was before (base/owner.c); 0: not known */
	uint32_t number;      /* of a node on its device's list; 0: was never on one */
	uint32_t number_close; /* ... of a second node in it */
	uint32_t orig;        /* bytes that the allocator was asked for */
	uint32_t alloc_step, free_step;
	uint32_t alloc_when, free_when; /* jiffies */
	uint32_t alloc_stack, free_stack; /* of the depot; 0: none */
	const char *alloc_by, *free_by;
	const char *alloc_phase, *free_phase;
	uint32_t life;        /* the one before, in the ring of lives; 0: none */
};

/* What lived in an object once (lives.c). */
struct life {
	uint32_t owner, alloc_step, free_step;
	uint32_t before;      /* the one before that; 0: none */
};

#define LIVES 32768u

/* --- track.c: where mm->tracks is not NULL; private to mm/ ------------------- */

/* The context that runs allocates the object of this slot; `chain` is the innermost function. */
void track_alloc(struct mm *mm, uint32_t slot, size_t asked, const char *chain);
void track_free(struct mm *mm, uint32_t slot);

extern const char kmem_cache_free_name[];

/* What frees an object now: kfree(), unless a driver's cache gets it back. */
static inline const char *freeing_function(const struct kernel *k)
{
	return kernel_function(k) == kmem_cache_free_name ? kmem_cache_free_name : "kfree";
}

/* --- lives.c ----------------------------------------------------------------- */

/* What the track knows becomes a life of before; it has one, since it was freed. */
void life_end(struct mm *mm, struct track *t);
/* NULL: none, or it is forgotten. */
const struct life *life_at(const struct mm *mm, uint32_t life);

#endif
