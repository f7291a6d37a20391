/* SPDX-License-Identifier: MIT */
/* Caches: objects of one size, and the size classes of kmalloc(). */
#ifndef DEVSH_MM_CACHE_H
#define DEVSH_MM_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/params.h"
#include "mm/gfp.h"

struct mm;

/*
 * A cache on one NUMA node. Its free objects, in the order in which they are handed out:
 *
 *   sheaf[spares - 1] ... sheaf[0]   free -> slots[] -> slots[] -> 0
 *
 * Allocations take objects from the sheaf and frees put them there; half a sheaf at a
 * time is filled from the list or spilled to it. The number of an object is its distance
 * from the start of memory in steps of 8 bytes: 31 bits are enough for 16 GiB. The first
 * page belongs to firmware, so 0 is never an object.
 */
struct cache_node {
	struct kmem_cache *cache;
	uint32_t stride;      /* copy of the cache's, for speed */
	uint32_t reciprocal;  /* ceil(2^32 / stride) */
	uint16_t objects, left;
	uint32_t free;        /* first object of the list */
	uint32_t spares;      /* objects in the sheaf */
	uint32_t taken;       /* objects that are not on the list */
	uint32_t quarantined; /* ... because they are in the quarantine */
	uint32_t slabs;
	struct spare { uint32_t number, slot; } *sheaf;
};

#define SHEAF_SIZE 64

#define CACHE_NAME 48

struct kmem_cache {
	char name[CACHE_NAME];
	uint32_t object_size; /* usable bytes of an object; 0: this entry is free */
	uint32_t number;      /* object number of its struct kmem_cache; 0: it is a kmalloc cache */
	bool lost;            /* destroyed while it had objects: no longer shown or used */
	uint8_t asked_debug;  /* SLUB_F, ... as requested by its creator */
	uint32_t stride;      /* bytes from one object to the next */
	uint32_t inuse;       /* end of the right red zone, relative to the object */
	uint32_t meta;        /* ... and of the metadata after it; padding from here on */
	uint16_t left;        /* left red zone: bytes before the object */
	uint8_t debug;        /* SLUB_F, ...; DEBUG_SLAB */
	uint32_t align;
	uint16_t objects;     /* per slab */
	uint16_t row;         /* slots per slab */
	uint8_t order;        /* of a slab, in pages */
	uint8_t class;        /* number of the first cache with the same count of objects per
			       * slab */
	bool failslab;        /* with cache-filter, its allocations still fail */
	bool keeps_size;      /* records the requested size of each object, and checks the bytes
			       * after it */
	bool keeps_orig;      /* records that size at least */
	bool poisons_orig;    /* ... and poisons and zeroes only that much when it hands out an
			       * object */
	uint8_t orig_least;   /* minimum that counts as requested: KASAN may write to these bytes */
	uint16_t image_len;
	const char *image;    /* a free object from its left red zone to inuse; NULL: none */
	uint16_t freeptr;     /* offset of the pointer to the next free object */
	bool skip_kfence;
	uint8_t defrag_ratio; /* out of 100; like the next two, only shown */
	uint32_t min_partial, cpu_partial;
	struct cache_node node[NODES_MAX];
};

enum cache_type { CACHE_NORMAL, CACHE_RCL, CACHE_CG, CACHE_DMA, CACHE_TYPES };

#define FAST_MAX 1024 /* largest size with a fast path, bytes */
#define KMALLOC_ODD_MAX 192 /* the last class that is not a power of two */
#define CLASSES 26 /* indexed by log2 of the size; 1 is 96 bytes, 2 is 192 */
#define KMALLOC_CACHES (CACHE_TYPES * CLASSES)
#define OWN_CACHES 96 /* caches of drivers, which follow those of kmalloc */
#define CACHES (KMALLOC_CACHES + OWN_CACHES)
/*
 * Classes of slot rows: one for each kmalloc cache; for drivers' caches, by log2 of the
 * length.
 */
#define ROW_CLASSES (KMALLOC_CACHES + 16)

/* --- slab_common.c ----------------------------------------------------------- */

void slab_caches_init(struct mm *mm);
/* Distributes mm->sheaves among the caches. */
void slab_sheaves_init(struct mm *mm);
/* Enough object slots for any sequence of allocations. */
uint64_t slab_slots_max(const struct mm *mm);
/* Slots in a row of this class. */
uint32_t slots_row(const struct mm *mm, unsigned class);
/* Lays out a cache whose name, object_size and align are set. */
void cache_setup(struct mm *mm, struct kmem_cache *c);
struct kmem_cache *kmalloc_cache(struct mm *mm, size_t size, gfp_t gfp);
/* A part of what a cache stores for each object. */
struct cache_part {
	const char *name;  /* "left red zone"; NULL: the object itself */
	const char *mark;  /* "red": a short form for when there is room for one word */
	size_t len;        /* bytes */
	int64_t from;      /* relative to the object */
};
/* The part at this offset from an object's start, from -left up to its stride. */
struct cache_part cache_part(const struct mm *mm, const struct kmem_cache *c, int64_t off);
/* The size of the bucket that an allocation of this size comes from. */
size_t kmalloc_size_roundup(struct mm *mm, size_t size);

#endif
