/* SPDX-License-Identifier: MIT */
/* Caches created by drivers. */
#ifndef DEVSH_MM_KMEM_CACHE_H
#define DEVSH_MM_KMEM_CACHE_H

#include "mm/gfp.h"
#include "mm/slab.h"

/* SLAB_* flags; the debugging flags are those of slub_debug=. */
#define CACHE_HWALIGN 0x100

/*
 * align: a power of two, or 0 for a word. The cache belongs to the caller until it is
 * destroyed. NULL after a message: no memory, a bad size, or the name exists. name is
 * shorter than CACHE_NAME.
 */
struct kmem_cache *kmem_cache_create(struct mm *mm, const char *name, size_t size, size_t align,
				     unsigned flags);
/*
 * The address of its struct kmem_cache, which drivers use; and the cache at an address,
 * or NULL.
 */
uint64_t kmem_cache_addr(const struct mm *mm, const struct kmem_cache *c);
struct kmem_cache *kmem_cache_at(struct mm *mm, uint64_t addr);

void *kmem_cache_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
/* WARNs if p belongs to another cache, and frees it there. */
void kmem_cache_free(struct mm *mm, struct kmem_cache *c, const void *p);
/*
 * Reports objects that are still in use. Up to 6.1 the cache then stays; later its memory
 * leaks.
 */
void kmem_cache_destroy(struct mm *mm, struct kmem_cache *c);

/*
 * Checks all objects of any cache, like writing to its file `validate`. Returns the
 * number of damaged ones; -ENOMEM if there is no memory for the bitmap that Linux
 * allocates per slab, and then nothing was checked.
 */
int64_t kmem_cache_validate(struct mm *mm, const struct kmem_cache *c);

#endif
