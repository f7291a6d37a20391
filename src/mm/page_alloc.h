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

/* Zones and their free blocks, of memory that is there. */
void pages_init(struct mm *mm);
/* 2^order pages; NULL when no node that gfp allows has a block of this order. */
struct page *alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid);
/* The same for the call in mm->way: see alloc_stack.h. */
struct page *alloc_pages_at(struct mm *mm, gfp_t gfp, unsigned order, int nid, unsigned at);
/* Reports that there are none; `at` as in alloc_stack.h. */
void warn_alloc(struct mm *mm, gfp_t gfp, unsigned order, unsigned at);
/* The same without a report when it fails; order is mm->max_order at most. */
struct page *try_alloc_pages(struct mm *mm, gfp_t gfp, unsigned order, int nid);
void free_pages(struct mm *mm, struct page *page);
/* Distributes the reserve for callers that cannot wait. */
void set_min_free_kbytes(struct mm *mm, uint32_t kbytes);
/*
 * Nodes are in a row: the distance of a node to itself is 10, of each step 10 more, as in a
 * SLIT.
 */
int node_distance(int from, int to);
/* The i-th node to try for memory on node nid: by distance, of two the higher one. */
int node_fallback(const struct mm *mm, int nid, int i);

#endif
