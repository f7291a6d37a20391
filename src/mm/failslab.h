/* SPDX-License-Identifier: MIT */
/* Allocations that fail on purpose. */
#ifndef DEVSH_MM_FAILSLAB_H
#define DEVSH_MM_FAILSLAB_H

#include "kernel/compiler.h"
#include "kernel/sleep.h"
#include "mm/gfp.h"
#include "mm/mm.h"

void faults_init(struct mm *mm);
/* Call this after changing an attribute: fast paths do not check for injected failures. */
void faults_changed(struct mm *mm);
bool should_failslab_slow(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
bool should_fail_alloc_page_slow(struct mm *mm, gfp_t gfp, unsigned order, bool slab);
/* Whether the last failed allocation of this step was made to fail. */
bool fault_was_injected(const struct mm *mm);

/* The checks before an allocation by `function`; true: it has to fail. */
static inline bool slab_pre_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp,
				  const char *function)
{
	if (in_atomic(mm->kernel) && gfp & __GFP_DIRECT_RECLAIM)
		might_sleep_at(mm->kernel, SLEEP_FOR_MEMORY, function);
	return unlikely(mm->kernel->injecting) && should_failslab_slow(mm, c, gfp);
}

/* The same for pages. Those of a new slab do not count as an allocation of their own. */
static inline bool pages_pre_alloc(struct mm *mm, gfp_t gfp, unsigned order)
{
	if (in_atomic(mm->kernel) && gfp & __GFP_DIRECT_RECLAIM)
		might_sleep_at(mm->kernel, SLEEP_FOR_MEMORY, NULL);
	return unlikely(mm->kernel->injecting) &&
	       should_fail_alloc_page_slow(mm, gfp, order, false);
}

#endif
