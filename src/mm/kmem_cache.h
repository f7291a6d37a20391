/* SPDX-License-Identifier: MIT */
/* Caches that drivers create. */
#ifndef DEVSH_MM_KMEM_CACHE_H
#define DEVSH_MM_KMEM_CACHE_H

#include "mm/gfp.h"
#include "mm/slab.h"

/* What SLAB_* flags ask for; debugging flags are those of slub_debug=. */
#define CACHE_HWALIGN 0x100

/*
 * align: a power of two, 0 for a word. The caller has the cache until it
 * destroys it. NULL after a message: no memory, no good size, or a name that
 * is taken. name is shorter than CACHE_NAME.
 */
struct kmem_cache *kmem_cache_create(struct mm *mm, const char *name, size_t size, size_t align,
				     unsigned flags);
/* What a driver holds of it: the address of its struct kmem_cache; and the cache, or NULL. */
uint64_t kmem_cache_addr(const struct mm *mm, const struct kmem_cache *c);
struct kmem_cache *kmem_cache_at(struct mm *mm, uint64_t addr);

void *kmem_cache_alloc(struct mm *mm, struct kmem_cache *c, gfp_t gfp);
/* WARNs when p is another cache's, and gives it back there. */
void kmem_cache_free(struct mm *mm, struct kmem_cache *c, const void *p);
/* A report when objects are in use: up to 6.1 the cache stays, since then its memory is lost. */
void kmem_cache_destroy(struct mm *mm, struct kmem_cache *c);

/*
 * Checks all objects of any cache, as writing to its file `validate` does: the number of
 * damaged ones. -ENOMEM when there is no memory for the map that Linux makes of a
 * slab; then nothing was checked.
 */
int64_t kmem_cache_validate(struct mm *mm, const struct kmem_cache *c);

#endif
