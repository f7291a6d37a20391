/* SPDX-License-Identifier: MIT */
/*
 * Memory in a row of addresses, of pages that need not be in a row. Addresses
 * are simulated ones here.
 *
 *   pages[]  | memory ............ | window ..................... |
 *            0                     pfns   [area][guard][area]  vm_end
 */
#ifndef DEVSH_MM_VMALLOC_H
#define DEVSH_MM_VMALLOC_H

#include "mm/gfp.h"
#include "mm/slab.h"

/* Where the window begins, and how much room the machine's addresses leave for it. */
uint64_t vmalloc_base(const struct kernel *k, uint64_t *room);

/* Whether an address is in the window, whatever is there. */
static inline bool is_vmalloc_addr(const struct mm *mm, uint64_t addr)
{
	return addr - mm->vm_base < mm->span - mm->size;
}

/* Whole pages; 0: no memory, or no size. */
uint64_t vmalloc(struct mm *mm, const char *function, size_t size, gfp_t gfp);
/* WARNs when no area begins there. */
void vfree(struct mm *mm, uint64_t addr);

/* kmalloc(), and where that fails for more than a page vmalloc(). */
uint64_t kvmalloc(struct mm *mm, size_t size, gfp_t gfp);
void kvfree(struct mm *mm, uint64_t addr);
/* old: bytes that are copied, up to 6.11; the allocators know since then. */
uint64_t kvrealloc(struct mm *mm, uint64_t addr, size_t old, size_t size, gfp_t gfp);

/* Units of the whole pages that an area of so many bytes has. */
static inline uint32_t vmalloc_units(const struct mm *mm, uint64_t bytes)
{
	uint64_t page = page_size(mm);

	return (uint32_t)((bytes + page - 1) / page << mm->page_order);
}

/* The i-th page of an area is this page of the memory. */
uint32_t vmalloc_backing(const struct mm *mm, const struct page *area, uint32_t i);

#endif
