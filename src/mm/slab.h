/* SPDX-License-Identifier: MIT */
/*
 * Allocating and freeing objects, and the fast path of both, all of it inline. A call
 * takes the fast path if nothing watches, nothing is checked and the cache has an object;
 * slub.c has the rest.
 */
#ifndef DEVSH_MM_SLAB_H
#define DEVSH_MM_SLAB_H

#include <string.h>

#include "kernel/clock.h"
#include "kernel/compiler.h"
#include "kernel/mutants.h"
#include "mm/cache.h"
#include "mm/gfp.h"
#include "mm/object.h"

/* --- layout (slub_layout.c, slab_order.c) ---------------------------------- */

/* The alignment of objects in a kmalloc cache. */
size_t kmalloc_align(const struct mm *mm, size_t size);
/* Lays out everything around a cache's objects, whose size and alignment are set. */
void cache_layout(struct mm *mm, struct kmem_cache *c, unsigned debug);

/* The order of a slab, in pages, for objects of `size` bytes. */
unsigned slab_order(const struct mm *mm, size_t size);

/* --- allocation ------------------------------------------------------------ */

/* Flags that fast paths do not handle. */
#define GFP_SLAB_SLOW (__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT | GFP_SLAB_BUG_MASK)

/* The class for a size from 1 to large_limit bytes. */
static inline unsigned kmalloc_class(const struct mm *mm, size_t size)
{
	if (size <= KMALLOC_ODD_MAX)
		return mm->size_class[(size + 7) / 8];
	return 64 - (unsigned)__builtin_clzll(size - 1);
}

/* NUMA_NO_NODE means the node of the only CPU. */
static inline unsigned alloc_node(const struct mm *mm, int nid)
{
	return (unsigned)nid < (unsigned)mm->nodes ? (unsigned)nid : 0;
}

static inline uint32_t object_number(const struct mm *mm, const char *start)
{
	return (uint32_t)((size_t)(start - mm->base) >> 3);
}

static inline char *object_start(const struct mm *mm, uint32_t number)
{
	return mm->base + ((size_t)number << 3);
}

/* Fills half a sheaf from the list; false if the list is empty. */
bool sheaf_fill(struct mm *mm, struct cache_node *cn);
/* Moves its n oldest objects to the list. */
void sheaf_drop(struct mm *mm, struct cache_node *cn, uint32_t n);

static inline bool cache_has_object(struct mm *mm, struct cache_node *cn)
{
	return likely(cn->spares) || sheaf_fill(mm, cn);
}

/* Takes the next object of a cache that has one. */
static inline char *cache_take_slot(struct mm *mm, struct cache_node *cn, uint32_t tag,
				    uint32_t *slot)
{
	uint32_t left = cn->spares - 1;
	struct spare spare = cn->sheaf[left];
	char *start = object_start(mm, spare.number);

	mm->slots[spare.slot] = tag | SLOT_ALLOCATED;
	cn->spares = left;
	*slot = spare.slot;
	return start;
}

static inline char *cache_take(struct mm *mm, struct cache_node *cn, uint32_t tag)
{
	uint32_t slot;

	return cache_take_slot(mm, cn, tag, &slot);
}

/* Makes this the next object to be handed out; the sheaf must not be full. */
static inline void cache_put(struct mm *mm, struct cache_node *cn, size_t slot, char *start)
{
	struct spare *spare = &cn->sheaf[cn->spares];
	uint32_t *tag = &mm->slots[slot];

	spare->number = object_number(mm, start);
	spare->slot = (uint32_t)slot;
	*tag = 0;
	cn->spares++;
}

static inline uint32_t cache_node_inuse(const struct cache_node *cn)
{
	return cn->taken - cn->spares - cn->quarantined;
}

/*
 * A request to the allocator: the bytes to allocate, at least 1, and how many of them the
 * caller asked for.
 */
struct request {
	size_t size, asked;
};

/*
 * slab_alloc - the only entry into the allocator
 *
 * Allocates on node nid (NUMA_NO_NODE: local) and marks the object with tag. False: out
 * of memory. The chain begins with what a call stack shows of the calls down to here; the
 * rest is for the function graph.
 */
bool slab_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
		const char *const *chain, struct object *o);

/* The same from a driver's cache; function: the name in stacks and in the graph. */
bool slab_alloc_from(struct mm *mm, struct kmem_cache *c, gfp_t gfp, uint32_t tag,
		     const char *function, struct object *o);

/*
 * Its last step: checks the object and turns it into r.size bytes of memory for
 * `function`. False after a report: the object was damaged and is set aside.
 */
bool slab_check_out(struct mm *mm, const struct object *o, struct request r, gfp_t gfp,
		    const char *function);
/*
 * The same from a given cache, without the steps before; chain is the innermost function.
 */
bool cache_alloc(struct mm *mm, struct kmem_cache *c, struct request r, gfp_t gfp, int nid,
		 uint32_t tag, const char *chain, struct object *o);
/*
 * Whether an allocation from this cache would succeed now; reports and counts like a real
 * one.
 */
bool cache_could_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
/*
 * Whether an allocation of this size would succeed now; reports and counts like a real
 * one.
 */
bool slab_could_alloc(struct mm *mm, size_t size, gfp_t gfp);

static inline void *slab_zero(void *p, size_t size)
{
	return memset(p, 0, MUTANT(ZERO_FIRST_BYTE) ? 1 : size);
}

/*
 * The fast path of slab_alloc() for a quiet() kernel: slab_ready() for a cache of
 * mm->plain, then slab_take(). The caller handles __GFP_ZERO.
 */
static inline bool slab_ready(const struct cache_node *cn, gfp_t gfp)
{
	return likely(cn->spares && !(gfp & GFP_SLAB_SLOW));
}

static inline char *slab_take(struct mm *mm, struct cache_node *cn, uint32_t tag)
{
	char *start = cache_take(mm, cn, tag);

	tick(mm->kernel, NS_PER_STEP);
	return start;
}

/* --- freeing --------------------------------------------------------------- */

/* Frees an allocated object that object_find() described. */
void slab_free(struct mm *mm, const struct object *o);

/* Its last step: the object can be handed out again. */
void slab_give_back(struct mm *mm, const struct object *o);

/* The fast path of slab_free() for a quiet() kernel and an object of a slab. */
static inline bool slab_put_ready(const struct object *o)
{
	return o->page->owner->spares < SHEAF_SIZE;
}

static inline void slab_put(struct mm *mm, const struct object *o)
{
	cache_put(mm, o->page->owner, o->slot, o->start);
	tick(mm->kernel, NS_PER_STEP);
}

/* Frees the pages of empty slabs; returns their number. */
uint32_t slab_shrink(struct mm *mm);
uint32_t slab_shrink_cache(struct mm *mm, struct kmem_cache *c);

#endif
