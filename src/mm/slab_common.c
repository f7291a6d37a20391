/* SPDX-License-Identifier: MIT */
/*
 * Caches and their size classes. Corresponds to Linux' mm/slab_common.c. Differs: every
 * profile computes the number of objects per slab as SLUB does; caches are not merged.
 */
#include "mm/cache.h"

#include <stdio.h>
#include <string.h>

#include "kernel/compiler.h"
#include "lib/array.h"
#include "mm/gfp.h"
#include "mm/page_alloc.h"
#include "mm/slab.h"

#define SLAB_CLASS_MAX 25 /* log2 of the largest possible class */

static size_t class_size(int class)
{
	return class == 1 ? 96 : class == 2 ? 192 : (size_t)1 << class;
}

static const char *const type_prefix[CACHE_TYPES] = {
	"kmalloc-", "kmalloc-rcl-", "kmalloc-cg-", "dma-kmalloc-",
};

/*
 * Increases a stride until ceil(2^32 / stride) divides exactly everywhere in a slab: see
 * object_at(). With pages of 64 KiB a slab can be too long for a stride of three times a
 * power of two; padding then makes it a power of two.
 */
static uint32_t divisible(uint32_t stride, size_t bytes)
{
	uint64_t reciprocal = ((1ull << 32) + stride - 1) / stride;

	if ((reciprocal * stride - (1ull << 32)) * bytes <= 1ull << 32)
		return stride;
	return 1u << (32 - __builtin_clz(stride));
}

/* Applies slub_debug=; with O, only if slabs do not get larger. */
static void cache_debug(struct mm *mm, struct kmem_cache *c)
{
	unsigned flags = params_slub_debug(&mm->kernel->params, c->name) | c->asked_debug;

	c->failslab = flags & SLUB_A;
	cache_layout(mm, c, flags & ~SLUB_A);
	if (mm->kernel->params.keep_order &&
	    get_order(mm, c->stride) > get_order(mm, c->object_size))
		cache_layout(mm, c, flags & ~(SLUB_A | SLUB_Z | SLUB_P | SLUB_U));
}

/* Values that only the files in /sys/kernel/slab show. */
static void cache_knobs(const struct mm *mm, struct kmem_cache *c)
{
	const struct { uint32_t from; uint8_t objects, small; } partial[] = {
		{ (uint32_t)page_size(mm), 6, 2 }, { 1024, 24, 6 }, { 256, 52, 13 }, { 0, 120, 30 },
	};
	unsigned half = (63 - (unsigned)__builtin_clzll(c->stride)) / 2, i = 0;

	c->min_partial = half < 5 ? 5 : half > 10 ? 10 : half;
	c->defrag_ratio = 100;
	c->cpu_partial = 0;
	if (c->debug || mm->kernel->profile->no_cpu_slabs)
		return;
	while (c->stride < partial[i].from)
		i++;
	c->cpu_partial = mm->kernel->profile->small_cpu_partial ? partial[i].small : partial[i].objects;
}

/*
 * Kmalloc caches with the same number of objects per slab share rows of slots, under the
 * number of the first one. Drivers' caches come and go: their rows are powers of two.
 */
static uint8_t slots_class(const struct mm *mm, const struct kmem_cache *c)
{
	unsigned i = c->number ? KMALLOC_CACHES : 1;

	if (c->number)
		while (1u << (i - KMALLOC_CACHES) < c->objects)
			i++;
	else
		while (mm->caches[i].objects != c->objects)
			i++;
	return (uint8_t)i;
}

uint32_t slots_row(const struct mm *mm, unsigned class)
{
	if (class >= KMALLOC_CACHES)
		return (1u << (class - KMALLOC_CACHES)) + 1;
	return class ? mm->caches[class].objects + 1u : 1;
}

void cache_setup(struct mm *mm, struct kmem_cache *c)
{
	size_t size, bytes;

	cache_debug(mm, c);
	c->order = (uint8_t)slab_order(mm, c->stride);
	bytes = page_size(mm) << c->order;
	size = c->stride = divisible(c->stride, bytes);
	c->objects = (uint16_t)(bytes / size);
	c->class = slots_class(mm, c);
	c->row = (uint16_t)slots_row(mm, c->class);
	cache_knobs(mm, c);
	for (int n = 0; n < mm->nodes; n++)
		c->node[n] = (struct cache_node){
			.cache = c, .stride = c->stride, .objects = c->objects, .left = c->left,
			.reciprocal = (uint32_t)(((1ull << 32) + size - 1) / size),
		};
}

static void cache_init(struct mm *mm, int type, int class)
{
	struct kmem_cache *c = &mm->caches[type * CLASSES + class];
	size_t size = class_size(class);

	if (mm->kernel->profile->size_suffix_k && size >= 1024)
		snprintf(c->name, sizeof(c->name), "%s%zuk", type_prefix[type], size >> 10);
	else
		snprintf(c->name, sizeof(c->name), "%s%zu", type_prefix[type], size);
	c->object_size = (uint32_t)size;
	c->align = (uint32_t)kmalloc_align(mm, size);
	cache_setup(mm, c);
}

