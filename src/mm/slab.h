/* SPDX-License-Identifier: MIT */
/*
 * Objects: from a pointer to its object, and the short way through the
 * allocator, all of it inline. A call takes the short way when nobody watches,
 * nothing is checked and the cache has an object; slub.c has the long one.
 */
#ifndef DEVSH_MM_SLAB_H
#define DEVSH_MM_SLAB_H

#include <string.h>

#include "mm/mm.h"

/* --- objects --------------------------------------------------------------- */

/* An allocated or free object and where everything about it is. */
struct object {
	struct page *page;
	struct kmem_cache *cache; /* NULL: pages */
	char *start;
	uint32_t slot;
	size_t size;              /* usable bytes from start: what ksize() says */
};

/* The first page of the block that p lies in; of p itself when it is in none. */
static inline struct page *head_page(const struct mm *mm, const void *p)
{
	struct page *page = &mm->pages[mm_pfn(mm, p)];

	return page->kind == PAGE_TAIL ? &mm->pages[page->head] : page;
}

/* The object of this slab that p lies in; false in its last, unused bytes. */
static inline bool object_in_slab(const struct mm *mm, struct page *page, const void *p,
				  struct object *o)
{
	struct kmem_cache *c = (struct kmem_cache *)&mm->caches[page->cache];
	char *first = pfn_ptr(mm, page->head);
	size_t off = (size_t)((const char *)p - first);
	uint32_t index = (uint32_t)(off * c->reciprocal >> 32);

	*o = (struct object){
		.page = page, .cache = c, .start = first + (size_t)index * c->stride,
		.slot = page->slots + index, .size = c->object_size,
	};
	return index < c->objects;
}

/* The object that p points into, allocated or free; false: none there. */
static inline bool object_find(const struct mm *mm, const void *p, struct object *o)
{
	struct page *page;

	if (unlikely(!mm_has(mm, p)))
		return false;
	page = head_page(mm, p);
	if (likely(page->kind == PAGE_SLAB))
		return object_in_slab(mm, page, p, o);
	if (page->kind != PAGE_LARGE)
		return false;
	*o = (struct object){
		.page = page, .start = pfn_ptr(mm, page->head), .slot = page->slots,
		.size = (size_t)PAGE_SIZE << page->order,
	};
	return true;
}

/* The same for its first byte only. */
static inline bool object_at(const struct mm *mm, const void *start, struct object *o)
{
	if (!object_find(mm, start, o) || o->start != start)
		return false;
	o->start = (char *)start; /* known sooner than what was calculated */
	return true;
}

static inline bool object_allocated(const struct mm *mm, const struct object *o)
{
	return mm->slots[o->slot] & SLOT_ALLOCATED;
}

static inline uint32_t object_tag(const struct mm *mm, const struct object *o)
{
	uint32_t slot = mm->slots[o->slot];

	return slot & SLOT_ALLOCATED ? slot & ~SLOT_ALLOCATED : 0;
}

static inline bool object_has_tag(const struct mm *mm, const struct object *o, uint32_t tag)
{
	return mm->slots[o->slot] == (tag | SLOT_ALLOCATED);
}

static inline void object_set_tag(struct mm *mm, const struct object *o, uint32_t tag)
{
	mm->slots[o->slot] = tag | SLOT_ALLOCATED;
}

static inline struct track *object_track(const struct mm *mm, const struct object *o)
{
	return mm->tracks ? &mm->tracks[o->slot] : NULL;
}

/* "kmalloc-64", or "pages" */
static inline const char *object_cache_name(const struct object *o)
{
	return o->cache ? o->cache->name : "pages";
}

/* What a pointer into an allocated object of this kind is aligned to by promise. */
static inline size_t object_align(const struct object *o)
{
	return o->cache ? o->cache->align : PAGE_SIZE;
}

/* --- allocation ------------------------------------------------------------ */

/* What only the long way looks at. */
#define GFP_SLAB_SLOW (__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT | GFP_SLAB_BUG_MASK)

/* The plain cache for 1 to large_limit bytes. */
static inline struct kmem_cache *kmalloc_plain_cache(struct mm *mm, size_t size)
{
	if (likely(size <= KMALLOC_ODD_MAX))
		return mm->small_cache[(size + 7) / 8];
	return &mm->caches[64 - __builtin_clzll(size - 1)];
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

static inline bool cache_has_object(const struct cache_node *cn)
{
	return cn->free || cn->fresh < cn->fresh_end;
}

/* The next object of a cache that has one. */
static inline void cache_take(struct mm *mm, struct cache_node *cn, uint32_t tag,
			      struct object *o)
{
	uint32_t number = likely(cn->free) ? cn->free : cn->fresh;
	char *start = object_start(mm, number);

	object_in_slab(mm, head_page(mm, start), start, o);
	o->start = start;
	if (likely(number != cn->fresh))
		cn->free = mm->slots[o->slot];
	else
		cn->fresh += o->cache->stride >> 3;
	object_set_tag(mm, o, tag);
	o->page->inuse++;
	cn->inuse++;
}

/*
 * slab_alloc - the allocator's one entry
 *
 * size bytes, at least 1, on node nid (NUMA_NO_NODE: here), marked with tag.
 * `asked` is what the caller wanted, for tracking. False when memory runs out.
 * The chain is what the function graph shows on the way down.
 */
bool slab_alloc(struct mm *mm, size_t size, size_t asked, gfp_t gfp, int nid, uint32_t tag,
		const char *const *chain, struct object *o);

/*
 * slab_take - the same when nobody watches
 *
 * For 1 to large_limit bytes. False when there is more to it than taking the
 * next object: nothing has happened then, slab_alloc() is to be called.
 */
static __always_inline bool slab_take(struct mm *mm, size_t size, gfp_t gfp, int nid,
				      uint32_t tag, struct object *o)
{
	struct kmem_cache *c = kmalloc_plain_cache(mm, size);
	struct cache_node *cn = &c->node[alloc_node(mm, nid)];

	if (unlikely(gfp & GFP_SLAB_SLOW || !cache_has_object(cn) || BROKEN(BREAK_WRONG_NODE)))
		return false;
	tick(mm->kernel, NS_PER_STEP);
	cache_take(mm, cn, tag, o);
	if (gfp & __GFP_ZERO)
		memset(o->start, 0, BROKEN(BREAK_ZERO_FIRST_BYTE) ? 1 : c->object_size);
	return true;
}

/* --- freeing --------------------------------------------------------------- */

/* The object becomes the first to be handed out again. */
static inline void cache_put(struct mm *mm, const struct object *o)
{
	struct cache_node *cn = &o->cache->node[o->page->node];

	mm->slots[o->slot] = cn->free;
	cn->free = object_number(mm, o->start);
	cn->inuse--;
	if (!--o->page->inuse)
		mm->emptied = true;
}

/* slab_free() with everything that watchers and checkers want. */
void slab_free_told(struct mm *mm, const struct object *o);

/* Take back an object that object_find() described and that is allocated. */
static __always_inline void slab_free(struct mm *mm, const struct object *o)
{
	if (unlikely(mm->kernel->watching || !o->cache)) {
		struct object copy = *o; /* *o itself can stay in registers */

		slab_free_told(mm, &copy);
		return;
	}
	tick(mm->kernel, NS_PER_STEP);
	cache_put(mm, o);
}

/* Gives the pages of empty slabs back; the number of pages. */
uint32_t slab_shrink(struct mm *mm);

#endif
