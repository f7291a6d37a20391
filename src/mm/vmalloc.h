/* SPDX-License-Identifier: MIT */
/*
 * Memory at consecutive addresses whose pages need not be contiguous. Addresses here are
 * simulated ones.
 *
 *   pages[]  | memory ............ | window ..................... |
 *            0                  pfns   [area][guard][area]     vm_end
 */
#ifndef DEVSH_MM_VMALLOC_H
#define DEVSH_MM_VMALLOC_H

#include "mm/gfp.h"
#include "mm/slab.h"

/* Where the window begins, and how much room the machine's address space leaves for it. */
uint64_t vmalloc_base(const struct kernel *k, uint64_t *room);

/* Whether an address is in the window, whether or not an area is there. */
static inline bool is_vmalloc_addr(const struct mm *mm, uint64_t addr)
{
	return addr - mm->vm_base < mm->span - mm->size;
}

/* Rounded up to whole pages; 0: no memory, or a bad size. */
uint64_t vmalloc(struct mm *mm, const char *function, size_t size, gfp_t gfp);
/* WARNs if no area begins there. */
void vfree(struct mm *mm, uint64_t addr);

/* kmalloc(); if that fails and the size is more than a page, vmalloc(). */
uint64_t kvmalloc(struct mm *mm, size_t size, gfp_t gfp);
void kvfree(struct mm *mm, uint64_t addr);
/* old: bytes to copy, used up to 6.11; later releases get the size from the allocators. */
uint64_t kvrealloc(struct mm *mm, uint64_t addr, size_t old, size_t size, gfp_t gfp);

/* The units in the pages of an area of so many bytes. */
static inline uint32_t vmalloc_units(const struct mm *mm, uint64_t bytes)
{
	uint64_t page = page_size(mm);

	return (uint32_t)((bytes + page - 1) / page << mm->page_order);
}

/* Which page of memory backs the i-th page of an area. */
uint32_t vmalloc_backing(const struct mm *mm, const struct page *area, uint32_t i);

#endif
