/* SPDX-License-Identifier: MIT */
/* The page allocator. */
#ifndef DEVSH_MM_PAGE_ALLOC_H
#define DEVSH_MM_PAGE_ALLOC_H

#include "mm/gfp.h"
#include "mm/page.h"

/* The order of a block of pages that has room for size bytes. */
static inline unsigned get_order(const struct mm *mm, size_t size)
{
	unsigned order = 0, most = 64 - PAGE_SHIFT - mm->page_order;

	while (order < most && (uint64_t)page_size(mm) << order < size)
		order++;
	return order;
}

/* Sets up the zones and their free blocks. */
void pages_init(struct mm *mm);
/* Zeroes what was written to struct pages, which are in this area. */
void pages_clear(struct mm *mm, struct area *a);
/* 2^order pages; NULL if no node that gfp allows has such a block. */
struct page *alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid);
/* The same for the call in mm->way: see alloc_stack.h. */
struct page *alloc_pages_at(struct mm *mm, gfp_t gfp, unsigned order, int nid, unsigned at);
/* Reports that an allocation failed; `at` as in alloc_stack.h. */
void warn_alloc(struct mm *mm, gfp_t gfp, unsigned order, unsigned at);
/* The same without a report on failure; order is at most mm->max_order. */
struct page *try_alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid);
void free_pages(struct mm *mm, struct page *page);
/* Distributes the reserve for callers that cannot wait among the zones. */
void set_min_free_kbytes(struct mm *mm, uint32_t kbytes);
/*
 * The distance of a node to itself is 10; nodes form a line, and each step adds 10, as in
 * a SLIT.
 */
int node_distance(int from, int to);
/* The i-th node to try for memory on node nid: by distance, and the higher of two first. */
int node_fallback(const struct mm *mm, int nid, int i);

#endif
