/* SPDX-License-Identifier: MIT */
/*
 * The functions between a call of the allocator and the place in it that reports
 * something, as a call stack of this release and architecture shows them.
 */
#ifndef DEVSH_MM_ALLOC_STACK_H
#define DEVSH_MM_ALLOC_STACK_H

#include "mm/gfp.h"
#include "mm/mm.h"

/* A call of the allocator begins here; `entry` is its name in such stacks. */
static inline void alloc_way_begin(struct mm *mm, const char *entry)
{
	mm->way.entry = entry;
	mm->way.depth = mm->kernel->depth;
}

/* Where the allocator is. */
enum alloc_at {
	AT_NEW_SLAB,       /* a cache needs a new slab: in the function that makes it */
	AT_NEW_SLAB_PAGES, /* ... in the page allocator, on its behalf */
	AT_LARGE,          /* a kmalloc that is too large for the caches */
	AT_LARGE_PAGES,    /* ... in the page allocator */
	AT_PAGES,          /* the page allocator, for __get_free_pages() */
};

/*
 * Added to one of the last three: in the page allocator's slow path, after it found
 * nothing.
 */
#define AT_SLOW_PATH 16u

#define ALLOC_STACK_MAX 12

/* What alloc_stack_begin() replaced. */
struct alloc_stack {
	int depth, n;
	const char *was[ALLOC_STACK_MAX];
};

/*
 * Puts the functions from the running call (mm->way) down to `at` on the stack, without
 * events for function tracers. alloc_stack_end() removes them.
 */
void alloc_stack_begin(struct mm *mm, unsigned at, struct alloc_stack *s);
void alloc_stack_end(struct mm *mm, const struct alloc_stack *s);

/*
 * gfp_fixup.c: gfp without the flags that the allocators do not take; these are reported.
 * `added` are the flags that were added on the way here.
 */
gfp_t gfp_fixup(struct mm *mm, gfp_t gfp, gfp_t added, enum alloc_at at);

#endif
