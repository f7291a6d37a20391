/* SPDX-License-Identifier: MIT */
/* kmalloc() and pages. */
#ifndef DEVSH_MM_KMALLOC_H
#define DEVSH_MM_KMALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/gfp.h"

struct mm;

#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(p) ((uintptr_t)(p) <= 16)

/* Whether an allocation of up to 8 KiB that the model only pretends to make has to fail. */
bool kmalloc_fails(struct mm *mm, size_t size, gfp_t gfp);
void *kmalloc(struct mm *mm, size_t size, gfp_t gfp);
void *kmalloc_node(struct mm *mm, size_t size, gfp_t gfp, int nid);
void *kmalloc_array(struct mm *mm, size_t n, size_t size, gfp_t gfp);
void kfree(struct mm *mm, const void *p);
/* The same for another function's sake, which is on the stack already. */
void kfree_object(struct mm *mm, const void *p);
size_t ksize(struct mm *mm, const void *p);

/* 2^order contiguous pages, zeroed with __GFP_ZERO; NULL: no memory. */
void *get_free_pages(struct mm *mm, gfp_t gfp, unsigned order);
/* p was returned by get_free_pages(); otherwise false, and nothing happens. */
bool free_pages_at(struct mm *mm, const void *p);
/*
 * Zeroed memory for each CPU of the machine, of which there is one. NULL: no memory, or,
 * after a WARN, bad arguments: align is not a power of two up to a page, or size is 0 or
 * more than 32 KiB.
 */
void *alloc_percpu(struct mm *mm, size_t size, size_t align);
bool free_percpu(struct mm *mm, const void *p);

#endif
