/* SPDX-License-Identifier: MIT */
/*
 * Objects: from a pointer to its object, allocated or free, and all that is known about
 * it.
 */
#ifndef DEVSH_MM_OBJECT_H
#define DEVSH_MM_OBJECT_H

#include "kernel/compiler.h"
#include "mm/address.h"
#include "mm/cache.h"
#include "mm/page.h"
#include "mm/track.h"

/* What an allocated object is used for; the layer that uses it defines further values. */
enum tag {
	TAG_KMALLOC = 1, /* plain memory: freed with kfree() */
	TAG_PAGES,       /* get_free_pages() */
	TAG_PERCPU,      /* alloc_percpu() */
	TAG_VMALLOC,     /* vmalloc() */
	TAG_CACHE,       /* struct kmem_cache of a cache that a driver created */
	TAG_DEVRES,      /* a devres node that is on no list */
	TAG_LISTS = 16,  /* from here on: a devres node, and which list it is on */
};

#define SLOT_ALLOCATED 0x80000000u

/* An object, allocated or free, and where its data is. */
struct object {
	struct page *page;
	const struct kmem_cache *cache; /* NULL: pages */
	char *start;
	size_t slot;
	size_t size;              /* usable bytes from start: what ksize() returns */
};

/*
 * The block that contains p, which points into the machine's memory; p's own page if it
 * is in none. *off: bytes from the start of the block.
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

/* Describes the vmalloc() area that begins with this page; always true. */
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

/* The index of the object in its slab that contains this offset. */
static inline uint32_t object_index(const struct cache_node *cn, size_t off)
{
	return (uint32_t)((uint64_t)off * cn->reciprocal >> 32);
}

/*
 * The object that p points into, allocated or free; false: there is none. Red zones and
 * padding belong to their object, so p may be before its start.
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
		return index < page->owner->objects; /* the last bytes of a slab may be unused */
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
 * The slab object that begins at start; false: there is none. One multiplication divides
 * by the stride: the high half is the index, and the low half is less than the reciprocal
 * exactly if there is no remainder. The unused end of a slab counts as an object that is
 * never allocated.
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

/* The same where an object is known to begin. */
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

/* The guaranteed alignment of such an object. */
static inline size_t object_align(const struct mm *mm, const struct object *o)
{
	return o->cache ? o->cache->align : page_size(mm);
}

/*
 * Walks all allocated objects by address: start with *at = 0, call until it returns
 * false. Nothing may be allocated or freed meanwhile.
 */
bool objects_next(const struct mm *mm, uint64_t *at, struct object *o);

/*
 * Walks the slabs of a cache by address: call slabs_next() until it returns NULL. It
 * steps over blocks, not pages, and stops at the last slab. No slab may be added or
 * removed meanwhile.
 */
struct slab_walk {
	const struct kmem_cache *cache;
	uint32_t pfn, left;
};

struct slab_walk slabs_of(const struct mm *mm, const struct kmem_cache *c);
struct page *slabs_next(const struct mm *mm, struct slab_walk *w);

#endif
