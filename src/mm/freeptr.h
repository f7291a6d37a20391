/* SPDX-License-Identifier: MIT */
/*
 * The pointer to the next free object, stored in the object itself. Corresponds to Linux'
 * mm/slub.c. Differs: it exists only with slub_debug=F, and drivers can overwrite it, but
 * the model does not follow it; it is NULL while the object is in the quarantine. There
 * is no CONFIG_SLAB_FREELIST_HARDENED, so it is stored unchanged.
 */
#ifndef DEVSH_MM_FREEPTR_H
#define DEVSH_MM_FREEPTR_H

#include <string.h>

#include "kernel/compiler.h"
#include "mm/page.h"
#include "mm/slab.h"

#define FREEPTR_NOWHERE UINT16_MAX /* not kept, or it does not fit into the object */

static inline void freeptr_set(struct mm *mm, const struct object *o, const char *next)
{
	uint64_t addr = next ? (uintptr_t)next + mm->host_to_sim : 0;
	char *at = o->start + o->cache->freeptr;

	if (o->cache->freeptr == FREEPTR_NOWHERE)
		return;
	if (likely(mm->word == 8))
		memcpy(at, &addr, 8);
	else
		memcpy(at, &addr, 4);
}

/*
 * Distance of an address from the first object of o's slab; huge if it is not in the
 * slab.
 */
static inline uint64_t freeptr_distance(const struct mm *mm, const struct object *o, uint64_t addr)
{
	return addr - mm->host_to_sim - (uintptr_t)pfn_ptr(mm, o->page->head) - o->cache->left;
}

/*
 * Sets the pointer to the object of this slab that was freed before; call it before o is
 * put on the list.
 */
static inline void freeptr_link(struct mm *mm, const struct object *o)
{
	const struct cache_node *cn = o->page->owner;
	uint32_t number = cn->spares ? cn->sheaf[cn->spares - 1].number : cn->free;
	char *next = object_start(mm, number);

	if (likely(o->cache->freeptr == FREEPTR_NOWHERE))
		return;
	/* in Linux each slab has a list of its own */
	if (freeptr_distance(mm, o, (uintptr_t)next + mm->host_to_sim) >=
	    (uint64_t)cn->stride * cn->objects)
		next = NULL;
	freeptr_set(mm, o, next);
}

static inline void freeptr_handed_out(struct mm *mm, const struct object *o)
{
	/* the owner of an object in use may store data there */
	if (o->cache->freeptr >= o->cache->object_size)
		freeptr_set(mm, o, NULL);
}

/* The stored pointer; 0: none is kept. */
static inline uint64_t freeptr_get(const struct mm *mm, const struct object *o)
{
	const char *at = o->start + o->cache->freeptr;
	uint64_t addr = 0;

	if (o->cache->freeptr == FREEPTR_NOWHERE)
		return 0;
	if (likely(mm->word == 8))
		memcpy(&addr, at, 8);
	else
		memcpy(&addr, at, 4);
	return addr;
}

/* It points to an object of the slab, or is NULL. */
static inline bool freeptr_valid(const struct mm *mm, const struct object *o, bool in_use)
{
	const struct cache_node *cn = o->page->owner;
	uint64_t addr = freeptr_get(mm, o), off;

	if (!addr)
		return true;
	/* an object in use has data there */
	if (in_use && o->cache->freeptr < o->cache->object_size)
		return true;
	off = freeptr_distance(mm, o, addr);
	return off < (uint64_t)cn->stride * cn->objects &&
	       (uint32_t)(off * cn->reciprocal) < cn->reciprocal;
}

#endif
