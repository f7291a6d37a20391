/* SPDX-License-Identifier: MIT */
/*
 * Who allocated an object and who freed it. Corresponds to set_track() in Linux'
 * mm/slub.c.
 */
#include "mm/track.h"

#include "kernel/clock.h"
#include "mm/depot.h"
#include "mm/mm.h"

void track_alloc(struct mm *mm, uint32_t slot, size_t asked, const char *chain)
{
	struct track *t = &mm->tracks[slot];

	if (t->free_by)
		life_end(mm, t);
	t->size = (uint32_t)asked;
	t->was = t->owner;
	t->owner = mm->kernel->context.owner;
	t->number = 0;
	t->alloc_step = mm->kernel->step;
	t->alloc_when = jiffies(mm->kernel);
	t->alloc_stack = depot_save(mm, chain);
	t->alloc_by = mm->kernel->context.caller;
	t->alloc_phase = mm->kernel->context.phase;
}

const char kmem_cache_free_name[] = "kmem_cache_free";

void track_free(struct mm *mm, uint32_t slot)
{
	struct track *t = &mm->tracks[slot];

	t->free_step = mm->kernel->step;
	t->free_when = jiffies(mm->kernel);
	t->free_stack = depot_save(mm, freeing_function(mm->kernel));
	t->free_by = mm->kernel->context.caller;
	t->free_phase = mm->kernel->context.phase;
}
