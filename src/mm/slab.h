/* SPDX-License-Identifier: MIT */
/*
 * Allocating and freeing objects, and the fast path of both, all of it inline. A call takes
 * that when nothing watches, nothing is checked and the cache has an object; slub.c has the
 * rest.
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

/* What objects of a kmalloc cache are aligned to. */
size_t kmalloc_align(const struct mm *mm, size_t size);
/* Places everything around a cache's objects, whose size and alignment are there. */
void cache_layout(struct mm *mm, struct kmem_cache *c, unsigned debug);

/* A slab for objects of `size` bytes is 2^order pages. */
unsigned slab_order(const struct mm *mm, size_t size);

/* --- allocation ------------------------------------------------------------ */

/* What no fast path looks at. */
#define GFP_SLAB_SLOW (__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT | GFP_SLAB_BUG_MASK)

/* The class of 1 to large_limit bytes. */
static inline unsigned kmalloc_class(const struct mm *mm, size_t size)
{
	if (size <= KMALLOC_ODD_MAX)
		return mm->size_class[(size + 7) / 8];
	return 64 - (unsigned)__builtin_clzll(size - 1);
}

/* NUMA_NO_NODE is the node that the one CPU is on. */
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

/* Half a sheaf from the list; false when nothing is on it. */
bool sheaf_fill(struct mm *mm, struct cache_node *cn);
/* Its n oldest objects to the list. */
void sheaf_drop(struct mm *mm, struct cache_node *cn, uint32_t n);

static inline bool cache_has_object(struct mm *mm, struct cache_node *cn)
{
	return likely(cn->spares) || sheaf_fill(mm, cn);
}

/* The next object of a cache that has one. */
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

/* It becomes the first to be handed out again; the sheaf is not full. */
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

/* What is asked of the allocator: bytes, at least 1, and those of them that the caller wanted. */
struct request {
	size_t size, asked;
};

/*
 * slab_alloc - the allocator's one entry
 *
 * On node nid (NUMA_NO_NODE: here), marked with tag. False when memory runs out.
 * The chain is what a call stack shows of the calls down to here, and then what
 * the function graph does.
 */
bool slab_alloc(struct mm *mm, struct request r, gfp_t gfp, int nid, uint32_t tag,
		const char *const *chain, struct object *o);

/* The same from a cache that a driver created; function: what a stack and the graph show. */
bool slab_alloc_from(struct mm *mm, struct kmem_cache *c, gfp_t gfp, uint32_t tag,
		     const char *function, struct object *o);

/*
 * Its last step: the object is checked, and is r.size bytes of memory for `function`
 * from now on. False after a report: it was damaged and is put aside.
 */
bool slab_check_out(struct mm *mm, const struct object *o, struct request r, gfp_t gfp,
		    const char *function);
/* The same from one cache, without what comes before; chain is the innermost function. */
bool cache_alloc(struct mm *mm, struct kmem_cache *c, struct request r, gfp_t gfp, int nid,
		 uint32_t tag, const char *chain, struct object *o);
/* True when an allocation from this cache would succeed now; it reports and counts as one does. */
bool cache_could_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
/* True when an allocation of this size would succeed now; it reports and counts as one does. */
bool slab_could_alloc(struct mm *mm, size_t size, gfp_t gfp);

static inline void *slab_zero(void *p, size_t size)
{
	return memset(p, 0, MUTANT(ZERO_FIRST_BYTE) ? 1 : size);
}

/*
 * The fast path of it, for a quiet() kernel: a cache of mm->plain that is
 * ready, and then its next object. __GFP_ZERO is the caller's to do.
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

/* Take back an object that object_find() described and that is allocated. */
void slab_free(struct mm *mm, const struct object *o);

/* Its last step: the object may be handed out again. */
void slab_give_back(struct mm *mm, const struct object *o);

/* The fast path of it, for a quiet() kernel and an object of a slab. */
static inline bool slab_put_ready(const struct object *o)
{
	return o->page->owner->spares < SHEAF_SIZE;
}

static inline void slab_put(struct mm *mm, const struct object *o)
{
	cache_put(mm, o->page->owner, o->slot, o->start);
	tick(mm->kernel, NS_PER_STEP);
}

/* Gives the pages of empty slabs back; the number of pages. */
uint32_t slab_shrink(struct mm *mm);
uint32_t slab_shrink_cache(struct mm *mm, struct kmem_cache *c);

#endif
