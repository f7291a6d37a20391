/* SPDX-License-Identifier: MIT */
/* Pages of memory, in units of 4 KiB, and the blocks that they belong to. */
#ifndef DEVSH_MM_PAGE_H
#define DEVSH_MM_PAGE_H

#include "mm/address.h"

#define RESERVED_PAGES 256 /* units: the first MiB belongs to firmware */

enum page_kind {
	PAGE_NONE,     /* inside a bigger block, or never used */
	PAGE_RESERVED,
	PAGE_FREE,     /* first of a free block */
	PAGE_SLAB,     /* first of a slab */
	PAGE_LARGE,    /* first of a large kmalloc */
	PAGE_RAW,      /* first of an alloc_pages() block */
	PAGE_VMALLOC,  /* first of an area of vmalloc(): vmalloc.c */
	PAGE_TAIL,     /* inside one of the last four */
};

struct page {
	uint8_t kind;
	uint8_t order;       /* in units */
	uint16_t writes;     /* mm->writes, truncated, when the end of the slab was last checked */
	uint32_t head;       /* pfn of the block's first page */
	uint32_t slots;      /* first slot of the block's objects */
	uint32_t inuse;      /* objects that are not on their cache's list */
	union {
		struct { uint32_t next, prev; } free;
		struct cache_node *owner; /* of a slab */
		uint64_t bytes;           /* requested size of a large kmalloc or an area */
	};
};

static inline uint32_t mm_pfn(const struct mm *mm, const void *p)
{
	return (uint32_t)(((uintptr_t)p - (uintptr_t)mm->base) >> PAGE_SHIFT);
}

/* Notes that these units may not be zero; vm_end covers those of the vmalloc() window. */
static inline void mm_touch(struct mm *mm, uint32_t from, uint32_t units)
{
	if (from >= mm->pfns)
		return;
	if (from < mm->touched.from)
		mm->touched.from = from;
	if (from + units > mm->touched.to)
		mm->touched.to = from + units < mm->pfns ? from + units : mm->pfns;
}

static inline char *pfn_ptr(const struct mm *mm, uint32_t pfn)
{
	return mm->base + ((uint64_t)pfn << PAGE_SHIFT);
}

static inline int pfn_node(const struct mm *mm, uint32_t pfn)
{
	int node = (int)(pfn / mm->node_pages);

	return node < mm->mem_nodes ? node : mm->mem_nodes - 1;
}

static inline uint32_t page_pfn(const struct mm *mm, const struct page *page)
{
	return (uint32_t)(page - mm->pages);
}

/* The block that contains p; NULL for free and reserved memory. */
static inline struct page *page_of(const struct mm *mm, const void *p)
{
	struct page *page;

	if (!mm_has(mm, p))
		return NULL;
	page = &mm->pages[mm_pfn(mm, p)];
	if (page->kind == PAGE_TAIL)
		page = &mm->pages[page->head];
	return page->kind >= PAGE_SLAB ? page : NULL;
}

#endif
