/* SPDX-License-Identifier: MIT */
/*
 * From pointers to simulated addresses and back. The pointers that the model hands out
 * are host pointers and can be dereferenced; users only see their simulated addresses.
 */
#ifndef DEVSH_MM_ADDRESS_H
#define DEVSH_MM_ADDRESS_H

#include "kernel/compiler.h"
#include "mm/mm.h"

/* Whether a host pointer points to memory or into the window. */
static inline bool mm_has(const struct mm *mm, const void *p)
{
	return (uintptr_t)p - (uintptr_t)mm->base < mm->span;
}

/* wild.c: the address of a pointer to no memory */
#if UINTPTR_MAX < UINT64_MAX
int wild_init(struct mm *mm);
void wild_finish(struct mm *mm);
uint64_t wild_addr(const struct mm *mm, const void *p);
#else
static inline int wild_init(struct mm *mm) { return 0; }
static inline void wild_finish(struct mm *mm) { }
static inline uint64_t wild_addr(const struct mm *mm, const void *p) { return (uintptr_t)p; }
#endif

/*
 * The simulated address of a host pointer; NULL, ZERO_SIZE_PTR and wild pointers are
 * unchanged.
 */
static inline uint64_t mm_addr(const struct mm *mm, const void *p)
{
	uint64_t off = (uintptr_t)p - (uintptr_t)mm->base;

	if (likely(off < mm->size))
		return mm->page_offset + off;
	return off < mm->span ? mm->vm_base + off - mm->size : wild_addr(mm, p);
}

/* address.c: the same in the window, within one area. */
void *vmalloc_ptr(const struct mm *mm, uint64_t addr, size_t len);

/* Host memory of [addr, addr + len); NULL if the machine has none. */
static inline void *mm_ptr(const struct mm *mm, uint64_t addr, size_t len)
{
	uint64_t off = addr - mm->page_offset;

	if (likely(off < mm->size && len <= mm->size - off))
		return mm->base + off;
	return vmalloc_ptr(mm, addr, len);
}

/* Bytes of memory from addr on, but at most len. */
uint64_t mm_room(const struct mm *mm, uint64_t addr, uint64_t len);

/* A pointer for any address, even one without memory. */
void *mm_wild_ptr(const struct mm *mm, uint64_t addr);

#endif
