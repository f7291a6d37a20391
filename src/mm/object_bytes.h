/* SPDX-License-Identifier: MIT */
/*
 * Which bytes of an object are zeroed on allocation and on free. Poison and red zones are
 * in slub_debug.c. Corresponds to want_init_on_alloc() and want_init_on_free(), and to
 * how Linux' mm/slub.c uses them.
 *
 *                           up to 6.1         6.12, 7.2
 *   __GFP_ZERO              whole object      the requested size if it is recorded (U);
 *                                             else the whole object
 *   init_on_alloc=1 (5.3)   the same, unless the cache poisons
 *   init_on_free=1 (5.3)    whole object, unless the cache poisons
 *   pages                   all of them
 */
#ifndef DEVSH_MM_OBJECT_BYTES_H
#define DEVSH_MM_OBJECT_BYTES_H

#include "kernel/compiler.h"
#include "mm/gfp.h"
#include "mm/slab.h"

static inline bool object_poisoned(const struct mm *mm, const struct object *o)
{
	return o->cache ? o->cache->debug & SLUB_P : mm->poison;
}

/* Bytes to zero when an object is handed out for a request of `asked` bytes. */
static inline size_t zeroed_by_alloc(const struct mm *mm, const struct object *o, size_t asked,
				     gfp_t gfp)
{
	const struct kernel *k = mm->kernel;

	if (!(gfp & __GFP_ZERO) && !(k->params.init_on_alloc && !object_poisoned(mm, o)))
		return 0;
	if (o->cache && o->cache->poisons_orig && asked < o->size)
		return asked;
	return o->size;
}

/* ... and when it is freed. */
static inline size_t zeroed_by_free(const struct mm *mm, const struct object *o)
{
	return unlikely(mm->kernel->params.init_on_free) && !object_poisoned(mm, o) ? o->size : 0;
}

#endif
