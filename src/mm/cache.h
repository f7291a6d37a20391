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
 * A cache on one NUMA node. Its free objects, with the next one to be handed out first:
 *
 *   sheaf[spares - 1] ... sheaf[0]   free -> slots[] -> slots[] -> 0
 *
 * Calls take from the sheaf and put into it; half a sheaf at a time comes from
 * the list or goes there. An object's number is its distance from the start of
 * memory in steps of 8 bytes: 31 bits for 16 GiB. Firmware has the first page,
 * so 0 is no object.
 */
struct cache_node {
	struct kmem_cache *cache;
	uint32_t stride;      /* the cache's, near at hand */
	uint32_t reciprocal;  /* ceil(2^32 / stride) */
	uint16_t objects, left;
	uint32_t free;        /* the list's first object */
	uint32_t spares;      /* objects in the sheaf */
	uint32_t taken;       /* objects that are not on the list */
	uint32_t quarantined; /* ... because they wait in the quarantine */
	uint32_t slabs;
	struct spare { uint32_t number, slot; } *sheaf;
};

#define SHEAF_SIZE 64

#define CACHE_NAME 48

struct kmem_cache {
	char name[CACHE_NAME];
	uint32_t object_size; /* bytes a user may have; 0: no such cache */
	uint32_t number;      /* of its struct kmem_cache, an object; 0: it is a kmalloc cache */
	bool lost;            /* destroyed with objects in it: not shown, and never used again */
	uint8_t asked_debug;  /* SLUB_F, ... that its creator asked for */
	uint32_t stride;      /* bytes from one object to the next */
	uint32_t inuse;       /* the right red zone ends here, seen from the object */
	uint32_t meta;        /* ... and what is not filled; padding from here on */
	uint16_t left;        /* the left red zone: bytes in front of the object */
	uint8_t debug;        /* SLUB_F, ...; DEBUG_SLAB */
	uint32_t align;
	uint16_t objects;     /* per slab */
	uint16_t row;         /* slots of a slab */
	uint8_t order;        /* of a slab, in pages */
	uint8_t class;        /* the first cache with as many objects per slab */
	bool failslab;        /* fails with cache-filter, too */
	bool keeps_size;      /* knows how much of an object was asked for, and checks the rest */
	bool keeps_orig;      /* knows it at least */
	bool poisons_orig;    /* ... and poisons and zeroes no more of an object that is handed out */
	uint8_t orig_least;   /* bytes that count as asked for anyway: KASAN may write to them */
	uint16_t image_len;
	const char *image;    /* of a free object from its left red zone up to inuse; NULL: none */
	uint16_t freeptr;     /* where the pointer to the next free object is, seen from the object */
	bool skip_kfence;
	uint8_t defrag_ratio; /* of 100; it and the next two are only shown */
	uint32_t min_partial, cpu_partial;
	struct cache_node node[NODES_MAX];
};

enum cache_type { CACHE_NORMAL, CACHE_RCL, CACHE_CG, CACHE_DMA, CACHE_TYPES };

#define FAST_MAX 1024 /* bytes that have a fast path */
#define KMALLOC_ODD_MAX 192 /* classes that are no power of two end here */
#define CLASSES 26 /* index: log2 of the size; 1 is 96 bytes, 2 is 192 */
#define KMALLOC_CACHES (CACHE_TYPES * CLASSES)
#define OWN_CACHES 96 /* that drivers create, after those of kmalloc */
#define CACHES (KMALLOC_CACHES + OWN_CACHES)
/* Rows of slots: one class for each kmalloc cache, and for the others by log2 of their length. */
#define ROW_CLASSES (KMALLOC_CACHES + 16)

/* --- slab_common.c ----------------------------------------------------------- */

void slab_caches_init(struct mm *mm);
/* Hands mm->sheaves out. */
void slab_sheaves_init(struct mm *mm);
/* Object slots that suffice whatever is allocated in whatever order. */
uint64_t slab_slots_max(const struct mm *mm);
/* Slots of a row of this class. */
uint32_t slots_row(const struct mm *mm, unsigned class);
/* The layout of a cache with a name, an object_size and an alignment. */
void cache_setup(struct mm *mm, struct kmem_cache *c);
struct kmem_cache *kmalloc_cache(struct mm *mm, size_t size, gfp_t gfp);
/* A part of what a cache keeps for each object. */
struct cache_part {
	const char *name;  /* "left red zone"; NULL: the object itself */
	const char *mark;  /* "red": the same where there is room for a word */
	size_t len;        /* bytes */
	int64_t from;      /* seen from the object */
};
/* The part at so many bytes from an object's start, -left up to its stride. */
struct cache_part cache_part(const struct mm *mm, const struct kmem_cache *c, int64_t off);
/* The bucket that size falls into. */
size_t kmalloc_size_roundup(struct mm *mm, size_t size);

#endif