static bool type_exists(const struct mm *mm, int type)
{
	const struct profile *p = mm->kernel->profile;

	switch (type) {
	case CACHE_RCL: return p->rcl_caches;
	case CACHE_CG: return p->cg_caches;
	case CACHE_DMA: return zone_dma_end(p, mm->kernel->arch) != 0;
	default: return true;
	}
}

/* Not all classes up to KMALLOC_ODD_MAX are powers of two. */
static void size_class_init(struct mm *mm, size_t min)
{
	for (size_t i = 0; i <= KMALLOC_ODD_MAX / 8; i++) {
		size_t size = i ? i * 8 : 1;
		uint8_t n = mm->shift_low;

		if (size > 64 && size <= 96 && min <= 32)
			n = 1;
		else if (size > 128 && size <= 192 && min <= 64)
			n = 2;
		else
			while ((size_t)1 << n < size)
				n++;
		mm->size_class[i] = n;
	}
}

static void plain_init(struct mm *mm)
{
	for (int n = 0; n < mm->nodes; n++)
		for (size_t i = 0; i <= FAST_MAX / 8; i++) {
			size_t size = i ? i * 8 : 1;

			mm->plain[n][i] = &mm->caches[kmalloc_class(mm, size)].node[n];
		}
}

/* CONFIG_SLAB has classes up to the largest block. */
static uint8_t slab_shift_high(const struct mm *mm)
{
	unsigned shift = PAGE_SHIFT + mm->page_order + mm->max_order;

	return (uint8_t)(shift < SLAB_CLASS_MAX ? shift : SLAB_CLASS_MAX);
}

void slab_caches_init(struct mm *mm)
{
	const struct profile *p = mm->kernel->profile;
	size_t min = kmalloc_minalign(p, mm->kernel->arch);

	mm->shift_low = p->kmalloc_shift_low;
	while ((size_t)1 << mm->shift_low < min)
		mm->shift_low++;
	mm->shift_high = PAGE_SHIFT + mm->page_order + 1;
	if (p->slab)
		mm->shift_high = slab_shift_high(mm);
	mm->large_limit = 1u << mm->shift_high;
	size_class_init(mm, min);
	plain_init(mm);
	for (int type = 0; type < CACHE_TYPES; type++) {
		if (!type_exists(mm, type))
			continue;
		for (int i = mm->shift_low; i <= mm->shift_high; i++)
			cache_init(mm, type, i);
		if (min <= 32)
			cache_init(mm, type, 1);
		if (min <= 64)
			cache_init(mm, type, 2);
	}
}

static int cache_type(const struct mm *mm, gfp_t gfp)
{
	static const struct { gfp_t flag; int type; } rule[] = {
		{ __GFP_DMA, CACHE_DMA },
		{ __GFP_RECLAIMABLE, CACHE_RCL },
		{ __GFP_ACCOUNT, CACHE_CG },
	};

	for (size_t i = 0; i < COUNT(rule); i++)
		if (gfp & rule[i].flag && type_exists(mm, rule[i].type))
			return rule[i].type;
	return CACHE_NORMAL;
}

void slab_sheaves_init(struct mm *mm)
{
	struct spare *sheaf = mm->sheaves;

	for (int i = 0; i < CACHES; i++)
		for (int n = 0; n < mm->nodes; n++, sheaf += SHEAF_SIZE)
			mm->caches[i].node[n].sheaf = sheaf;
}

/*
 * A freed row of slots can only be reused by caches with rows of this length; each of
 * these groups may at some time have used all of the memory.
 */
uint64_t slab_slots_max(const struct mm *mm)
{
	uint64_t slots = mm->pfns; /* for large objects */
	uint32_t most[KMALLOC_CACHES] = { 0 }; /* rows of each class */

	/* and for a machine full of 64-byte objects in drivers' caches */
	slots += (uint64_t)mm->pfns * (PAGE_SIZE / 64);

	for (int i = 1; i < KMALLOC_CACHES; i++) {
		const struct kmem_cache *c = &mm->caches[i];
		uint32_t rows = mm->pfns >> mm->page_order >> c->order;

		if (rows > most[c->class])
			most[c->class] = rows;
	}
	for (int i = 1; i < KMALLOC_CACHES; i++)
		slots += (uint64_t)most[i] * (mm->caches[i].objects + 1u);
	return slots;
}

struct kmem_cache *kmalloc_cache(struct mm *mm, size_t size, gfp_t gfp)
{
	int type = CACHE_NORMAL;

	if (unlikely(gfp & (__GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT)))
		type = cache_type(mm, gfp);
	return &mm->caches[(unsigned)type * CLASSES + kmalloc_class(mm, size)];
}

size_t kmalloc_size_roundup(struct mm *mm, size_t size)
{
	if (!size)
		return 0;
	if (size <= mm->large_limit)
		return mm->caches[kmalloc_class(mm, size)].object_size;
	if (size <= kmalloc_max_size(mm))
		return page_size(mm) << get_order(mm, size);
	return size;
}
