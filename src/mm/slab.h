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
	const struct kmem_cache *cache; /* NULL: pages */
	char *start;
	size_t slot;
	size_t size;              /* usable bytes from start: what ksize() says */
};

/*
 * The block that p, a pointer into the machine's memory, lies in; p's own page
 * when it is in none. *off: bytes from the block's start.
 */
static inline struct page *block_of(const struct mm *mm, const void *p, size_t *off)
{
	size_t distance = (uintptr_t)p - (uintptr_t)mm->base;
	struct page *page = &mm->pages[distance >> PAGE_SHIFT];

	*off = distance % PAGE_SIZE;
	if (unlikely(page->kind == PAGE_TAIL)) {
		page = &mm->pages[page->head];
		*off = distance - ((size_t)page->head << PAGE_SHIFT);
	}
	return page;
}

/* The area of vmalloc() that begins with this page; true. */
bool vmalloc_object(const struct mm *mm, struct page *area, struct object *o);

/* The object with this index in a slab. */
static inline void object_fill(struct page *page, char *start, uint32_t index,
			       struct object *o)
{
	const struct kmem_cache *c = page->owner->cache;

	*o = (struct object){
		.page = page, .cache = c, .start = start, .slot = page->slots + index,
		.size = c->object_size,
	};
}

/* Which object of its slab these bytes belong to. */
static inline uint32_t object_index(const struct cache_node *cn, size_t off)
{
	return (uint32_t)((uint64_t)off * cn->reciprocal >> 32);
}

/*
 * The object that p points into, allocated or free; false: none there. Red
 * zones and padding belong to their object: p may lie in front of its start.
 */
static inline bool object_find(const struct mm *mm, const void *p, struct object *o)
{
	struct page *page;
	uint32_t index;
	char *first;
	size_t off;

	if (unlikely(!mm_has(mm, p)))
		return false;
	page = block_of(mm, p, &off);
	first = (char *)p - off;
	if (page->kind == PAGE_SLAB) {
		index = object_index(page->owner, off);
		object_fill(page, first + (size_t)index * page->owner->stride + page->owner->left,
			    index, o);
		return index < page->owner->objects; /* the last bytes may be unused */
	}
	if (unlikely(page->kind != PAGE_LARGE))
		return page->kind == PAGE_VMALLOC && vmalloc_object(mm, page, o);
	*o = (struct object){
		.page = page, .start = first, .slot = page->slots,
		.size = (size_t)PAGE_SIZE << page->order,
	};
	return true;
}

/*
 * The slab object that begins at start; false: none does. One multiplication
 * divides by the stride: above the point stands the index, and below it less
 * than the reciprocal exactly when there is no remainder. What a slab has too
 * little room for at its end counts as an object that is never allocated.
 */
static inline bool object_at(const struct mm *mm, const void *start, struct object *o)
{
	uint64_t quotient;
	struct page *page;
	size_t off;

	if (unlikely(!mm_has(mm, start)))
		return false;
	page = block_of(mm, start, &off);
	if (unlikely(page->kind != PAGE_SLAB))
		return false;
	if (unlikely(off < page->owner->left))
		return false;
	quotient = (uint64_t)(off - page->owner->left) * page->owner->reciprocal;
	object_fill(page, (char *)start, (uint32_t)(quotient >> 32), o);
	return (uint32_t)quotient < page->owner->reciprocal;
}

/* The same where one is known to begin. */
static inline void object_starting(const struct mm *mm, char *start, struct object *o)
{
	size_t off;
	struct page *page = block_of(mm, start, &off);

	object_fill(page, start, object_index(page->owner, off), o);
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
	return o->cache ? o->cache->name : o->page->kind == PAGE_VMALLOC ? "vmalloc" : "pages";
}

/* What a pointer into an allocated object of this kind is aligned to by promise. */
static inline size_t object_align(const struct mm *mm, const struct object *o)
{
	return o->cache ? o->cache->align : page_size(mm);
}

/*
 * Walk all allocated objects by address: start with *at = 0, call until false.
 * Nothing may be allocated or freed meanwhile.
 */
bool objects_next(const struct mm *mm, uint64_t *at, struct object *o);

/*
 * Walk the slabs of a cache by address: call slabs_next() until NULL. It steps
 * over blocks, not pages, and ends at the last slab. None may come or go meanwhile.
 */
struct slab_walk {
	const struct kmem_cache *cache;
	uint32_t pfn, left;
};

struct slab_walk slabs_of(const struct mm *mm, const struct kmem_cache *c);
struct page *slabs_next(const struct mm *mm, struct slab_walk *w);

/* --- layout (slub_layout.c, slab_order.c) ---------------------------------- */

/* What objects of a kmalloc cache are aligned to. */
size_t kmalloc_align(const struct mm *mm, size_t size);
/* Places everything around a cache's objects, whose size and alignment are there. */
void cache_layout(struct mm *mm, struct kmem_cache *c, unsigned debug);

/* A slab for objects of `size` bytes is 2^order pages. */
unsigned slab_order(const struct mm *mm, size_t size);

/* --- allocation ------------------------------------------------------------ */

/* What only the long way looks at. */
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
/* Its older half to the list. */
void sheaf_spill(struct mm *mm, struct cache_node *cn);
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

/*
 * slab_alloc - the allocator's one entry
 *
 * size bytes, at least 1, on node nid (NUMA_NO_NODE: here), marked with tag.
 * `asked` is what the caller wanted, for tracking. False when memory runs out.
 * The chain is what a call stack shows of the way down, and then what the
 * function graph does.
 */
bool slab_alloc(struct mm *mm, size_t size, size_t asked, gfp_t gfp, int nid, uint32_t tag,
		const char *const *chain, struct object *o);

/* The same from a cache that a driver created; function: what a stack and the graph show. */
bool slab_alloc_from(struct mm *mm, struct kmem_cache *c, gfp_t gfp, uint32_t tag,
		     const char *function, struct object *o);

/*
 * Its last step: the object is looked at, and is `size` bytes of memory for
 * `function` from now on. False after a report: it was damaged and is put aside.
 */
bool slab_check_out(struct mm *mm, const struct object *o, size_t size, size_t asked, gfp_t gfp,
		    const char *function);
/* The same from one cache, without what comes before; chain is the innermost function. */
bool cache_alloc(struct mm *mm, struct kmem_cache *c, size_t size, size_t asked, gfp_t gfp,
		 int nid, uint32_t tag, const char *chain, struct object *o);
/* True when an allocation from this cache would succeed now; says and counts what one does. */
bool cache_could_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
/* True when an allocation of this size would succeed now; says and counts what one does. */
bool slab_could_alloc(struct mm *mm, size_t size, gfp_t gfp);

static inline void *slab_zero(void *p, size_t size)
{
	return memset(p, 0, BROKEN(BREAK_ZERO_FIRST_BYTE) ? 1 : size);
}

/*
 * The short way of it, for a quiet() kernel: a cache of mm->plain that is
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

/* The short way of it, for a quiet() kernel and an object of a slab. */
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
